"""A payment at the counter is taken once and signed, whatever point of it the program dies at."""

import pytest

from orders import order, won
from shop import STAFF
from tillbridge.pos.details import Payment, PaymentKind

PAYMENT = Payment(kind=PaymentKind.CASH, amount=won(20_000))


class KilledError(BaseException):
    """The program ends here."""


@pytest.fixture
def sold(till):
    till.webstore.offer(order("A1"))
    till.engine.poll()
    return till


def number(till):
    return till.engine.order("A1").id


def die_at(till, point):
    """Pay, and die at the point of that number (from 0); return the points that were passed."""
    passed: list[str] = []

    def note(name):
        passed.append(name)
        if len(passed) == point + 1:
            raise KilledError

    till.at_point = note
    try:
        till.engine.pay(number(till), PAYMENT, STAFF)
    except KilledError:
        pass
    finally:
        till.at_point = lambda _: None
    return passed


def take_back(till):
    """Hand out what was paid, so that the next death begins alike."""
    back = Payment(kind=PaymentKind.CASH, amount=won(-20_000))
    till.engine.pay(number(till), back, STAFF)


def signed(till):
    entries = till.engine.timeline(number(till))
    return sum(entry.words.en.startswith("Paid: ₩20,000") for entry in entries)


@pytest.mark.row("S22")
def test_a_payment_is_taken_once_and_signed_wherever_the_program_dies(sold):
    """Before its commit nothing has happened; after it, the next delivery takes what was signed."""
    seen, point, wrong = 0, 0, []
    while True:
        passed = die_at(sold, point)
        died = len(passed) == point + 1
        sold.engine.deliver()
        sold.engine.deliver()
        paid = sold.engine.sale(number(sold)).balance.paid
        seen += bool(paid)
        expected = won(20_000) if "after commit counter" in passed else won(0)
        if (paid, signed(sold)) != (expected, seen):
            wrong.append((point, passed[-1], paid, signed(sold)))
        if paid:
            take_back(sold)
        if not died:
            break
        point += 1

    assert [] == wrong
    assert {"before commit counter", "before pos change_sales", "after pos change_sales"} <= set(passed)

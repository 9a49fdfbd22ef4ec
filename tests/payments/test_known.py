"""What is known of a payment is what was read last; two readings that overlap and differ are read again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from orders import won
from payments.counters import Counter
from tillbridge.db.payment_tables import looks
from tillbridge.model.payments import WebPayment, WebPaymentState
from tillbridge.payments.known import Reading, payments_of, write_readings

START = datetime(2026, 3, 2, 3, 1, tzinfo=UTC)
FAR = START + timedelta(days=30)


@pytest.fixture
def shop(database_url: str, clock: Any) -> Iterator[Counter]:
    """An order whose payment was read for the last time in the tenth to the twentieth second: 70,000 held."""
    made = Counter(database_url, clock)
    made.bought()
    read(made, "held", 10, 20)
    with made.engine.context.database.write("nothing is due") as database:
        database.execute(update(looks).values(due_at=FAR))
    yield made
    made.close()


def payment(state: str, *, taken: int = 0, back: int = 0) -> WebPayment:
    amounts = {"authorised": won(70_000), "captured": won(taken), "refunded": won(back)}
    return WebPayment.of("pi_1", WebPaymentState(state), amounts, "KRW", created_at=START, live=False)


def read(shop: Counter, state: str, started: int, ended: int, **more: int) -> list[Reading]:
    """Keep a reading that was made between two seconds; return what changed."""
    one = Reading(
        order_id=1,
        service_id=2,
        payment=payment(state, **more),
        started=START + timedelta(seconds=started),
        ended=START + timedelta(seconds=ended),
    )
    with shop.engine.context.database.write("reading") as database:
        return write_readings(database, [one])


def known(shop: Counter) -> tuple[str, int, int]:
    with shop.engine.context.database.read() as database:
        (one,) = payments_of(database, [1])[1]
    return one.state.value, one.captured.minor, one.refunded.minor


def is_read_again(shop: Counter) -> bool:
    with shop.engine.context.database.read() as database:
        due: datetime = database.execute(select(looks.c.due_at)).scalar_one()
    return due < FAR


@pytest.mark.parametrize(
    ("state", "taken", "span", "kept", "again"),
    [
        pytest.param("captured", 70_000, (21, 25), "captured", False, id="a later one counts"),
        pytest.param("released", 0, (21, 25), "released", False, id="whatever it says"),
        pytest.param("captured", 70_000, (1, 9), "held", True, id="an earlier one does not"),
        pytest.param("captured", 70_000, (1, 10), "held", True, id="up to the moment it began"),
        pytest.param("captured", 70_000, (15, 25), "captured", True, id="further along, they overlap"),
        pytest.param("captured", 70_000, (5, 15), "captured", True, id="further along, begun before"),
        pytest.param("pending", 0, (15, 25), "held", True, id="less far, they overlap"),
        pytest.param("held", 0, (15, 25), "held", False, id="the same, they overlap"),
        pytest.param("held", 0, (1, 9), "held", False, id="the same, earlier"),
    ],
)
def test_which_of_two_readings_counts(
    shop: Counter, *, state: str, taken: int, span: tuple[int, int], kept: str, again: bool
) -> None:
    read(shop, state, *span, taken=taken)

    assert (kept, again) == (known(shop)[0], is_read_again(shop))


def test_of_two_that_overlap_the_one_with_more_given_back_counts(shop: Counter) -> None:
    read(shop, "captured", 30, 40, taken=70_000, back=5_000)

    read(shop, "captured", 35, 45, taken=70_000)

    assert ("captured", 70_000, 5_000) == known(shop)
    assert is_read_again(shop)


def test_the_same_read_earlier_does_not_make_it_older(shop: Counter) -> None:
    """Then a reading from between the two would count, although a newer one said otherwise."""
    read(shop, "held", 1, 5)

    read(shop, "captured", 6, 9, taken=70_000)

    assert "held" == known(shop)[0]


def test_what_changed_is_told_and_what_did_not_is_not(shop: Counter) -> None:
    same = read(shop, "held", 30, 40)
    changed = read(shop, "captured", 50, 60, taken=70_000)
    old = read(shop, "released", 1, 2)

    assert ([], ["pi_1"], []) == (same, [one.payment.id for one in changed], old)

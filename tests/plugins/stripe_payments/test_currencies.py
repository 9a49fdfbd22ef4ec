"""From the web order to the day's comparison: currencies without decimals, with three, Stripe's own ways."""

from collections.abc import Iterator
from datetime import date

import pytest

from plugins.stripe_payments.double import Stripe
from plugins.stripe_payments.test_counter import WHY, Counter
from shop import STAFF
from tillbridge.model.messages import Cause
from tillbridge.model.money import Money
from tillbridge.model.payments import EntryKind
from tillbridge.model.status import Act, PaymentState, Status
from tillbridge.pos.details import Return, ReturnedItem
from tillbridge.testing.clock import FrozenClock

DAY = date(2026, 3, 2)

# Two items' prices in minor units; what Stripe is told of both, of the second, and of a favour; the favour.
CASES = [
    pytest.param("KRW", (50_000, 20_000), (70_000, 20_000, 1_000), 1_000, id="KRW"),
    pytest.param("JPY", (5_000, 199), (5_199, 199, 100), 100, id="JPY"),
    pytest.param("KWD", (15_250, 5_120), (20_370, 5_120, 10), 10, id="KWD"),
    pytest.param("ISK", (5_000, 199), (519_900, 19_900, 10_000), 100, id="ISK"),
    pytest.param("UGX", (50_000, 1_999), (5_199_900, 199_900, 10_000), 100, id="UGX"),
    pytest.param("HUF", (1_234_500, 99_900), (1_334_400, 99_900, 10_000), 10_000, id="HUF"),
    pytest.param("TWD", (150_000, 9_900), (159_900, 9_900, 1_000), 1_000, id="TWD"),
    pytest.param("USD", (4_999, 1), (5_000, 1, 100), 100, id="USD"),
]


@pytest.fixture
def counter(
    currency: str, prices: tuple[int, ...], sqlite_url: str, clock: FrozenClock, stripe: Stripe
) -> Iterator[Counter]:
    """A1 is two items, held at Stripe."""
    made = Counter(sqlite_url, clock, stripe, prices=tuple(Money(one, currency) for one in prices))
    made.pay()
    made.place()
    yield made
    made.engine.close()


def at_stripe(counter: Counter) -> tuple[int, int]:
    """What Stripe took, and what of it went back, in its own numbers."""
    (intent,) = counter.ledger.intents.values()
    return intent["amount_received"], counter.ledger.given_back(intent["id"])


@pytest.mark.row("S23")
@pytest.mark.parametrize(("currency", "prices", "told", "favour"), CASES)
def test_an_order_goes_its_whole_way(
    counter: Counter, currency: str, prices: tuple[int, ...], told: tuple[int, ...], favour: int
) -> None:
    """Held, taken, noted on the sale, one item brought back, a favour, and the day agrees."""
    whole, second, extra = told
    counter.do(Act.ACCEPT)
    counter.do(Act.PICK_UP)
    (noted,) = (one.payment.amount for one in counter.engine.sale(1).payments)
    item = counter.engine.sale(1).items[1].id
    counter.engine.take_back(1, Return(items=(ReturnedItem(item=item),)), STAFF)
    counter.beat(60)
    counter.engine.refund_payment(1, Money(favour, currency), WHY)
    counter.beat(60)

    found = counter.engine.reconcile("stripe", DAY)

    assert at_stripe(counter) == (whole, second + extra)
    assert noted == counter.total
    assert counter.engine.payment_difference(1) is None
    assert found.differences == []
    assert found.sums == {
        (EntryKind.CHARGE, currency): counter.total,
        (EntryKind.REFUND, currency): Money(prices[1] + favour, currency),
    }
    assert counter.causes() <= {Cause.HOURS_UNKNOWN}


@pytest.mark.row("S20")
@pytest.mark.parametrize(("currency", "prices", "told", "favour"), CASES)
def test_a_part_is_taken_and_the_rest_refunded_by_its_own_amounts(
    counter: Counter, currency: str, prices: tuple[int, ...], told: tuple[int, ...], favour: int
) -> None:
    del favour
    counter.do(Act.ACCEPT, line_ids=("0",))
    assert at_stripe(counter) == (told[0] - told[1], 0)

    counter.do(Act.CANCEL)

    assert at_stripe(counter) == (told[0] - told[1], told[0] - told[1])
    assert counter.engine.payment(1) is PaymentState.REFUNDED
    (payment,) = counter.engine.web_payments(1)
    assert payment.refunded == Money(prices[0], currency)


@pytest.mark.parametrize(("currency", "prices"), [("KWD", (10_005, 5_245))])
def test_a_part_that_is_finer_than_stripe_moves_is_said_and_nothing_is_taken(counter: Counter) -> None:
    """Of 15.250 KWD the item of 10.005 is accepted: Stripe takes no third decimal but 0."""
    counter.do(Act.ACCEPT, line_ids=("0",))

    assert at_stripe(counter) == (0, 0)
    assert Cause.PAYMENT_NOT_DONE in counter.causes()
    assert counter.engine.order("A1").status is Status.IN_PROCESS
    told = [one.words.en for one in counter.engine.timeline(1)]
    assert any("fewer decimals" in one for one in told)

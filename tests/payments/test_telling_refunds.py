"""What its payment service gives back of an order for us, the webstore is told: each refund once."""

from collections.abc import Iterator

import pytest

from orders import won
from payments.counters import WHY, Counter
from tillbridge.model.errors import Retryable
from tillbridge.model.exchange import Said
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Standing
from tillbridge.model.status import Act
from tillbridge.model.words import Words
from tillbridge.pos.details import Return, ReturnedItem

AWAY = Words("The service is away.", "결제 서비스에 연결할 수 없습니다.")


@pytest.fixture
def shop(database_url: str, clock) -> Iterator[Counter]:
    """A1 was bought for 70,000 and accepted, and the money is taken; its webstore hears of refunds."""
    made = Counter(database_url, clock, hears=frozenset(Said))
    made.bought()
    made.do(Act.ACCEPT)
    made.beat()
    yield made
    made.close()


def heard(shop: Counter) -> list[tuple[int, str]]:
    return [(one.refund.minor, one.reason) for one in shop.webstore.told if one.refund]


@pytest.mark.row("S27")
def test_each_refund_that_staff_order_is_told_with_its_reason(shop):
    shop.engine.refund_payment(1, won(5_000), WHY)
    shop.engine.refund_payment(1, won(7_000), WHY)
    shop.beat()

    assert [(5_000, "품절"), (7_000, "품절")] == heard(shop)


@pytest.mark.row("S20")
def test_what_goes_back_with_a_cancelled_order_is_told_after_the_rejection(shop):
    shop.do(Act.CANCEL)
    shop.beat()
    shop.beat()

    assert [Said.ACCEPTED, Said.REJECTED, Said.REFUNDED] == [one.said for one in shop.webstore.told]
    assert [70_000] == [minor for minor, _ in heard(shop)]


@pytest.mark.row("S27")
def test_what_goes_back_for_returned_goods_is_told(shop):
    shop.do(Act.PICK_UP)
    shop.beat()
    item = next(one.id for one in shop.engine.sale(1).items if one.web_line == "p")
    shop.engine.take_back(1, Return(items=(ReturnedItem(item=item),)), WHY)
    shop.beat()
    shop.beat()

    assert [20_000] == [minor for minor, _ in heard(shop)]


@pytest.mark.parametrize("lines", [(), ("p",)])
def test_that_the_webstore_is_told_of_a_refund_is_said_before(shop, lines):
    assert "The webstore is told of the refund." in shop.said(Act.CANCEL, line_ids=lines)


def test_a_refund_that_was_made_unheard_is_told_once_it_is_found(shop):
    """All day long nobody hears what became of it; then staff let it be tried anew."""

    def lose(_: str) -> None:
        raise Retryable(AWAY)

    shop.service.after = lose
    shop.engine.refund_payment(1, won(5_000), WHY)
    for _ in range(14):
        shop.beat(3 * 3600)
    shop.service.after = lambda _: None

    shop.engine.send_again(1, WHY)
    shop.beat()
    shop.beat()

    assert [(5_000, "품절")] == heard(shop)


def test_a_hold_that_is_released_is_no_refund(database_url, clock):
    shop = Counter(database_url, clock, hears=frozenset(Said))
    shop.bought()
    shop.do(Act.REJECT)
    shop.beat()

    assert [] == heard(shop)
    shop.close()


def test_a_refund_whose_answer_was_lost_is_told_once(shop):
    def fail(call: str) -> None:
        if call == "refund_payment":
            shop.service.after = lambda _: None
            raise Retryable(AWAY)

    shop.service.after = fail
    shop.do(Act.CANCEL)
    shop.beat()
    shop.beat(60)
    shop.beat()

    assert ("captured", 70_000, 70_000) == shop.paid()
    assert [70_000] == [minor for minor, _ in heard(shop)]


def test_a_refund_that_somebody_made_at_the_service_itself_is_not_told(shop):
    """The webstore may have made it: telling it would count it twice."""
    shop.service.refund_there("pi_1", won(5_000))
    shop.engine.check_payments(1)
    shop.beat()

    assert [] == heard(shop)


def test_that_the_webstore_shows_the_refund_then_is_no_change_of_its(shop):
    shop.do(Act.PICK_UP)
    shop.beat()
    items = tuple(ReturnedItem(item=one.id) for one in shop.engine.sale(1).items)
    shop.engine.take_back(1, Return(items=items), WHY)
    shop.beat()
    shop.beat()
    assert [70_000] == [minor for minor, _ in heard(shop)]

    shop.clock.advance(60)
    shop.place(kind=OrderKind.BOPIS, paid=False, tenders=(), standing=Standing.REFUNDED)
    shop.beat()

    assert Cause.CANCELLED not in shop.causes()


def test_a_sale_is_still_settled_after_a_refund_was_told(shop):
    """An item is cancelled after the charge; what is handed over then is looked at all the same."""
    shop.do(Act.CANCEL, line_ids=("p",))
    shop.beat()
    shop.do(Act.PICK_UP)
    shop.beat()
    shop.beat()

    assert ("captured", 70_000, 20_000) == shop.paid()
    assert [20_000] == [minor for minor, _ in heard(shop)]
    assert shop.engine.payment_difference(1) is None

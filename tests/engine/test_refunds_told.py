"""A webstore is told of what was given back at the till for its order, each time once, and why."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from engine.tills import Till
from orders import HELMET, PUMP, line, order, won
from shop import STAFF
from tillbridge.guided import Doing
from tillbridge.model.errors import Rejected
from tillbridge.model.exchange import Said
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Standing, Tender, TenderKind
from tillbridge.model.status import Act
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import NewItem, Payment, PaymentKind, Return, ReturnedItem

LINES = (line("h", gtin=HELMET), line("p", gtin=PUMP, price=20_000))
SMALL = Signature("지은", "맞지 않음")


def cash(minor: int) -> Payment:
    return Payment(kind=PaymentKind.CASH, amount=won(minor))


@pytest.fixture
def make(database_url: str, clock) -> Iterator[Callable[..., Till]]:
    """Make a shop with A1, a helmet and a pump for 70,000."""
    made: list[Till] = []

    def sold(hears: frozenset[Said] = frozenset(Said), **more) -> Till:
        till = Till(database_url, clock, hears=hears)
        made.append(till)
        till.webstore.offer(order("A1", *LINES, **more))
        till.engine.poll()
        return till

    yield sold
    for till in made:
        till.engine.close()


def bought(till: Till) -> Till:
    """Let the reservation be reserved, picked up and paid in cash."""
    till.engine.act(1, Doing(act=Act.RESERVE), STAFF)
    till.engine.act(1, Doing(act=Act.PICK_UP, payments=(cash(70_000),)), STAFF)
    return till


@pytest.fixture
def reserved(make) -> Till:
    """A shop whose reservation A1 was picked up and paid in cash."""
    return bought(make())


def back(till: Till, *items: str, why: Signature = SMALL) -> None:
    """Take items back at the till."""
    lines = {item.web_line: item.id for item in till.engine.sale(1).items}
    taken = tuple(ReturnedItem(item=lines.get(one, one)) for one in items)
    till.engine.take_back(1, Return(items=taken), why)
    till.engine.tick()


def heard(till: Till) -> list[tuple[int, str]]:
    """Return the refunds that the webstore was told, with their reasons."""
    till.engine.deliver()
    return [(one.refund.minor, one.reason) for one in till.webstore.told if one.refund]


@pytest.mark.row("S27")
def test_what_is_given_back_at_the_till_is_told_with_its_reason(reserved):
    back(reserved, "p")

    assert [(20_000, "맞지 않음")] == heard(reserved)


@pytest.mark.row("S27")
def test_each_return_is_told_by_itself_and_once(reserved):
    back(reserved, "p")
    back(reserved, "h", why=STAFF)
    reserved.engine.tick()

    assert [(20_000, "맞지 않음"), (50_000, "")] == heard(reserved)


def test_a_webstore_that_cannot_hear_of_refunds_is_not_told(make):
    till = bought(make(frozenset(Said) - {Said.REFUNDED}))
    back(till, "p")

    assert [] == heard(till)


def test_what_the_webstore_has_to_give_back_itself_is_not_told(make):
    """It was paid online: nothing was given back here."""
    card = Tender(kind=TenderKind.CARD, amount=won(70_000))
    till = make(kind=OrderKind.BOPIS, paid=True, tenders=(card,))
    for act in (Act.ACCEPT, Act.PICK_UP):
        till.engine.act(1, Doing(act=act), STAFF)
    back(till, "p")

    assert [] == heard(till)


def test_the_money_of_an_item_that_was_added_at_the_till_is_none_of_the_webstores(make):
    till = make()
    till.engine.act(1, Doing(act=Act.RESERVE), STAFF)
    extra = NewItem(product_id=till.pump, price=won(9_000), tax_rate=Decimal(10))
    till.engine.add_item(1, extra, STAFF)
    till.engine.act(1, Doing(act=Act.PICK_UP, payments=(cash(79_000),)), STAFF)
    (added,) = [item.id for item in till.engine.sale(1).items if item.web_line is None]
    back(till, added, "p")

    assert [(20_000, "맞지 않음")] == heard(till)


def test_that_all_is_refunded_there_too_is_no_change_of_the_webstores(reserved):
    back(reserved, "h", "p")
    assert [(70_000, "맞지 않음")] == heard(reserved)

    reserved.clock.advance(60)
    reserved.webstore.offer(order("A1", *LINES, standing=Standing.REFUNDED))
    reserved.engine.poll()

    assert Cause.CANCELLED not in {one.cause for one in reserved.engine.messages()}


def test_a_refund_that_was_refused_holds_nothing_back(reserved):
    """It is sent again with the same key, so that it cannot count twice."""
    seen: list[str] = []

    def before(call: str) -> None:
        if call == "push_status" and len(seen) < 1:
            seen.append(call)
            raise Rejected(Words("Not now.", "지금은 안 됩니다."))

    reserved.engine.deliver()
    reserved.webstore.before = before
    back(reserved, "p")
    back(reserved, "h")
    assert [50_000] == [minor for minor, _ in heard(reserved)]
    assert "The webstore did not take it (refunded): Not now." in [
        entry.words.en for entry in reserved.engine.timeline(1)
    ]

    reserved.engine.send_again(1, STAFF)

    assert [50_000, 20_000] == [minor for minor, _ in heard(reserved)]
    assert len({one.key for one in reserved.webstore.told}) == len(reserved.webstore.told)


def test_an_order_shows_what_the_webstore_was_told_of_its_refunds(reserved):
    back(reserved, "p")

    (one,) = [told for told in reserved.engine.told(1) if told.said is Said.REFUNDED]
    assert won(20_000) == one.refund


def test_the_outcome_of_a_reservation_is_still_told_after_a_refund(reserved):
    """Nothing that is said later takes a refund's place, nor does it theirs."""
    back(reserved, "p")
    said = [one.said for one in reserved.engine.told(1)]
    reserved.engine.deliver()

    assert said == [one.said for one in reserved.webstore.told]
    assert [Said.ACCEPTED, Said.RESOLVED, Said.REFUNDED] == said

"""An order whose sale was emptied and closed by hand at the till: the webstore can still be told so."""

from collections.abc import Iterator

import pytest

from engine.tills import Till
from orders import HELMET, line, order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, LineState, PaymentState, Status
from tillbridge.pos.contract import SaleState


def close_empty(till) -> None:
    till.engine.remove_items(1, (), STAFF)
    till.engine.finish_sale(1, STAFF)


@pytest.fixture
def closed(till):
    """A1, an accepted reservation whose sale somebody emptied and closed at the till."""
    till.webstore.offer(order("A1"))
    till.engine.poll()
    till.engine.act(1, Doing(act=Act.ACCEPT), STAFF)
    till.engine.deliver()
    close_empty(till)
    return till


def what(till, act):
    return [one.en for one in till.engine.preview_act(1, Doing(act=act)).consequences]


def shown(till):
    return {one.cause for one in till.engine.messages() if one.orders}


def told(till):
    till.engine.deliver()
    return [one.said for one in till.webstore.told]


@pytest.mark.row("S20")
def test_cancelling_it_tells_the_webstore_and_leaves_the_sale_as_it_is(closed):
    before = closed.engine.sale(1)
    assert [
        "The sale was closed without items already, and stays so.",
        "The webstore is told that the order is rejected.",
        "The order becomes Completed.",
        "The webstore is told how the reservation ended.",
    ] == what(closed, Act.CANCEL)

    closed.engine.act(1, Doing(act=Act.CANCEL), WITH_REASON)

    done = closed.engine.order("A1")
    assert (Status.COMPLETED, Decision.REJECTED) == (done.status, done.decision)
    assert (Resolution.CUSTOMER_CANCELLED, LineState.REJECTED) == (
        done.handover.resolution,
        done.lines[0].state,
    )
    assert [Said.ACCEPTED, Said.REJECTED, Said.RESOLVED] == told(closed)
    assert before == closed.engine.sale(1)


@pytest.mark.parametrize("way", ["action", "status"])
def test_rejecting_it_tells_the_webstore_and_leaves_it_rejected(closed, way):
    if way == "action":
        closed.engine.act(1, Doing(act=Act.REJECT), WITH_REASON)
    else:
        closed.engine.set_status(1, Status.REJECTED, WITH_REASON)

    assert Status.REJECTED is closed.engine.order("A1").status
    assert [Said.ACCEPTED, Said.REJECTED] == told(closed)
    assert SaleState.CLOSED_EMPTY is closed.engine.sale(1).facts.state
    assert set() == shown(closed)


def test_completing_it_says_that_the_webstore_hears_nothing(closed):
    assert "Where nothing came of it, cancel the order instead." in what(closed, Act.COMPLETE)[0]


@pytest.mark.parametrize("ready", [False, True])
def test_it_is_a_message_until_it_is_cancelled(till, ready):
    till.webstore.offer(order("A1"))
    till.engine.poll()
    till.engine.act(1, Doing(act=Act.ACCEPT), STAFF)
    if ready:
        till.engine.act(1, Doing(act=Act.READY), STAFF)
    close_empty(till)
    assert {Cause.CLOSED_EMPTY} == shown(till)

    till.engine.act(1, Doing(act=Act.CANCEL), WITH_REASON)

    assert set() == shown(till)


@pytest.fixture
def charged(sqlite_url: str, clock) -> Iterator[Till]:
    """The same with an order that was paid online and is charged."""
    till = Till(sqlite_url, clock, charges_on_acceptance=True)
    card = Tender(kind=TenderKind.CARD, amount=won(50_000))
    helmet = line("h", gtin=HELMET)
    till.webstore.offer(order("A1", helmet, kind=OrderKind.BOPIS, paid=True, tenders=(card,)))
    till.engine.poll()
    till.engine.act(1, Doing(act=Act.ACCEPT), STAFF)
    till.engine.deliver()
    close_empty(till)
    yield till
    till.engine.close()


@pytest.mark.row("S20")
def test_cancelling_what_was_charged_says_first_that_it_is_a_refund(charged):
    assert PaymentState.REFUND_DUE is charged.engine.payment(1)
    assert "web has charged the customer ₩50,000: this is a refund." in what(charged, Act.CANCEL)[0]

    charged.engine.act(1, Doing(act=Act.CANCEL), WITH_REASON)

    assert {Cause.REFUND} == shown(charged)


@pytest.fixture(params=["emptied", "closed"])
def nothing_left(request, till):
    """A1, undecided, with nothing left on its sale: somebody took all of it off, and perhaps closed it."""
    till.webstore.offer(order("A1"))
    till.engine.poll()
    till.engine.remove_items(1, (), STAFF)
    if request.param == "closed":
        till.engine.finish_sale(1, STAFF)
    return till


@pytest.mark.row("S17")
@pytest.mark.parametrize("act", [Act.ACCEPT, Act.RESERVE, Act.PICK_UP])
def test_an_order_of_which_nothing_is_left_is_not_accepted(nothing_left, act):
    """A webstore may charge the customer for it."""
    with pytest.raises(
        NotAllowed, match=r"(Nothing is left on|closed without items).* cancel the order instead"
    ):
        nothing_left.engine.act(1, Doing(act=act), STAFF)

    assert Status.IN_PROCESS not in nothing_left.engine.order("A1").choices
    assert [] == told(nothing_left)


@pytest.mark.parametrize("accepted", [False, True])
def test_a_sale_that_was_emptied_by_mistake_is_made_anew(till, accepted):
    """What left a sale does not come back to it: the webstore's money pays web lines only."""
    till.webstore.offer(order("A1"))
    till.engine.poll()
    if accepted:
        till.engine.act(1, Doing(act=Act.ACCEPT), STAFF)
    till.engine.remove_items(1, (), STAFF)
    assert Status.PROCESS_SALE in till.engine.order("A1").choices

    till.engine.act(1, Doing(act=Act.REMAKE_SALE), STAFF)

    wanted = Status.IN_PROCESS if accepted else Status.NEW
    assert (wanted, 9, 50_000) == (
        till.engine.order("A1").status,
        till.on_hand(HELMET),
        till.engine.sale(1).total.minor,
    )


def test_a_sale_that_has_its_items_is_not_made_anew(till):
    till.webstore.offer(order("A1"))
    till.engine.poll()

    with pytest.raises(NotAllowed, match="nothing to make anew"):
        till.engine.act(1, Doing(act=Act.REMAKE_SALE), STAFF)


@pytest.mark.row("S21")
def test_it_is_not_ready_either(closed):
    with pytest.raises(NotAllowed, match="cancel the order instead"):
        closed.engine.act(1, Doing(act=Act.READY), STAFF)

    assert Status.READY_FOR_PICKUP not in closed.engine.order("A1").choices
    assert [Said.ACCEPTED] == told(closed)

"""Money that a webstore has to give back: a message until it says that it has, or staff do."""

from collections.abc import Iterator

import pytest

from engine.tills import Till
from orders import HELMET, PUMP, line, order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Standing, Tender, TenderKind
from tillbridge.model.status import Act, PaymentState, Status
from tillbridge.pos.details import ItemPick, Payment, PaymentKind, Return, ReturnedItem

LINES = (line("h", gtin=HELMET), line("p", gtin=PUMP, price=20_000))


def offer(till: Till, *lines, **more) -> None:
    """Let the webstore have A1 as it is now; it is paid as long as it stands."""
    lines = lines or LINES
    total = won(sum(one.amount.gross.minor for one in lines))
    card = Tender(kind=TenderKind.CARD, amount=total)
    stands = more.get("standing", Standing.OPEN) in (Standing.OPEN, Standing.FULFILLED)
    paid = {"paid": stands, "tenders": (card,) if stands else ()}
    till.clock.advance(60)
    till.webstore.offer(order("A1", *lines, kind=OrderKind.BOPIS, **paid, **more))
    till.engine.poll()


@pytest.fixture
def bought(database_url: str, clock) -> Iterator[Till]:
    """A shop with A1, a helmet and a pump for 70,000, paid online, accepted and so charged."""
    till = Till(database_url, clock, charges_on_acceptance=True)
    offer(till)
    do(till, Act.ACCEPT)
    till.engine.deliver()
    yield till
    till.engine.close()


def do(till, act, **more):
    return till.engine.act(1, Doing(act=act, **more), WITH_REASON)


def owed(till):
    """How many orders the message is about, and where the money of A1 is."""
    counts = [one.count for one in till.engine.messages() if one.cause is Cause.REFUND]
    return (*counts, till.engine.payment(1))


def what(till, act):
    return [one.en for one in till.engine.preview_act(1, Doing(act=act)).consequences]


@pytest.mark.row("S20")
def test_a_cancelled_order_that_was_charged_is_owed_until_the_webstore_has_refunded_it(bought):
    assert (PaymentState.CHARGED,) == owed(bought)
    do(bought, Act.CANCEL)
    assert (1, PaymentState.REFUND_DUE) == owed(bought)

    offer(bought, standing=Standing.CANCELLED)
    assert (1, PaymentState.REFUND_DUE) == owed(bought)

    offer(bought, standing=Standing.REFUNDED)
    assert (PaymentState.REFUNDED,) == owed(bought)
    assert Cause.CANCELLED not in {one.cause for one in bought.engine.messages()}


@pytest.mark.row("S20")
def test_where_the_webstore_never_says_so_staff_do_and_it_is_signed(bought):
    do(bought, Act.CANCEL)
    bought.engine.refunded(1, WITH_REASON)

    assert (PaymentState.REFUNDED,) == owed(bought)
    entry = bought.engine.timeline(1)[-1]
    assert ("지은", "refunded") == (entry.who, entry.what)


def test_what_was_not_charged_is_not_owed(bought):
    with pytest.raises(NotAllowed, match="nothing to give back"):
        bought.engine.refunded(1, STAFF)


def test_what_was_rejected_before_the_webstore_heard_of_its_acceptance_is_not_owed(database_url, clock):
    till = Till(database_url, clock, charges_on_acceptance=True)
    offer(till)
    do(till, Act.ACCEPT)
    do(till, Act.REJECT)
    till.engine.deliver()

    assert (PaymentState.RELEASED,) == owed(till)
    till.engine.close()


def test_undoing_the_rejection_takes_the_message_back(bought):
    do(bought, Act.REJECT_ONLY)
    assert (1, PaymentState.REFUND_DUE) == owed(bought)

    bought.engine.undo(1, STAFF)

    assert (PaymentState.CHARGED,) == owed(bought)


@pytest.mark.row("S27")
def test_goods_that_come_back_are_owed_in_part_or_whole_until_the_webstore_says_refunded(bought):
    do(bought, Act.PICK_UP)
    assert (PaymentState.RECORDED,) == owed(bought)
    first, second = [item.id for item in bought.engine.sale(1).items]

    bought.engine.take_back(1, Return(items=(ReturnedItem(item=second),)), STAFF)
    assert (1, PaymentState.PART_REFUND_DUE) == owed(bought)
    bought.engine.take_back(1, Return(items=(ReturnedItem(item=first),)), STAFF)
    assert (1, PaymentState.REFUND_DUE) == owed(bought)

    offer(bought, standing=Standing.REFUNDED)
    assert (PaymentState.REFUNDED,) == owed(bought)
    assert Cause.CANCELLED not in {one.cause for one in bought.engine.messages()}


def test_a_return_after_a_refund_asks_again(bought):
    do(bought, Act.PICK_UP)
    first, second = [item.id for item in bought.engine.sale(1).items]
    bought.engine.take_back(1, Return(items=(ReturnedItem(item=second),)), STAFF)
    bought.engine.refunded(1, STAFF)
    assert (PaymentState.REFUNDED,) == owed(bought)

    bought.engine.take_back(1, Return(items=(ReturnedItem(item=first),)), STAFF)

    assert (1, PaymentState.REFUND_DUE) == owed(bought)


@pytest.mark.row("S28")
def test_what_was_charged_and_is_not_taken_is_owed(bought):
    bought.engine.remove_items(1, [ItemPick(web_line="p")], STAFF)
    do(bought, Act.PICK_UP)

    assert Status.COMPLETED is bought.engine.order("A1").status
    assert (1, PaymentState.PART_REFUND_DUE) == owed(bought)


def test_an_item_that_is_cancelled_is_owed_until_the_webstore_has_it_no_more(bought):
    do(bought, Act.CANCEL, line_ids=("p",))
    assert (1, PaymentState.PART_REFUND_DUE) == owed(bought)

    offer(bought, LINES[0])

    assert (PaymentState.CHARGED,) == owed(bought)


@pytest.mark.row("S20")
def test_an_emptied_order_is_not_picked_up_but_cancelled_which_says_the_refund_first(bought):
    bought.engine.remove_items(1, (), STAFF)
    seen = bought.engine.preview_act(1, Doing(act=Act.PICK_UP))
    with pytest.raises(NotAllowed, match="cancel the order instead"):
        do(bought, Act.PICK_UP)

    assert seen.why_not.en.startswith(
        "Nothing is left on the sale to be handed over; cancel the order instead."
    )
    assert "this is a refund" in what(bought, Act.CANCEL)[0]
    assert Status.COMPLETED is do(bought, Act.CANCEL).status
    assert (1, PaymentState.REFUND_DUE) == owed(bought)


def test_what_is_paid_in_the_shop_is_never_the_webstores_to_give_back(till):
    till.webstore.offer(order("A1"))
    till.engine.poll()
    till.engine.pay(1, Payment(kind=PaymentKind.CASH, amount=won(50_000)), STAFF)
    till.engine.finish_sale(1, STAFF)
    (item,) = till.engine.sale(1).items
    till.engine.take_back(1, Return(items=(ReturnedItem(item=item.id),)), STAFF)

    assert (PaymentState.PAID,) == owed(till)

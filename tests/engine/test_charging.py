"""Orders of a webstore that charges the customer's card once it hears that the order is accepted."""

from collections.abc import Iterator

import pytest

from engine.tills import Till
from orders import HELMET, line, order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed, Rejected, Retryable
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Standing, Tender, TenderKind
from tillbridge.model.status import Act, PaymentState, Status
from tillbridge.model.words import Words
from tillbridge.pos.details import Payment, PaymentKind, Return, ReturnedItem

LATE = Words("The card could not be charged.", "카드 결제 실패")


@pytest.fixture
def bought(sqlite_url: str, clock) -> Iterator[Till]:
    """A shop with a sold helmet, paid online: A1."""
    till = Till(sqlite_url, clock, charges_on_acceptance=True)
    helmet = line("h", gtin=HELMET)
    card = Tender(kind=TenderKind.CARD, amount=won(helmet.amount.gross.minor))
    till.webstore.offer(order("A1", helmet, kind=OrderKind.BOPIS, paid=True, tenders=(card,)))
    till.engine.poll()
    yield till
    till.engine.close()


def do(till: Till, act: Act, **more):
    return till.engine.act(1, Doing(act=act, **more), WITH_REASON)


def fail_next(till: Till, error: type[Exception]) -> None:
    """Let the next delivery to the webstore fail."""

    def before(call: str) -> None:
        if call == "push_status":
            till.webstore.before = lambda _: None
            raise error(LATE)

    till.webstore.before = before


@pytest.mark.row("S20")
def test_cancelling_before_it_is_charged_says_first_that_the_hold_is_released(bought):
    released = "The hold on the customer's card is released by itself; nothing is charged."
    assert released == said(bought, Act.CANCEL)[0]
    assert "held on the customer's card" == bought.engine.payment_view(1).words.en


@pytest.mark.row("S23")
def test_what_a_webstore_charged_by_card_is_noted_with_the_card_type_of_the_reports(bought):
    do(bought, Act.ACCEPT)
    bought.engine.deliver()
    do(bought, Act.PICK_UP)

    assert ["Stripe"] == [one.payment.card_type for one in bought.engine.sale(1).payments]


def test_charged_is_what_the_webstore_was_told(bought):
    do(bought, Act.ACCEPT)
    assert PaymentState.HELD is bought.engine.payment(1)
    bought.engine.deliver()
    assert PaymentState.CHARGED is bought.engine.payment(1)


def said(till: Till, act: Act) -> list[str]:
    return [one.en for one in till.engine.preview_act(1, Doing(act=act)).consequences]


@pytest.mark.row("S16")
def test_accepting_says_first_that_the_customer_is_charged(bought):
    words = "The webstore then charges the customer ₩50,000: cancelling later is a refund."
    assert words == said(bought, Act.ACCEPT)[0]

    do(bought, Act.ACCEPT)
    bought.engine.deliver()

    assert words not in said(bought, Act.READY)


def test_an_acceptance_whose_answer_was_lost_may_have_charged(bought):
    do(bought, Act.ACCEPT)
    fail_next(bought, Retryable)
    bought.engine.deliver()
    assert PaymentState.CHARGED is bought.engine.payment(1)

    do(bought, Act.REJECT)
    bought.clock.advance(3600)
    bought.engine.deliver()

    assert PaymentState.REFUND_DUE is bought.engine.payment(1)


@pytest.fixture
def refused(bought):
    """The same, accepted here, which the webstore refused."""
    do(bought, Act.ACCEPT)
    fail_next(bought, Rejected)
    bought.engine.deliver()
    return bought


def test_an_acceptance_that_was_refused_has_charged_nothing(refused):
    assert PaymentState.HELD is refused.engine.payment(1)

    do(refused, Act.REJECT)
    refused.engine.deliver()

    assert PaymentState.RELEASED is refused.engine.payment(1)


def test_nothing_is_picked_up_that_nobody_has_paid(refused):
    with pytest.raises(NotAllowed, match="has charged nothing"):
        do(refused, Act.PICK_UP)

    refused.engine.send_again(1, STAFF)
    refused.engine.deliver()
    do(refused, Act.PICK_UP)

    assert PaymentState.RECORDED is refused.engine.payment(1)


def test_what_the_webstore_did_not_charge_is_taken_here(refused):
    due = refused.engine.due_at_pick_up(1)
    assert refused.engine.sale(1).balance.due == due

    do(refused, Act.PICK_UP, payments=(Payment(kind=PaymentKind.CASH, amount=due),))

    assert Status.COMPLETED is refused.engine.order("A1").status
    assert PaymentState.PAID is refused.engine.payment(1)


def uncharged(till):
    return [one.count for one in till.engine.messages() if one.cause is Cause.UNCHARGED]


@pytest.fixture
def gone(bought):
    """The same, picked up while it was New: only then the webstore refused that it is accepted."""
    do(bought, Act.PICK_UP)
    fail_next(bought, Rejected)
    bought.engine.deliver()
    bought.engine.follow_till()
    return bought


def test_goods_that_are_gone_for_money_that_the_webstore_never_took_are_a_message(gone):
    (message,) = [one for one in gone.engine.messages() if one.cause is Cause.UNCHARGED]

    assert (Status.COMPLETED, PaymentState.HELD) == (gone.engine.order("A1").status, gone.engine.payment(1))
    assert "handed over, and its webstore took no money for it" in message.words.en
    assert "tillbridge order send-again id:1" == message.action.command
    assert "결제되지 않은 주문이 1건" in message.words.ko


def test_the_message_goes_once_the_webstore_takes_the_acceptance_after_all(gone):
    gone.engine.send_again(1, STAFF)
    assert [] == uncharged(gone)
    gone.engine.deliver()
    gone.engine.follow_till()

    assert ([], PaymentState.RECORDED) == (uncharged(gone), gone.engine.payment(1))


def test_the_message_comes_back_where_it_refuses_again_and_ends_when_the_order_is_archived(gone):
    gone.engine.send_again(1, STAFF)
    fail_next(gone, Rejected)
    gone.engine.deliver()
    gone.engine.follow_till()
    assert [1] == uncharged(gone)

    do(gone, Act.ARCHIVE)

    assert [] == uncharged(gone)


def test_what_was_paid_here_in_its_place_is_no_such_message(refused):
    due = refused.engine.due_at_pick_up(1)
    do(refused, Act.PICK_UP, payments=(Payment(kind=PaymentKind.CASH, amount=due),))

    assert ([], PaymentState.PAID) == (uncharged(refused), refused.engine.payment(1))


def test_goods_that_came_back_are_not_to_be_paid_any_more(gone):
    (item,) = gone.engine.sale(1).items
    gone.engine.take_back(1, Return(items=(ReturnedItem(item=item.id),)), STAFF)

    assert [] == [one for one in gone.engine.messages() if one.orders]


def test_that_the_webstore_cancelled_what_it_never_charged_is_shown(gone):
    """Nobody asked it to give money back."""
    gone.clock.advance(60)
    gone.webstore.offer(order("A1", line("h", gtin=HELMET), kind=OrderKind.BOPIS, standing=Standing.REFUNDED))
    gone.engine.poll()

    assert Cause.CANCELLED in {one.cause for one in gone.engine.messages()}

"""What every plugin of a payment service has to hold to, as checks that its own tests run at its own service.

A plugin's author says how money comes to be held there (`PaymentDesk`), and runs each check on a desk that is
made anew for it:

    @pytest.mark.parametrize("check", CHECKS, ids=lambda one: one.__name__)
    def test_it_keeps_the_contract(check, desk): check(desk)

Each raises an `AssertionError` that says what was not kept. The hooks are called as the engine calls them.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from tillbridge.model.errors import Rejected
from tillbridge.model.money import zero
from tillbridge.model.payments import EntryKind, PaymentAct, WebPaymentState
from tillbridge.testing.payment_desk import ORDER, Case, PaymentDesk, equal, require

_CAPTURED: Final = WebPaymentState.CAPTURED
_ENDED: Final = (WebPaymentState.RELEASED, WebPaymentState.EXPIRED)


# Found and read


def a_hold_is_found_by_its_order(desk: PaymentDesk) -> None:
    """`record_payment` finds what is held for an order, and says how much may be taken."""
    number = desk.pay(desk.money(3), ORDER, held=True)
    found = desk.find()
    equal("the payments that are found", [one.id for one in found], [number])
    (payment,) = found
    equal("its state", payment.state, WebPaymentState.HELD)
    equal("what is held", payment.held, desk.money(3))
    equal("what was taken", payment.captured, zero(desk.currency))


def an_order_without_a_payment_has_none(desk: PaymentDesk) -> None:
    """`record_payment` answers an empty list where there is nothing, and never another order's payment."""
    desk.pay(desk.money(3), "kit-2002", held=True)
    equal("the payments of an order that has none", desk.find(), [])


def what_was_known_is_read_again(desk: PaymentDesk) -> None:
    """`record_payment` reads a payment that was known anew, whatever it was like."""
    case = Case.of(desk, 3, held=True)
    case.accept(PaymentAct.CAPTURE, 3)
    found = {one.id: one for one in desk.find(known=[case.payment])}
    equal("the payment that was known", found.get(case.payment.id), case.now)


def a_payment_that_is_not_there_is_refused(desk: PaymentDesk) -> None:
    """`fetch_payment` raises `Rejected` for an ID that nothing has."""
    try:
        found = desk.fetch("kit-no-such-payment")
    except Rejected:
        return
    raise AssertionError(f"a payment that is not there is answered by {found}")


# Taken


def a_hold_is_taken_whole(desk: PaymentDesk) -> None:
    """A capture takes what it says."""
    case = Case.of(desk, 3, held=True)
    case.accept(PaymentAct.CAPTURE, 3)
    equal("its state", case.now.state, _CAPTURED)
    case.hold_against(taken=3)


def a_hold_is_taken_in_part_and_the_rest_let_go(desk: PaymentDesk) -> None:
    """A capture of less takes less, and nothing stays held."""
    case = Case.of(desk, 3, held=True)
    case.accept(PaymentAct.CAPTURE, 2)
    equal("what is still held", case.now.held, zero(desk.currency))
    case.hold_against(taken=2)


def no_more_than_the_hold_is_taken(desk: PaymentDesk) -> None:
    """A capture of more is refused, and takes nothing."""
    Case.of(desk, 3, held=True).refuse(PaymentAct.CAPTURE, 4)


def the_same_capture_twice_takes_once(desk: PaymentDesk) -> None:
    """A capture with the key of one that was done is accepted, and takes nothing more."""
    case = Case.of(desk, 3, held=True)
    case.accept(PaymentAct.CAPTURE, 2)
    case.accept(PaymentAct.CAPTURE, 2)
    case.hold_against(taken=2)


def a_capture_whose_answer_was_lost_takes_once(desk: PaymentDesk) -> None:
    """Tried again with the same key it is accepted."""
    case = Case.of(desk, 3, held=True)
    case.try_unheard(PaymentAct.CAPTURE, 3)
    case.accept(PaymentAct.CAPTURE, 3)
    case.hold_against(taken=3)


def an_ended_hold_is_not_taken(desk: PaymentDesk) -> None:
    """A hold that ended by itself is refused in words, and reads as ended."""
    case = Case.of(desk, 3, held=True)
    desk.end_hold(case.payment.id)
    require(case.now.state in _ENDED, f"a hold that has ended reads as {case.now.state}")
    case.refuse(PaymentAct.CAPTURE, 3)


# Let go


def a_hold_is_let_go(desk: PaymentDesk) -> None:
    """A release, done twice, takes nothing and holds nothing."""
    case = Case.of(desk, 3, held=True)
    case.accept(PaymentAct.RELEASE, 3)
    case.accept(PaymentAct.RELEASE, 3)
    require(case.now.state in _ENDED, f"a hold that was let go reads as {case.now.state}")
    case.hold_against(taken=0)


def what_was_taken_is_not_let_go(desk: PaymentDesk) -> None:
    """A release of what was taken is refused: it would have to be a refund."""
    Case.of(desk, 3, held=False).refuse(PaymentAct.RELEASE, 3)


# Given back


def what_was_taken_is_given_back_in_parts(desk: PaymentDesk) -> None:
    """Refunds with keys of their own add up."""
    case = Case.of(desk, 3, held=False)
    case.accept(PaymentAct.REFUND, 1, "kit-key-1")
    case.accept(PaymentAct.REFUND, 2, "kit-key-2")
    case.hold_against(taken=3, back=3)


def no_more_is_given_back_than_was_taken(desk: PaymentDesk) -> None:
    """A refund of more than is left is refused, and gives nothing back."""
    case = Case.of(desk, 3, held=False)
    case.accept(PaymentAct.REFUND, 2)
    case.refuse(PaymentAct.REFUND, 2, "kit-key-2")


def what_is_only_held_is_not_given_back(desk: PaymentDesk) -> None:
    """A refund of a hold is refused: it is let go instead."""
    Case.of(desk, 3, held=True).refuse(PaymentAct.REFUND, 1)


def the_same_refund_twice_gives_back_once(desk: PaymentDesk) -> None:
    """A refund with the key of one that was made is accepted, and gives nothing more back."""
    case = Case.of(desk, 3, held=False)
    case.accept(PaymentAct.REFUND, 1)
    case.accept(PaymentAct.REFUND, 1)
    case.hold_against(taken=3, back=1)


def a_refund_whose_answer_was_lost_gives_back_once(desk: PaymentDesk) -> None:
    """Tried again with the same key it is accepted."""
    case = Case.of(desk, 3, held=False)
    case.try_unheard(PaymentAct.REFUND, 1)
    case.accept(PaymentAct.REFUND, 1)
    case.hold_against(taken=3, back=1)


def refunds_are_known_by_their_keys_or_by_none(desk: PaymentDesk) -> None:
    """Where a service keeps who asked for a refund, each refund says so: by that it is known again."""
    case = Case.of(desk, 3, held=False)
    case.accept(PaymentAct.REFUND, 1, "kit-key-1")
    case.accept(PaymentAct.REFUND, 1, "kit-key-2")
    keys = sorted(one.key for one in case.now.refunds)
    allowed: list[list[str]] = [["kit-key-1", "kit-key-2"], ["", ""], []]
    require(keys in allowed, f"the refunds' keys are {keys}")


# The service's own list


def what_moved_is_listed_once_with_its_payment(desk: PaymentDesk) -> None:
    """`list_payments` has what was taken and what was given back, where the provider lists at all."""
    if not desk.can_list:
        return
    case = Case.of(desk, 3, held=True)
    case.accept(PaymentAct.CAPTURE, 3, "kit-key-1")
    case.accept(PaymentAct.REFUND, 1, "kit-key-2")
    hour = timedelta(hours=1)
    listed = desk.moves(-hour, hour)
    mine = [one for one in listed if one.payment_id == case.payment.id]
    moved = {kind: [one.amount for one in mine if one.kind is kind] for kind in EntryKind}
    equal("what was taken by the list", moved[EntryKind.CHARGE], [desk.money(3)])
    equal("what was given back by the list", moved[EntryKind.REFUND], [desk.money(1)])
    require(len({one.id for one in listed}) == len(listed), "two lines of the list have the same ID")
    before = [one for one in desk.moves(-2 * hour, -hour) if one.payment_id == case.payment.id]
    equal("what moved of it in the hour before", before, [])


CHECKS: Final[Sequence[Callable[[PaymentDesk], None]]] = (
    a_hold_is_found_by_its_order,
    an_order_without_a_payment_has_none,
    what_was_known_is_read_again,
    a_payment_that_is_not_there_is_refused,
    a_hold_is_taken_whole,
    a_hold_is_taken_in_part_and_the_rest_let_go,
    no_more_than_the_hold_is_taken,
    the_same_capture_twice_takes_once,
    a_capture_whose_answer_was_lost_takes_once,
    an_ended_hold_is_not_taken,
    a_hold_is_let_go,
    what_was_taken_is_not_let_go,
    what_was_taken_is_given_back_in_parts,
    no_more_is_given_back_than_was_taken,
    what_is_only_held_is_not_given_back,
    the_same_refund_twice_gives_back_once,
    a_refund_whose_answer_was_lost_gives_back_once,
    refunds_are_known_by_their_keys_or_by_none,
    what_moved_is_listed_once_with_its_payment,
)
"""Every check; each takes a desk of its own."""

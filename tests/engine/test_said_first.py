"""What is said before something is done: what the webstore changed, what is asked, what is still possible."""

import pytest

from orders import line, order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.orders import Standing
from tillbridge.model.status import Act
from tillbridge.pos.details import Payment, PaymentKind


@pytest.fixture
def sold(till):
    """A1: a reserved helmet and pump, sold and accepted."""
    till.webstore.offer(order("A1", line("1"), line("2", price=20_000)))
    till.engine.poll()
    do(till, Act.ACCEPT)
    return till


def do(till, act, **more):
    return till.engine.act(1, Doing(act=act, **more), WITH_REASON)


def what(till, act):
    return [one.en for one in till.engine.preview_act(1, Doing(act=act)).consequences]


def cancel_there(till):
    till.clock.advance(60)
    till.webstore.offer(order("A1", line("1"), line("2", price=20_000), standing=Standing.CANCELLED))
    till.engine.poll()


@pytest.mark.parametrize("act", [Act.PICK_UP, Act.RESERVE, Act.READY])
def test_whoever_goes_on_with_an_order_that_was_cancelled_at_the_webstore_is_told_first(sold, act):
    assert not any("The webstore changed" in one for one in what(sold, act))
    cancel_there(sold)

    assert (
        "The webstore changed this order after its sale was made: At the webstore: open → cancelled. "
        "See it first: tillbridge order difference id:1"
    ).casefold() == what(sold, act)[0].casefold()


def test_who_takes_it_back_is_not_told_of_the_change(sold):
    cancel_there(sold)

    assert not any("The webstore changed" in one for one in what(sold, Act.CANCEL))


def test_archiving_an_undecided_order_says_both_choices(till):
    till.webstore.offer(order("A1", line("1", gtin="00605284574539")))
    till.engine.poll()

    assert [
        "The order was neither accepted nor rejected; say which of the two the webstore is to hear.",
        "accepted: The webstore is told that the order is accepted.",
        "rejected: The webstore is told that the order is rejected.",
    ] == what(till, Act.ARCHIVE)


def test_a_completed_order_says_what_can_still_be_done_with_it(sold):
    do(sold, Act.CANCEL)

    with pytest.raises(NotAllowed, match="Still possible: Archive, Outcome of the reservation"):
        do(sold, Act.PICK_UP)


def test_what_the_point_of_sale_has_done_says_so_and_what_to_do_instead(sold):
    do(sold, Act.CANCEL, line_ids=("2",))

    with pytest.raises(NotAllowed, match="the point of sale has done its part already"):
        sold.engine.undo(1, STAFF)


@pytest.mark.parametrize(
    ("act", "ids"),
    [(Act.CANCEL, ()), (Act.CANCEL, ("2",)), (Act.REJECT, ()), (Act.PICK_UP, ()), (Act.NO_SHOW, ())],
)
def test_what_the_point_of_sale_cannot_take_back_is_said_to_be_final(sold, act, ids):
    assert "This cannot be undone." == sold.engine.preview_act(1, Doing(act=act, line_ids=ids)).final.en


@pytest.mark.parametrize("act", [Act.READY, Act.RESERVE, Act.REJECT_ONLY])
def test_what_can_be_undone_for_a_while_is_not(sold, act):
    assert sold.engine.preview_act(1, Doing(act=act)).final is None


def test_rejecting_what_is_not_sold_can_be_undone_until_the_webstore_is_told(till):
    till.webstore.offer(order("A1", line("1", gtin="00605284574539")))
    till.engine.poll()

    assert till.engine.preview_act(1, Doing(act=Act.REJECT)).final is None
    assert till.engine.preview_act(1, Doing(act=Act.ARCHIVE)).final is None


def test_accepting_in_part_is_final_and_accepting_all_is_not(till):
    till.webstore.offer(order("A1", line("1"), line("2", price=20_000)))
    till.engine.poll()

    assert till.engine.preview_act(1, Doing(act=Act.ACCEPT, line_ids=("1",))).final
    assert till.engine.preview_act(1, Doing(act=Act.ACCEPT)).final is None


def test_selling_with_an_adjustment_is_final_once_the_sale_is_made(till):
    till.webstore.offer(order("A1", line("1"), total=won(45_000)))
    till.engine.poll()

    seen = till.engine.preview_act(1, Doing(act=Act.RELEASE))
    assert "Once its sale is made, this cannot be undone." == seen.final.en


def test_both_forms_of_what_an_act_leads_to_are_there(sold):
    """A payment in two parts is noted as two, and said so."""
    parts = (
        Payment(kind=PaymentKind.CASH, amount=won(30_000)),
        Payment(kind=PaymentKind.CARD, amount=won(40_000), card_type="BC"),
    )
    seen = sold.engine.preview_act(1, Doing(act=Act.PICK_UP, payments=parts))

    assert "₩70,000 is to be paid here." in [one.en for one in seen.consequences]
    after = [(one.en, one.ko) for one in seen.led_to]
    assert ("₩30,000 was noted as paid here: cash.", "매장에서 받은 ₩30,000을 등록했습니다: 현금.") in after
    assert (
        "₩40,000 was noted as paid here: card (BC).",
        "매장에서 받은 ₩40,000을 등록했습니다: 카드(BC).",
    ) in after
    assert not any("to be paid" in english for english, _ in after)
    assert not any(
        korean.endswith(("합니다.", "됩니다.")) for english, korean in after if "webstore" not in english
    )

"""Parts of an order: some lines accepted, rejected, cancelled or ready, over the embedded point of sale."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from engine.tills import Till
from orders import HELMET, PUMP, line, order, won
from tillbridge.guided import Ask, Doing
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.orders import Amount, Charge, ChargeKind, OrderKind, Tender, TenderKind
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, LineState, PaymentState, Status
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import Payment, PaymentKind

STAFF = Signature("지은", "품절")
UNKNOWN = "00605284574539"
TWO = (line("h", gtin=HELMET, title="헬멧"), line("p", gtin=PUMP, price=20_000, title="펌프"))


def card(minor: int) -> Tender:
    return Tender(kind=TenderKind.CARD, amount=won(minor))


def paid(*lines, **more):
    """An order that is paid online."""
    total = sum(one.amount.gross.minor for one in lines)
    return order("A1", *lines, kind=OrderKind.BOPIS, paid=True, tenders=(card(total),), **more)


@pytest.fixture
def sold(till: Till) -> Till:
    """A shop with one reservation of a helmet and a pump, A1, that is sold and New."""
    till.webstore.offer(order("A1", *TWO))
    till.engine.poll()
    return till


@pytest.fixture
def bought(till: Till) -> Till:
    """The same, paid online."""
    till.webstore.offer(paid(*TWO))
    till.engine.poll()
    return till


@pytest.fixture
def unsold(till: Till) -> Till:
    """An order of a helmet, and of something that the shop does not know."""
    till.webstore.offer(order("A1", TWO[0], line("x", gtin=UNKNOWN, price=9_000, title="모름")))
    till.engine.poll()
    return till


def do(till: Till, act: Act, *ids: str, signature: Signature = STAFF, **more):
    return till.engine.act(1, Doing(act=act, line_ids=ids, **more), signature)


def what(till: Till, act: Act, *ids: str) -> list[str]:
    return [one.en for one in till.engine.preview_act(1, Doing(act=act, line_ids=ids)).consequences]


def test_an_act_on_an_item_is_called_after_it(sold: Till) -> None:
    """“Cancel the order” over a preview of one item misled."""
    seen = sold.engine.preview_act(1, Doing(act=Act.CANCEL, line_ids=("p",)))

    assert ("Cancel: “펌프”", "취소: ‘펌프’") == (seen.title.en, seen.title.ko)


def states(till: Till) -> list[str]:
    return [one.state.value for one in till.engine.order("A1").lines]


def told(till: Till) -> list[tuple[str, tuple[str, ...]]]:
    till.engine.deliver()
    return [(one.said.value, tuple(one.line_ids)) for one in till.webstore.told]


def items(till: Till) -> list[str | None]:
    return [one.web_line for one in till.engine.sale(1).items if not one.removed]


def dropped(till: Till, *ids: str, **more) -> None:
    """The webstore takes lines out of the order, as it was told."""
    whole = till.engine.document(1)
    from tillbridge.model.orders import WebOrder  # noqa: PLC0415  # only this helper needs it

    rest = WebOrder.model_validate(whole).without_lines(ids).model_copy(update={"rounded_amounts": 0, **more})
    till.clock.advance(60)
    till.webstore.offer(rest)
    till.engine.poll()


# Some are accepted, the others rejected


@pytest.mark.row("S17")
def test_some_lines_are_accepted_and_the_others_rejected_in_one_act(sold):
    pumps = sold.on_hand(sold.pump)

    done = do(sold, Act.ACCEPT, "h")

    assert (Status.IN_PROCESS, None) == (done.status, done.trouble)
    assert ["accepted", "rejected"] == states(sold)
    assert (["h"], pumps + 1) == (items(sold), sold.on_hand(sold.pump))
    assert [("accepted", ("h",)), ("rejected", ("p",))] == told(sold)
    assert ["", "품절"] == [one.reason for one in sold.webstore.told]
    assert won(50_000) == sold.engine.order("A1").total
    assert won(50_000) == sold.engine.sale(1).balance.due


def test_accepting_some_lines_only_needs_a_reason_for_the_others(sold):
    with pytest.raises(NotAllowed, match="Say why"):
        do(sold, Act.ACCEPT, "h", signature=Signature("지은"))
    assert ["undecided", "undecided"] == states(sold)


def test_accepting_all_lines_by_name_accepts_the_order(sold):
    do(sold, Act.ACCEPT, "p", "h", signature=Signature("지은"))

    assert [("accepted", ())] == told(sold)


def test_what_accepting_some_lines_does_is_said_line_by_line(sold):
    assert [
        "Accepted: “헬멧”.",
        "The webstore is told that the order is accepted.",
        "The webstore is told that this is rejected: “펌프”.",
        "“펌프”: removed from the sale; the stock returns.",
    ] == what(sold, Act.ACCEPT, "h")
    assert ["undecided", "undecided"] == states(sold)


def test_an_unsold_order_can_be_accepted_in_part(unsold):
    """What stands can be sold, so it is."""
    assert Status.IN_PROCESS is do(unsold, Act.ACCEPT, "h").status
    assert (["accepted", "rejected"], ["h"]) == (states(unsold), items(unsold))


# A line of an undecided order


@pytest.mark.row("S30")
def test_a_line_of_an_undecided_order_is_rejected_and_the_order_stays_new(sold):
    before = sold.on_hand(sold.pump)

    assert Status.NEW is do(sold, Act.REJECT, "p").status

    assert (["undecided", "rejected"], before + 1) == (states(sold), sold.on_hand(sold.pump))
    assert sold.engine.order("A1").decision is None
    assert [("rejected", ("p",))] == told(sold)


def test_accepting_after_a_line_was_rejected_names_the_lines_that_remain(sold):
    do(sold, Act.REJECT, "p")
    do(sold, Act.ACCEPT)

    assert [("rejected", ("p",)), ("accepted", ("h",))] == told(sold)
    assert Decision.ACCEPTED is sold.webstore.believes("A1")


@pytest.mark.row("S12")
def test_rejecting_the_line_that_is_not_found_heals_the_order(unsold):
    assert Status.NEW is do(unsold, Act.REJECT, "x").status

    sale = unsold.engine.sale(1)
    assert (["h"], won(50_000)) == (items(unsold), sale.total)
    assert ["undecided", "rejected"] == states(unsold)
    assert won(50_000) == unsold.engine.order("A1").total


def test_an_order_that_lacks_more_waits_on_without_the_line(till):
    stranger = order("A1").customer.model_copy(update={"email": "x@example.com", "id": None})
    till.webstore.offer(order("A1", TWO[0], line("x", gtin=UNKNOWN, title="모름"), customer=stranger))
    till.engine.poll()

    assert Status.CUSTOMER_ID_REQUIRED is do(till, Act.REJECT, "x").status
    assert ["customer_unknown"] == [one.code.value for one in till.engine.order("A1").reasons]

    till.engine.undo(1, STAFF)
    assert (["undecided", "undecided"], []) == (states(till), told(till))
    assert {"customer_unknown", "product_unknown"} == {
        one.code.value for one in till.engine.order("A1").reasons
    }


def test_the_last_line_is_rejected_with_its_order_only(sold):
    do(sold, Act.REJECT, "p")

    with pytest.raises(NotAllowed, match="Nothing else is left of the order"):
        do(sold, Act.REJECT, "h")
    assert Status.REJECTED is do(sold, Act.REJECT).status
    assert [("rejected", ())] == told(sold)


def test_a_line_that_the_order_does_not_have_is_refused_with_the_list(sold):
    with pytest.raises(NotFound, match=r"no item 'z'\. It has: h 헬멧, p 펌프"):
        do(sold, Act.REJECT, "z")


def test_what_is_done_with_an_order_as_a_whole_takes_no_lines(sold):
    with pytest.raises(NotAllowed, match="with the order as a whole"):
        do(sold, Act.RESERVE, "h")


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.REJECT])
def test_lines_are_asked_for_where_there_are_several(sold, act):
    assert Ask.LINES in sold.engine.preview_act(1, Doing(act=act)).asks
    do(sold, Act.REJECT, "p")
    assert Ask.LINES not in sold.engine.preview_act(1, Doing(act=act)).asks


def test_of_two_clerks_the_second_is_told_what_the_first_did(sold):
    seen = sold.engine.preview_act(1, Doing(act=Act.ACCEPT)).revision
    do(sold, Act.REJECT, "p", signature=Signature("민수", "품절"), seen=seen)

    with pytest.raises(NotAllowed, match=r"look at it again \(민수: reject \(rejected: “펌프”\): 품절\)"):
        do(sold, Act.ACCEPT, seen=seen)


# A line of an accepted order


@pytest.mark.row("S20")
def test_a_line_of_an_accepted_order_is_cancelled(sold):
    do(sold, Act.ACCEPT)
    told(sold)
    before = sold.on_hand(sold.pump)

    assert Status.IN_PROCESS is do(sold, Act.CANCEL, "p").status

    assert (["accepted", "rejected"], before + 1) == (states(sold), sold.on_hand(sold.pump))
    assert [("accepted", ()), ("rejected", ("p",))] == told(sold)
    assert sold.engine.order("A1").handover.resolution is None


def test_an_acceptance_that_is_not_sent_yet_is_sent_for_the_rest(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.CANCEL, "p")

    assert [("accepted", ("h",)), ("rejected", ("p",))] == told(sold)


@pytest.mark.row("S20")
def test_cancelling_a_line_takes_what_is_noted_of_the_web_payment_off_the_sale(bought):
    do(bought, Act.ACCEPT)
    web = Payment(kind=PaymentKind.ECOMMERCE, amount=won(70_000), card_type="Stripe")
    bought.engine.pay(1, web, STAFF)
    assert "₩20,000 of the eCommerce payment is taken off the sale." in what(bought, Act.CANCEL, "p")

    do(bought, Act.CANCEL, "p")

    balance = bought.engine.sale(1).balance
    assert (won(50_000), won(50_000), True) == (balance.web, balance.web_paid, balance.settled)
    assert Status.COMPLETED is do(bought, Act.PICK_UP).status
    assert ["handed over", "rejected"] == states(bought)


@pytest.mark.row("S28")
def test_a_deposit_that_is_more_than_what_is_left_is_said_to_be_handed_back(sold):
    do(sold, Act.ACCEPT)
    sold.engine.pay(1, Payment(kind=PaymentKind.CASH, amount=won(60_000)), STAFF)

    over = "₩10,000 more than is left was paid here; hand it back (tillbridge sale pay)."
    assert over in what(sold, Act.CANCEL, "p")
    do(sold, Act.CANCEL, "p")
    assert won(-10_000) == sold.engine.sale(1).balance.due


def test_a_reservation_in_part_is_picked_up_with_what_is_left_to_pay(sold):
    do(sold, Act.ACCEPT, "h")
    cash = Payment(kind=PaymentKind.CASH, amount=won(50_000))

    assert Status.COMPLETED is do(sold, Act.PICK_UP, payments=(cash,)).status
    assert [("accepted", ("h",)), ("rejected", ("p",)), ("resolved", ("h",))] == told(sold)


def test_the_shop_short_of_a_rejected_line_is_short_no_more(till):
    till.webstore.offer(order("A1", TWO[0], line("p", gtin=PUMP, quantity=Decimal(11), title="펌프")))
    till.engine.poll()
    assert ["p"] == [one.line_id for one in till.engine.order("A1").short]

    do(till, Act.REJECT, "p")

    assert () == till.engine.order("A1").short


# Ready in parts


@pytest.mark.row("S21")
def test_lines_become_ready_one_by_one_and_the_order_with_the_last(sold):
    do(sold, Act.ACCEPT)

    assert Status.IN_PROCESS is do(sold, Act.READY, "p", holding_place="선반 3").status
    assert ["accepted", "ready"] == states(sold)
    assert Status.READY_FOR_PICKUP is do(sold, Act.READY, "h").status
    assert ["ready", "ready"] == states(sold)
    assert [("accepted", ()), ("ready", ("p",)), ("ready", ("h",))] == told(sold)


def test_the_order_is_ready_once_every_line_is_that_stands(sold):
    do(sold, Act.ACCEPT, "h")

    assert "The order becomes Ready for Pickup." in what(sold, Act.READY, "h")
    assert Status.READY_FOR_PICKUP is do(sold, Act.READY, "h").status
    assert ("ready", ("h",)) == told(sold)[-1]


def test_the_rest_becomes_ready_with_the_order(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.READY, "p")

    assert Status.READY_FOR_PICKUP is do(sold, Act.READY).status
    assert [("accepted", ()), ("ready", ("p",)), ("ready", ("h",))] == told(sold)


def test_being_ready_is_undone_while_nothing_was_sent(sold):
    do(sold, Act.ACCEPT)
    told(sold)
    do(sold, Act.READY, "p")

    sold.engine.undo(1, STAFF)
    assert (["accepted", "accepted"], [("accepted", ())]) == (states(sold), told(sold))

    do(sold, Act.READY)
    assert Status.IN_PROCESS is sold.engine.undo(1, STAFF)
    do(sold, Act.READY)
    told(sold)
    with pytest.raises(NotAllowed, match="the webstore was told already, or is being told"):
        sold.engine.undo(1, STAFF)


def test_a_line_is_cancelled_where_the_webstore_took_more_off_than_is_left(till):
    coupon = Charge(kind=ChargeKind.FEE, title="쿠폰", amount=Amount(net=won(-30_000)))
    till.webstore.offer(order("A1", *TWO, charges=(coupon,), total=won(40_000)))
    till.engine.poll()
    do(till, Act.ACCEPT)

    assert Status.IN_PROCESS is do(till, Act.CANCEL, "h").status
    assert [] == till.engine.sale(1).payments


def test_what_the_webstore_took_out_is_no_item_any_more_once_its_rejection_is_undone(sqlite_url, clock):
    """It would count as one that stands, and let all others be rejected."""
    till = Till(sqlite_url, clock, hears_lines=False)
    wanted = order("A1", line("h", gtin=UNKNOWN, title="모름"), TWO[1])
    till.webstore.offer(wanted)
    till.engine.poll()
    do(till, Act.REJECT, "p")
    till.clock.advance(60)
    till.webstore.offer(wanted.without_lines(["p"]))
    till.engine.poll()
    before = [one.line_id for one in till.engine.order("A1").lines]

    till.engine.undo(1, STAFF)
    till.engine.settle()
    after = [one.line_id for one in till.engine.order("A1").lines]
    till.engine.close()

    assert (["h", "p"], ["h"]) == (before, after)


def test_the_webstore_takes_one_rejected_item_out_after_the_other(till):
    wanted = order("A1", line("h", gtin=HELMET), line("p", gtin=PUMP), line("q", gtin=UNKNOWN))
    till.webstore.offer(wanted)
    till.engine.poll()
    for gone in (["h"], ["h", "p"]):
        do(till, Act.REJECT, gone[-1])
        till.clock.advance(60)
        till.webstore.offer(wanted.without_lines(gone))
        till.engine.poll()

    assert [("q", "undecided"), ("h", "rejected"), ("p", "rejected")] == [
        (one.line_id, one.state.value) for one in till.engine.order("A1").lines
    ]


def test_undoing_a_cancellation_takes_back_how_it_ended(unsold):
    assert Status.REJECTED is do(unsold, Act.CANCEL).status
    unsold.engine.undo(1, STAFF)

    assert unsold.engine.order("A1").handover.resolution is None


def test_a_line_of_a_ready_order_is_cancelled(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.READY)
    told(sold)

    assert Status.READY_FOR_PICKUP is do(sold, Act.CANCEL, "p").status
    assert (["ready", "rejected"], ["h"]) == (states(sold), items(sold))


def test_readiness_that_is_not_sent_yet_is_sent_for_the_rest(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.READY)
    do(sold, Act.CANCEL, "p")

    assert [("accepted", ("h",)), ("ready", ("h",)), ("rejected", ("p",))] == told(sold)


# The end of a reservation


@pytest.mark.row("S22")
def test_the_webstore_hears_how_a_reservation_ended_and_again_when_that_is_corrected(sold):
    do(sold, Act.CANCEL)
    do(sold, Act.RESOLVE, resolution=Resolution.CUSTOMER_CANCELLED)
    do(sold, Act.RESOLVE, resolution=Resolution.OUT_OF_STOCK)

    told(sold)
    ends = [one.resolution for one in sold.webstore.told if one.said is Said.RESOLVED]
    assert [Resolution.OUT_OF_STOCK] == ends
    do(sold, Act.RESOLVE, resolution=Resolution.NO_ORDER)
    told(sold)
    assert Resolution.NO_ORDER is sold.webstore.told[-1].resolution


def test_a_reservation_that_the_till_finished_is_resolved_once_staff_say_how(sold):
    do(sold, Act.ACCEPT)
    sold.pos.finish_at_till(sold.engine.sale(1).facts.sale_id)
    sold.engine.tend_till()
    assert [("accepted", ())] == told(sold)

    do(sold, Act.RESOLVE, resolution=Resolution.PICKED_UP)

    assert ("resolved", ()) == told(sold)[-1]


def test_a_reservation_cancelled_before_it_had_a_sale_is_resolved_too(unsold):
    assert Status.REJECTED is do(unsold, Act.CANCEL).status

    assert [("rejected", ()), ("resolved", ())] == told(unsold)


def test_a_paid_order_has_no_outcome_to_tell(bought):
    do(bought, Act.ACCEPT)
    do(bought, Act.PICK_UP)

    assert [("accepted", ())] == told(bought)


# The webstore takes the line out, as it was told


def test_an_order_that_comes_back_without_the_rejected_line_is_not_changed(bought):
    do(bought, Act.ACCEPT, "h")
    told(bought)

    dropped(bought, "p")

    found = bought.engine.order("A1")
    assert (False, None) == (found.changed_after_sale, bought.engine.difference(1))
    assert ["헬멧", "펌프"] == [one.title for one in found.lines]
    assert "Cause.CHANGED" not in str(bought.engine.messages())


def test_one_that_was_sold_without_it_comes_back_without_it(unsold):
    do(unsold, Act.REJECT, "x")
    told(unsold)

    dropped(unsold, "x")

    assert not unsold.engine.order("A1").changed_after_sale


def test_a_rejected_line_that_the_webstore_took_out_before_the_sale_stays_to_be_seen(till):
    """And comes and goes with the webstore, in no line twice."""
    lines = (TWO[0], line("y", gtin=UNKNOWN, title="또 모름"), line("x", gtin=UNKNOWN, title="모름"))
    till.webstore.offer(order("A1", *lines))
    till.engine.poll()
    do(till, Act.REJECT, "y")
    told(till)

    for there in (lines[::2], lines, lines[::2]):
        till.clock.advance(60)
        till.webstore.offer(order("A1", *there))
        till.engine.poll()
        assert Status.PRODUCT_MATCH_FAILED is till.engine.order("A1").status
        seen = {one.title: one.state.value for one in till.engine.order("A1").lines}
        assert {"헬멧": "undecided", "또 모름": "rejected", "모름": "undecided"} == seen

    do(till, Act.REJECT, "x")
    assert (["h"], Status.NEW) == (items(till), till.engine.order("A1").status)


def test_one_that_was_handed_over_comes_back_without_it(bought):
    from tillbridge.model.orders import Standing  # noqa: PLC0415  # only this test needs it

    do(bought, Act.ACCEPT, "h")
    do(bought, Act.PICK_UP)
    told(bought)

    dropped(bought, "p", standing=Standing.FULFILLED)

    assert not bought.engine.order("A1").changed_after_sale


def test_another_change_is_shown_without_the_rejected_line(bought):
    do(bought, Act.ACCEPT, "h")
    told(bought)

    dropped(bought, "p", note="빨리 부탁드립니다")

    assert bought.engine.order("A1").changed_after_sale
    assert ["note"] == [one.path for one in bought.engine.difference(1).changes]


def test_a_sale_that_is_made_anew_has_no_rejected_line(sold):
    do(sold, Act.REJECT, "p")
    sold.clock.advance(60)
    sold.webstore.offer(order("A1", *TWO, line("h2", gtin=HELMET, title="헬멧 2")))
    sold.engine.poll()

    do(sold, Act.REMAKE_SALE)
    sold.engine.tick()

    assert (["h", "h2"], Status.NEW) == (items(sold), sold.engine.order("A1").status)
    assert ["undecided", "rejected", "undecided"] == states(sold)


# Webstores that cannot be told everything


def test_a_webstore_that_hears_of_whole_orders_only_is_told_of_no_line(sqlite_url, clock):
    till = Till(sqlite_url, clock, hears_lines=False)
    till.webstore.offer(order("A1", *TWO))
    till.engine.poll()
    told_of = "This webstore cannot be told of single items; see to it there too: “펌프”."
    assert told_of in what(till, Act.ACCEPT, "h")

    do(till, Act.ACCEPT, "h")
    do(till, Act.READY, "h")

    assert [("accepted", ()), ("ready", ())] == told(till)
    till.engine.close()


def test_what_a_webstore_cannot_hear_is_not_queued(sqlite_url, clock):
    till = Till(sqlite_url, clock, hears=frozenset({Said.ACCEPTED, Said.REJECTED}))
    till.webstore.offer(order("A1"))
    till.engine.poll()
    do(till, Act.ACCEPT)
    assert [] == what(till, Act.READY)

    do(till, Act.READY)
    do(till, Act.CANCEL)

    assert [("rejected", ())] == told(till)
    assert ["rejected"] == [one.said.value for one in till.engine.told(1)]
    till.engine.close()


# What is left is ready


def test_an_order_of_which_all_that_is_left_is_ready_is_ready_itself(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.READY, "h")
    seen = sold.engine.preview_act(1, Doing(act=Act.CANCEL, line_ids=("p",))).consequences
    do(sold, Act.CANCEL, "p")
    sold.engine.deliver()

    assert Status.READY_FOR_PICKUP is sold.engine.order("A1").status
    with sold.engine.context.database.read() as database:
        assert database.execute(text("SELECT resolution FROM orders")).scalar() is None
    assert "The order becomes Ready for Pickup." in [one.en for one in seen]
    assert [("accepted", ("h",)), ("ready", ("h",)), ("rejected", ("p",))] == told(sold)


def test_of_what_is_left_and_was_ready_nothing_is_told_again(sold):
    """The order is In Process, as an older program left it; staff say that it is ready as a whole."""
    do(sold, Act.ACCEPT)
    do(sold, Act.READY, "h")
    do(sold, Act.CANCEL, "p")
    sold.engine.deliver()
    before = told(sold)
    with sold.engine.context.database.write("test") as database:
        database.execute(text("UPDATE orders SET status = 'In Process'"))
    do(sold, Act.READY)
    sold.engine.deliver()

    assert Status.READY_FOR_PICKUP is sold.engine.order("A1").status
    assert before == told(sold)


def test_a_webstore_of_whole_orders_hears_then_that_the_order_is_ready(sqlite_url, clock):
    till = Till(sqlite_url, clock, hears_lines=False)
    till.webstore.offer(order("A1", *TWO))
    till.engine.poll()
    do(till, Act.ACCEPT)
    do(till, Act.READY, "h")
    do(till, Act.CANCEL, "p")
    till.engine.deliver()

    assert [("accepted", ()), ("ready", ())] == told(till)
    till.engine.close()


# Money


@pytest.mark.row("S23")
def test_where_the_money_is_follows_the_order(bought):
    assert PaymentState.UNSAID is bought.engine.payment(1)
    do(bought, Act.ACCEPT)
    do(bought, Act.PICK_UP)
    assert PaymentState.RECORDED is bought.engine.payment(1)


def test_a_reservation_is_paid_in_the_shop(sold):
    assert PaymentState.AT_PICK_UP is sold.engine.payment(1)
    do(sold, Act.CANCEL)
    assert PaymentState.NOT_DUE is sold.engine.payment(1)


# Kills


class Killed(BaseException):
    """Ends the work at the point where it stands."""


@pytest.mark.row("S20")
def test_a_cancelled_line_that_dies_at_any_point_is_taken_off_once(sqlite_url, clock):
    """Before and after each commit and call; the outcome is always the same."""
    left = [10_000]

    def probe(_: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    till = Till(sqlite_url, clock, probe=probe)
    number, count = 0, 1
    while count:
        number += 1
        made = paid(*TWO).model_copy(update={"id": f"K{number}", "number": f"K{number}"})
        till.webstore.offer(made)
        till.engine.poll()
        till.engine.act(number, Doing(act=Act.ACCEPT), STAFF)
        till.engine.pay(number, Payment(kind=PaymentKind.ECOMMERCE, amount=won(70_000)), STAFF)
        before, left[0] = till.on_hand(till.pump), count
        doing = Doing(act=Act.CANCEL, line_ids=("p",))
        try:
            till.engine.act(number, doing, STAFF)
            count = 0  # it came to its end before the point: every point was tried
        except Killed:
            count += 1
        left[0] = 10_000
        if LineState.REJECTED not in {one.state for one in till.engine.order(f"K{number}").lines}:
            till.engine.act(number, doing, STAFF)  # nothing was decided: staff try again
        clock.advance(7200)
        till.engine.tick()
        balance = till.engine.sale(number).balance
        assert (before + 1, won(50_000), True) == (till.on_hand(till.pump), balance.web, balance.settled)
        heard = [(one.said.value, one.line_ids) for one in till.webstore.told if one.order_id == made.id]
        assert [("accepted", ("h",)), ("rejected", ("p",))] == heard
    assert number > 6
    till.engine.close()


def test_what_staff_said_of_lines_is_kept_as_json(sold):
    do(sold, Act.ACCEPT, "h")

    with sold.engine.context.database.read() as database:
        kept = database.execute(text("SELECT line_states FROM orders")).scalar()
    assert '{"p": "rejected"}' == kept


def stuck(till: Till) -> None:
    """Let the POS answer nothing for now."""
    till.at_point = _away


def _away(point: str) -> None:
    if point == "before pos change_sales":
        raise TimeoutError


@pytest.mark.row("S22")
def test_no_money_is_planned_on_a_sale_from_which_an_item_is_still_to_be_taken(sold):
    """The clerk would ask 70,000 for an order of 50,000; once the item is off, it is 50,000."""
    do(sold, Act.RESERVE)
    stuck(sold)
    do(sold, Act.CANCEL, "p")
    cash = (Payment(kind=PaymentKind.CASH, amount=won(70_000)),)
    seen = {one.act: one for one in sold.engine.actions(1)}

    assert "has not done yet what was chosen before" in seen[Act.PICK_UP].why_not.en
    with pytest.raises(NotAllowed, match="has not done yet"):
        do(sold, Act.PICK_UP, payments=cash)

    sold.at_point = lambda _: None
    sold.clock.advance(3600)
    sold.engine.tick()
    do(sold, Act.PICK_UP, payments=(Payment(kind=PaymentKind.CASH, amount=won(50_000)),))
    assert Status.COMPLETED is sold.engine.order("A1").status


@pytest.mark.row("S20")
def test_an_order_can_be_rejected_though_the_till_is_behind(sold):
    """A decision never waits for the till; only what notes money does."""
    do(sold, Act.RESERVE)
    stuck(sold)
    do(sold, Act.CANCEL, "p")
    done = do(sold, Act.REJECT_ONLY)

    assert Status.REJECTED is done.status

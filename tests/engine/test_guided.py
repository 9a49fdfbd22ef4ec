"""The shop's flows as guided actions, over the embedded point of sale."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from engine.tills import Till
from orders import order
from tillbridge.guided import Ask, Doing
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.errors import InputError, NeedsAnswer, NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.money import Money
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, Status
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import SaleState
from tillbridge.pos.details import Payment, PaymentKind

STAFF = Signature("지은", "고객 변심")
CALLED = NewContact(channel=Channel.CALL, outcome=Outcome.NO_ANSWER)
TOTAL = Money(50_000, "KRW")
CARD = Tender(kind=TenderKind.CARD, amount=TOTAL)


@pytest.fixture
def till(till):
    """A shop with one reservation, A1, that is sold and New."""
    till.webstore.offer(order("A1"))
    till.engine.poll()
    return till


@pytest.fixture
def bought(till):
    """The same shop, whose order has become one that is paid online."""
    with till.engine.context.database.write("test") as database:
        database.execute(text("UPDATE orders SET kind = 'bopis'"))
        paid = order("A1", kind=OrderKind.BOPIS, paid=True, tenders=(CARD,)).model_dump_json()
        database.execute(text("UPDATE order_versions SET document = :paid"), {"paid": paid})
    return till


def do(till, act, signature=STAFF, **more):
    return till.engine.act(1, Doing(act=act, **more), signature)


def stock(till):
    return till.on_hand(till.helmet)


def what(till, act):
    """What an action would do, in English."""
    return [one.en for one in till.engine.preview_act(1, Doing(act=act)).consequences]


def possible(till):
    return [one.act for one in till.engine.actions(1) if one.possible]


def test_a_new_reservation_offers_what_the_table_allows(till):
    assert [Act.ACCEPT, Act.RESERVE, Act.PICK_UP, Act.REJECT, Act.CANCEL, Act.REJECT_ONLY] == possible(till)


def test_each_action_says_why_it_is_not_possible_in_both_languages(till):
    refused = [one for one in till.engine.actions(1) if not one.possible]

    assert all(one.why_not.en.endswith(".") and one.why_not.ko for one in refused)
    (no_show,) = [one for one in refused if one.act is Act.NO_SHOW]
    assert "This is not possible for an order that is New." == no_show.why_not.en


@pytest.mark.row("S20")
def test_cancelling_does_every_step_at_once(till):
    """Rejected, items removed, a comment, an eCommerce payment of 0.00, Completed, the outcome."""
    before = stock(till)

    done = do(till, Act.CANCEL)

    sale = till.engine.sale(1)
    assert (Status.COMPLETED, None) == (done.status, done.trouble)
    assert (before + 1, SaleState.CLOSED_EMPTY) == (stock(till), sale.facts.state)
    (paid,) = sale.payments
    assert Payment(kind=PaymentKind.ECOMMERCE, amount=Money(0, "KRW"), card_type="web") == paid.payment
    assert "고객 변심" in " ".join(sale.comments)
    assert Resolution.CUSTOMER_CANCELLED == till.engine.order("A1").handover.resolution
    till.engine.deliver()
    assert Decision.REJECTED is till.webstore.believes("A1")


@pytest.mark.row("S20")
def test_cancelling_says_before_what_it_will_do(till):
    assert [
        "The webstore is told that the order is rejected.",
        "All items are removed from the sale; their stock returns.",
        "An eCommerce payment of 0.00 is noted for the reports.",
        "The sale is finished.",
        "The order becomes Completed.",
        "The webstore is told how the reservation ended.",
    ] == what(till, Act.CANCEL)
    assert Status.NEW is till.engine.order("A1").status


@pytest.mark.row("S20")
def test_cancelling_step_by_step_leaves_the_sale_to_staff_and_can_be_brought_to_its_end(till):
    done = do(till, Act.REJECT_ONLY)
    assert (Status.REJECTED, SaleState.OPEN) == (done.status, till.engine.sale(1).facts.state)

    assert Status.COMPLETED is do(till, Act.CANCEL).status
    assert SaleState.CLOSED_EMPTY is till.engine.sale(1).facts.state


def rejected(till, way):
    """Reject the order by its action or by its status, and let it come to its end."""
    if way == "action":
        do(till, Act.REJECT)
    else:
        till.engine.set_status(1, Status.REJECTED, STAFF)
    till.engine.deliver()
    till.engine.follow_till()
    return till.engine.sale(1)


@pytest.mark.row("S20")
@pytest.mark.parametrize("way", ["action", "status"])
def test_rejecting_closes_the_sale_with_a_payment_of_nothing_too(till, way):
    before = stock(till)

    sale = rejected(till, way)

    assert (before + 1, SaleState.CLOSED_EMPTY) == (stock(till), sale.facts.state)
    assert [Payment(kind=PaymentKind.ECOMMERCE, amount=Money(0, "KRW"), card_type="web")] == [
        one.payment for one in sale.payments
    ]
    assert Status.REJECTED is till.engine.order("A1").status


@pytest.mark.row("S20")
@pytest.mark.parametrize("way", ["action", "status"])
def test_rejecting_hands_a_deposit_back_too(till, way):
    till.engine.pay(1, Payment(kind=PaymentKind.CASH, amount=Money(5_000, "KRW")), STAFF)

    sale = rejected(till, way)

    assert SaleState.CLOSED_EMPTY is sale.facts.state
    assert [5_000, -5_000] == [one.payment.amount.minor for one in sale.payments]


def test_rejecting_by_status_waits_for_no_look_at_the_sale(till, monkeypatch):
    """The point of sale is away: what it is to do is done once it is back."""

    def away(_):
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(till.pos, "sale", away)
        till.engine.set_status(1, Status.REJECTED, STAFF)
    till.engine.deliver()

    assert [0] == [one.payment.amount.minor for one in till.engine.sale(1).payments]


def test_a_pos_that_keeps_no_payment_of_nothing_closes_the_sale_without(till, monkeypatch):
    change = till.pos.change_sales

    def refuses(changes):
        from tillbridge.pos.contract import Refused  # noqa: PLC0415  # only this stand-in needs it

        if changes[0].action == "pay":
            return {one.key: Refused(Words("Not here.", "지원하지 않습니다.")) for one in changes}
        return change(changes)

    monkeypatch.setattr(till.pos, "change_sales", refuses)

    sale = rejected(till, "status")

    assert (SaleState.CLOSED_EMPTY, []) == (sale.facts.state, list(sale.payments))
    assert [] == [one for one in till.engine.messages() if one.orders]


def test_cancelling_needs_a_reason(till):
    with pytest.raises(NotAllowed, match="Say why"):
        do(till, Act.CANCEL, Signature("지은"))


@pytest.mark.row("S28")
def test_cancelling_hands_a_deposit_back_the_way_it_came(till):
    deposit = Payment(kind=PaymentKind.CASH, amount=Money(5_000, "KRW"))
    till.engine.pay(1, deposit, STAFF)
    assert f"{Money(5_000, 'KRW')} that was paid here is handed back: cash." in what(till, Act.CANCEL)

    assert Status.COMPLETED is do(till, Act.CANCEL).status

    amounts = [one.payment.amount.minor for one in till.engine.sale(1).payments]
    assert [5_000, -5_000] == amounts


@pytest.mark.row("S20")
def test_cancelling_says_first_that_the_customer_paid_where_no_hold_is_known_of(bought):
    assert (
        "The customer paid at web, which has not said whether it has charged them: see there that the money "
        "is given back, or that none is taken." == what(bought, Act.CANCEL)[0]
    )


@pytest.mark.row("S20")
def test_where_no_hold_is_known_of_an_order_is_paid_at_its_webstore(bought):
    said = [bought.engine.payment_view(1).words.en]
    do(bought, Act.CANCEL)
    said.append(bought.engine.payment_view(1).words.en)

    paid = "paid at web, which has not said whether it has charged the customer or only holds the money"
    assert [paid, f"{paid}; see there that it is given back, or that none is taken"] == said


@pytest.mark.row("S23")
def test_what_a_webstore_took_is_noted_by_its_name_and_not_as_stripe(bought):
    do(bought, Act.ACCEPT)
    do(bought, Act.PICK_UP, Signature("지은"))

    assert ["web"] == [one.payment.card_type for one in bought.engine.sale(1).payments]


def test_a_reservation_cancelled_before_it_had_a_sale_is_rejected(till):
    stranger = order("A2")
    stranger = stranger.model_copy(
        update={"customer": stranger.customer.model_copy(update={"email": "x@example.com", "id": None})}
    )
    till.webstore.offer(stranger)
    till.engine.poll()
    number = till.engine.order("A2").id

    assert Status.REJECTED is till.engine.act(number, Doing(act=Act.CANCEL), STAFF).status


@pytest.mark.row("S21")
def test_reserving_accepts_keeps_the_sale_open_and_notes_when_and_where(till):
    soon = datetime(2026, 3, 5, 9, tzinfo=UTC)

    done = do(till, Act.RESERVE, Signature("지은"), expected_at=soon, holding_place="선반 3")

    seen = till.engine.order("A1").handover
    assert (Status.IN_PROCESS, soon, "선반 3") == (done.status, seen.expected_at, seen.holding_place)
    assert till.engine.sale(1).kept_open
    till.engine.deliver()
    assert Decision.ACCEPTED is till.webstore.believes("A1")


@pytest.mark.row("S21")
def test_ready_notes_the_holding_place_before_and_after(till):
    do(till, Act.RESERVE, Signature("지은"), holding_place="선반 3")
    until = datetime(2026, 3, 9, 9, tzinfo=UTC)

    assert Status.READY_FOR_PICKUP is do(till, Act.READY, holding_place="선반 4", pick_up_until=until).status

    last = till.engine.timeline(1)[-1]
    assert "holding place 선반 3 → 선반 4, to be picked up until 2026-03-09 18:00" in last.words.en
    assert until == till.engine.order("A1").handover.pick_up_until


@pytest.mark.row("S22")
def test_a_pick_up_takes_the_money_finishes_the_sale_and_completes_with_the_outcome(till):
    do(till, Act.RESERVE, Signature("지은"))
    do(till, Act.READY)
    cash = Payment(kind=PaymentKind.CASH, amount=TOTAL)

    done = do(till, Act.PICK_UP, Signature("지은"), payments=(cash,))

    assert (Status.COMPLETED, None) == (done.status, done.trouble)
    assert SaleState.FINISHED is till.engine.sale(1).facts.state
    assert Resolution.PICKED_UP == till.engine.order("A1").handover.resolution


@pytest.mark.row("S22")
def test_a_pick_up_is_refused_while_something_is_unpaid(till):
    do(till, Act.RESERVE, Signature("지은"))

    with pytest.raises(NotAllowed, match="is still to be paid"):
        do(till, Act.PICK_UP)
    assert "is still to be paid" in till.engine.preview_act(1, Doing(act=Act.PICK_UP)).why_not.en
    assert SaleState.OPEN is till.engine.sale(1).facts.state


@pytest.mark.row("S23")
def test_a_paid_order_is_picked_up_with_what_the_webstore_took(bought):
    do(bought, Act.ACCEPT)

    done = do(bought, Act.PICK_UP, Signature("지은"), collected_by="김영희", collected_check="신분증")

    (paid,) = bought.engine.sale(1).payments
    assert (Status.COMPLETED, PaymentKind.ECOMMERCE) == (done.status, paid.payment.kind)
    assert (TOTAL, None) == (paid.payment.amount, bought.engine.order("A1").handover.resolution)
    assert "김영희" == bought.engine.order("A1").handover.collected_by


@pytest.mark.row("S28")
def test_somebody_else_collects_only_with_how_it_was_checked(bought):
    with pytest.raises(InputError, match="Say how it was checked"):
        do(bought, Act.PICK_UP, collected_by="김영희")


def test_completed_is_refused_while_the_sale_is_open(till):
    do(till, Act.RESERVE, Signature("지은"))

    with pytest.raises(NotAllowed, match="The sale is still open"):
        till.engine.set_status(1, Status.COMPLETED, STAFF)


@pytest.mark.row("S29")
def test_a_no_show_needs_that_somebody_tried_to_reach_the_customer(till):
    do(till, Act.RESERVE, Signature("지은"))

    with pytest.raises(NotAllowed, match="Contact the customer first"):
        do(till, Act.NO_SHOW)

    before = stock(till)
    assert Status.COMPLETED is do(till, Act.NO_SHOW, contact=CALLED).status
    assert (before + 1, Resolution.NOT_PICKED_UP) == (
        stock(till),
        till.engine.order("A1").handover.resolution,
    )


@pytest.mark.row("S21")
@pytest.mark.row("S29")
def test_a_later_date_needs_that_the_customer_heard_of_it_since_the_last_one(till):
    """An earlier one needs nothing, and a call that nobody took is no word to anybody."""
    day = till.clock.now() + timedelta(days=3)
    do(till, Act.RESERVE, expected_at=day)
    do(till, Act.RESERVE, expected_at=day - timedelta(days=1))
    later = Doing(act=Act.RESERVE, expected_at=day)
    assert "Contact the customer first" in till.engine.preview_act(1, later).why_not.en
    with pytest.raises(NotAllowed, match="Contact the customer first"):
        do(till, Act.RESERVE, expected_at=day, contact=CALLED)

    heard = NewContact(channel=Channel.SMS, outcome=Outcome.SENT)
    till.clock.advance(60)
    do(till, Act.RESERVE, expected_at=day, contact=heard)

    assert day == till.engine.order("A1").handover.expected_at
    till.clock.advance(60)
    with pytest.raises(NotAllowed, match="Contact the customer first"):
        do(till, Act.RESERVE, expected_at=day + timedelta(days=1))
    till.engine.contact(1, heard, STAFF)
    do(till, Act.RESERVE, expected_at=day + timedelta(days=1))


@pytest.mark.row("S22")
def test_the_outcome_of_a_reservation_can_be_said_and_changed_afterwards(till):
    do(till, Act.CANCEL)
    do(till, Act.RESOLVE, resolution=Resolution.OUT_OF_STOCK)

    assert Resolution.OUT_OF_STOCK == till.engine.order("A1").handover.resolution
    with pytest.raises(InputError):
        do(till, Act.RESOLVE)


def test_only_a_reservation_has_an_outcome(bought):
    do(bought, Act.ACCEPT)
    do(bought, Act.PICK_UP)

    with pytest.raises(NotAllowed, match="Only a reservation has an outcome"):
        do(bought, Act.RESOLVE, resolution=Resolution.PICKED_UP)


@pytest.mark.parametrize("action", [Act.CANCEL, Act.PICK_UP, Act.NO_SHOW])
def test_the_outcome_is_asked_of_a_reservation(till, action):
    assert Ask.RESOLUTION in till.engine.preview_act(1, Doing(act=action)).asks


def test_the_outcome_is_not_asked_of_a_paid_order(bought):
    assert [Ask.REASON] == list(bought.engine.preview_act(1, Doing(act=Act.CANCEL)).asks)


def test_of_two_clerks_the_second_is_told_what_the_first_did(till):
    """Both saw the order as New."""
    seen = till.engine.preview_act(1, Doing(act=Act.ACCEPT)).revision
    do(till, Act.RESERVE, Signature("민수"), seen=seen)

    with pytest.raises(NotAllowed) as refused:
        do(till, Act.CANCEL, seen=seen)

    assert "The order was changed meanwhile; look at it again (민수: reserve" in refused.value.words.en
    assert Status.IN_PROCESS is till.engine.order("A1").status


def test_the_second_of_two_clerks_is_told_who_was_first_even_where_nothing_is_possible_any_more(till):
    """Not only that an order which is Completed cannot be accepted."""
    seen = till.engine.preview_act(1, Doing(act=Act.ACCEPT)).revision
    do(till, Act.CANCEL, Signature("민수", "품절"))

    with pytest.raises(NotAllowed, match=r"The order was changed meanwhile.*\(민수: "):
        do(till, Act.ACCEPT, seen=seen)


def test_what_the_pos_refuses_is_told_and_completes_nothing(till, monkeypatch):
    """The sale is finished at the till between the look and the act."""
    finish = till.pos.finish_at_till
    sale = till.engine.sale(1).facts.sale_id
    change = till.pos.change_sales

    def first_finished(changes):
        monkeypatch.setattr(till.pos, "change_sales", change)
        finish(sale)
        return change(changes)

    monkeypatch.setattr(till.pos, "change_sales", first_finished)

    done = do(till, Act.CANCEL)

    assert (Status.REJECTED, True) == (done.status, till.engine.order("A1").conflict)
    assert "cannot be changed any more" in done.trouble.en


def test_a_cancellation_that_could_not_reach_the_pos_is_finished_later(till, monkeypatch):
    change = till.pos.change_sales

    def away(_):
        raise ConnectionError

    monkeypatch.setattr(till.pos, "change_sales", away)
    assert Status.REJECTED is do(till, Act.CANCEL).status
    with pytest.raises(NotAllowed, match="Its sale is being finished"):
        do(till, Act.CANCEL)

    monkeypatch.setattr(till.pos, "change_sales", change)
    till.clock.advance(3600)
    till.engine.tick()

    assert Status.COMPLETED is till.engine.order("A1").status


def test_what_was_set_aside_is_sent_again_by_hand(till, monkeypatch):
    change = till.pos.change_sales

    def refuses(changes):
        from tillbridge.pos.contract import Refused  # noqa: PLC0415  # only this stand-in needs it

        return {one.key: Refused(Words("The drawer is open.", "서랍이 열려 있습니다.")) for one in changes}

    monkeypatch.setattr(till.pos, "change_sales", refuses)
    assert "The drawer is open." == do(till, Act.CANCEL).trouble.en
    monkeypatch.setattr(till.pos, "change_sales", change)

    assert 3 == till.engine.send_again(1, STAFF)
    assert SaleState.CLOSED_EMPTY is till.engine.order("A1").sale_state
    assert Status.COMPLETED is do(till, Act.COMPLETE).status


def test_archiving_asks_by_the_same_door(till):
    with pytest.raises(NotAllowed):
        do(till, Act.ARCHIVE)
    do(till, Act.CANCEL)

    assert Status.ARCHIVED is do(till, Act.ARCHIVE).status
    assert Status.REJECTED is do(till, Act.UNARCHIVE).status


def test_archiving_an_undecided_order_needs_an_answer(till):
    stranger = order("A2")
    stranger = stranger.model_copy(
        update={"customer": stranger.customer.model_copy(update={"email": "x@example.com", "id": None})}
    )
    till.webstore.offer(stranger)
    till.engine.poll()
    number = till.engine.order("A2").id

    with pytest.raises(NeedsAnswer):
        till.engine.act(number, Doing(act=Act.ARCHIVE), STAFF)
    done = till.engine.act(number, Doing(act=Act.ARCHIVE, answer=Decision.REJECTED), STAFF)
    assert Status.ARCHIVED is done.status


class Killed(BaseException):
    """Ends the work at the point where it stands."""


# `tests/crash` dies at every point of a day with these flows; here some of them are enough.
STRIDE = 1 if os.environ.get("TILLBRIDGE_LONG") == "1" else 4


@pytest.mark.row("S20")
@pytest.mark.parametrize("flow", [Act.CANCEL, Act.NO_SHOW, Act.PICK_UP])
def test_a_flow_that_dies_at_any_point_is_finished_once_after_the_restart(sqlite_url, clock, flow):
    """Before and after commits and calls; the outcome is always the same."""
    left, points = [10_000], []

    def probe(point):
        left[0] -= 1
        points.append(point)
        if left[0] == 0:
            raise Killed

    till = Till(sqlite_url, clock, probe=probe)
    cash = (Payment(kind=PaymentKind.CASH, amount=TOTAL),) if flow is Act.PICK_UP else ()
    contact = CALLED if flow is Act.NO_SHOW else None
    doing = Doing(act=flow, payments=cash, contact=contact)
    number, count = 0, 1
    while count:
        number += 1
        till.webstore.offer(order(f"K{number}"))
        till.engine.poll()
        till.engine.act(number, Doing(act=Act.RESERVE), STAFF)
        before, points[:], left[0] = stock(till), [], count
        try:
            till.engine.act(number, doing, STAFF)
            count = 0  # it came to its end before the point: every point was tried
        except Killed:
            count += STRIDE
        left[0] = 10_000
        if till.engine.order(f"K{number}").handover.resolution is None and not _wished(till, number):
            till.engine.act(number, doing, STAFF)  # nothing was decided: staff try again
        clock.advance(7200)
        till.engine.tick()
        sale = till.engine.sale(number)
        assert Status.COMPLETED is till.engine.order(f"K{number}").status, points
        assert 1 == len(sale.payments), points
        assert before + (flow is not Act.PICK_UP) == stock(till), points
    assert number > 5
    till.engine.close()


@pytest.mark.row("S20")
def test_a_rejection_that_dies_at_any_point_is_finished_once_after_the_restart(sqlite_url, clock):
    """Set by its status; before and after each commit and call the outcome is the same."""
    left, points = [10_000], []

    def probe(point):
        left[0] -= 1
        points.append(point)
        if left[0] == 0:
            raise Killed

    till = Till(sqlite_url, clock, probe=probe)
    number, count = 0, 1
    while count:
        number += 1
        till.webstore.offer(order(f"K{number}"))
        till.engine.poll()
        before, points[:], left[0] = stock(till), [], count
        try:
            till.engine.set_status(number, Status.REJECTED, STAFF)
            till.engine.deliver()
            count = 0  # it came to its end before the point: every point was tried
        except Killed:
            count += STRIDE
        left[0] = 10_000
        if till.engine.order(f"K{number}").decision is None:
            till.engine.set_status(number, Status.REJECTED, STAFF)  # nothing was decided: staff try again
        clock.advance(7200)
        till.engine.tick()
        sale = till.engine.sale(number)
        assert (Status.REJECTED, SaleState.CLOSED_EMPTY) == (
            till.engine.order(f"K{number}").status,
            sale.facts.state,
        ), points
        assert [0] == [one.payment.amount.minor for one in sale.payments], points
        assert before + 1 == stock(till), points
    assert number > 5
    till.engine.close()


def _wished(till, number):
    with till.engine.context.database.read() as database:
        query = text("SELECT closing FROM orders WHERE id = :id")
        return database.execute(query, {"id": number}).scalar() is not None


def test_an_outcome_of_what_is_no_reservation_is_refused_and_nothing_is_done(bought):
    with pytest.raises(InputError, match="Only a reservation has an outcome"):
        do(bought, Act.CANCEL, resolution=Resolution.PICKED_UP)

    assert Status.NEW is bought.engine.order("A1").status

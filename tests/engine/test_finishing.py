"""A finished sale completes its order: the webstore hears that it is accepted, and how it ended."""

import pytest

from engine.tills import Till
from orders import line, order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Standing, Tender, TenderKind
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, PaymentState, Status
from tillbridge.pos.details import ItemPick, Payment, PaymentKind


@pytest.fixture
def sold(till):
    """A1: a reserved helmet and pump, sold, New."""
    till.webstore.offer(order("A1", line("1"), line("2", price=20_000)))
    till.engine.poll()
    return till


def pay(till, amount=70_000, kind=PaymentKind.CASH):
    till.engine.pay(1, Payment(kind=kind, amount=won(amount)), STAFF)


def heard(till):
    """What the webstore is told of it."""
    till.engine.deliver()
    return [(one.said, one.resolution) for one in till.webstore.told]


def outcome(till):
    return till.engine.order("A1").handover.resolution


def asked(till):
    return [one.count for one in till.engine.messages() if one.cause is Cause.OUTCOME]


@pytest.mark.row("S17")
@pytest.mark.row("S22")
def test_an_undecided_reservation_whose_sale_is_finished_is_accepted_and_picked_up(sold):
    pay(sold)
    sold.engine.finish_sale(1, STAFF)

    done = sold.engine.order("A1")
    assert (Status.COMPLETED, Decision.ACCEPTED) == (done.status, done.decision)
    assert Resolution.PICKED_UP is outcome(sold)
    assert [(Said.ACCEPTED, None), (Said.RESOLVED, Resolution.PICKED_UP)] == heard(sold)
    assert [] == asked(sold)


@pytest.mark.row("S17")
def test_one_that_is_finished_at_the_till_is_accepted_and_its_outcome_asked_for(sold):
    pay(sold)
    sold.pos.finish_at_till(sold.engine.sale(1).facts.sale_id)
    sold.engine.tend_till()

    assert (Decision.ACCEPTED, None) == (sold.engine.order("A1").decision, outcome(sold))
    assert ([(Said.ACCEPTED, None)], [1]) == (heard(sold), asked(sold))
    assert "so the order counts as accepted" in sold.engine.timeline(1)[-1].words.en
    assert "till" == sold.engine.timeline(1)[-1].who


@pytest.mark.row("S22")
def test_the_question_for_the_outcome_ends_with_its_answer_which_the_webstore_hears(sold):
    pay(sold)
    sold.pos.finish_at_till(sold.engine.sale(1).facts.sale_id)
    sold.engine.tend_till()

    sold.engine.act(1, Doing(act=Act.RESOLVE, resolution=Resolution.BOUGHT_OTHER), STAFF)

    assert [] == asked(sold)
    assert (Said.RESOLVED, Resolution.BOUGHT_OTHER) == heard(sold)[-1]


def test_an_accepted_one_is_not_accepted_again(sold):
    sold.engine.act(1, Doing(act=Act.ACCEPT), STAFF)
    pay(sold)
    sold.engine.finish_sale(1, STAFF)

    assert [(Said.ACCEPTED, None), (Said.RESOLVED, Resolution.PICKED_UP)] == heard(sold)


def test_only_the_lines_that_stand_are_accepted_by_it(sold):
    sold.engine.act(1, Doing(act=Act.REJECT, line_ids=("2",)), WITH_REASON)
    pay(sold, 50_000)
    sold.engine.finish_sale(1, STAFF)
    sold.engine.deliver()

    assert [(Said.REJECTED, ("2",)), (Said.ACCEPTED, ("1",)), (Said.RESOLVED, ("1",))] == [
        (one.said, one.line_ids) for one in sold.webstore.told
    ]


@pytest.mark.row("S22")
def test_another_outcome_can_be_said_with_it(sold):
    pay(sold)
    sold.engine.finish_sale(1, STAFF, Resolution.BOUGHT_OTHER)

    assert Resolution.BOUGHT_OTHER is outcome(sold)
    (entry,) = [entry for entry in sold.engine.timeline(1) if entry.what == "finish"]
    assert "bought something else" in entry.words.en


def test_a_refused_finish_leaves_no_outcome(sold):
    with pytest.raises(NotAllowed):
        sold.engine.finish_sale(1, STAFF)

    assert (None, []) == (outcome(sold), heard(sold))


def test_a_sale_that_is_closed_without_items_was_not_picked_up(sold):
    sold.engine.remove_items(1, [ItemPick(web_line="1"), ItemPick(web_line="2")], STAFF)
    sold.engine.finish_sale(1, STAFF)

    assert (None, []) == (outcome(sold), heard(sold))


@pytest.mark.row("S23")
def test_a_paid_order_is_accepted_by_it_so_that_its_webstore_charges(database_url, clock):
    """It has no outcome, and none may be said."""
    till = Till(database_url, clock, charges_on_acceptance=True)
    card = Tender(kind=TenderKind.CARD, amount=won(50_000))
    till.webstore.offer(order("A1", kind=OrderKind.BOPIS, paid=True, tenders=(card,)))
    till.engine.poll()
    pay(till, 50_000, PaymentKind.ECOMMERCE)
    with pytest.raises(NotAllowed, match="Only a reservation has an outcome"):
        till.engine.finish_sale(1, STAFF, Resolution.PICKED_UP)

    till.engine.finish_sale(1, STAFF)

    assert [(Said.ACCEPTED, None)] == heard(till)
    assert (PaymentState.RECORDED, []) == (till.engine.payment(1), asked(till))
    till.engine.close()


def test_a_corrected_outcome_that_the_webstore_calls_cancelled_is_no_change_of_its_own(sold):
    """It was told so itself: there is nothing that anybody has to decide."""
    pay(sold)
    sold.engine.finish_sale(1, STAFF)
    sold.engine.deliver()
    sold.engine.act(1, Doing(act=Act.RESOLVE, resolution=Resolution.NO_ORDER), STAFF)
    sold.engine.deliver()
    before = len(sold.engine.timeline(1))
    sold.clock.advance(60)
    sold.webstore.offer(order("A1", line("1"), line("2", price=20_000), standing=Standing.CANCELLED))
    sold.engine.poll()

    assert not sold.engine.order("A1").changed_after_sale
    assert Cause.CANCELLED not in {one.cause for one in sold.engine.messages()}
    assert "open → cancelled" in sold.engine.timeline(1)[before].words.en


def test_a_cancellation_of_what_was_picked_up_is_still_shown(sold):
    pay(sold)
    sold.engine.finish_sale(1, STAFF)
    sold.clock.advance(60)
    sold.webstore.offer(order("A1", line("1"), line("2", price=20_000), standing=Standing.CANCELLED))
    sold.engine.poll()

    assert Cause.CANCELLED in {one.cause for one in sold.engine.messages()}

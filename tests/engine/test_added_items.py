"""An item that the customer adds to an accepted or sold order: a line of its own to decide."""

from collections.abc import Iterator

import pytest

from engine.tills import Till
from orders import HELMET, PUMP, line, order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Said
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.status import Act, LineState, Status

UNKNOWN = "00605284574539"
ONE, TWO = line("1", gtin=HELMET), line("2", gtin=PUMP, price=20_000)
THREE = line("3", gtin=PUMP, price=20_000, title="펌프 추가")


def offer(till, *lines, **more):
    till.clock.advance(60)
    till.webstore.offer(order("A1", *lines, **more))
    till.engine.poll()


def told(till):
    till.engine.deliver()
    return [(one.said, one.line_ids) for one in till.webstore.told]


def act(till, what, *lines, signature=STAFF):
    return till.engine.act(1, Doing(act=what, line_ids=lines), signature)


def what(till, act, *lines):
    seen = till.engine.preview_act(1, Doing(act=act, line_ids=lines))
    return seen.why_not.en if seen.why_not else [one.en for one in seen.consequences]


def state(till, line_id="3"):
    return {one.line_id: one.state for one in till.engine.order("A1").lines}.get(line_id)


def causes(till):
    return {one.cause for one in till.engine.messages() if one.orders}


def total(till):
    return till.engine.order("A1").total.minor


@pytest.fixture
def in_part(till):
    """A1 accepted line by line, and sold: the helmet is, the pump is not; then another pump is added."""
    offer(till, ONE, TWO)
    act(till, Act.ACCEPT, "1", signature=WITH_REASON)
    assert [(Said.ACCEPTED, ("1",)), (Said.REJECTED, ("2",))] == told(till)
    offer(till, ONE, THREE)
    return till


@pytest.fixture
def anew(in_part):
    """The same with its sale made anew."""
    act(in_part, Act.REMAKE_SALE)
    return in_part


def test_it_is_shown_and_nothing_is_told_of_it(in_part):
    assert (LineState.ADDED, 2) == (state(in_part), len(told(in_part)))
    assert 50_000 == total(in_part)
    assert {Cause.ADDED, Cause.CHANGED} == causes(in_part)
    (entry,) = [one for one in in_part.engine.timeline(1) if one.what == "item added by the customer"]
    assert "added after the sale was made: “펌프 추가”. Make the sale anew, or reject it." in entry.words.en


@pytest.mark.row("S20")
def test_rejected_it_is_told_of_and_the_sale_is_as_the_order_is(in_part):
    before = in_part.engine.sale(1)
    assert ["The webstore is told that this is rejected: “펌프 추가”."] == what(in_part, Act.REJECT, "3")

    act(in_part, Act.REJECT, "3", signature=WITH_REASON)

    assert (Said.REJECTED, ("3",)) == told(in_part)[-1]
    assert (LineState.REJECTED, before, 50_000) == (state(in_part), in_part.engine.sale(1), total(in_part))
    assert {Cause.TO_GET_READY} == causes(in_part)
    offer(in_part, ONE)  # the webstore takes it out
    assert {Cause.TO_GET_READY} == causes(in_part)


def test_it_is_not_accepted_before_it_is_on_the_sale(in_part):
    assert "added this item after the sale was made. Make the sale anew first" in what(in_part, Act.ACCEPT)
    with pytest.raises(NotAllowed, match="Make the sale anew first"):
        act(in_part, Act.ACCEPT, "3")

    assert 2 == len(told(in_part))


def test_the_sale_is_not_left_as_it_is_without_a_word_on_it(in_part):
    version = in_part.engine.difference(1).version
    with pytest.raises(NotAllowed, match="the webstore waits to hear of it"):
        in_part.engine.leave_as_sold(1, version, STAFF)


@pytest.mark.parametrize("done", [Act.READY, Act.PICK_UP])
def test_nothing_goes_on_without_a_word_on_it(in_part, done):
    assert "neither accepted nor rejected yet; decide it first." in what(in_part, done)


def test_making_the_sale_anew_leaves_it_to_be_decided_which_is_said_before(in_part):
    said = "What the customer added is on the new sale: “펌프 추가”. Accept or reject it then."
    assert said in what(in_part, Act.REMAKE_SALE)

    act(in_part, Act.REMAKE_SALE)

    assert (LineState.UNDECIDED, 2, 70_000) == (state(in_part), len(told(in_part)), total(in_part))
    assert {Cause.ADDED} == causes(in_part)
    assert (9, 9) == (in_part.on_hand(HELMET), in_part.on_hand(PUMP))


@pytest.mark.row("S17")
@pytest.mark.parametrize("lines", [(), ("3",)])
def test_accepted_it_is_told_of_alone(anew, lines):
    assert ["The webstore is told that this is accepted: “펌프 추가”."] == what(anew, Act.ACCEPT, *lines)

    act(anew, Act.ACCEPT, *lines)

    assert (Said.ACCEPTED, ("3",)) == told(anew)[-1]
    assert (LineState.ACCEPTED, {Cause.TO_GET_READY}) == (state(anew), causes(anew))
    act(anew, Act.READY)
    assert (Said.READY, ("1", "3")) == told(anew)[-1]


@pytest.mark.row("S20")
def test_rejected_it_leaves_the_sale(anew):
    act(anew, Act.REJECT, "3", signature=WITH_REASON)

    assert (Said.REJECTED, ("3",)) == told(anew)[-1]
    assert (10, 50_000) == (anew.on_hand(PUMP), anew.engine.sale(1).total.minor)
    assert {Cause.TO_GET_READY} == causes(anew)


def test_that_it_was_accepted_is_undone_while_nobody_was_told(anew):
    act(anew, Act.ACCEPT)
    anew.engine.undo(1, STAFF)

    assert (LineState.UNDECIDED, 2) == (state(anew), len(told(anew)))


def test_that_it_was_rejected_is_undone_while_nobody_was_told(in_part):
    act(in_part, Act.REJECT, "3", signature=WITH_REASON)
    in_part.engine.undo(1, STAFF)

    assert (LineState.ADDED, 2, {Cause.ADDED, Cause.CHANGED}) == (
        state(in_part),
        len(told(in_part)),
        causes(in_part),
    )


def test_the_customer_may_take_it_out_again(in_part):
    offer(in_part, ONE)

    assert (None, 2, {Cause.TO_GET_READY}) == (state(in_part), len(told(in_part)), causes(in_part))


def test_taken_out_again_once_it_is_on_the_sale_it_goes_with_the_next_one(anew):
    offer(anew, ONE)
    act(anew, Act.REMAKE_SALE)

    assert (None, {Cause.TO_GET_READY}, 10) == (state(anew), causes(anew), anew.on_hand(PUMP))


def test_a_sale_that_the_till_finishes_with_it_accepts_it(anew):
    """The goods are gone."""
    anew.pos.finish_at_till(anew.engine.sale(1).facts.sale_id)
    anew.engine.tick()

    assert (Status.COMPLETED, LineState.HANDED_OVER) == (anew.engine.order("A1").status, state(anew))
    assert (Said.ACCEPTED, ("3",)) in told(anew)


def test_what_came_after_the_sale_is_not_handed_over_with_it(in_part):
    in_part.pos.finish_at_till(in_part.engine.sale(1).facts.sale_id)
    in_part.engine.tick()

    assert (LineState.ADDED, 2) == (state(in_part), len(told(in_part)))
    act(in_part, Act.REJECT, "3", signature=WITH_REASON)
    assert (LineState.REJECTED, (Said.REJECTED, ("3",))) == (state(in_part), told(in_part)[-1])


def test_an_order_that_waits_for_its_last_word_becomes_ready_with_it(in_part):
    act(in_part, Act.READY, "1")
    assert Status.IN_PROCESS is in_part.engine.order("A1").status

    act(in_part, Act.REJECT, "3", signature=WITH_REASON)

    assert Status.READY_FOR_PICKUP is in_part.engine.order("A1").status


@pytest.fixture
def unsold(till):
    """A1, accepted while one of its products is not known; then a pump is added."""
    strange = line("x", gtin=UNKNOWN, price=9_000)
    offer(till, ONE, strange)
    act(till, Act.ACCEPT)
    offer(till, ONE, strange, THREE)
    return till


def test_an_acceptance_that_was_not_sent_yet_names_the_others(unsold):
    assert [(Said.ACCEPTED, ("1", "x"))] == told(unsold)


def test_an_unsold_orders_new_item_is_to_be_decided_and_the_order_goes_on(unsold):
    assert (LineState.UNDECIDED, Status.PRODUCT_MATCH_FAILED) == (
        state(unsold),
        unsold.engine.order("A1").status,
    )

    act(unsold, Act.ACCEPT)
    assert (Said.ACCEPTED, ("3",)) == told(unsold)[-1]

    act(unsold, Act.CANCEL, "x", signature=WITH_REASON)
    assert (Status.IN_PROCESS, LineState.ACCEPTED) == (unsold.engine.order("A1").status, state(unsold))


def test_rejected_before_the_sale_it_is_not_sold(unsold):
    act(unsold, Act.REJECT, "3", signature=WITH_REASON)
    act(unsold, Act.CANCEL, "x", signature=WITH_REASON)

    assert (10, 9, Status.IN_PROCESS) == (
        unsold.on_hand(PUMP),
        unsold.on_hand(HELMET),
        unsold.engine.order("A1").status,
    )


def test_of_an_undecided_order_without_a_sale_it_is_decided_with_the_order(till):
    strange = line("x", gtin=UNKNOWN, price=9_000)
    offer(till, ONE, strange)
    offer(till, ONE, strange, THREE)
    act(till, Act.ACCEPT)

    assert ([(Said.ACCEPTED, ())], LineState.ACCEPTED) == (told(till), state(till))


def test_an_undecided_order_is_accepted_as_it_was_sold(till):
    """What is not on the sale would be charged otherwise."""
    offer(till, ONE)
    offer(till, ONE, THREE)
    act(till, Act.ACCEPT)

    assert ([(Said.ACCEPTED, ("1",))], LineState.ADDED) == (told(till), state(till))


def test_an_undecided_order_that_is_sold_anew_is_decided_as_a_whole(till):
    offer(till, ONE)
    offer(till, ONE, THREE)
    act(till, Act.REMAKE_SALE)
    act(till, Act.ACCEPT)

    assert ([(Said.ACCEPTED, ())], LineState.ACCEPTED) == (told(till), state(till))


@pytest.fixture
def charging(sqlite_url: str, clock) -> Iterator[Till]:
    """A paid order that was accepted and charged, with a pump added since and on its sale."""
    till = Till(sqlite_url, clock, charges_on_acceptance=True)

    def paid(*lines):
        amount = won(sum(one.amount.gross.minor for one in lines))
        card = Tender(kind=TenderKind.CARD, amount=amount)
        offer(till, *lines, kind=OrderKind.BOPIS, paid=True, tenders=(card,))

    paid(ONE)
    act(till, Act.ACCEPT)
    assert 1 == len(told(till))
    paid(ONE, THREE)
    act(till, Act.REMAKE_SALE)
    yield till
    till.engine.close()


@pytest.mark.row("S23")
def test_accepting_it_says_first_what_is_charged_for_it(charging):
    assert "The webstore then charges the customer ₩20,000 for “펌프 추가”" in what(charging, Act.ACCEPT)[0]


def test_what_was_never_accepted_is_no_refund(charging):
    assert not any("refund" in one for one in what(charging, Act.REJECT, "3"))

    act(charging, Act.REJECT, "3", signature=WITH_REASON)
    told(charging)

    assert Cause.REFUND not in causes(charging)


def test_a_webstore_that_hears_whole_orders_only_is_told_nothing_of_it(sqlite_url, clock):
    till = Till(sqlite_url, clock, hears_lines=False)
    offer(till, ONE)
    act(till, Act.ACCEPT)
    assert [(Said.ACCEPTED, ())] == told(till)
    offer(till, ONE, THREE)
    act(till, Act.REMAKE_SALE)

    assert [] == what(till, Act.ACCEPT)
    act(till, Act.ACCEPT)

    assert ([(Said.ACCEPTED, ())], LineState.ACCEPTED) == (told(till), state(till))
    till.engine.close()

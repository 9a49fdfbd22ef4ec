"""What the webstore is told: each thing once, the later in the place of the earlier, line by line."""

import pytest
from sqlalchemy import text, update

from orders import HELMET, PUMP, line, order
from shop import STAFF, WITH_REASON
from tillbridge import connections, guided, outbox
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.guided import Doing
from tillbridge.model.errors import Rejected, Retryable
from tillbridge.model.exchange import Said
from tillbridge.model.messages import Cause
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, Status
from tillbridge.model.words import Words
from tillbridge.sending import deliveries, news

LATE = Words("too late", "늦었습니다")


@pytest.fixture
def sold(shop):
    """A shop with a sold reservation of two lines, A1."""
    shop.webstore.offer(order("A1", line("1", gtin=HELMET), line("2", gtin=PUMP)))
    shop.poll()
    return shop


def do(shop, act, *ids, **more):
    return shop.engine.act(1, Doing(act=act, line_ids=ids, **more), WITH_REASON)


def told(shop):
    return [(one.said.value, tuple(one.line_ids)) for one in shop.webstore.told]


def states(shop):
    return [(one.said.value, one.lines, one.told.state) for one in shop.engine.told(1)]


def refuse_next(shop, error=Rejected):
    """Let the webstore refuse the next delivery, or be away for it."""

    def before(call):
        if call == "push_status":
            shop.webstore.before = lambda _: None
            raise error(LATE)

    shop.webstore.before = before


def causes(shop):
    return {one.cause for one in shop.engine.messages()}


def test_an_acceptance_is_told_before_being_ready_although_neither_was_sent(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.READY)
    sold.engine.deliver()

    assert [("accepted", ()), ("ready", ())] == told(sold)


def test_a_rejection_leaves_out_everything_that_was_not_sent(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.READY)
    do(sold, Act.REJECT)
    sold.engine.deliver()

    assert [("rejected", ())] == told(sold)


def test_an_outcome_leaves_out_that_it_was_ready(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.READY)
    sold.pos.finish_at_till("memory:s1:A1")
    sold.engine.tend_till()
    do(sold, Act.RESOLVE, resolution=Resolution.PICKED_UP)
    sold.engine.deliver()

    assert [("accepted", ()), ("resolved", ())] == told(sold)
    assert Resolution.PICKED_UP is sold.webstore.told[-1].resolution


def test_readiness_of_one_line_leaves_that_of_another_alone(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.READY, "1")
    do(sold, Act.READY, "2")
    sold.engine.deliver()

    assert [("accepted", ()), ("ready", ("1",)), ("ready", ("2",))] == told(sold)


def test_what_is_refused_holds_back_what_follows_for_its_lines_only(sold):
    """The acceptance of line 1 is refused: that it is ready waits for it, the other line's news does not."""
    do(sold, Act.ACCEPT, "1")
    refuse_next(sold)
    sold.engine.deliver()
    assert [("rejected", ("2",))] == told(sold)

    do(sold, Act.READY)
    sold.engine.deliver()

    aside = DeliveryState.SET_ASIDE
    assert [
        ("accepted", ("1",), aside),
        ("rejected", ("2",), DeliveryState.SENT),
        ("ready", ("1",), aside),
    ] == states(sold)
    assert Cause.NOT_DELIVERED in causes(sold)


def test_what_waits_behind_a_refused_one_is_held_back_with_it(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.READY)
    refuse_next(sold)
    sold.engine.deliver()

    aside = DeliveryState.SET_ASIDE
    assert [("accepted", (), aside), ("ready", (), aside)] == states(sold)
    assert [] == told(sold)


def test_sent_again_by_hand_everything_goes_out_in_its_sequence(sold):
    do(sold, Act.ACCEPT)
    do(sold, Act.READY)
    refuse_next(sold)
    sold.engine.deliver()

    assert 2 == sold.engine.send_again(1, STAFF)
    sold.engine.deliver()

    assert [("accepted", ()), ("ready", ())] == told(sold)
    assert Cause.NOT_DELIVERED not in causes(sold)


def test_what_is_held_back_and_was_never_sent_can_be_undone(sold):
    do(sold, Act.ACCEPT)
    refuse_next(sold)
    sold.engine.deliver()
    do(sold, Act.READY)

    assert Status.IN_PROCESS is sold.engine.undo(1, STAFF)
    assert [("accepted", (), DeliveryState.SET_ASIDE)] == states(sold)


def test_a_decision_is_held_back_by_nothing(sold):
    """The acceptance was refused; that the order is rejected the webstore hears all the same."""
    do(sold, Act.ACCEPT)
    refuse_next(sold)
    sold.engine.deliver()

    do(sold, Act.REJECT)
    sold.engine.deliver()

    assert [("rejected", ())] == told(sold)
    assert Cause.NOT_DELIVERED not in causes(sold)


def test_a_refused_acceptance_is_told_anew_for_the_lines_that_remain(sold):
    do(sold, Act.ACCEPT)
    refuse_next(sold)
    sold.engine.deliver()

    do(sold, Act.CANCEL, "2")
    sold.engine.deliver()

    assert [("accepted", ("1",)), ("rejected", ("2",))] == told(sold)


def test_one_that_is_tried_again_keeps_the_sequence_of_its_order(sold):
    do(sold, Act.ACCEPT)
    refuse_next(sold, Retryable)
    sold.engine.deliver()
    do(sold, Act.READY)
    sold.engine.deliver()
    assert [] == told(sold)

    sold.clock.advance(31)
    sold.engine.deliver()
    assert [("accepted", ()), ("ready", ())] == told(sold)


def test_undoing_brings_back_what_was_left_out_with_its_lines(sold):
    do(sold, Act.ACCEPT)
    sold.set("A1", Status.REJECTED, "잘못 눌렀음")
    sold.engine.undo(1, STAFF)
    sold.engine.deliver()
    assert [("accepted", ())] == told(sold)

    do(sold, Act.READY)
    sold.set("A1", Status.REJECTED, "잘못 눌렀음")
    sold.engine.undo(1, STAFF)
    sold.engine.deliver()
    assert [("accepted", ()), ("ready", ())] == told(sold)


def test_a_delivery_of_an_older_tillbridge_is_sent_as_it_was_meant(sold):
    """Its body names no lines and no outcome."""
    do(sold, Act.ACCEPT)
    with sold.engine.context.database.write("test") as database:
        old = '{"attempt": 1, "reason": "네"}'
        database.execute(text("UPDATE deliveries SET body = :old"), {"old": old})
    sold.engine.deliver()

    assert [("accepted", ())] == told(sold)
    assert "네" == sold.webstore.told[0].reason


def away(shop):
    """Let the webstore be away; return how it comes back."""

    def before(call):
        if call == "push_status":
            raise Retryable(LATE)

    def back():
        shop.webstore.before = lambda _: None
        shop.clock.advance(7200)

    shop.webstore.before = before
    return back


@pytest.mark.parametrize("tried", [False, True], ids=["never tried", "tried before"])
def test_what_follows_for_the_lines_that_remain_stays_behind_it(sold, tried):
    """Line 2 is cancelled: the acceptance is told for line 1 only, and still before line 1 is ready."""
    back = away(sold)
    do(sold, Act.ACCEPT)
    if tried:
        sold.engine.deliver()
    do(sold, Act.READY, "1")
    do(sold, Act.CANCEL, "2")

    back()
    sold.engine.deliver()

    assert [("accepted", ("1",)), ("ready", ("1",)), ("rejected", ("2",))] == told(sold)


def test_undoing_brings_back_what_was_to_follow_in_its_sequence(sold):
    away(sold)
    do(sold, Act.ACCEPT)
    do(sold, Act.READY, "1")
    guided.act(sold.engine.context, 1, Doing(act=Act.CANCEL, line_ids=("2",)), WITH_REASON)
    sold.engine.undo(1, STAFF)

    sold.webstore.before = lambda _: None
    sold.engine.deliver()

    assert [("accepted", ()), ("ready", ("1",))] == told(sold)


def test_what_is_held_back_stays_behind_what_holds_it(sold):
    """The acceptance was refused; that line 1 is ready still waits for a person when line 2 is cancelled."""
    do(sold, Act.ACCEPT)
    refuse_next(sold)
    sold.engine.deliver()
    do(sold, Act.READY, "1")
    do(sold, Act.CANCEL, "2")
    sold.engine.deliver()
    assert [("accepted", ("1",)), ("rejected", ("2",))] == told(sold)

    sold.engine.send_again(1, STAFF)
    sold.engine.deliver()
    assert ("ready", ("1",)) == told(sold)[-1]


def test_no_readiness_that_was_refused_holds_back_a_decision(sold):
    do(sold, Act.ACCEPT)
    sold.engine.deliver()
    do(sold, Act.READY, "1")
    refuse_next(sold)
    sold.engine.deliver()

    with sold.engine.context.database.write("test") as database:
        act = deliveries.Act(id="a", at=sold.clock.now(), provider=sold.webstore.providers()[0])
        again = news.Telling(order_id=1, news=[news.News(said=Said.ACCEPTED)], act=act, every=("1", "2"))
        news.tell(database, [again])
    sold.engine.deliver()

    assert [("accepted", ()), ("accepted", ())] == told(sold)


def keys(shop):
    with shop.engine.context.database.read() as database:
        return list(database.execute(text("SELECT key FROM deliveries ORDER BY id")).scalars())


def meanwhile(shop, act, *ids):
    """While the next delivery is under way staff do an act; then it fails."""

    def before(call):
        if call == "push_status":
            shop.webstore.before = lambda _: None
            guided.act(shop.engine.context, 1, Doing(act=act, line_ids=ids), WITH_REASON)
            raise Retryable(LATE)

    shop.webstore.before = before


def test_an_acceptance_that_fails_is_not_sent_again_once_the_order_is_rejected(sold):
    """It was under way when staff rejected the order: sent again, it would charge the customer's card."""
    do(sold, Act.ACCEPT)
    meanwhile(sold, Act.REJECT)
    sold.engine.deliver()
    sold.clock.advance(3600)
    sold.engine.deliver()

    assert [("rejected", ())] == told(sold)


def test_an_acceptance_that_fails_is_sent_again_for_the_lines_that_remain(sold):
    do(sold, Act.ACCEPT)
    (first,) = keys(sold)
    meanwhile(sold, Act.CANCEL, "2")
    sold.engine.deliver()
    sold.clock.advance(3600)
    sold.engine.deliver()

    assert [("accepted", ("1",)), ("rejected", ("2",))] == told(sold)
    assert first not in [one.key for one in sold.webstore.told]


@pytest.mark.parametrize(
    ("act", "ids", "expected"),
    [
        (Act.REJECT, (), [("accepted", ())]),
        (Act.CANCEL, ("2",), [("accepted", ("1",)), ("accepted", ("2",))]),
    ],
)
def test_undone_what_gave_way_is_told_after_all(sold, act, ids, expected):
    """A run died with the acceptance under way, and the act was undone before the next one sent anything."""
    do(sold, Act.ACCEPT)
    claimed = {"state": DeliveryState.CLAIMED, "worker": "dead", "not_before": sold.clock.now()}
    with sold.engine.context.database.write("test") as database:
        mine = update(tables.deliveries).where(tables.deliveries.c.action == Said.ACCEPTED)
        database.execute(mine.values(**claimed))
    guided.act(sold.engine.context, 1, Doing(act=act, line_ids=ids), WITH_REASON)
    (row,) = connections.rows(sold.engine.context)
    outbox.release_dead_claims(sold.engine.context, sold.engine.open(row))
    assert [] == told(sold)

    sold.engine.undo(1, STAFF)
    sold.engine.deliver()

    assert expected == told(sold)

"""A long export ends soon when the program does, and lets orders and decisions have their turn."""

import pytest

from orders import HELMET, line
from tillbridge.exports import ExportWay
from tillbridge.exports.results import SLICE
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.messages import Cause
from tillbridge.model.offers import Exporting
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")


@pytest.fixture
def front(make_front):
    """A webstore that is told one product a call."""
    front = make_front(exporting=Exporting(batch=1))
    front.rule()
    return front


@pytest.fixture
def whole(make_front):
    front = make_front(takes=frozenset({Capability.SNAPSHOT}))
    front.rule()
    return front


def stop_in(front, call):
    """The program is stopped while this call runs."""
    stopping = front.engine.context.stopping
    front.webstore.before = lambda name: stopping.set() if name == call else None


def go_on(front):
    front.engine.context.stopping.clear()
    front.webstore.before = lambda _: None


def troubles(front):
    return [one for one in front.engine.messages() if one.cause is Cause.CONNECTION_DOWN]


def test_stopping_ends_an_export_after_the_call_at_hand(front):
    stop_in(front, "push_inventory")
    result = front.export()
    assert ([[f"/{front.helmet}"]], True, []) == (front.webstore.calls, result.more, troubles(front))

    go_on(front)
    front.export()
    assert [[f"/{front.helmet}"], [f"/{front.pump}"]] == front.webstore.calls


def test_stopping_ends_a_file_before_its_next_page_and_is_no_trouble(whole):
    stop_in(whole, "push_snapshot")
    assert whole.export().more
    assert ([], []) == (whole.webstore.calls, troubles(whole))

    go_on(whole)
    whole.export()
    assert 10 == whole.pieces(whole.helmet)


def test_what_was_stopped_goes_on_at_the_next_start(front):
    front.rule(every=SLICE * 60)
    stop_in(front, "push_inventory")
    front.engine.export_due()
    go_on(front)
    front.engine.export_due()

    assert 5 == front.pieces(front.pump)


def slow(front):
    """Each call takes longer than a turn; an order comes meanwhile."""

    def answer(_):
        front.clock.advance(SLICE.total_seconds() + 1)
        if len(front.webstore.calls) == 1:
            front.buy("A1", line("1", gtin=HELMET))
        return Receipt(Outcome.ACCEPTED)

    front.webstore.answer = answer


def test_a_long_export_by_hand_looks_for_orders_in_between(front):
    slow(front)
    result = front.export()

    assert ["A1"] == [one.webstore_id for one in front.engine.orders()]
    assert (2, 9, 5) == (result.due, front.pieces(front.helmet), front.pieces(front.pump))


def test_a_long_export_of_everything_begins_once(front):
    front.export()
    front.webstore.calls.clear()
    slow(front)
    front.export(everything=True)

    assert 3 == len(front.webstore.calls)


def test_a_turn_of_an_export_is_short_and_the_rest_is_due_at_once(front):
    front.rule(every=SLICE * 60)
    slow(front)
    (result,) = front.engine.export("web", ExportWay(once=True))
    assert (True, 1) == (result.more, len(front.webstore.calls))

    (after,) = front.engine.export_due()
    assert 9 == front.pieces(front.helmet)
    assert after.more

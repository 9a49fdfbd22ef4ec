"""What is said before something is done: what the webstore changed, what is asked, what is still possible."""

import pytest

from orders import line, order
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.orders import Standing
from tillbridge.model.status import Act


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

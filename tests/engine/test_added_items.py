"""An item that the customer adds to an order that is accepted: the webstore hears that it is accepted too."""

import pytest

from orders import HELMET, PUMP, line, order
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.exchange import Said
from tillbridge.model.status import Act, LineState, Status

UNKNOWN = "00605284574539"
ONE, TWO = line("1", gtin=HELMET), line("2", gtin=PUMP, price=20_000)
THREE = line("3", gtin=PUMP, price=20_000, title="펌프 추가")


def offer(till, *lines):
    till.clock.advance(60)
    till.webstore.offer(order("A1", *lines))
    till.engine.poll()


def told(till):
    till.engine.deliver()
    return [(one.said, one.line_ids) for one in till.webstore.told]


@pytest.fixture
def in_part(till):
    """A1 accepted line by line, and sold: the helmet is, the pump is not; then another pump is added."""
    offer(till, ONE, TWO)
    till.engine.act(1, Doing(act=Act.ACCEPT, line_ids=("1",)), WITH_REASON)
    assert [(Said.ACCEPTED, ("1",)), (Said.REJECTED, ("2",))] == told(till)
    offer(till, ONE, THREE)
    return till


@pytest.mark.row("S20")
def test_making_the_sale_anew_tells_the_webstore_which_is_said_before(in_part):
    seen = in_part.engine.preview_act(1, Doing(act=Act.REMAKE_SALE))
    assert (
        "The webstore is told that what the customer added is accepted too: “펌프 추가”." in
        [one.en for one in seen.consequences]
    )  # fmt: skip

    in_part.engine.act(1, Doing(act=Act.REMAKE_SALE), STAFF)

    assert (Said.ACCEPTED, ("3",)) == told(in_part)[-1]
    states = {one.line_id: one.state for one in in_part.engine.order("A1").lines}
    assert LineState.ACCEPTED is states["3"]


def test_until_then_the_webstore_hears_nothing(in_part):
    assert 2 == len(told(in_part))


def test_an_unsold_orders_new_item_is_told_of_and_stands_in_the_timeline(till):
    strange = line("x", gtin=UNKNOWN, price=9_000)
    offer(till, ONE, strange)
    till.engine.act(1, Doing(act=Act.ACCEPT), STAFF)
    assert [(Said.ACCEPTED, ())] == told(till)

    offer(till, ONE, strange, THREE)

    assert Status.PRODUCT_MATCH_FAILED is till.engine.order("A1").status
    assert (Said.ACCEPTED, ("3",)) == told(till)[-1]
    (entry,) = [one for one in till.engine.timeline(1) if one.what == "accepted too"]
    assert "the webstore is told that it is accepted too: “펌프 추가”" in entry.words.en


def test_of_an_undecided_order_nothing_is_told(till):
    offer(till, ONE, line("x", gtin=UNKNOWN, price=9_000))
    offer(till, ONE, line("x", gtin=UNKNOWN, price=9_000), THREE)

    assert [] == told(till)

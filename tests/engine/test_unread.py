"""An order whose newest data could not be read: nothing acts on what was read before, and it is said."""

import json

import pytest

from orders import PUMP, line, order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import Act, Status

pytestmark = pytest.mark.row("S14")
STRANGE = "00605284574539"
NOT_NOW = "could not be read or processed, so nobody knows what the order is now"


def offer(till, *lines, **more):
    till.clock.advance(60)
    till.webstore.offer(order("A1", *lines, **more))
    till.engine.poll()


def lose_lines(till):
    """The order comes again without its lines, as from a webstore that fails half-way."""
    whole = json.loads(order("A1").model_dump_json())
    del whole["lines"]
    till.clock.advance(60)
    till.webstore.offer_bytes("A1", json.dumps(whole).encode())
    till.engine.poll()


def look(till, act, **more):
    return till.engine.preview_act(1, Doing(act=act, **more))


def said(till, act):
    return [one.en for one in look(till, act).consequences]


@pytest.fixture
def unsold(till):
    """A1: of its two items one was found in the catalogue, then its lines were lost."""
    offer(till, line("1"), line("x", gtin=STRANGE, price=9_000))
    lose_lines(till)
    assert Status.SALE_PROCESSING_FAILED is till.engine.order("A1").status
    return till


@pytest.fixture
def sold(till):
    """A1: sold and accepted, then its lines were lost."""
    offer(till, line("1"))
    till.engine.act(1, Doing(act=Act.ACCEPT), STAFF)
    lose_lines(till)
    return till


def test_what_is_shown_of_it_is_said_to_be_of_before(unsold):
    found = unsold.engine.order("A1")

    assert (True, ["1", "x"]) == (found.outdated, [one.line_id for one in found.lines])
    assert "lines" in found.reasons[0].en


def test_no_status_is_offered_that_goes_by_what_was_read_before(unsold):
    assert (Status.PROCESS_SALE, Status.REJECTED, Status.ARCHIVED) == unsold.engine.order("A1").choices


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.RELEASE])
def test_it_is_neither_accepted_nor_adjusted(unsold, act):
    assert NOT_NOW in look(unsold, act).why_not.en
    with pytest.raises(NotAllowed, match=NOT_NOW):
        unsold.engine.act(1, Doing(act=act), WITH_REASON)


def test_none_of_its_items_is_rejected(unsold):
    assert NOT_NOW in look(unsold, Act.REJECT, line_ids=("x",)).why_not.en


def test_the_whole_is_rejected_with_a_word_on_what_is_said_of_it(unsold):
    assert said(unsold, Act.REJECT)[0].endswith(
        "what is said here of items and money goes by what was read before."
    )
    assert Status.REJECTED is unsold.engine.act(1, Doing(act=Act.REJECT), WITH_REASON).status


def test_of_an_order_that_was_never_read_nothing_misleads_and_it_is_accepted_as_seen_at_the_webstore(till):
    lose_lines(till)

    assert "See there first what was ordered." in said(till, Act.ACCEPT)[0]
    assert NOT_NOW in look(till, Act.RELEASE).why_not.en
    assert (False, ()) == (till.engine.order("A1").outdated, till.engine.order("A1").lines)


def test_an_order_without_items_is_not_adjusted_to_its_total(till):
    """Else its sale would be of the adjustment alone."""
    till.webstore.offer(order("A1").model_copy(update={"lines": (), "total": won(9_000)}))
    till.engine.poll()

    assert NOT_NOW in look(till, Act.RELEASE).why_not.en
    assert not till.engine.order("A1").outdated


def test_once_it_is_read_everything_is_possible_again(unsold):
    offer(unsold, line("1"), line("x", gtin=STRANGE, price=8_000))

    assert Status.IN_PROCESS in unsold.engine.order("A1").choices
    assert not unsold.engine.order("A1").outdated
    assert look(unsold, Act.ACCEPT).possible


def test_whoever_goes_on_with_a_sold_one_is_told_first(sold):
    assert said(sold, Act.READY)[0] == (
        "What the webstore sent last of this order could not be read: it may have been changed or "
        "cancelled there. See there first."
    )
    assert Status.READY_FOR_PICKUP is sold.engine.act(1, Doing(act=Act.READY), STAFF).status


def test_whoever_cancels_a_sold_one_is_not_told(sold):
    assert not any("could not be read" in one for one in said(sold, Act.CANCEL))


def test_the_sale_of_a_sold_one_is_not_made_anew_of_what_nobody_can_read(till):
    offer(till, line("1"))
    offer(till, line("1"), line("2", gtin=PUMP, price=20_000))
    lose_lines(till)

    assert NOT_NOW in look(till, Act.REMAKE_SALE).why_not.en

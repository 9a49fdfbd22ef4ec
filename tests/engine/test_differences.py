"""The webstore changes its mind: shown, decided by staff, and never applied to a sale by itself."""

import pytest

from orders import PUMP, line, order
from shop import STAFF
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.messages import Cause
from tillbridge.model.orders import Standing
from tillbridge.model.status import Status
from tillbridge.orders.order_state import Signature


@pytest.fixture
def changed(shop):
    """A shop with a sold order, A1, to which the webstore added a second item."""
    shop.webstore.offer(order("A1"))
    shop.poll()
    change(shop, line("1"), line("2", gtin=PUMP))
    return shop


def change(shop, *lines, **more):
    shop.clock.advance(60)
    shop.webstore.offer(order("A1", *lines, **more))
    shop.poll()


def number(shop):
    return shop.engine.order("A1").id


def difference(shop):
    return shop.engine.difference(number(shop))


def causes(shop):
    return {one.cause for one in shop.engine.messages()} - {Cause.HOURS_UNKNOWN}  # it has tests of its own


def leave(shop, reason=""):
    shop.engine.leave_as_sold(number(shop), difference(shop).version, Signature("지은", reason))


def test_what_the_webstore_changed_after_the_sale_is_shown_before_and_after(changed):
    found = difference(changed)

    assert (2, True, True) == (found.version, found.sold, found.to_decide)
    assert ["lines[2]", "total"] == [one.path for one in found.changes]
    assert ("₩50,000", "₩100,000") == (found.changes[1].before.en, found.changes[1].after.en)


def test_an_order_that_the_webstore_left_alone_has_no_difference(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()

    assert difference(shop) is None


def test_an_unsold_order_is_compared_with_the_version_before(shop):
    shop.webstore.offer(order("A1", line("1", gtin="00605284574539")))
    shop.poll()
    change(shop, line("1", gtin="00605284574539"), line("2", gtin=PUMP))

    found = difference(shop)
    assert (False, False) == (found.sold, found.to_decide)
    assert ["lines[2]", "total"] == [one.path for one in found.changes]


def test_the_difference_of_an_order_that_does_not_exist_is_refused(shop):
    with pytest.raises(NotFound):
        shop.engine.difference(99)


def test_a_sale_is_not_touched_by_a_change(changed):
    assert 10 == changed.on_hand("P2")
    assert Status.NEW is changed.status("A1")


def test_a_finished_sale_is_never_changed_by_the_webstore(changed):
    """A refund first seen at the webstore is shown, and asks staff."""
    changed.pos.finish_at_till("memory:s1:A1")
    changed.engine.follow_till()
    change(changed, standing=Standing.REFUNDED)

    assert Status.COMPLETED is changed.status("A1")
    assert (9, 10) == (changed.on_hand("P1"), changed.on_hand("P2"))
    assert ("open", "refunded") == (
        difference(changed).changes[0].before.en,
        difference(changed).changes[0].after.en,
    )
    assert {Cause.CANCELLED, Cause.OUTCOME} == causes(changed)


def test_leaving_the_sale_as_it_is_ends_the_message_and_is_signed(changed):
    leave(changed, "매장에서 이미 안내함")

    assert Cause.CHANGED not in causes(changed)
    assert not changed.engine.order("A1").changed_after_sale
    assert not difference(changed).to_decide
    entry = changed.engine.timeline(number(changed))[-1]
    assert ("지은", "left as sold") == (entry.who, entry.what)
    assert entry.words.en.endswith("although the webstore changed the order: 매장에서 이미 안내함")


def test_the_next_change_asks_anew(changed):
    leave(changed)
    change(changed, line("1"), line("2", gtin=PUMP), line("3", gtin=PUMP))

    assert Cause.CHANGED in causes(changed)


def test_a_change_that_came_while_staff_looked_is_not_left_unseen(changed):
    seen = difference(changed).version
    change(changed, line("1"), line("2", gtin=PUMP), line("3", gtin=PUMP))

    with pytest.raises(NotAllowed, match="changed the order again"):
        changed.engine.leave_as_sold(number(changed), seen, STAFF)
    assert Cause.CHANGED in causes(changed)


def test_there_is_nothing_to_leave_where_nothing_changed(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()

    with pytest.raises(NotAllowed, match="nothing to make anew"):
        shop.engine.leave_as_sold(number(shop), 1, STAFF)


def test_that_a_rejected_order_is_cancelled_at_the_webstore_is_no_change(shop):
    """The webstore was told so."""
    shop.webstore.offer(order("A1"))
    shop.poll()
    shop.set("A1", Status.REJECTED, "품절")
    shop.engine.deliver()
    change(shop, standing=Standing.CANCELLED)

    assert set() == causes(shop)
    assert not shop.engine.order("A1").changed_after_sale


def told(shop):
    entries = shop.engine.timeline(number(shop))
    return [one.words for one in entries if one.what == "changed at the webstore"]


def test_the_timeline_says_what_the_webstore_changed_in_short(changed):
    (said,) = told(changed)

    assert (
        f"The webstore changed the order: + 1 × item 2 ({PUMP}), ₩50,000; Total: ₩50,000 → ₩100,000"
        == said.en
    )
    assert said.ko.startswith("웹스토어에서 주문이 변경되었습니다: + 1 × item 2")


def test_the_timeline_says_so_before_the_sale_too(shop):
    shop.webstore.offer(order("A1", line("1", gtin="00605284574539")))
    shop.poll()
    change(shop, line("1", gtin="00605284574539"), note="문 앞에")

    assert ["The webstore changed the order: Note: - → 문 앞에"] == [one.en for one in told(shop)]


def test_an_order_that_comes_again_as_it_was_tells_nothing(changed):
    change(changed, line("1"), line("2", gtin=PUMP))

    assert 1 == len(told(changed))

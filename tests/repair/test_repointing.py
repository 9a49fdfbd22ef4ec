"""A wrong match is mended after its sale: what follows is shown, stock moves, and it leaves its trace."""

from decimal import Decimal

import pytest

from orders import HELMET, line, order
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.orders import ListingRef, WebCustomer
from tillbridge.model.status import Act, Status
from tillbridge.orders.order_state import Signature
from tillbridge.repair import Follows

STAFF = Signature("지은", "사이즈가 다름")
ITEM = ListingRef(item_id="L1")


def number(desk, name):
    return desk.engine.order(name).id


@pytest.fixture
def wrong(desk):
    """Two open sales, one finished and one waiting order of an item whose barcode is the helmet's (P1).

    It is a pump (P2), in truth. A1 has two pieces, and another item that is a helmet indeed.
    """
    stranger = WebCustomer(full_name="이영희", email="who@example.com")
    desk.webstore.offer(
        order("A1", line("1", listing=ITEM, quantity=Decimal(2)), line("2", listing=ListingRef(item_id="L2")))
    )
    desk.webstore.offer(order("A2", line("1", listing=ITEM)))
    desk.webstore.offer(order("F1", line("1", listing=ITEM)))
    desk.webstore.offer(order("W1", line("1", listing=ITEM), customer=stranger))
    desk.poll()
    desk.till.finish_at_till("S3")
    desk.engine.follow_till()
    return desk


def follows(seen):
    return {one.number: one.follows for one in seen.orders}


def repoint(desk, name="A1", **more):
    return desk.engine.repoint(number(desk, name), "1", "P2", STAFF, **more)


@pytest.mark.row("S12")
def test_what_follows_is_shown_and_nothing_is_changed(wrong):
    seen = wrong.engine.preview_repointing(number(wrong, "A1"), "1", "P2")

    expected = {"A1": Follows.MOVES, "A2": Follows.COULD_MOVE, "F1": Follows.STAYS, "W1": Follows.HEALS}
    assert expected == follows(seen)
    assert ("P1", "펌프 (P2)", 2, True) == (seen.before, seen.name, seen.pieces, seen.remembered)
    assert (5, 10) == (wrong.pieces("P1"), wrong.pieces("P2"))


@pytest.mark.row("S12")
def test_the_stock_moves_with_the_sale_which_keeps_its_prices(wrong):
    before = wrong.engine.sale(number(wrong, "A1"))

    repoint(wrong)

    assert (7, 8) == (wrong.pieces("P1"), wrong.pieces("P2"))
    after = wrong.engine.sale(number(wrong, "A1"))
    assert before.total == after.total
    there = {item.product_id: item.quantity for item in after.items if not item.removed}
    assert {"P1": 1, "P2": 2} == there
    assert ["P2", "P1"] == [one.product_id for one in wrong.engine.order("A1").lines]


@pytest.mark.row("S12")
def test_it_is_signed_with_before_and_after_and_remembered(wrong):
    repoint(wrong)

    entry = next(
        one for one in wrong.engine.timeline(number(wrong, "A1")) if one.what == "product re-pointed"
    )
    assert ("지은", True) == (entry.who, "펌프 (P2) (before: P1). 사이즈가 다름" in entry.words.en)
    assert [("L1", "P2")] == [(one.key, one.target) for one in wrong.engine.bindings()]
    wrong.webstore.offer(order("A9", line("1", listing=ITEM)))
    wrong.poll()
    assert "P2" == wrong.engine.order("A9").lines[0].product_id


@pytest.mark.row("S12")
def test_every_other_open_sale_is_mended_when_it_is_asked_for(wrong):
    seen = repoint(wrong, everywhere=True)

    assert Follows.MOVES is follows(seen)["A2"]
    assert (8, 7) == (wrong.pieces("P1"), wrong.pieces("P2"))
    assert "product re-pointed" in [one.what for one in wrong.engine.timeline(number(wrong, "A2"))]


def test_a_rejected_item_is_not_re_pointed(wrong):
    wrong.engine.act(number(wrong, "A1"), Doing(act=Act.REJECT, line_ids=("1",)), STAFF)

    with pytest.raises(NotAllowed, match="was rejected"):
        repoint(wrong)
    seen = repoint(wrong, "A2", everywhere=True)
    assert ["A2", "F1", "W1"] == sorted(follows(seen))
    assert [] == [
        one.words.en for one in wrong.engine.timeline(number(wrong, "A1")) if one.what == "product re-pointed"
    ]


def test_a_finished_sale_is_never_altered(wrong):
    repoint(wrong, everywhere=True)

    assert "P1" == wrong.engine.sale(number(wrong, "F1")).items[0].product_id
    with pytest.raises(NotAllowed, match="no open sale"):
        repoint(wrong, "F1")


def test_a_waiting_order_of_the_item_is_matched_again(wrong):
    repoint(wrong)

    assert Status.CUSTOMER_ID_REQUIRED is wrong.status("W1")
    assert "P2" == wrong.engine.order("W1").lines[0].product_id


def test_it_can_be_taken_back_by_pointing_to_the_first_product_again(wrong):
    repoint(wrong)

    wrong.engine.repoint(number(wrong, "A1"), "1", "P1", STAFF)

    assert (5, 10) == (wrong.pieces("P1"), wrong.pieces("P2"))


def test_a_line_without_an_item_is_known_by_its_numbers_and_not_remembered(desk):
    """The numbers lead to the wrong product in the catalogue, so the next order is for a person to decide."""
    for name in ("A1", "A2"):
        desk.webstore.offer(order(name, line("1", listing=None)))
    desk.poll()

    seen = repoint(desk, everywhere=True)

    assert ({"A1": Follows.MOVES, "A2": Follows.MOVES}, False) == (follows(seen), seen.remembered)
    assert (10, 8) == (desk.pieces("P1"), desk.pieces("P2"))


def test_what_is_right_already_or_not_there_is_said(wrong):
    with pytest.raises(NotAllowed, match=r"is 헬멧 \(P1\) already"):
        wrong.engine.repoint(number(wrong, "A1"), "1", "P1", STAFF)
    with pytest.raises(NotFound, match="no product 'P9'"):
        wrong.engine.repoint(number(wrong, "A1"), "1", "P9", STAFF)


class KilledError(BaseException):
    """The program was killed."""


@pytest.mark.row("S12")
def test_a_kill_before_the_sale_is_changed_is_made_up_for_and_a_second_clerk_is_told(wrong):
    def probe(name):
        if name == "before pos change_sales":
            raise KilledError

    dying = wrong.another(pos=None, probe=probe)
    with pytest.raises(KilledError):
        dying.repoint(number(wrong, "A1"), "1", "P2", STAFF)
    dying.close()
    assert (5, 10) == (wrong.pieces("P1"), wrong.pieces("P2"))
    with pytest.raises(NotAllowed, match="just now"):
        repoint(wrong)

    for _ in range(2):
        wrong.clock.advance(7200)
        wrong.engine.deliver()

    assert (7, 8) == (wrong.pieces("P1"), wrong.pieces("P2"))
    assert HELMET not in str(wrong.engine.order("A1").lines[0].evidence.keys)

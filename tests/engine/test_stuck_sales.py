"""A sale that the point of sale fails to open stops neither its page nor its connection."""

import pytest

from orders import order
from shop import Shop
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import Status


@pytest.fixture
def stuck(shop, monkeypatch):
    """A shop whose point of sale raises for order P and answers everything else."""
    break_sales(shop, monkeypatch)
    return shop


def break_sales(shop: Shop, monkeypatch, *, then=None):
    """Let the POS raise whenever it is asked for the sale of P; `then` is called first."""
    open_sales = type(shop.pos).open_sales

    def fails(pos, drafts):
        if any(draft.attempt.order_key.endswith(":P") for draft in drafts):
            if then:
                then()
            raise KeyError("a fault of the host's")
        return open_sales(pos, drafts)

    monkeypatch.setattr(type(shop.pos), "open_sales", fails)


def offer(shop, *names):
    for name in names:
        shop.webstore.offer(order(name))


def statuses(shop):
    return {one.webstore_id: one.status for one in shop.engine.orders()}


def test_only_the_guilty_order_is_marked_and_its_neighbours_are_sold(stuck):
    offer(stuck, "G1", "P", "G2")

    result = stuck.poll()

    assert result.trouble is None
    assert {"G1": Status.NEW, "P": Status.SALE_PROCESSING_FAILED, "G2": Status.NEW} == statuses(stuck)
    (reason,) = stuck.engine.order("P").reasons
    assert "pos_failed" == reason.code
    assert (
        "Its sale could not be opened, and is asked for again by itself. "
        "The point of sale could not answer (KeyError); it is asked again." == reason.en
    )
    assert "거래를 만들지 못해" in reason.ko


def test_later_polls_of_its_connection_go_on(stuck):
    offer(stuck, "P")
    stuck.poll()
    offer(stuck, "G1")

    assert stuck.poll().trouble is None
    assert Status.NEW is stuck.status("G1")


def test_however_often_it_is_asked_again_it_is_told_once(stuck):
    offer(stuck, "P")
    for _ in range(3):
        stuck.poll()
        stuck.engine.tick()

    entries = stuck.engine.timeline(stuck.engine.order("P").id)
    assert ["sale stuck"] == [one.what for one in entries if one.what == "sale stuck"]


def test_it_is_sold_once_as_soon_as_the_pos_takes_it(shop, monkeypatch):
    offer(shop, "G1", "P")
    with monkeypatch.context() as patched:
        break_sales(shop, patched)
        shop.poll()

    shop.engine.settle()

    found = shop.engine.order("P")
    assert (Status.NEW, (), 2) == (found.status, tuple(found.reasons), len(shop.pos.sales))


def test_a_pos_that_goes_away_just_then_marks_nothing(shop, monkeypatch):
    def away(_):
        raise ConnectionError

    with monkeypatch.context() as patched:
        break_sales(shop, patched, then=lambda: patched.setattr(type(shop.pos), "stores", away))
        offer(shop, "G1", "P")
        assert "could not answer" in shop.poll().trouble.en
        assert {"G1": None, "P": None} == statuses(shop)

    shop.poll()
    assert {"G1": Status.NEW, "P": Status.NEW} == statuses(shop)


def test_until_it_is_known_what_became_of_the_sale_nobody_processes_it_again(stuck):
    offer(stuck, "P")
    stuck.poll()

    with pytest.raises(NotAllowed, match="has not answered yet"):
        stuck.set("P", Status.PROCESS_SALE)


def test_it_can_be_rejected_and_that_takes_effect_with_the_answer(shop, monkeypatch):
    offer(shop, "P")
    with monkeypatch.context() as patched:
        break_sales(shop, patched)
        shop.poll()
        shop.set("P", Status.REJECTED, "품절")
        shop.engine.tick()
        assert Decision.REJECTED is shop.engine.order("P").decision

    shop.engine.tick()

    (sale,) = shop.pos.sales.values()
    assert (Status.REJECTED, 10) == (shop.status("P"), shop.on_hand("P1"))
    assert [0] == [one.payment.amount.minor for one in shop.pos.sale(sale.sale_id).payments]

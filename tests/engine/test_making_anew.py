"""A sale that is made anew: at once, and with word of what goes with the old one."""

from decimal import Decimal

import pytest

from orders import PUMP, line, order, won
from shop import STAFF
from tillbridge.guided import Doing
from tillbridge.model.status import Act, Status
from tillbridge.pos.contract import SaleState
from tillbridge.pos.details import NewItem, Payment, PaymentKind


@pytest.fixture
def changed(till):
    """A1, sold with a pump added at the counter; since then the webstore wants two helmets."""
    till.webstore.offer(order("A1", line("1")))
    till.engine.poll()
    pump = NewItem(product_id=till.pump, price=won(11_000), tax_rate=Decimal(10))
    till.engine.add_item(1, pump, STAFF, name="펌프")
    till.clock.advance(60)
    till.webstore.offer(order("A1", line("1", quantity=Decimal(2))))
    till.engine.poll()
    return till


def what(till):
    return [one.en for one in till.engine.preview_act(1, Doing(act=Act.REMAKE_SALE)).consequences]


def pieces(till):
    return [(item.quantity, item.added) for item in till.engine.sale(1).items]


def test_what_was_added_at_the_counter_is_said_before_it_goes(changed):
    first, gone = what(changed)
    assert "The sale is voided; its stock returns." == first
    assert "Added at the counter, and not on the new sale: 1 × “펌프” (₩11,000)." in gone


@pytest.mark.parametrize("way", ["status", "action"])
def test_the_new_sale_is_there_at_once_and_the_timeline_says_what_went(changed, way):
    if way == "status":
        changed.engine.set_status(1, Status.PROCESS_SALE, STAFF)
    else:
        changed.engine.act(1, Doing(act=Act.REMAKE_SALE), STAFF)

    assert (Status.NEW, [(2, False)]) == (changed.engine.order("A1").status, pieces(changed))
    assert (8, 10) == (changed.on_hand(changed.helmet), changed.on_hand(PUMP))
    (entry,) = [one for one in changed.engine.timeline(1) if one.what == Act.REMAKE_SALE]
    assert "not on the new sale: 1 × “펌프” (₩11,000)" in entry.words.en


def test_money_that_was_taken_here_keeps_the_old_sale_which_is_said_before(changed):
    changed.engine.pay(1, Payment(kind=PaymentKind.CASH, amount=won(5_000)), STAFF)
    said = what(changed)[-1]
    changed.engine.set_status(1, Status.PROCESS_SALE, STAFF)

    assert "₩5,000 was paid here, so the point of sale keeps the old sale" in said
    assert (Status.NEW, SaleState.OPEN) == (
        changed.engine.order("A1").status,
        changed.engine.sale(1).facts.state,
    )


def test_one_poll_makes_void_and_sells_anew(changed):
    """As where the point of sale was away when it was chosen."""
    away = changed.pos.change_sales
    changed.pos.change_sales = lambda _: (_ for _ in ()).throw(OSError("away"))
    changed.engine.set_status(1, Status.PROCESS_SALE, STAFF)
    changed.pos.change_sales = away
    changed.clock.advance(3600)
    changed.engine.poll()

    assert (Status.NEW, [(2, False)]) == (changed.engine.order("A1").status, pieces(changed))

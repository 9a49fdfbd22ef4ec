"""A sale that is made anew: at once, with what was done at the counter, and with word of what is not."""

from decimal import Decimal

import pytest

from orders import PUMP, line, order, won
from shop import STAFF
from tillbridge.guided import Doing
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import Act, Status
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import SaleAction, SaleChange, SaleState
from tillbridge.pos.details import ItemPick, NewItem, NewPrice, Payment, PaymentKind
from tillbridge.pos.guarded import PosAway

CALLED = NewContact(channel=Channel.CALL, outcome=Outcome.REACHED)


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


def remake(till, way="action"):
    if way == "status":
        till.engine.set_status(1, Status.PROCESS_SALE, STAFF)
    else:
        till.engine.act(1, Doing(act=Act.REMAKE_SALE), STAFF)


def pieces(till):
    items = till.engine.sale(1).items
    return [(item.quantity, item.added, item.net.minor, item.tax.minor) for item in items]


NEW = [(2, False, 100_000, 0), (1, True, 10_000, 1_000)]


def test_what_was_added_at_the_counter_is_said_before_to_be_carried_over(changed):
    assert [
        "The sale is voided; its stock returns.",
        "Added at the counter, and carried over to the new sale: 1 × “펌프” (₩11,000).",
    ] == what(changed)


@pytest.mark.row("S28")
@pytest.mark.parametrize("way", ["status", "action"])
def test_the_new_sale_is_there_at_once_with_the_counters_item_and_the_timeline_says_so(changed, way):
    remake(changed, way)

    assert (Status.NEW, NEW) == (changed.engine.order("A1").status, pieces(changed))
    assert (8, 9) == (changed.on_hand(changed.helmet), changed.on_hand(PUMP))
    assert (100_000, 11_000) == (
        changed.engine.sale(1).balance.web.minor,
        changed.engine.sale(1).balance.counter.minor,
    )
    (entry,) = [one for one in changed.engine.timeline(1) if one.what == Act.REMAKE_SALE]
    assert "carried over to the new sale: 1 × “펌프” (₩11,000)" in entry.words.en


def test_comments_and_kept_open_go_on_and_the_orders_own_comment_stands_once(changed):
    changed.engine.comment_sale(1, Signature("지은", "사이즈 확인 완료"))
    changed.engine.act(1, Doing(act=Act.RESERVE), STAFF)
    before = changed.engine.sale(1)

    remake(changed)

    after = changed.engine.sale(1)
    assert after.facts.sale_id != before.facts.sale_id
    assert (list(before.comments), before.kept_open) == (list(after.comments), after.kept_open)
    assert "사이즈 확인 완료" in after.comments


def test_what_was_removed_again_at_the_counter_is_not_carried_over(changed):
    (pump,) = [item for item in changed.engine.sale(1).items if item.added]
    changed.engine.remove_items(1, [ItemPick(item=pump.id)], STAFF)
    remake(changed)

    assert NEW[:1] == pieces(changed)


def test_a_price_that_was_changed_at_the_counter_is_said_before_it_goes(changed):
    changed.engine.change_price(1, NewPrice(pick=ItemPick(web_line="1"), gross=won(45_000)), STAFF, CALLED)

    assert "on the new sale as the webstore has it: “item 1”." in what(changed)[-1]


@pytest.mark.parametrize("way", ["status", "action"])
def test_money_that_was_taken_here_keeps_the_old_sale_until_it_is_handed_back(changed, way):
    cash = Payment(kind=PaymentKind.CASH, amount=won(5_000))
    changed.engine.pay(1, cash, STAFF)
    seen = changed.engine.preview_act(1, Doing(act=Act.REMAKE_SALE))
    with pytest.raises(NotAllowed, match="₩5,000 was paid here, and does not move to another sale by itself"):
        remake(changed, way)
    assert ("does not move" in seen.why_not.en, Status.NEW, SaleState.OPEN) == (
        True,
        changed.engine.order("A1").status,
        changed.engine.sale(1).facts.state,
    )

    changed.engine.pay(1, Payment(kind=PaymentKind.CASH, amount=won(-5_000)), STAFF)
    remake(changed, way)

    assert NEW == pieces(changed)


def test_what_is_added_between_the_look_and_the_void_keeps_the_old_sale(changed, monkeypatch):
    """The point of sale refuses the void: the sale is no longer the one whose items are carried over."""
    change = changed.pos.change_sales

    def somebody_first(changes):
        """At the till itself, which asks nobody."""
        monkeypatch.setattr(changed.pos, "change_sales", change)
        change([SaleChange("k", changes[0].attempt, SaleAction.COMMENT, "하나 더")])
        return change(changes)

    monkeypatch.setattr(changed.pos, "change_sales", somebody_first)
    done = changed.engine.act(1, Doing(act=Act.REMAKE_SALE), STAFF)

    assert (Status.NEW, "changed meanwhile" in done.trouble.en) == (done.status, True)
    assert [(1, False), (1, True)] == [one[:2] for one in pieces(changed)]


def test_nothing_is_made_anew_unseen_while_the_point_of_sale_is_away(changed, monkeypatch):
    def away(_):
        raise ConnectionError

    monkeypatch.setattr(changed.pos, "sale", away)
    with pytest.raises(PosAway):
        remake(changed, "status")

    assert Status.NEW is changed.engine.order("A1").status


def test_one_poll_makes_void_and_sells_anew(changed):
    """As where the point of sale was away when it was chosen."""
    away = changed.pos.change_sales
    changed.pos.change_sales = lambda _: (_ for _ in ()).throw(OSError("away"))
    changed.engine.set_status(1, Status.PROCESS_SALE, STAFF)
    changed.pos.change_sales = away
    changed.clock.advance(3600)
    changed.engine.poll()

    assert (Status.NEW, NEW) == (changed.engine.order("A1").status, pieces(changed))


def test_what_the_point_of_sale_refused_to_open_is_carried_over_by_the_next_try(changed, monkeypatch):
    def refuses(drafts):
        from tillbridge.model.words import Words  # noqa: PLC0415  # only this stand-in needs it
        from tillbridge.pos.contract import Refused  # noqa: PLC0415  # as above

        return {one.attempt: Refused(Words("Not now.", "지금은 안 됩니다.")) for one in drafts}

    with monkeypatch.context() as patched:
        patched.setattr(changed.pos, "open_sales", refuses)
        remake(changed)
    assert Status.SALE_PROCESSING_FAILED is changed.engine.order("A1").status
    changed.engine.set_status(1, Status.PROCESS_SALE, STAFF)

    assert NEW == pieces(changed)


def test_a_sale_that_is_made_anew_twice_carries_over_twice(changed):
    remake(changed)
    changed.clock.advance(60)
    changed.webstore.offer(order("A1", line("1", quantity=Decimal(3))))
    changed.engine.poll()
    remake(changed)

    assert [(3, False), (1, True)] == [one[:2] for one in pieces(changed)]
    assert 9 == changed.on_hand(PUMP)

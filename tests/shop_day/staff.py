"""What staff do in a day; what is said to be possible must be, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from orders import won
from shop_day.day import Day, Died
from tillbridge.engine import Engine
from tillbridge.guided import GUIDED, Doing
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.errors import NeedsAnswer, NotAllowed, NotFound
from tillbridge.model.exchange import Decision
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, Status
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import (
    ItemPick,
    NewItem,
    NewPrice,
    Payment,
    PaymentKind,
    Return,
    ReturnedItem,
)

STAFF = Signature("지은", "손님과 통화함")
_CALLED = NewContact(channel=Channel.CALL, outcome=Outcome.REACHED)
IN_PARTS = (Act.ACCEPT, Act.REJECT, Act.CANCEL, Act.READY)
_DECIDES = {
    Act.ACCEPT: "accepted",
    Act.RESERVE: "accepted",
    Act.PICK_UP: "accepted",
    Act.REJECT: "rejected",
    Act.CANCEL: "rejected",
    Act.REJECT_ONLY: "rejected",
}
_BY_STATUS = (
    Status.IN_PROCESS,
    Status.REJECTED,
    Status.PROCESS_SALE,
    Status.READY_FOR_PICKUP,
    Status.COMPLETED,
    Status.ARCHIVED,
)


class Staff:
    """Somebody at the counter; what they do is drawn by hypothesis."""

    def __init__(self, day: Day, data: st.DataObject) -> None:
        self.day, self.data = day, data

    def _draw(self, values: Any) -> Any:
        return self.data.draw(st.sampled_from(list(values)))

    def _orders(self) -> list[Any]:
        return list(self.day.books().orders.values())

    # Guided acts

    def act(self) -> None:
        """Do a guided act with an order, and hold it to what was said of it."""
        row = self._draw(self._orders())
        offered = {one.act: one for one in self.day.engine.actions(row.id)}
        assert [*GUIDED, Act.UNDO] == list(offered)
        possible = [one for one in GUIDED if offered[one].possible]
        # Mostly what is possible; now and then anything.
        asked = self._draw(possible * 4 + list(GUIDED))
        doing = self._doing(row, asked)
        seen = self.day.engine.preview_act(row.id, doing)
        if asked is not Act.PICK_UP and not doing.line_ids:
            assert (seen.why_not, seen.consequences) == (
                offered[asked].why_not,
                offered[asked].consequences,
            )
        refused, answer = self._try(row, doing)
        assert _same(seen.why_not, refused), f"{asked}: said was {seen.why_not}, and it came to {refused}"
        if not refused:
            part = doing.line_ids and asked is not Act.ACCEPT  # of a part: the order's decision stays
            self._require_decision(row, row.decision if part else answer or _DECIDES.get(asked, row.decision))

    def _doing(self, row: Any, asked: Act) -> Doing:
        now = self.day.clock.now()
        more: dict[str, Any] = {}
        if asked is Act.RESERVE:
            more = {"expected_at": now + timedelta(hours=self._draw([1, 30])), "holding_place": "선반 3"}
            if row.expected_at:  # it may be a delay
                more["contact"] = _CALLED
        elif asked is Act.READY:
            more = {"pick_up_until": now + timedelta(hours=self._draw([2, 60]))}
        elif asked is Act.NO_SHOW:
            more = {"contact": _CALLED}
        elif asked is Act.RESOLVE:
            more = {"resolution": self._draw(Resolution)}
        elif asked is Act.PICK_UP and row.sale_id:
            due = self.day.engine.due_at_pick_up(row.id)
            if due.minor and self._draw([True, True, False]):
                more = {"payments": (Payment(kind=PaymentKind.CASH, amount=due),)}
        if asked in IN_PARTS:
            more["line_ids"] = self._some_lines(row)
        return Doing(act=asked, **more)

    def _some_lines(self, row: Any) -> tuple[str, ...]:
        """Choose some of an order's lines, or none: the order as a whole."""
        newest = self.day.books().newest(row.id)
        known = [line["id"] for line in newest["lines"]] if newest else []
        if len(known) < 2:  # of one line nothing is a part
            return ()
        chosen: tuple[str, ...] = self._draw([(), (known[0],), (known[-1],), tuple(known)])
        return chosen

    def _try(self, row: Any, doing: Doing) -> tuple[Any, str | None]:
        """Do it; return why not, and what was answered where something was asked."""
        try:
            return self._changes_only_if_done(row, lambda engine: engine.act(row.id, doing, STAFF)), None
        except NeedsAnswer as question:
            answer = Decision(self._draw(question.answers))
            asked = Doing(act=doing.act, answer=answer, line_ids=doing.line_ids)
            return self._changes_only_if_done(row, lambda engine: engine.act(row.id, asked, STAFF)), answer

    def _changes_only_if_done(self, row: Any, act: Callable[[Engine], object]) -> Any:
        """Do an act; return why it was refused, in which case nothing may have changed."""
        before = self.day.books()
        try:
            self.day.do(act)
        except NeedsAnswer:
            raise
        except NotAllowed as refused:
            after = self.day.books()
            assert before.orders[row.id] == after.orders[row.id]
            assert (before.deliveries, before.entries) == (after.deliveries, after.entries)
            return refused.words
        memory = self.day.books().orders[row.id].undo
        if memory != before.orders[row.id].undo:
            self.day.undoable[row.id] = (memory, before.orders[row.id].decision)
        return None

    def _require_decision(self, row: Any, wanted: str | None) -> None:
        """The order is decided as it was asked; or as it was, where the program died over it."""
        now = self.day.books().orders[row.id].decision
        allowed = {wanted} if self.day.lived else {wanted, row.decision}
        assert now in allowed, f"{row.webstore_id}: decided is {now} instead of {wanted}"

    # Other ways to decide

    def set_status(self) -> None:
        """Choose a status; what is offered is possible, and nothing else."""
        row = self._draw(self._orders())
        seen = self.day.engine.order_by_id(row.id)
        offered = seen.choices
        asked = self._draw([*offered, *offered, *_BY_STATUS])

        def choose(answer: Decision | None = None) -> Any:
            return self._changes_only_if_done(
                row, lambda engine: engine.set_status(row.id, asked, STAFF, answer=answer)
            )

        try:
            refused = choose()
        except NeedsAnswer as question:
            refused = choose(Decision(self._draw(question.answers)))
        assert bool(refused) == (asked not in offered), f"{asked}: {refused}"
        if said := seen.not_now.get(asked):
            assert _same(said, refused), f"{asked}: said was {said}, and it came to {refused}"

    def undo(self) -> None:
        """Take the last act back, if it can be."""
        row = self._draw([one for one in self._orders() if one.undo] or self._orders())
        memory, decided = self.day.undoable.get(row.id, (None, None))
        seen = self.day.engine.preview_act(row.id, Doing(act=Act.UNDO))
        refused = self._changes_only_if_done(row, lambda engine: engine.undo(row.id, STAFF))
        assert _same(seen.why_not, refused), f"undo: said was {seen.why_not}, and it came to {refused}"
        if not refused and self.day.lived:
            after = self.day.books().orders[row.id]
            assert (after.undo, after.closing) == (None, None)
            assert memory != row.undo or after.decision == decided, f"decided is {after.decision}"

    def undo_at_once(self) -> None:
        """Act, and take it back before anybody was told."""
        self.act()
        self.undo()

    def send_again(self) -> None:
        row = self._draw(self._orders())
        self.day.do(lambda engine: engine.send_again(row.id, STAFF))

    def make_anew(self, meanwhile: Callable[[str], None]) -> None:
        """Make a changed order's sale anew; `meanwhile` is done with it before the POS has answered."""
        changed = [one for one in self.day.engine.orders() if one.changed_after_sale]
        if not changed:
            return
        found = self._draw(changed)
        self.day.meet("before pos open_sales", lambda: meanwhile(found.webstore_id))
        self._or_refused(lambda engine: engine.act(found.id, Doing(act=Act.REMAKE_SALE), STAFF))
        self.day.meet()

    def leave_as_sold(self) -> None:
        """Say that a sale stays, though the webstore changed its order."""
        changed = [one for one in self.day.engine.orders() if one.changed_after_sale]
        if not changed:
            return
        found = self._draw(changed)
        before = self.day.books()
        version = before.orders[found.id].version
        # One to which the customer added an item is not left as it is (`tillbridge.differences`).
        self._or_refused(lambda engine: engine.leave_as_sold(found.id, version, STAFF))
        after = self.day.books()
        if after.entries != before.entries:
            self.day.kept[found.id] = before.newest(found.id)

    def call(self) -> None:
        """Call a customer, and perhaps call again."""
        row, later = self._draw(self._orders()), self._draw([None, timedelta(hours=3)])
        again = self.day.clock.now() + later if later else None
        tried = NewContact(channel=Channel.CALL, outcome=Outcome.NO_ANSWER, again_at=again)
        self.day.do(lambda engine: engine.contact(row.id, tried, STAFF))

    # Repairing

    def repair(self) -> None:
        """Say who a customer is or what a line is, take it back, or merge products."""
        repairs = (self._link_customer, self._link_product, self._repoint, self._merge, self._unmerge)
        self._draw((*repairs, self._forget))()

    def _link_customer(self) -> None:
        strangers = [row for row in self._orders() if row.webstore_id in self.day.market.strangers()]
        if strangers:
            row = self._draw(strangers)
            self.day.do(lambda engine: engine.link_customer(row.id, "C2", STAFF))

    def _link_product(self) -> None:
        found = self._draw(self.day.engine.orders())
        if found.lines:
            line, product = self._draw(found.lines).line_id, self._draw(["P2", "P5"])
            self.day.do(lambda engine: engine.link_product(found.id, line, product, STAFF))

    def _repoint(self) -> None:
        found = self._draw(self.day.engine.orders())
        if not found.lines:
            return
        line, product = self._draw(found.lines).line_id, self._draw(["P1", "P2", "P5"])
        everywhere = self._draw([True, False])
        self._or_refused(lambda engine: engine.repoint(found.id, line, product, STAFF, everywhere=everywhere))

    def merge_or_unmerge(self) -> None:
        """Twins become one product, or two again."""
        self._draw((self._merge, self._merge, self._unmerge))()

    def _merge(self) -> None:
        from tillbridge.pos.embedded.merging import MergeOrder  # noqa: PLC0415  # as the command line does

        kept, gone = self._draw([("P3", "P4"), ("P4", "P3"), ("P1", "P5")])
        order = MergeOrder(kept=kept, merged=(gone,), who="지은", anyway=kept == "P1")
        self._or_refused(lambda _: self.day.pos.merge(order))
        self.day.do(lambda engine: engine.heal(STAFF))

    def _unmerge(self) -> None:
        gone = self._draw(["P3", "P4", "P5"])
        self._or_refused(lambda _: self.day.pos.unmerge(gone, "지은"))
        self.day.do(lambda engine: engine.heal(STAFF))

    def _forget(self) -> None:
        known = self.day.engine.bindings()
        if known:
            one = self._draw(known)
            self.day.do(lambda engine: engine.forget("web", one.kind, one.key, STAFF))

    # At the counter

    def counter(self) -> None:
        """Do something to an order's sale: what the POS refuses changes nothing of it."""
        sold = [row for row in self._orders() if row.sale_id]
        if not sold:
            return
        row = self._draw(sold)
        sale = self.day.engine.sale(row.id)
        # What was decided before is done first, and may be why this is refused.
        waits = row.id in self.day.books().waiting_for("pos")
        act = self._draw((self._add, self._remove, self._price, self._pay, self._finish, self._take_back))
        try:
            self.day.do(lambda engine: act(engine, row.id, sale))
        except (NotAllowed, NotFound):
            after = self.day.engine.sale(row.id)
            assert waits or (sale.items, sale.payments) == (after.items, after.payments)

    def _add(self, engine: Engine, order_id: int, _: Any) -> None:
        wanted = NewItem(product_id=self._draw(["P1", "P2"]), quantity=Decimal(1))
        engine.add_item(order_id, wanted, STAFF)

    def _remove(self, engine: Engine, order_id: int, sale: Any) -> None:
        item = self._draw(sale.items)
        picks = self._draw([(ItemPick(item=item.id),), (ItemPick(item=item.id, quantity=Decimal(1)),), ()])
        engine.remove_items(order_id, picks, STAFF)

    def _price(self, engine: Engine, order_id: int, sale: Any) -> None:
        price = NewPrice(pick=ItemPick(item=self._draw(sale.items).id), gross=won(self._draw([0, 4_000])))
        engine.change_price(order_id, price, STAFF, self._draw([_CALLED, None]))

    def _pay(self, engine: Engine, order_id: int, sale: Any) -> None:
        kind = self._draw([PaymentKind.CASH, PaymentKind.CARD, PaymentKind.ECOMMERCE])
        amount = self._draw([won(5_000), won(-5_000), sale.balance.due])
        engine.pay(order_id, Payment(kind=kind, amount=amount), STAFF)

    def _finish(self, engine: Engine, order_id: int, _: Any) -> None:
        engine.finish_sale(order_id, STAFF)

    def _take_back(self, engine: Engine, order_id: int, sale: Any) -> None:
        wanted = ReturnedItem(item=self._draw(sale.items).id, to_stock=self._draw([True, False]))
        engine.take_back(order_id, Return(items=(wanted,)), STAFF)

    def finish_at_till(self) -> None:
        """Somebody rings a sale up at the till, without the engine."""
        sales = [row for row in self.day.books().sales.values() if row.state in ("open", "emptied")]
        if sales:
            code = f"S{self._draw(sales).id}"
            self._or_refused(lambda _: self.day.pos.finish_at_till(code, reason="수령"))

    def _or_refused(self, act: Callable[[Engine], object]) -> None:
        try:
            self.day.do(act)
        except (NotAllowed, NotFound):
            return


__all__ = ["Died", "Staff"]


def _same(said: Words | None, refused: Words | None) -> bool:
    """Whether a refusal is what was said before; it may also say who acted just before."""
    if said is None or refused is None:
        return said is refused
    return refused == said or refused.en.startswith(f"{said.en} Just before, ")

"""A point of sale in memory that keeps the contract: for tests of a host or of the engine."""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tillbridge.model.drafts import AttemptKey, ItemKind, SaleDraft
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.pos.contract import (
    CustomerHit,
    CustomerKey,
    Done,
    Opened,
    PointOfSale,
    ProductHit,
    ProductKey,
    Refused,
    SaleAction,
    SaleChange,
    SaleFacts,
    SalesChanged,
    SaleState,
    SaleView,
    Shortage,
)
from tillbridge.pos.details import Payment, PaymentKind
from tillbridge.pos.sales import SaleItem
from tillbridge.testing.bills import Bill

_EXISTS = Words("There is a sale for this order already.", "이 주문의 거래가 이미 있습니다.")
_VOIDED = Words("This sale was voided.", "취소된 거래입니다.")
_FINISHED = Words("The sale is finished.", "이미 종료된 거래입니다.")


@dataclass(slots=True)
class MemoryPos(PointOfSale):
    """A point of sale in memory.

    Attributes:
        refuse_next: why the next sale that is asked for the first time is refused, if it is.
        on_hand: pieces by (store, product); what was never there counts from zero.
    """

    known_stores: list[Store]
    products: dict[ProductKey, list[ProductHit]] = field(default_factory=lambda: defaultdict(list))
    customers: dict[CustomerKey, list[CustomerHit]] = field(default_factory=lambda: defaultdict(list))
    on_hand: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    drafts: dict[AttemptKey, SaleDraft] = field(default_factory=dict)
    sales: dict[AttemptKey, SaleFacts] = field(default_factory=dict)
    refuse_next: Words | None = None
    _answers: dict[AttemptKey, Opened | Refused] = field(default_factory=dict)
    _changes: dict[str, Done | Refused] = field(default_factory=dict)
    _bills: dict[AttemptKey, Bill] = field(default_factory=dict)
    _feed: list[SaleFacts] = field(default_factory=list)
    _guard: threading.RLock = field(default_factory=threading.RLock)

    def stores(self) -> Sequence[Store]:
        """Return every store."""
        return self.known_stores

    def find_products(self, keys: Collection[ProductKey]) -> Mapping[ProductKey, Sequence[ProductHit]]:
        """Return the products of each key."""
        return {key: list(self.products[key]) for key in keys if key in self.products}

    def find_customers(self, keys: Collection[CustomerKey]) -> Mapping[CustomerKey, Sequence[CustomerHit]]:
        """Return the customers of each key."""
        return {key: list(self.customers[key]) for key in keys if key in self.customers}

    def open_sales(self, drafts: Sequence[SaleDraft]) -> Mapping[AttemptKey, Opened | Refused]:
        """Open a sale for each draft, once an attempt."""
        with self._guard:
            return {draft.attempt: self._open(draft) for draft in drafts}

    def change_sales(self, changes: Sequence[SaleChange]) -> Mapping[str, Done | Refused]:
        """Do each change once, in order."""
        with self._guard:
            for change in changes:
                if change.key not in self._changes:
                    self._changes[change.key] = self._change(change)
            return {change.key: self._changes[change.key] for change in changes}

    def sale(self, code: str) -> SaleView | None:
        """Return a sale by ID or barcode."""
        with self._guard:
            for key, facts in self.sales.items():
                if code in (facts.sale_id, facts.barcode):
                    return self._bills[key].view(facts, self.drafts[key])
        return None

    def find_sales(self, order_keys: Collection[str]) -> Mapping[str, SaleFacts]:
        """Return the sale that is not void of each order that has one."""
        with self._guard:
            return {
                key.order_key: sale
                for key, sale in self.sales.items()
                if key.order_key in order_keys and sale.state is not SaleState.VOID
            }

    def sales_changed(self, cursor: str | None, limit: int = 500) -> SalesChanged:
        """Return what changed at the till after `cursor`."""
        with self._guard:
            start = int(cursor or 0)
            found = self._feed[start : start + limit]
            return SalesChanged(found, str(start + len(found)))

    def stock_short(self) -> Sequence[Shortage]:
        """Return the products of which a store has sold more than it had."""
        with self._guard:
            return [Shortage(*place, -pieces) for place, pieces in self.on_hand.items() if pieces < 0]

    def finish_at_till(self, order_key: str) -> None:
        """Finish an order's open sale as staff do at the till; an emptied one stays as it is."""
        with self._guard:
            sale = self.find_sales([order_key])[order_key]
            if sale.state is SaleState.OPEN:
                bill = self._bills[sale.attempt]
                if bill.balance.due:
                    bill.payments.append(Payment(kind=PaymentKind.CASH, amount=bill.balance.due))
                self._feed.append(self._set(sale, SaleState.FINISHED))

    def _open(self, draft: SaleDraft) -> Opened | Refused:
        key = draft.attempt
        if key not in self._answers:
            self._answers[key] = self._answer(draft)
        return self._answers[key]

    def _answer(self, draft: SaleDraft) -> Opened | Refused:
        if self.refuse_next is not None:
            refused, self.refuse_next = Refused(self.refuse_next), None
            return refused
        if draft.attempt.order_key in self.find_sales([draft.attempt.order_key]):
            return Refused(_EXISTS)
        number = f"{len(self.sales) + 1:012d}"
        self.drafts[draft.attempt] = draft
        self.sales[draft.attempt] = SaleFacts(number, f"2{number}", draft.attempt, SaleState.OPEN)
        self._bills[draft.attempt] = Bill.of(draft)
        self._move(draft.store, self._bills[draft.attempt].items, -1)
        return Opened(number, f"2{number}")

    def _change(self, change: SaleChange) -> Done | Refused:
        sale = self.sales.get(change.attempt)
        if sale is not None and sale.state is SaleState.FINISHED:
            return Refused(_FINISHED)
        if change.action is SaleAction.VOID:
            self._answers[change.attempt] = Refused(_VOIDED)
        if sale is None:
            return Done()
        bill = self._bills[change.attempt]
        had = list(bill.items)
        if refused := bill.change(change):
            return Refused(refused)
        if sale.state is SaleState.OPEN:
            gone = had if change.action is SaleAction.VOID else [one for one in had if one not in bill.items]
            self._move(self.drafts[change.attempt].store, gone, 1)
        self._set(sale, self._after(sale.state, change.action, bill))
        return Done()

    @staticmethod
    def _after(state: SaleState, action: SaleAction, bill: Bill) -> SaleState:
        if action is SaleAction.VOID:
            return SaleState.VOID
        if action is SaleAction.REMOVE_ITEMS:
            return SaleState.EMPTIED if state is SaleState.OPEN and not bill.items else state
        if action is SaleAction.FINISH:
            closed = {SaleState.OPEN: SaleState.FINISHED, SaleState.EMPTIED: SaleState.CLOSED_EMPTY}
            return closed.get(state, state)
        return state

    def _set(self, sale: SaleFacts, state: SaleState) -> SaleFacts:
        self.sales[sale.attempt] = replace(sale, state=state)
        return self.sales[sale.attempt]

    def _move(self, store: str, items: Iterable[SaleItem], sign: int) -> None:
        for item in items:
            if item.kind is ItemKind.PRODUCT:
                self.on_hand[store, item.product_id or ""] += sign * item.quantity

"""A sale as the POS shows it: items, payments, comments, and what is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from tillbridge.model.drafts import AttemptKey, ItemKind
from tillbridge.model.money import Money, sum_money, zero
from tillbridge.model.orders import OrderKind
from tillbridge.pos.details import Payment, PaymentKind


class SaleState(StrEnum):
    """Where a sale stands in the POS."""

    OPEN = "open"
    EMPTIED = "emptied"  # open, its items removed, their stock returned
    FINISHED = "finished"  # finished with items: the goods are gone
    CLOSED_EMPTY = "closed_empty"  # finished without items: a cancelled order's sale
    VOID = "void"


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """A sale as the POS has it."""

    sale_id: str
    barcode: str
    attempt: AttemptKey
    state: SaleState


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleItem:
    """An item of a sale; a removed one stays to be seen.

    Attributes:
        id: names it within its sale, for ever.
        web_line: the web order's line that it came with, or None.
        added: whether it was added at the counter, and so is none of the web order's.
    """

    id: str
    kind: ItemKind
    product_id: str | None
    description: str
    quantity: Decimal
    net: Money
    tax: Money
    web_line: str | None = None
    added: bool = False
    removed: bool = False

    @property
    def gross(self) -> Money:
        """What the customer pays for all its pieces."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class PaymentTaken:
    """A payment, when it was taken and by whom."""

    payment: Payment
    at: datetime
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What a sale costs and what was paid for it.

    An eCommerce payment pays what the web order brought and nothing else (MISSION S28): where that
    became less, the rest is given back by the way it came.

    Attributes:
        web: what is left of the web order, tax included.
        counter: what was added at the counter, tax included.
        web_paid: by eCommerce payments.
        counter_paid: by all others.
    """

    web: Money
    counter: Money
    web_paid: Money
    counter_paid: Money

    @property
    def total(self) -> Money:
        """What all items cost, tax included."""
        return self.web + self.counter

    @property
    def paid(self) -> Money:
        """What was paid, whichever way."""
        return self.web_paid + self.counter_paid

    @property
    def due(self) -> Money:
        """What the customer still has to pay at the counter; below zero it is handed back."""
        open_web = max(self.web - self.web_paid, zero(self.web.currency))
        return self.counter + open_web - self.counter_paid

    @property
    def refund(self) -> Money:
        """What the webstore or its payment service has to give back; never below zero."""
        return max(self.web_paid - self.web, zero(self.web.currency))

    @property
    def settled(self) -> bool:
        """Whether nothing is due to anyone."""
        return not self.due and not self.refund


class Priced(Protocol):
    """An item as `balance` adds it up; `added` and `removed` may be moments, or only say whether."""

    @property
    def gross(self) -> Money:
        """What all its pieces cost, tax included."""

    @property
    def added(self) -> object:
        """Whether it was added at the counter."""

    @property
    def removed(self) -> object:
        """Whether it is off the sale."""


def balance(items: Iterable[Priced], payments: Sequence[Payment], currency: str) -> Balance:
    """Add up a sale's items and payments; what is removed does not count."""
    there = [item for item in items if not item.removed]
    return Balance(
        web=sum_money((item.gross for item in there if not item.added), currency),
        counter=sum_money((item.gross for item in there if item.added), currency),
        web_paid=sum_money((one.amount for one in payments if _of_web(one)), currency),
        counter_paid=sum_money((one.amount for one in payments if not _of_web(one)), currency),
    )


def _of_web(payment: Payment) -> bool:
    return payment.kind is PaymentKind.ECOMMERCE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    """Pieces of an item that came back, and what they cost."""

    item: str
    quantity: Decimal
    net: Money
    tax: Money
    to_stock: bool

    @property
    def gross(self) -> Money:
        """What the customer had paid for them."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTaken:
    """One return: what came back, and how the money goes back.

    Attributes:
        refunds: amounts above zero; an eCommerce one is asked of the webstore or its payment service.
    """

    items: Sequence[ReturnedLine]
    refunds: Sequence[Payment]
    reason: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleView:
    """A sale with its items, payments and comments, in their order.

    Attributes:
        revision: grows with every change; a change that expects another one is refused.
        web_total: what the web order came to when the sale was opened.
        kept_open: why it is kept open, or None if it is not.
        returns: what came back since it was finished; the sale itself stays as it was.
    """

    facts: SaleFacts
    revision: int
    kind: OrderKind
    store: str
    customer_id: str
    currency: str
    web_total: Money
    items: Sequence[SaleItem]
    payments: Sequence[PaymentTaken] = ()
    comments: Sequence[str] = field(default=())
    kept_open: str | None = None
    returns: Sequence[ReturnTaken] = ()
    opened_at: datetime
    changed_at: datetime

    @property
    def balance(self) -> Balance:
        """What it costs and what was paid."""
        return balance(self.items, [one.payment for one in self.payments], self.currency)

    @property
    def total(self) -> Money:
        """What all items cost, tax included."""
        return self.balance.total

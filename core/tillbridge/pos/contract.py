"""What the engine asks of a point of sale.

The POS is always a separate transactional world, even where it lives in the same file: the engine
never calls it inside a transaction of its own. Every call is batched, and may come again: a call
with a key that was answered before is answered the same way and does nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from tillbridge.model.drafts import AttemptKey, SaleDraft
from tillbridge.model.errors import NotAllowed
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.pos.cards import (
    CustomerQuery,
    FoundCustomer,
    FoundProduct,
    NewCustomer,
    NewProduct,
    ProductCard,
    ProductQuery,
)
from tillbridge.pos.details import Detail, SaleAction
from tillbridge.pos.offers import ShelfChanges, ShelfItem
from tillbridge.pos.sales import SaleFacts, SaleState, SaleView

DOES_IT_ITSELF: Final = Words(
    "This point of sale does that itself; do it there.",
    "이 작업은 연결된 POS에서 직접 처리합니다. POS에서 진행해 주세요.",
)
# What the contract's calls take and give; it is imported from here, wherever it is made.
__all__ = [
    "DOES_IT_ITSELF",
    "CustomerHit",
    "CustomerKey",
    "CustomerKeyKind",
    "Done",
    "NotOffered",
    "Opened",
    "PointOfSale",
    "ProductHit",
    "ProductKey",
    "Refused",
    "SaleAction",
    "SaleChange",
    "SaleFacts",
    "SaleState",
    "SaleView",
    "SalesChanged",
    "ShelfChanges",
    "ShelfItem",
    "VendorFile",
]


class NotOffered(NotAllowed):
    """This point of sale has no such call: what it is for is done there."""


class ProductKey(NamedTuple):
    """A number by which a product may be known.

    Attributes:
        kind: what number it is.
        value: in its canonical form (`tillbridge.model.identifiers`).
        scope: the vendor of a VPN or the brand of an MPN, normalised; "" asks in every scope.
    """

    kind: IdentifierKind
    value: str
    scope: str = ""


class ProductHit(NamedTuple):
    """A product that a key leads to."""

    product_id: str
    description: str


class CustomerKeyKind(StrEnum):
    """By what a customer may be known."""

    ID = "id"
    EMAIL = "email"
    PHONE_AND_NAME = "phone_and_name"


class CustomerKey(NamedTuple):
    """Something by which a customer may be known.

    Attributes:
        kind: what it is.
        value: the POS's customer ID; a case-folded e-mail; or an E.164 number.
        name: the normalised name that must be the same too, for PHONE_AND_NAME.
    """

    kind: CustomerKeyKind
    value: str
    name: str = ""


class CustomerHit(NamedTuple):
    """A customer that a key leads to; `customer_id` is the living one where customers were merged."""

    customer_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The sale exists; its items are off the stock."""

    sale_id: str
    barcode: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The POS did not do it, and will say so again for the same key."""

    words: Words


@dataclass(frozen=True, slots=True)
class Done:
    """The change is made."""


@dataclass(frozen=True, slots=True)
class SaleChange:
    """One act on the sale of one attempt.

    Attributes:
        key: idempotency key; the POS keeps its answer by it.
        attempt: whose sale. A void also keeps that attempt from ever opening a sale later.
        action: what to do.
        reason: stands in the sale's comments.
        detail: what exactly, for the actions that need it (`tillbridge.pos.details`).
        who: the member of staff who did it, or "".
        expect: the sale's revision that the change was decided on; of another one it is refused.
            None: whatever the sale has become, as for what the outbox brings later.
    """

    key: str
    attempt: AttemptKey
    action: SaleAction
    reason: str
    detail: Detail | None = None
    who: str = ""
    expect: int | None = None


@dataclass(frozen=True, slots=True)
class SalesChanged:
    """What changed at the till since a cursor, oldest first, and the cursor after it."""

    sales: Sequence[SaleFacts]
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFile:
    """A vendor's last product file, and when the next one is due.

    Attributes:
        vendor: the vendor's name.
        file_name: of the last file; "" if none came yet.
        lines: how many products it had.
        products: how many the vendor owns; 0 where it was not counted.
        imported_at: when it came, or None.
        every_days: how soon the next is expected, or None for never.
    """

    vendor: str
    file_name: str = ""
    lines: int = 0
    products: int = 0
    imported_at: datetime | None = None
    every_days: int | None = None

    @property
    def due_at(self) -> datetime | None:
        """When the next file is due; None if none is expected or none ever came."""
        if self.imported_at is None or self.every_days is None:
            return None
        return self.imported_at + timedelta(days=self.every_days)

    def is_due(self, now: datetime) -> bool:
        """Tell whether the next file is due."""
        due_at = self.due_at
        return due_at is not None and due_at <= now

    def age_days(self, now: datetime) -> int | None:
        """Return how many whole days ago the last file came."""
        return None if self.imported_at is None else (now - self.imported_at).days


@dataclass(frozen=True, slots=True)
class Shortage:
    """A product of which a store has sold more than it had.

    Attributes:
        missing: pieces below zero, as a number above zero.
    """

    store: str
    product_id: str
    missing: Decimal


class PointOfSale(ABC):
    """A point of sale: the embedded one, or a host's own.

    Attributes:
        call_deadline: seconds after which a call of a worker that died can no longer arrive;
            0 for one that runs in the worker's own process.
    """

    call_deadline: float = 0.0

    @abstractmethod
    def stores(self) -> Sequence[Store]:
        """Return every store, the default one first."""

    @abstractmethod
    def find_products(self, keys: Collection[ProductKey]) -> Mapping[ProductKey, Sequence[ProductHit]]:
        """Return the products of each key; a key that leads nowhere may be left out."""

    @abstractmethod
    def find_customers(self, keys: Collection[CustomerKey]) -> Mapping[CustomerKey, Sequence[CustomerHit]]:
        """Return the customers of each key; a key that leads nowhere may be left out."""

    @abstractmethod
    def open_sales(self, drafts: Sequence[SaleDraft]) -> Mapping[AttemptKey, Opened | Refused]:
        """Open a sale for each draft: items on it, stock off, the customer updated.

        A draft of a sale that is made anew also has what the old one had of its own (`SaleDraft.carried`):
        items of the counter, comments, and why it is kept open; they go on the sale with it.

        Idempotent by attempt: whatever was answered (opened, refused, voided since) is answered
        again, and nothing more happens. An order whose other attempt has a sale that is not void is
        refused. One draft that cannot be opened never stops the others.
        """

    @abstractmethod
    def change_sales(self, changes: Sequence[SaleChange]) -> Mapping[str, Done | Refused]:
        """Do each change once, in order; the answer is kept by its key.

        Refused: whatever would alter a sale that is finished with items; finishing one that is not
        settled, or that is kept open, without a reason; voiding one that money was taken for at the
        counter. A void of an attempt that has no sale is done, and bars that attempt for good. A POS
        that has no such action refuses it in words.
        """

    @abstractmethod
    def find_sales(self, order_keys: Collection[str]) -> Mapping[str, SaleFacts]:
        """Return the newest sale that is not void of each order that has one."""

    @abstractmethod
    def sales_changed(self, cursor: str | None, limit: int = 500) -> SalesChanged:
        """Return sales that changed after `cursor` (None: from the beginning), none ever missed."""

    def sale(self, code: str) -> SaleView | None:  # noqa: ARG002  # for those who answer
        """Return a sale by ID or barcode, with its items, payments and comments; None: there is none.

        Raises:
            NotOffered: this POS shows its sales itself.
        """
        raise NotOffered(DOES_IT_ITSELF)

    def show_sales(self, sale_ids: Collection[str]) -> Mapping[str, SaleView]:
        """Return sales by their IDs, each as `sale` shows it; one that is not there is left out.

        A POS that can show many at once answers this itself; else they are asked for one by one.

        Raises:
            NotOffered: this POS shows its sales itself.
        """
        found = {number: self.sale(number) for number in sale_ids}
        return {number: view for number, view in found.items() if view is not None}

    # What staff look for and add while they repair an order

    def search_products(self, query: ProductQuery, limit: int) -> Sequence[FoundProduct]:  # noqa: ARG002  # as above
        """Return products that a query leads to: by GTIN or UPC, VPN, MPN, SKU, then by description.

        Raises:
            NotOffered: this POS searches by itself.
        """
        raise NotOffered(DOES_IT_ITSELF)

    def search_customers(self, query: CustomerQuery, limit: int) -> Sequence[FoundCustomer]:  # noqa: ARG002  # as above
        """Return customers who fit any of a query, those who fit most first, close spellings last.

        Raises:
            NotOffered: this POS searches by itself.
        """
        raise NotOffered(DOES_IT_ITSELF)

    def product_cards(self, product_ids: Collection[str]) -> Mapping[str, ProductCard]:  # noqa: ARG002  # as above
        """Return products by their IDs; one that is not there is left out.

        Raises:
            NotOffered: this POS does not tell; an ID is then taken on trust.
        """
        raise NotOffered(DOES_IT_ITSELF)

    def add_product(self, product: NewProduct) -> str:  # noqa: ARG002  # as above
        """Add a product that belongs to no vendor's file; return its ID.

        Raises:
            NotOffered: products are added in this POS.
            InputError: a number of it cannot be read, or a store is unknown.
        """
        raise NotOffered(DOES_IT_ITSELF)

    def add_customer(self, customer: NewCustomer) -> str:  # noqa: ARG002  # as above
        """Add a customer; return the ID.

        Raises:
            NotOffered: customers are added in this POS.
            InputError: it has no name, its number is taken, or an e-mail or phone cannot be read.
        """
        raise NotOffered(DOES_IT_ITSELF)

    # What webstores are to show

    def shelf_changed(self, cursor: str | None, limit: int = 1000) -> ShelfChanges:  # noqa: ARG002  # as above
        """Return what changed of stock, price and numbers after `cursor` (None: all there is), none missed.

        Each product and store stands once in an answer, as it is now, and again in a later one if it
        changed again. About `limit` of them at most; more where they changed together.

        Raises:
            NotOffered: this POS does not tell; its webstores are fed by itself.
            InputError: `cursor` is none of this feed's.
        """
        raise NotOffered(DOES_IT_ITSELF)

    def files_due(self) -> Sequence[VendorFile]:
        """Return the vendors whose product file is due: it came once, and is too old by now.

        It is asked at every beat. A POS that is fed in another way has none.
        """
        return ()

    def stock_short(self) -> Sequence[Shortage]:
        """Return what was sold although it was not there: the products below zero in a store.

        It is asked whenever staff look at orders or messages. A POS that watches that by itself has none.
        """
        return ()

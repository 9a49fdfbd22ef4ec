"""The sale as the POS is asked to open it: complete, and the same at every try."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from tillbridge.model.base import Frozen, UtcDatetime
from tillbridge.model.money import Money
from tillbridge.model.orders import Address, Consent, OrderKind


class ItemKind(StrEnum):
    """What an item of a sale is. Only products move stock."""

    PRODUCT = "product"
    SHIPPING = "shipping"
    FEE = "fee"
    TIP = "tip"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True)
class AttemptKey:
    """An attempt's key: the order's key and the attempt's number. The POS keeps its answer by it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    order_key: str
    number: int

    def __str__(self) -> str:
        return f"{self.order_key}#{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftItem:
    """One item of the sale; net + tax = gross, the tax as the order had it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: ItemKind
    description: str
    quantity: Decimal
    net: Money
    tax: Money
    product_id: str | None = None
    web_line_id: str | None = None

    @property
    def gross(self) -> Money:
        """What the customer pays for the item in this sale."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerUpdate:
    """What the order tells of its customer: applied once, and only if no newer order was."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    ordered_at: UtcDatetime
    shipping_address: Address | None = None
    consent: Consent | None = None


class SaleDraft(Frozen):
    """A complete sale, committed before the POS is asked to open it."""

    attempt: AttemptKey
    store: str
    customer_id: str
    kind: OrderKind
    currency: str
    total: Money
    items: tuple[DraftItem, ...]
    customer_update: CustomerUpdate
    comment: str
    placed_at: UtcDatetime

"""The sale as the POS is asked to open it: complete, and the same at every try."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Final

from pydantic import ConfigDict, TypeAdapter

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


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """What a sale had that its web order did not bring, for the sale that is made in its place.

    Attributes:
        items: what was added at the counter, as it cost there; none of them is the web order's.
        comments: beside the order's own.
        kept_open: why it is kept open, or None if it is not.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    items: tuple[DraftItem, ...] = ()
    comments: tuple[str, ...] = ()
    kept_open: str | None = None

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.items or self.comments or self.kept_open)


_CARRIED: Final = TypeAdapter(CarriedOver)


def write_carried(carried: CarriedOver) -> dict[str, Any]:
    """Return it as JSON data."""
    data: dict[str, Any] = _CARRIED.dump_python(carried, mode="json")
    return data


def read_carried(data: object) -> CarriedOver:
    """Return what `write_carried` wrote.

    Raises:
        ValidationError: it is nothing of the kind.
    """
    return _CARRIED.validate_python(data)


class SaleDraft(Frozen):
    """A complete sale, committed before the POS is asked to open it.

    Attributes:
        total: of `items`, tax included: what the web order comes to.
        carried: what the new sale also has, from the one in whose place it is made; None: nothing.
    """

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
    carried: CarriedOver | None = None

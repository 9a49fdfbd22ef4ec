"""What is done to a sale, in detail: which items, what price, what payment. Each is one action's.

The outbox keeps a detail as JSON until the POS has answered, so each is plain data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Final

from pydantic import ConfigDict, TypeAdapter

from tillbridge.model.money import Money, zero
from tillbridge.model.payments import STRIPE
from tillbridge.model.words import Words


class SaleAction(StrEnum):
    """What can be done to a sale from outside."""

    REMOVE_ITEMS = "remove_items"  # all of them, or `SomeItems`
    FINISH = "finish"  # refused unless it is settled; a sale without items is closed empty
    VOID = "void"
    ADD_ITEM = "add_item"  # `NewItem`
    SET_PRICE = "set_price"  # `NewPrice`
    COMMENT = "comment"  # the change's reason is the comment
    PAY = "pay"  # `Payment`
    SET_CUSTOMER = "set_customer"  # `OtherCustomer`: it was opened for a wrong one
    REPLACE_PRODUCT = "replace_product"  # `OtherProduct`: it was matched wrongly
    KEEP_OPEN = "keep_open"  # from now on finishing needs a reason
    RELEASE = "release"  # it is kept open no longer
    RETURN = "return"  # `Return`, of a sale that is finished


class PaymentKind(StrEnum):
    """How money came. What a webstore or its payment service holds or took is an eCommerce payment."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    GIFT_CARD = "gift_card"
    OTHER = "other"
    ECOMMERCE = "ecommerce"


PAYMENT_WORDS: Final[Mapping[PaymentKind, Words]] = {
    PaymentKind.CASH: Words("cash", "현금"),
    PaymentKind.CARD: Words("card", "카드"),
    PaymentKind.TRANSFER: Words("bank transfer", "계좌이체"),
    PaymentKind.GIFT_CARD: Words("gift card", "상품권"),
    PaymentKind.OTHER: Words("other", "기타"),
    PaymentKind.ECOMMERCE: Words("eCommerce payment", "이커머스 결제"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPick:
    """An item that is meant: by the POS's own ID of it, or by the web order's line.

    Attributes:
        item: the ID that `SaleItem.id` says, or "".
        web_line: the web order's line ID, or "".
        quantity: how many pieces of it; None for all that are left.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    item: str = ""
    web_line: str = ""
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeItems:
    """Items to remove. What is removed already is no fault, unless a quantity is named."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    picks: tuple[ItemPick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """A product that the customer takes as well.

    Attributes:
        product_id: the POS's ID of it.
        price: of one piece, with or without tax as the store's shelf prices are; None: the catalogue's.
        tax_rate: in percent, as in 10; None: the store's.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    product_id: str
    quantity: Decimal = Decimal(1)
    price: Money | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPrice:
    """What all pieces of an item cost from now on, tax included; its tax changes in proportion."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    pick: ItemPick
    gross: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came, or went back (below zero).

    Attributes:
        amount: 0 only for an eCommerce payment: it says in reports that an order came from there.
        card_type: of a card or an eCommerce payment, as in "Stripe".
        reference: the other side's number of it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: PaymentKind
    amount: Money
    card_type: str = ""
    reference: str = ""


CARD_TYPE: Final = STRIPE
"""The card type of an eCommerce payment, where nobody says another (MISSION S20)."""


def nothing_paid(currency: str, card_type: str = CARD_TYPE) -> Payment:
    """Return the eCommerce payment of 0.00 by which reports know an order that came to nothing."""
    return Payment(kind=PaymentKind.ECOMMERCE, amount=zero(currency), card_type=card_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedItem:
    """An item that comes back.

    Attributes:
        item: the ID that `SaleItem.id` says.
        quantity: how many pieces; None for all that have not come back yet.
        to_stock: whether they can be sold again.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    item: str
    quantity: Decimal | None = None
    to_stock: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Items of a finished sale that come back. Their money goes back the way it came (MISSION S27)."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    items: tuple[ReturnedItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherProduct:
    """What an item really is, of which the sale has another product; its price stays as it is.

    Attributes:
        pick: all pieces of the item.
        product_id: the POS's ID of the right one.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    pick: ItemPick
    product_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCustomer:
    """Whose sale it really is. What its order brought (address, consent) is not applied a second time.

    Attributes:
        customer_id: the POS's ID of them.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    customer_id: str


Detail = SomeItems | NewItem | NewPrice | OtherProduct | OtherCustomer | Payment | Return

_DETAILS: Final[Mapping[SaleAction, TypeAdapter[Detail]]] = {
    SaleAction.REMOVE_ITEMS: TypeAdapter(SomeItems),
    SaleAction.ADD_ITEM: TypeAdapter(NewItem),
    SaleAction.SET_PRICE: TypeAdapter(NewPrice),
    SaleAction.SET_CUSTOMER: TypeAdapter(OtherCustomer),
    SaleAction.REPLACE_PRODUCT: TypeAdapter(OtherProduct),
    SaleAction.PAY: TypeAdapter(Payment),
    SaleAction.RETURN: TypeAdapter(Return),
}


def write_detail(action: SaleAction, detail: Detail | None) -> dict[str, Any] | None:
    """Return a detail as JSON data; None where there is none."""
    return None if detail is None else _DETAILS[action].dump_python(detail, mode="json")


def read_detail(action: SaleAction, data: object) -> Detail | None:
    """Return the detail that `write_detail` wrote.

    Raises:
        ValidationError: it is none of this action's.
    """
    return None if data is None else _DETAILS[action].validate_python(data)

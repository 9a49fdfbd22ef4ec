"""Locally's cart as it comes over the wire: exact about the fields that are used, blind to all others.

[V] marks a field that Locally publishes; the others are proposed (see README.md).
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
_LONGEST_TEXT: Final = 2000


def _text(value: Any) -> Any:
    """Take null for "" and a number for its digits; half an emoji becomes a replacement character."""
    if isinstance(value, str):
        return value.strip() if value.isprintable() else _SURROGATES.sub(_UNKNOWN, value).strip()
    if value is None:
        return ""
    if type(value) is int:  # a bool is an int as well, and no text
        return str(value)
    raise PydanticCustomError("text_type", "no text")


def _identifier(value: Any) -> Any:
    """Take an ID as number or text; null, "" and 0 are what systems write for "none"."""
    text = _text(value)
    return None if text in {"", "0"} else text


def _number(value: Any) -> Any:
    """Take only a JSON number: one that comes as text has been through hands that may have changed it."""
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, Decimal):
        return value
    raise PydanticCustomError("number_type", "no number")


def _flag(value: Any) -> Any:
    """Take true and false, and 1 and 0, as the published example writes them."""
    if value is True or value is False:
        return value
    if type(value) is int and value in (0, 1):
        return value == 1
    raise PydanticCustomError("flag_type", "no flag")


def _moment(value: Any) -> Any:
    """Take a time that says its zone."""
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:  # the year 1, moved before its beginning
        raise PydanticCustomError("moment_type", "no time") from error
    raise PydanticCustomError("moment_zone", "no zone")


def _some(items: tuple[Any, ...]) -> tuple[Any, ...]:
    # pydantic's own min_length also counts a damaged item as missing, and says so a second time.
    if not items:
        raise PydanticCustomError("too_short", "no items")
    return items


# Bounds stand before what is done first: pydantic then checks them itself, and not by functions of Python.
Text = Annotated[str, Field(max_length=_LONGEST_TEXT), BeforeValidator(_text)]
Identifier = Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(_identifier)]
Quantity = Annotated[Decimal, Field(max_digits=15, decimal_places=4, gt=0), BeforeValidator(_number)]
Price = Annotated[Decimal, Field(max_digits=20, decimal_places=6, ge=0), BeforeValidator(_number)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
# An order's hash stands in addresses: nothing that could lead elsewhere may be in it.
Hash = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$"), BeforeValidator(_text)]


class Wire(BaseModel):
    """What all parts share: unknown fields are passed over, and no error text holds customers' data."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Item(Wire):
    """One item of a cart: what is bought, and what one unit of it costs."""

    id: Hash
    qty: Quantity  # [V]
    price_per_unit: Price  # [V]
    tax_per_unit: Price = Decimal(0)  # [V]; that it is money, and not a rate, is proposed
    upc: Identifier = None  # [V]
    message: Text = ""  # [V]
    product_id: Identifier = None
    product_title: Text = ""
    part_number: Identifier = None
    vendor: Text = ""
    brand: Text = ""
    status: Text = ""  # [V] by name only ("confirmed")


class User(Wire):
    """Who was signed in while the cart was filled; Locally makes one up for everybody else."""

    email: Text = ""  # [V]


class CartHead(Wire):
    """What says whether a cart is an order at all."""

    hash: Hash  # [V]
    status: Text


class Cart(CartHead):
    """A cart that was ordered."""

    ordered_at: Moment
    updated_at: Moment
    user_id: Identifier = None  # [V]
    store_id: Identifier = None
    currency: Text = ""
    payment_status: Text = ""
    payment_reference: Identifier = None
    for_hold: Flag  # [V]
    for_delivery: Flag = False  # [V]
    subtotal: Price  # [V], as the next three
    tax_total: Price
    shipping_cost_total: Price = Decimal(0)
    grand_total: Price
    first_name: Text = ""  # [V], as all up to `country`
    last_name: Text = ""
    email: Text = ""
    phone: Text = ""
    address: Text = ""
    address_2: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    country: Text = ""
    delivery_first_name: Text = ""  # [V]; of the further delivery fields only the beginning of the name is
    delivery_last_name: Text = ""
    delivery_address: Text = ""
    delivery_address_2: Text = ""
    delivery_city: Text = ""
    delivery_state: Text = ""
    delivery_zip: Text = ""
    delivery_country: Text = ""
    delivery_phone: Text = ""
    mailing_consent: Flag = False
    mailing_consent_at: Moment | None = None
    items: Annotated[tuple[Item, ...], AfterValidator(_some)]


class OrderHead(Wire):
    """The outermost part of an order, as far as it must be read first."""

    cart: CartHead


class Order(Wire):
    """One order: a cart, and the user it belongs to."""

    cart: Cart
    user: User | None = None

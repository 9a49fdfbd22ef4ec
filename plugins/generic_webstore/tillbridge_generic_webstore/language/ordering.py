"""The tables of a profile that say where the fields of an order are, and how money and times are written."""

from typing import Literal

from pydantic import Field

from tillbridge_generic_webstore.language.kinds import Expression, Part, Zone


class MoneyForm(Part):
    """How money is written, where it is more than a number: `{ unit, amount, currency, divisor }`."""

    unit: Literal["major", "minor"] = "major"
    amount: str | None = None
    """The name of the amount within an object."""
    currency: str | None = None
    divisor: str | None = None


class Defaults(Part):
    """`[defaults]`: what holds for the whole order."""

    money: Literal["major", "minor"] | MoneyForm = "major"
    time: Literal["iso", "epoch", "epoch_ms", "rfc2822"] = "iso"
    zone: Zone | None = None
    """For times that carry none; without it such a time is an error."""
    country: str | None = None


class ConsentField(Part):
    """Whether the customer agreed to mailings."""

    of: Expression
    yes: tuple[str, ...]
    no: tuple[str, ...] = ()


class CustomerFields(Part):
    """`order.customer`: who ordered."""

    id: Expression | None = None
    guest: tuple[str, ...] = ("0",)
    """IDs that stand for nobody."""
    name: Expression | None = None
    first_name: Expression | None = None
    last_name: Expression | None = None
    company: Expression | None = None
    email: Expression | None = None
    phone: Expression | None = None
    consent: ConsentField | None = None


class AddressFields(Part):
    """An address of the order."""

    name: Expression | None = None
    company: Expression | None = None
    line1: Expression | None = None
    line2: Expression | None = None
    line3: Expression | None = None
    city: Expression | None = None
    region: Expression | None = None
    postcode: Expression | None = None
    country: Expression | None = None
    phone: Expression | None = None


_StandingWord = Literal["unpaid", "open", "fulfilled", "cancelled", "refunded", "-"]
"""What a value of the table means; "-" says nothing."""


class StandingTable(Part):
    """One axis of an order's standing: each value of `of` is mapped, or ignored by name."""

    of: Expression
    map: dict[str, _StandingWord] | Literal["cancelled", "refunded"]
    ignore: tuple[str, ...] = ()


class AmountFields(Part):
    """An amount: two of net, tax and gross, or one `amount` of which `includes_tax` tells the kind."""

    net: Expression | None = None
    tax: Expression | None = None
    gross: Expression | None = None
    amount: Expression | None = None
    includes_tax: Expression | None = None


class ChargeFields(AmountFields):
    """`[[order.charges]]`: what is charged, or taken off, beside the lines."""

    kind: Literal["shipping", "fee", "tip", "discount", "tax", "rounding"]
    each: Expression | None = None
    when: Expression | None = None
    title: Expression | None = None
    sign: Literal[1, -1] = 1
    spread: bool = False
    """Spread over the lines by their amounts."""


class TenderFields(Part):
    """`[[order.tenders]]`: what was paid with."""

    each: Expression | None = None
    when: Expression | None = None
    kind: Literal["card", "gift_card", "store_credit", "cash", "other"] | None = None
    kind_from: Expression | None = None
    amount: Expression
    title: Expression | None = None
    reference: Expression | None = None


class OrderFields(Part):
    """`[order]`: where an order's fields are."""

    id: Expression
    number: Expression | None = None
    kind: Expression | None = None
    """How the customer gets the goods."""
    kinds: dict[str, Literal["bopis", "ropis", "shipping"]] = Field(default_factory=dict)
    kind_else: Literal["bopis", "ropis", "shipping"] = "shipping"
    placed: Expression
    updated: Expression | None = None
    revision: Expression | None = None
    currency: Expression
    total: Expression
    total_tax: Expression | None = None
    location: Expression | None = None
    note: Expression | None = None
    customer: CustomerFields = Field(default_factory=CustomerFields)
    billing_address: AddressFields | None = None
    shipping_address: AddressFields | None = None
    standing: tuple[StandingTable, ...] = Field(min_length=1)
    charges: tuple[ChargeFields, ...] = ()
    tenders: tuple[TenderFields, ...] = ()


class Join(Part):
    """`[lines.join.NAME]`: the row of a list whose `key` is the line's `on`: `_NAME` in expressions."""

    from_: Expression = Field(alias="from")
    key: Expression
    on: Expression
    optional: bool = False


class LineAs(Part):
    """`[[lines.as]]`: a line that is no product."""

    when: Expression
    as_: Literal["tip", "fee", "shipping", "gift_card_sold", "discount"] = Field(alias="as")


class LineFields(AmountFields):
    """`[lines]`: where the lines are, and the fields of each."""

    from_: Expression = Field(alias="from")
    skip: tuple[Expression, ...] = ()
    as_: tuple[LineAs, ...] = Field(default=(), alias="as")
    join: dict[str, Join] = Field(default_factory=dict)
    group_by: tuple[Expression, ...] = ()
    id: Expression
    name: Expression
    options: Expression | None = None
    quantity: Expression
    unit_price: Expression | None = None
    discount: Expression | None = None
    sku: Expression | None = None
    gtin: Expression | None = None
    mpn: Expression | None = None
    vendor: Expression | None = None
    brand: Expression | None = None
    product_id: Expression | None = None
    variant_id: Expression | None = None

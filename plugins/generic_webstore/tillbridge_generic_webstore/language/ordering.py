"""The tables of a profile that say where the fields of an order are, and how money and times are written."""

from typing import Literal

from pydantic import Field

from tillbridge_generic_webstore.language.kinds import Expression, Part, Zone

OrderKindWord = Literal["bopis", "ropis", "shipping"]
TenderWord = Literal["card", "gift_card", "store_credit", "cash", "other"]
StandingWord = Literal["unpaid", "open", "fulfilled", "cancelled", "refunded", "-"]
"""What a value of a standing's table means; "-" says nothing."""
MoneyWord = Literal["charged", "held", "on acceptance", "released", "refunded", "-"]
"""What a value of the money's table means; "-" says nothing."""


class MoneyForm(Part):
    """How money is written, where it is more than a number: `{ unit, amount, currency, … }`."""

    unit: Literal["major", "minor"] = "major"
    amount: str | None = None
    """The name of the amount within an object."""
    currency: str | None = None
    """The name of the currency within the object: it must be the order's."""
    divisor: str | None = None
    """The name of what the amount is to be divided by."""
    decimals: str | int | None = None
    """Of minor units: how many decimals they stand for, or the name of that in the object."""


class Defaults(Part):
    """`[defaults]`: what holds for the whole order."""

    money: Literal["major", "minor"] | MoneyForm = "major"
    time: str | tuple[str, ...] = "iso"
    """How times are written: iso, epoch, epoch_ms, rfc2822, or "%Y%m%d%H%M%S"; of several what fits."""
    zone: Zone | None = None
    """For times that carry none; without it such a time is an error."""
    nothing: tuple[bool | int | str, ...] = ()
    """Values that stand for nothing, wherever they come: `[false]` of a webstore that writes false into empty
    fields, `["N/A", "-"]`."""
    country: str | None = None
    """The country (ISO 3166, two letters) of addresses that name none."""
    countries: dict[str, str] = Field(default_factory=dict)
    """What the webstore calls countries, where these are not their two or three letters (ISO 3166):
    `{ "대한민국" = "KR" }`."""


class ConsentField(Part):
    """Whether the customer agreed to mailings."""

    of: Expression
    yes: tuple[str, ...]
    no: tuple[str, ...] = ()
    at: Expression | None = None
    """When."""


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
    relays: tuple[str, ...] = ()
    """How e-mail addresses end that the webstore makes up or passes on: they identify nobody."""
    virtual_phones: tuple[str, ...] = ()
    """How telephone numbers begin that are lent for one order: they identify nobody."""
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


class StandingTable(Part):
    """One axis of an order's standing: each value of `of` is mapped, or ignored by name."""

    of: Expression
    map: dict[str, StandingWord] | Literal["cancelled", "refunded"]
    """What each value means, "(none)" among them; "cancelled" alone: so it stands where there is any."""
    ignore: tuple[str, ...] = ()
    every: bool = False
    """`of` is a list, a value for each line: the order stands where the one stands that is least far, so that
    it is fulfilled, refunded or cancelled only where all of them are."""


class MoneyTable(Part):
    """`order.money` of a webstore that says it order by order: each value of `of` is mapped, or ignored."""

    of: Expression
    map: dict[str, MoneyWord] | Literal["charged", "held", "on acceptance"]
    """What each value means, "(none)" among them; "charged" alone: so it is where there is any. Of a list the
    strongest counts: charged, on acceptance, held, refunded, released."""
    ignore: tuple[str, ...] = ()


class AmountFields(Part):
    """An amount: two of net, tax and gross, or one `amount` of which `includes_tax` tells the kind."""

    net: Expression | None = None
    tax: Expression | None = None
    gross: Expression | None = None
    amount: Expression | None = None
    includes_tax: Expression | None = None
    """Whether the price that customers see has its tax in it."""
    tax_rate: Expression | None = None
    """0.1 for ten percent, where the webstore says no tax: it is worked out of the amount, less the order's
    discounts that are spread over it."""
    marketplace_tax: Expression | None = None
    """The part of `tax` that the marketplace remits; all of it where `tax` says the same."""


class ChargeFields(AmountFields):
    """`[[order.charges]]`: what is charged, or taken off, beside the lines."""

    kind: Literal["shipping", "fee", "tip", "discount", "tax", "rounding"]
    each: Expression | None = None
    when: Expression | None = None
    title: Expression | None = None
    sign: Literal[1, -1] = 1
    spread: bool = False
    """Spread over the lines by their amounts."""
    code: Expression | None = None
    """Of a discount: the customer's code."""


class PaymentFields(Part):
    """`[order.payment]`: how the order was paid; one tender of what `tenders` leave of the total."""

    kind: TenderWord | None = None
    kind_from: Expression | None = None
    kinds: dict[str, TenderWord] = Field(default_factory=dict)
    """What the values of `kind_from` mean; another one is "other"."""
    title: Expression | None = None
    reference: Expression | None = None


class TenderFields(PaymentFields):
    """`[[order.tenders]]`: what was paid with."""

    each: Expression | None = None
    when: Expression | None = None
    amount: Expression


class OrderFields(Part):
    """`[order]`: where an order's fields are."""

    let: dict[str, Expression] = Field(default_factory=dict)
    """Values that other expressions of the order and its lines see by `_NAME`: what would stand often."""
    id: Expression
    number: Expression | None = None
    kind: Expression | None = None
    """How the customer gets the goods."""
    kinds: dict[str, OrderKindWord] = Field(default_factory=dict)
    kind_else: OrderKindWord = "shipping"
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
    paid: Expression | None = None
    """Whether it is paid; else it is where it stands open or fulfilled and is no reservation."""
    money: Literal["charged", "held", "on acceptance"] | MoneyTable | None = None
    """What the webstore has done about the money of an order that is paid: it has charged the customer, only
    holds it on the card, or charges once it hears that the order is accepted. It decides whether cancelling
    is a refund. Where it is left out nobody guesses: staff read that the webstore has not said."""
    tenders: tuple[TenderFields, ...] = ()
    payment: PaymentFields = Field(default_factory=PaymentFields)


class Join(Part):
    """`[lines.join.NAME]`: the row of a list whose `key` is the line's `on`: `_NAME` in expressions."""

    from_: Expression = Field(alias="from")
    key: Expression
    on: Expression
    optional: bool = False
    """A line without its row is no mistake: `_NAME` is null."""
    many: bool = False
    """`_NAME` is the list of all rows that fit."""


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
    vpn: Expression | None = None
    vendor: Expression | None = None
    brand: Expression | None = None
    product_id: Expression | None = None
    variant_id: Expression | None = None

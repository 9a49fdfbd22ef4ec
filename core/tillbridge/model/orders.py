"""The web order in tillbridge's own words: what a webstore sold, to whom, for how much."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field, field_validator

from tillbridge.model.base import Frozen, Name, Text, UtcDatetime
from tillbridge.model.currencies import exponent
from tillbridge.model.identifiers import IdentifierKind, is_guest_id
from tillbridge.model.money import Money, MoneyError, sum_money, zero

_LARGEST = 2**63 - 1  # databases count in 64 bits


def _in_use(code: str) -> str:
    exponent(code)  # raises for one that is in no use: no amount of it could be stored or shown
    return code


CurrencyCode = Annotated[Text, AfterValidator(_in_use)]


class OrderKind(StrEnum):
    """How the customer gets the goods."""

    BOPIS = "bopis"  # bought online, picked up in store
    ROPIS = "ropis"  # reserved online, paid and picked up in store
    SHIPPING = "shipping"


class Standing(StrEnum):
    """Where the order stands at the webstore."""

    UNPAID = "unpaid"
    OPEN = "open"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class WebMoney(StrEnum):
    """What a webstore has done about the money of an order that it calls paid."""

    CHARGED = "charged"  # it has the money: where the order comes to nothing, that is a refund
    HELD = "held"  # on the customer's card; the webstore, or somebody there, charges it or lets it go
    ON_ACCEPTANCE = "on acceptance"  # held, and charged once it hears that the order is accepted
    RELEASED = "released"  # it was held, and is let go: nothing is charged
    REFUNDED = "refunded"  # it was charged, and all of it is given back


class Remitter(StrEnum):
    """Who pays a tax to the state. What the marketplace remits is no part of the shop's sale."""

    STORE = "store"
    MARKETPLACE = "marketplace"


class TenderKind(StrEnum):
    """What the customer paid with."""

    CARD = "card"
    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"
    CASH = "cash"
    OTHER = "other"


class Tax(Frozen):
    """One tax on one amount."""

    amount: Money
    title: Text = ""
    rate: Decimal | None = None
    remitter: Remitter = Remitter.STORE


class Amount(Frozen):
    """What is charged for one line or one charge, after all discounts."""

    net: Money
    taxes: tuple[Tax, ...] = ()
    tax_included: bool = False
    """Whether the webstore shows this price with its tax in it."""

    @property
    def tax(self) -> Money:
        """All tax on it, whoever remits it."""
        return sum_money((tax.amount for tax in self.taxes), self.net.currency)

    @property
    def gross(self) -> Money:
        """What the customer pays for it."""
        return self.net + self.tax

    @property
    def store_tax(self) -> Money:
        """The part of the tax that the store remits: the tax of the shop's sale."""
        own = [tax.amount for tax in self.taxes if tax.remitter is Remitter.STORE]
        return own[0] if len(own) == 1 else sum_money(own, self.net.currency)

    @property
    def store_gross(self) -> Money:
        """What the shop's sale has for it: net and the store's own tax."""
        return self.net + self.store_tax


class ListingRef(Frozen):
    """The webstore's own item that a line sells."""

    item_id: Name
    parent_id: Name | None = None


class LineIdentifier(Frozen):
    """One number by which the webstore knows a line's product, as it was written."""

    kind: IdentifierKind
    value: Name
    upc_e: bool = False
    """The webstore says that it is a zero-suppressed UPC (UPC-E)."""


class WebLine(Frozen):
    """One line of a web order."""

    id: Name
    title: Text
    quantity: Decimal = Field(gt=0, max_digits=15, decimal_places=4)
    amount: Amount
    listing: ListingRef | None = None
    identifiers: tuple[LineIdentifier, ...] = ()
    vendor: Text | None = None
    brand: Text | None = None
    options: Text = ""
    unit_price: Decimal | None = None
    """As the webstore shows it; information only, no sum is made of it."""
    discount: Money | None = None
    """Already taken off `amount`; kept to be shown."""

    @property
    def may_be_rounded(self) -> bool:
        """Whether the webstore may have rounded its amount: for its tax, its quantity or its discount."""
        if any(tax.amount.minor for tax in self.amount.taxes):
            return True
        part = self.quantity != self.quantity.to_integral_value()
        return part or bool(self.discount and self.discount.minor)

    def values(self, kind: IdentifierKind) -> tuple[str, ...]:
        """Return the line's identifiers of one kind, as they were written."""
        return tuple(one.value for one in self.identifiers if one.kind is kind)


class ChargeKind(StrEnum):
    """What a charge beside the lines is for."""

    SHIPPING = "shipping"
    FEE = "fee"


class Charge(Frozen):
    """Shipping or a fee."""

    kind: ChargeKind
    title: Text
    amount: Amount


class Discount(Frozen):
    """A discount of the whole order; it is already spread over the lines."""

    title: Text
    amount: Money
    code: Text | None = None


class Tender(Frozen):
    """What the customer paid, or what is held on their card."""

    kind: TenderKind
    amount: Money
    title: Text = ""
    reference: Text | None = None


class Address(Frozen):
    """A postal address."""

    name: Text = ""
    company: Text = ""
    street: tuple[Text, ...] = ()
    city: Text = ""
    region: Text = ""
    postcode: Text = ""
    country: Text = ""
    """ISO 3166 code of two letters."""
    phone: Text = ""

    @property
    def complete(self) -> bool:
        """Whether a parcel would arrive: street, city and postcode are there."""
        return bool("".join(self.street) and self.city and self.postcode)


class Consent(Frozen):
    """The customer agreed to mailings; an order can give consent and never takes it away."""

    source: Text
    at: UtcDatetime | None = None


class WebCustomer(Frozen):
    """Who ordered, as the webstore says it."""

    id: Name | None = None
    """The webstore's number of a registered customer; guests have none."""
    first_name: Text = ""
    last_name: Text = ""
    full_name: Text = ""
    company: Text = ""
    email: Text | None = None
    email_usable: bool = True
    """False for an address that the webstore makes up or masks: it identifies nobody."""
    phone: Text | None = None
    phone_usable: bool = True
    """False for a virtual or masked number."""
    consent: Consent | None = None

    @field_validator("id")
    @classmethod
    def _no_guest(cls, number: str | None) -> str | None:
        """A guest's number ("0", "null", …) belongs to every guest, and so is none."""
        return None if is_guest_id(number) else number

    @property
    def name(self) -> str:
        """The name in one piece, as the webstore writes it."""
        return self.full_name or f"{self.first_name} {self.last_name}".strip()


class WebOrder(Frozen):
    """One order of a webstore.

    Total = Σ gross of lines and charges + tip + rounding; Σ tenders = total where `paid`
    (`tillbridge.model.totals` holds it to that).
    """

    id: Name = Field(min_length=1)
    number: Name
    """The number that customer and staff see."""
    kind: OrderKind
    standing: Standing
    placed_at: UtcDatetime
    currency: CurrencyCode
    total: Money
    lines: tuple[WebLine, ...]
    customer: WebCustomer
    paid: bool
    money: WebMoney | None = None
    """What the webstore has done about the money of an order that is paid; None: it does not say, and nobody
    guesses. That it moves makes no new version of the order."""
    updated_at: UtcDatetime | None = None
    revision: int | None = Field(default=None, ge=-_LARGEST, le=_LARGEST)
    """The webstore's own version number, if it has one that only grows."""
    location: Text | None = None
    """The webstore's location that the order is for; a connection maps it to a store."""
    charges: tuple[Charge, ...] = ()
    tip: Money | None = None
    rounding: Money | None = None
    rounded_amounts: int = Field(default=0, ge=0)
    """How many of these amounts the parser had to round to a minor unit."""
    discounts: tuple[Discount, ...] = ()
    tenders: tuple[Tender, ...] = ()
    billing_address: Address | None = None
    shipping_address: Address | None = None
    webstore_status: Text = ""
    note: Text = ""

    @property
    def amounts(self) -> Iterable[Amount]:
        """Every amount of lines and charges."""
        yield from (line.amount for line in self.lines)
        yield from (charge.amount for charge in self.charges)

    @property
    def marketplace_tax(self) -> Money:
        """The tax that the marketplace remits: on the order, but no part of the sale."""
        theirs = (
            tax.amount
            for amount in self.amounts
            for tax in amount.taxes
            if tax.remitter is not Remitter.STORE
        )
        return sum_money(theirs, self.currency)

    @property
    def sale_total(self) -> Money:
        """What the shop's sale comes to."""
        return self.total - self.marketplace_tax

    def without_lines(self, ids: Collection[str]) -> "WebOrder":
        """Return the order without these lines, as the shop sells it where it rejected them.

        The total is less by their gross, and so is what was paid, from the last tender up: numbers that
        added up add up still. Of mixed currencies, for which an order is refused anyway, no sum is made.
        """
        gone = [line for line in self.lines if line.id in ids]
        if not gone:
            return self
        try:
            less = sum_money((line.amount.gross for line in gone), self.currency)
            total = self.total - less
            tenders = _reduced(self.tenders, less) if self.paid else self.tenders
        except MoneyError:
            total, tenders = self.total, self.tenders
        return self.model_copy(
            update={
                "lines": tuple(line for line in self.lines if line.id not in ids),
                "total": total,
                "tenders": tenders,
                # What was rounded of them is still in the total.
                "rounded_amounts": self.rounded_amounts + sum(1 for line in gone if line.may_be_rounded),
            }
        )

    def hash_without(self, ids: Collection[str]) -> str:
        """Return the hash of what the order says without these lines: the same whether it has them or not.

        How many amounts were rounded does not count: the webstore no longer tells of those that are gone.
        """
        rest = self.without_lines(ids).model_copy(update={"rounded_amounts": 0})
        return rest.content_hash()

    def content(self) -> str:
        """Return as JSON what the order says, apart from when and in which status.

        The webstore's own status word changes with our decisions (accepted, say) and is no new
        content; what it means to us is the standing, which counts. So does what it did about the money.
        """
        return self.model_dump_json(exclude=_MOVING)

    def content_hash(self) -> str:
        """Return the canonical hash of `content`."""
        return hash_content(self.content())

    def document(self, content: str) -> str:
        """Return the whole order as JSON; `content` is its `content`, which is not written out again."""
        return f"{content[:-1]},{self.model_dump_json(include=_MOVING)[1:]}"


def _reduced(tenders: Sequence[Tender], less: Money) -> tuple[Tender, ...]:
    """Take an amount off tenders, from the last one up; what is used up is gone."""
    kept: list[Tender] = []
    nothing = zero(less.currency)
    for tender in reversed(tenders):
        taken = min(max(tender.amount, nothing), less)
        less -= taken
        if tender.amount != taken or not taken:
            kept.append(tender.model_copy(update={"amount": tender.amount - taken}))
    return tuple(reversed(kept))


_MOVING: Final = {"updated_at", "revision", "webstore_status", "money"}


def hash_content(content: str) -> str:
    """Return the canonical hash of an order's `content`."""
    return hashlib.sha256(content.encode()).hexdigest()

"""What a webstore should show of a product: how many pieces, at what price, or nothing. Pure."""

import json
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import Money
from tillbridge.model.offers import Buffers, Limits
from tillbridge.model.words import Words
from tillbridge.provider import Capability, Provider

GONE: Final = ""
"""What is wanted of a product that is to be shown no more."""
_HUNDRED: Final = 100


class What(StrEnum):
    """What of a product is told in one call."""

    STOCK = "stock"
    PRICE = "price"
    BOTH = "both"


def numbers_of(text: str) -> list[tuple[IdentifierKind, str]]:
    """Return the numbers that the shelf keeps as JSON, but for those that were guessed."""
    found = [(IdentifierKind(kind), value) for kind, value in json.loads(text)]
    return [one for one in found if one[0] is not IdentifierKind.GTIN_REPAIRED]


class OnShelf(NamedTuple):
    """A row of the shelf.

    Attributes:
        on_hand: None: nobody said.
        reserved: pieces of matched orders that have no sale yet; open sales are off the stock already.
        identified: it has a number by which a webstore can know it, and that was not guessed.
    """

    product_id: str
    on_hand: Decimal | None
    reserved: Decimal
    price: Money | None
    category: str
    published: bool
    identified: bool


def told_of(provider: Provider) -> tuple[What, ...]:
    """Return what a provider is told of a product, each in a call of its own."""
    can = provider.capabilities
    if Capability.SNAPSHOT in can or (Capability.INVENTORY in can and provider.exporting.together):
        return (What.BOTH,)
    found = ((Capability.INVENTORY, What.STOCK), (Capability.PRICES, What.PRICE))
    return tuple(what for capability, what in found if capability in can)


def wanted(what: What, row: OnShelf, buffers: Buffers) -> str:
    """Return what a webstore should show, as one text that can be compared; `GONE` for nothing."""
    if not row.published or not row.identified or row.on_hand is None:
        return GONE
    price = "" if row.price is None else f"{row.price.minor} {row.price.currency}"
    if what is What.PRICE:
        return price
    quantity = sellable(row.on_hand, row.reserved, buffers.of(row.product_id, row.category))
    return f"{quantity}" if what is What.STOCK else f"{quantity}|{price}"


def sellable(on_hand: Decimal, reserved: Decimal, buffer: int) -> int:
    """Return the whole pieces that a webstore may sell: never below 0."""
    left = (on_hand - reserved).to_integral_value(ROUND_FLOOR)
    return max(0, int(left) - buffer)


def read(what: What, text: str) -> tuple[int | None, Money | None]:
    """Return quantity and price of what `wanted` returned; of `GONE` no pieces and no price."""
    if text == GONE:
        return (None if what is What.PRICE else 0), None
    if what is What.PRICE:
        return None, _price(text)
    quantity, _, price = text.partition("|")
    return int(quantity), _price(price)


def _price(text: str) -> Money | None:
    minor, _, currency = text.partition(" ")
    return Money(int(minor), currency) if currency else None


def implausible(what: What, shown: str | None, new: str, limits: Limits) -> Words | None:
    """Return why a change is not believed, or None; what was never shown or shall be gone is believed."""
    if not shown or new == GONE:
        return None
    before, after = read(what, shown), read(what, new)
    return _price_leap(before[1], after[1], limits) or _stock_leap(before[0], after[0], limits)


def believed(what: What, shown: str | None, new: str, limits: Limits) -> str:
    """Return what may be told of a change: only what leaps stays as it is shown, so no sell-out is hidden."""
    if what is not What.BOTH or not shown or new == GONE:
        return (shown or "") if implausible(what, shown, new, limits) else new
    before, after = read(what, shown), read(what, new)
    (had, cost), (has, costs) = shown.split("|"), new.split("|")
    pieces = had if _stock_leap(before[0], after[0], limits) else has
    price = cost if _price_leap(before[1], after[1], limits) else costs
    return f"{pieces}|{price}"


def _price_leap(cost: Money | None, costs: Money | None, limits: Limits) -> Words | None:
    if not cost or not costs or cost.currency != costs.currency:
        return None
    if not _leaps(cost.minor, costs.minor, limits):
        return None
    return Words(
        f"The price would go from {cost} to {costs} at once.",
        f"가격이 한 번에 {cost}에서 {costs}(으)로 바뀝니다.",
    )


def _stock_leap(had: int | None, has: int | None, limits: Limits) -> Words | None:
    if had is None or has is None or not limits.pieces:
        return None
    if has < limits.pieces or has <= max(had, 1) * limits.times:
        return None
    return Words(
        f"The stock would go from {had} to {has} at once.",
        f"재고가 한 번에 {had}개에서 {has}개로 늘어납니다.",
    )


def _leaps(before: int, after: int, limits: Limits) -> bool:
    if not limits.price_percent or before == after:
        return False
    return abs(after - before) * _HUNDRED > limits.price_percent * max(before, 1)

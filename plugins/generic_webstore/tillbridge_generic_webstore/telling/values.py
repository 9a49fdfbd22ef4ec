"""What the placeholders of an offer stand for; prices exactly as the webstore writes amounts, no floats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tillbridge.plugin import IdentifierKind, Money, Offer, read_gtin
from tillbridge_generic_webstore.calling.templates import as_text, whole
from tillbridge_generic_webstore.expressions import ValueFault, read_number
from tillbridge_generic_webstore.expressions.numbers import EXACT
from tillbridge_generic_webstore.language.ordering import MoneyForm
from tillbridge_generic_webstore.language.profile import Profile

LISTED: Final = frozenset({"id", "parent_id", "id_number", "parent_number"})
"""What only an item of the webstore's own has: who is told by these is told by its listings."""
_NUMBERS: Final = {
    "sku": IdentifierKind.SKU,
    "gtin": IdentifierKind.GTIN,
    "mpn": IdentifierKind.MPN,
}
PRICES: Final = ("price", "price_text", "price_number", "price_minor")
"""A price, as the webstore writes amounts and in one way each."""
NAMES: Final = LISTED | {
    *_NUMBERS,
    "gtin14",
    "ean",
    "upc",
    "stock",
    "stock_text",
    *PRICES,
    "currency",
    "title",
    "location",
    "location_number",
    "product_id",
    "id_number",
    "parent_number",
}
"""The placeholders of every offer."""


_SHORT: Final = "000000"
"""What stands before the 8 digits of a GTIN-8 in one of 14: no number of 12 digits begins so."""


@dataclass(frozen=True, slots=True)
class Item:
    """An offer on its way to the webstore.

    Attributes:
        key: by which its receipt is given.
        values: what its placeholders stand for; null for what it has not.
    """

    key: str
    values: Mapping[str, Any]


def extras_of(profile: Profile) -> frozenset[str]:
    """Return the names that the profile's listings keep beside the usual ones."""
    return frozenset(profile.listings.extra) if profile.listings else frozenset()


def item_of(offer: Offer, form: str | MoneyForm) -> Item:
    """Return an offer with what its placeholders stand for."""
    listing, price = offer.listing, offer.price
    values: dict[str, Any] = {
        "id": listing.id if listing else None,
        "parent_id": listing.parent_id if listing else None,
        "id_number": whole(listing.id) if listing else None,
        "parent_number": whole(listing.parent_id) if listing else None,
        "stock": offer.quantity,
        "stock_text": None if offer.quantity is None else f"{offer.quantity}",
        "currency": price.currency if price else None,
        "title": offer.title or None,
        "location": offer.location or None,
        "location_number": whole(offer.location),
        "product_id": offer.product_id,
        **_prices(price, form),
    }
    # As the webstore writes them, where it lists the item: a template may look them up there.
    listed = listing.identifiers if listing else ()
    for name, kind in _NUMBERS.items():
        values[name] = next((one.value for one in listed or offer.identifiers if one.kind is kind), None)
    named = listing.extra if listing else {}  # what a profile calls `ean` is what it says
    barcodes = _barcodes(values["gtin"], as_listed=bool(listed))
    return Item(offer.key, {**values, **barcodes, **named})


def _barcodes(number: str | None, *, as_listed: bool) -> dict[str, Any]:
    """Return a barcode in each of its lengths: as it is printed (8, 12, 13 or 14 digits), and as each kind.

    An EAN of 8 digits stays one; what is no EAN or UPC (a carton's 14 digits) is null as such.
    """
    gtin = read_gtin(number).gtin
    if gtin is None:
        return {"gtin": number, "gtin14": None, "ean": None, "upc": None}
    upc = gtin[2:] if gtin.startswith("00") else None
    ean = gtin[1:] if gtin.startswith("0") else None
    if gtin.startswith(_SHORT):
        upc, ean = None, gtin[len(_SHORT) :]
    return {"gtin": number if as_listed else upc or ean or gtin, "gtin14": gtin, "ean": ean, "upc": upc}


def _prices(price: Money | None, form: str | MoneyForm) -> dict[str, Any]:
    if price is None:
        return dict.fromkeys(PRICES)
    return {
        "price": written(price, form),
        "price_text": f"{price.decimal:f}",
        "price_number": price.decimal,
        "price_minor": price.minor,
    }


def written(price: Money, form: str | MoneyForm) -> Any:
    """Return an amount as the webstore writes it: a text of major units, minor units, or an object."""
    if form == "major":
        return f"{price.decimal:f}"
    if isinstance(form, str):
        return price.minor
    places = -int(price.decimal.as_tuple().exponent)
    if isinstance(form.decimals, int):
        amount: Any = int(price.decimal.scaleb(form.decimals, EXACT))
    else:
        amount = price.minor if form.unit == "minor" or form.divisor else f"{price.decimal:f}"
    if form.amount is None:
        return amount
    made = {form.amount: amount}
    if form.divisor:
        made[form.divisor] = 10**places
    if isinstance(form.decimals, str):
        made[form.decimals] = places
    if form.currency:
        made[form.currency] = price.currency
    return made


def is_same(sent: Any, echoed: Any) -> bool:
    """Whether the webstore has what was sent: "9.90" is 9.9. What was not sent (null) is not compared."""
    if sent is None:
        return True
    if isinstance(sent, dict) and isinstance(echoed, dict):
        return all(is_same(value, echoed.get(name)) for name, value in sent.items())
    one, other = _number(sent), _number(echoed)
    if one is not None and other is not None:
        return one == other
    return echoed is not None and as_text(sent) == as_text(echoed)


def is_same_amount(sent: Any, echoed: Any) -> bool:
    """Whether the webstore has an amount that `written` made; of an object the amount alone may come back."""
    if isinstance(sent, dict) and not isinstance(echoed, dict):
        return is_same(next(iter(sent.values())), echoed)
    return is_same(sent, echoed)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool | dict | list):
        return None
    try:
        return read_number(value)
    except ValueFault:
        return None


def shown(value: Any) -> str:
    """Return a value for a sentence."""
    if value is None:
        return "-"
    if isinstance(value, dict):
        return " ".join(shown(one) for one in value.values())
    return as_text(value)


def together(items: Sequence[Item], names: frozenset[str]) -> dict[str, Any]:
    """Return the values of some names that all of these items have in common."""
    return {name: items[0].values.get(name) for name in names}

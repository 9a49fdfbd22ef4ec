"""Looks through a payload: where its orders are, where their lines are, which fields an object has."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tillbridge.plugin import PayloadError, parse_decimal

_DEEP: Final = 5
_NEAR: Final = 2
_LOOKED_AT: Final = 5
_ENOUGH: Final = 3
_TOTALS: Final = frozenset(
    {
        *("total", "totalprice", "grandtotal", "totalmoney", "ordertotal", "totalamount", "totalinctax"),
        *("amounttotal", "totalgross", "totalwithtax"),
    }
)
_CURRENCIES: Final = frozenset({"currency", "currencycode", "ordercurrencycode", "totalmoney"})
_TIMES: Final = frozenset(
    {
        *("createdat", "datecreated", "created", "createdon", "createdate", "placed", "placedat", "dateadd"),
        *("createddate", "creationdate", "orderdate", "dateorder", "orderdatetime", "createtimestamp"),
        *("createdtimestamp", "completedat", "orderplacedat", "checkoutcompletedat"),
    }
)
_IDS: Final = frozenset(
    {
        *("id", "number", "ordernumber", "orderid", "entityid", "incrementid", "vendorordernumber"),
        *("receiptid", "code"),
    }
)
_WRAPPED: Final = 3
"""How many keys an envelope around one order has at most."""
_QUANTITIES: Final = frozenset(
    {"quantity", "qty", "qtyordered", "quantityordered", "count", "productquantity", "orderqty"}
)
_NAMES: Final = frozenset(
    {"name", "title", "productname", "productdisplay", "displayname", "itemname", "description", "label"}
)
_NUMBERS: Final = frozenset(
    {"sku", "productid", "variantid", "partnersku", "productreference", "upc", "ean", "barcode", "price"}
)
_NOT_LINES: Final = (
    "shipping",
    "refund",
    "discount",
    "tax",
    "fee",
    "payment",
    "fulfil",
    "shipment",
    "coupon",
)
_SIGNS: Final = re.compile(r"[^a-z0-9]")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
AMOUNT_NAMES: Final = ("amount", "value", "centamount")
CURRENCY_NAMES: Final = ("currency", "currencycode", "currencyiso")


@dataclass(frozen=True, slots=True)
class Found:
    """A field of an object.

    Attributes:
        path: the names that lead to it.
        value: what stands there.
    """

    path: tuple[str, ...]
    value: Any

    @property
    def expression(self) -> str:
        """The path as expressions write it."""
        return joined(self.path)

    @property
    def name(self) -> str:
        """The last name, in small letters and digits only."""
        return plain(self.path[-1])

    @property
    def long_name(self) -> str:
        """The last two names in one."""
        return "".join(plain(step) for step in self.path[-2:])


@dataclass(frozen=True, slots=True)
class Sample:
    """The orders of a payload.

    Attributes:
        orders: each as an object.
        rows: where an answer holds them; "@" where the payload is one order.
    """

    orders: Sequence[Mapping[str, Any]]
    rows: str


def plain(name: str) -> str:
    """Return a name in small letters and digits only."""
    return _SIGNS.sub("", name.lower())


def joined(path: Sequence[str]) -> str:
    """Write a path as an expression; names with other signs stand in quotes."""
    # A name that begins with _ would be taken for one of ours.
    text = "@" if path and path[0].startswith("_") else ""
    for step in path:
        if step == "[]":
            text += step
        else:
            name = step if _NAME.fullmatch(step) else json.dumps(step, ensure_ascii=False)
            text += f".{name}" if text else name
    return text


def orders_of(payload: Any) -> Sample | None:
    """Return a payload's orders: a list, an envelope around one, or one alone; None if there is none.

    What looks most like an order counts; of two that do alike, the one that stands higher.
    """
    return _best(payload, _looks)


def orders_without_lines(payload: Any) -> Sample | None:
    """Return a payload's orders where their lines stand elsewhere; None where nothing looks like an order."""
    return _best(payload, _looks_bare)


def _best(payload: Any, looks: Callable[[Mapping[str, Any]], int]) -> Sample | None:
    candidates: list[Sample] = []
    if isinstance(payload, dict):
        candidates.append(Sample([payload], "@"))
        candidates += [
            Sample([inner], joined((name,)))
            for name, inner in (payload.items() if len(payload) <= _WRAPPED else ())
            if isinstance(inner, dict)
        ]
    candidates += [Sample(rows, joined(path)) for path, rows in lists_of(payload)]
    scores = [max(map(looks, one.orders[:_LOOKED_AT])) for one in candidates]
    best = max(scores, default=0)
    return candidates[scores.index(best)] if best else None


def _looks(value: Mapping[str, Any]) -> int:
    """Say how much an object looks like an order; 0 for one without lines."""
    lines = lines_of(value)
    if lines is None:
        return 0
    return 1 + _marks(value) + 2 * (len(lines[0]) <= _NEAR)


def _looks_bare(value: Mapping[str, Any]) -> int:
    """Say how much an object looks like an order without its lines; one without a total is none."""
    marks = _marks(value)
    totals = any(one.name in _TOTALS for one in fields_of(value) if len(one.path) <= _NEAR)
    return marks if totals and marks >= _ENOUGH else 0


def _marks(value: Mapping[str, Any]) -> int:
    """Count what of an order an object has: a total, a currency, a time, a number."""
    names = {one.name for one in fields_of(value) if len(one.path) <= _NEAR}
    return sum(bool(names & one) for one in (_TOTALS, _CURRENCIES, _TIMES, _IDS))


def lists_of(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Yield every list of objects, outermost first; through objects with one inner object alone ("node")."""
    if len(path) > _DEEP:
        return
    if isinstance(value, list):
        rows = [one for one in value if isinstance(one, dict)]
        if rows:
            inner = {key for row in rows for key, one in row.items() if isinstance(one, dict)}
            if len(inner) == 1 and all(inner >= set(row) - {"cursor"} for row in rows):
                (name,) = inner
                yield (*path, "[]", name), [row[name] for row in rows]
            else:
                yield (*path, "[]"), rows
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from lists_of(one, (*path, key))


def lines_of(order: Any) -> tuple[tuple[str, ...], list[Any]] | None:
    """Return where an order's lines are, and the lines; None where it has none."""
    best: tuple[int, tuple[str, ...], list[Any]] | None = None
    for path, rows in lists_of(order) if isinstance(order, dict) else ():
        names = {plain(key) for row in rows for key in row}
        score = 3 * bool(names & _QUANTITIES) + bool(names & _NAMES) + bool(names & _NUMBERS)
        if any(word in plain(path[0]) for word in _NOT_LINES) or not names & _QUANTITIES:
            continue
        if best is None or score > best[0]:
            best = (score, path, rows)
    return (best[1], best[2]) if best else None


def fields_of(value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Found]:
    """Yield an object's fields and those of its inner objects; an amount with its currency is one field."""
    for key, one in value.items():
        here = (*path, key)
        if isinstance(one, dict) and not is_money(one):
            if len(here) < _DEEP:
                yield from fields_of(one, here)
        elif not isinstance(one, list):
            yield Found(here, one)


def is_money(value: Any) -> bool:
    """Say whether an object is an amount with its currency."""
    return isinstance(value, dict) and money_keys(value) is not None


def money_keys(value: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the names of an amount and its currency within an object."""
    names = {plain(key): key for key in value}
    amount = next((names[one] for one in AMOUNT_NAMES if one in names), None)
    currency = next((names[one] for one in CURRENCY_NAMES if one in names), None)
    if amount is None or currency is None or number(value[amount]) is None:
        return None
    return amount, currency


def number(value: Any) -> Decimal | None:
    """Return what a value comes to as a number; None for what is none."""
    if isinstance(value, dict):
        keys = money_keys(value)
        return number(value[keys[0]]) if keys else None
    try:
        return parse_decimal(value, path="")
    except PayloadError:
        return None

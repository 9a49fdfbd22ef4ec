"""Looks through a payload: where its orders are, where their lines are, which fields an object has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tillbridge_generic_webstore.proposing.money import is_currency, is_money, number
from tillbridge_generic_webstore.proposing.names import joined, plain
from tillbridge_generic_webstore.proposing.times import is_time

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
        *("receiptid", "code", "ref", "orderref"),
    }
)
_WRAPPED: Final = 3
"""How many keys an envelope around one order has at most."""
_QUANTITIES: Final = frozenset(
    {
        *("quantity", "qty", "qtyordered", "quantityordered", "count", "productquantity", "orderqty"),
        *("pcs", "pieces", "units"),
    }
)
_NAMES: Final = frozenset(
    {"name", "title", "productname", "productdisplay", "displayname", "itemname", "description", "label"}
)
_NUMBERS: Final = frozenset(
    {"sku", "productid", "variantid", "partnersku", "productreference", "upc", "ean", "barcode", "price"}
)
_ONWARD: Final = frozenset(
    {
        *("next", "nextpage", "nextcursor", "nextpagetoken", "nexttoken", "nexturl", "nextlink"),
        *("cursor", "endcursor"),
    }
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
_NOT_SOLD: Final = ("variant", "option", "image", "categor", "attribute", "modifier", "tag", "note", "event")
"""What a list is called that items have, and orders may, and that is none of an order's lines."""


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


def orders_of(payload: Any) -> Sample | None:
    """Return a payload's orders: a list, an envelope around one, or one alone; None if there is none.

    What looks most like an order counts; of two that do alike, the one that stands higher.
    """
    return _best(payload, _looks)


def orders_without_quantity(payload: Any) -> Sample | None:
    """Return a payload's orders where nothing in their lines is called a quantity; None for none."""
    return _best(payload, _looks_uncounted)


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
    return 1 + marks_of(value) + 2 * (len(lines[0]) <= _NEAR)


def _looks_uncounted(value: Mapping[str, Any]) -> int:
    """Say how much an object looks like an order whose lines have no quantity that its name tells."""
    marks = max(marks_of(value), _marks_by_form(value))
    lines = lines_of(value, counted=False) if marks else None
    return 0 if lines is None else marks + 2 * (len(lines[0]) <= _NEAR)


def _marks_by_form(value: Mapping[str, Any]) -> int:
    """Count a time and a currency, whatever they are called; one of them alone is none."""
    near = [one for one in fields_of(value) if len(one.path) <= _NEAR]
    found = [
        any(is_time(one.value) for one in near),
        any(is_money(one.value) or is_currency(one.value) for one in near),
    ]
    return sum(found) if all(found) else 0


def _looks_bare(value: Mapping[str, Any]) -> int:
    """Say how much an object looks like an order without its lines; one without a total is none."""
    marks = marks_of(value)
    totals = any(one.name in _TOTALS for one in fields_of(value) if len(one.path) <= _NEAR)
    return marks if totals and marks >= _ENOUGH else 0


def marks_of(value: Mapping[str, Any]) -> int:
    """Count what of an order an object has: a total, a currency, a time, a number."""
    names = {one.name for one in fields_of(value) if len(one.path) <= _NEAR}
    return sum(bool(names & one) for one in (_TOTALS, _CURRENCIES, _TIMES, _IDS))


def counts(row: Mapping[str, Any]) -> bool:
    """Say whether an object has a quantity of its own, as a line has."""
    return any(plain(key) in _QUANTITIES for key in row)


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


@dataclass(frozen=True, slots=True)
class Onward:
    """Where an answer seems to say how its list goes on.

    Attributes:
        at: the expression ("meta.next").
        is_address: an address stands there, or may; else a cursor.
    """

    at: str
    is_address: bool


def onward(payload: Any) -> Onward | None:
    """Return where an answer seems to say how its list goes on; None where it does not."""
    found = fields_of(payload) if isinstance(payload, dict) else ()
    one = next((one for one in found if one.name in _ONWARD), None)
    if one is None:
        return None
    is_cursor = "cursor" in one.name or "token" in one.name
    said = one.value if isinstance(one.value, str) else ""
    return Onward(one.expression, is_address=said.startswith(("/", "http")) if said else not is_cursor)


def lines_of(order: Any, *, counted: bool = True) -> tuple[tuple[str, ...], list[Any]] | None:
    """Return where an order's lines are, and the lines; None where it has none.

    Args:
        order: its object.
        counted: whether a field of theirs must be called a quantity; else each has a text, and numbers.
    """
    best: tuple[int, tuple[str, ...], list[Any]] | None = None
    others = _NOT_LINES if counted else (*_NOT_LINES, *_NOT_SOLD)
    for path, rows in lists_of(order) if isinstance(order, dict) else ():
        names = {plain(key) for row in rows for key in row}
        score = 3 * bool(names & _QUANTITIES) + bool(names & _NAMES) + bool(names & _NUMBERS)
        if any(word in plain(path[0]) for word in others):
            continue
        if not names & _QUANTITIES:
            numbers = 0 if counted else _numbers(rows)
            if not numbers:
                continue
            score += numbers
        if best is None or score > best[0]:
            best = (score, path, rows)
    return (best[1], best[2]) if best else None


def _numbers(rows: Sequence[Mapping[str, Any]]) -> int:
    """Count the numbers of what has a text beside them; 0 where it has none."""
    fields = {one.path: one for row in rows for one in fields_of(row)}.values()
    texts = any(isinstance(one.value, str) and number(one.value) is None for one in fields)
    return sum(number(one.value) is not None for one in fields) if texts else 0


def fields_of(value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Found]:
    """Yield an object's fields and those of its inner objects; an amount with its currency is one field."""
    for key, one in value.items():
        here = (*path, key)
        if isinstance(one, dict) and not is_money(one):
            if len(here) < _DEEP:
                yield from fields_of(one, here)
        elif not isinstance(one, list):
            yield Found(here, one)

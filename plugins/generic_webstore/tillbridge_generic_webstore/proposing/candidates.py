"""What may be added up: amounts that lines may come to, shipping, discounts, and what else is charged."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product
from typing import Any, Final

from tillbridge_generic_webstore.proposing.looking import Found, fields_of
from tillbridge_generic_webstore.proposing.money import number
from tillbridge_generic_webstore.proposing.names import joined, plain

_TIMES: Final = "mul({}, {})"
_PRICES: Final = ("price", "unitprice", "baseprice", "amount", "listprice")
_WHOLE: Final = ("total", "sum")
_SHIPPING: Final = ("ship", "delivery", "freight", "postage")
_DISCOUNTS: Final = ("discount", "coupon", "promo", "voucher", "rebate")
_FEES: Final = ("fee", "wrap", "handling", "surcharge", "packing")
_AFTER: Final = ("discounted", "afterdiscount", "withdiscount", "afteralldiscounts")
_TIPS: Final = re.compile(r"(total)?(tips?|gratuity|donation)(amount|total|money)?")
FEW: Final = 4
"""How many of a kind are tried where everything is tried with everything."""
_COSTS: Final = frozenset({"cost", "unitcost", "costprice", "costperitem", "purchaseprice"})
PLACES: Final = frozenset(
    {
        *("pos", "position", "line", "lineno", "linenumber", "row", "rownumber", "no", "nr", "num", "number"),
        *("index", "idx", "seq", "sequence", "sort", "sortorder", "rank", "order"),
    }
)
"""What the number of a line is called: it is no amount."""
_UNSURE: Final = (
    "original",
    "rate",
    "percent",
    "weight",
    "refund",
    "compare",
    "base",
    "return",
    "cancel",
)
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of every line, or a charge: what is written in the profile, and what it comes to.

    Attributes:
        keys: the profile's keys and their expressions: {"net": "total", "tax": "total_tax"}.
        amounts: by order: what is paid, and the tax in it (None where it is not known).
    """

    keys: Mapping[str, str]
    amounts: Sequence[tuple[Decimal, Decimal | None]]


Extra = tuple[str, Sum]
"""What it is for, and what it comes to."""


def extras(
    orders: Sequence[Mapping[str, Any]], lines: Sequence[Sequence[Mapping[str, Any]]], total_tax: Found | None
) -> Iterator[tuple[Extra, ...]]:
    """Yield what may be charged besides: nothing, one or two of the order's tax, fees, tip, lists."""
    found: list[Extra] = []
    if total_tax is not None:
        taxes = [at(order, total_tax) or Decimal(0) for order in orders]
        if any(taxes):
            found.append(("tax", Sum({"gross": total_tax.expression}, [(one, one) for one in taxes])))
    for one in _numeric(orders):
        kind = "tip" if _TIPS.fullmatch(one.name) else "fee"
        known = kind == "tip" or any(word in one.name for word in _FEES)
        values = [at(order, one) or Decimal(0) for order in orders]
        if known and not _is_tax(one) and any(values):
            title = {} if kind == "tip" else {"title": f"'{one.path[-1].replace('_', ' ')}'"}
            sums = Sum({**title, "gross": one.expression}, [(value, Decimal(0)) for value in values])
            found.append((kind, sums))
    found += _lists_beside(orders, lines)
    yield ()
    for count in (1, 2):
        yield from combinations(found[:FEW], count)


def _lists_beside(
    orders: Sequence[Mapping[str, Any]], lines: Sequence[Sequence[Mapping[str, Any]]]
) -> Iterator[Extra]:
    """Yield lists of the order's own that may be charges: each row has a text, and an amount."""
    for name in dict.fromkeys(key for order in orders for key in order):
        rows = [_objects(order.get(name)) for order in orders]
        every = [row for one in rows for row in one]
        texts = [key for key in (every[0] if every else ()) if all(_is_word(row.get(key)) for row in every)]
        is_known = any(word in plain(name) for word in _SHIPPING) or rows == [list(one) for one in lines]
        if not texts or is_known:
            continue
        said = plain("".join(str(row[key]) for row in every for key in texts))
        kind = "shipping" if any(word in said for word in _SHIPPING) else "fee"
        for one in line_sums(rows, None):
            if set(one.keys) == {"gross"}:
                keys = {"each": joined((name,)), "title": joined((texts[0],)), **one.keys}
                yield kind, Sum(keys, [(paid, Decimal(0)) for paid, _ in one.amounts])
                break


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and number(value) is None


def less_discount(lines: Sequence[Sequence[Mapping[str, Any]]], quantity: Found | None) -> Iterator[Sum]:
    """Yield what lines come to once a discount of their own is taken off, which some write below zero."""
    every = [line for one in lines for line in one]
    fields = _amounts(lines, quantity)
    offs = [one for one in fields if _is_discount(one) and any(at(line, one) for line in every)]
    amounts = sorted((one for one in fields if not _is_tax(one) and not _is_discount(one)), key=_likely)
    for amount, times, off in product(amounts[:FEW], (False, True), offs[:2]):
        if times and quantity is None:
            continue
        whole = (
            _TIMES.format(amount.expression, quantity.expression) if times and quantity else amount.expression
        )
        below = sum((at(line, off) or Decimal(0) for line in every), start=Decimal(0)) < 0
        keys = {"gross": f"{'add' if below else 'sub'}({whole}, {off.expression})"}
        found: list[tuple[Decimal, Decimal | None]] = []
        for one in lines:
            paid = Decimal(0)
            for line in one:
                count = (at(line, quantity) or Decimal(0)) if times and quantity else Decimal(1)
                paid += (at(line, amount) or Decimal(0)) * count - abs(at(line, off) or Decimal(0))
            found.append((paid, None))
        yield Sum(keys, found)


def line_sums(lines: Sequence[Sequence[Mapping[str, Any]]], quantity: Found | None) -> Iterator[Sum]:
    """Yield what a line may come to, the likeliest first."""
    fields = _amounts(lines, quantity)
    taxes = [one for one in fields if _is_tax(one)][:3]
    amounts = sorted((one for one in fields if not _is_tax(one) and not _is_discount(one)), key=_likely)
    for amount, times in product(amounts[:_MOST], (False, True)):
        if times and quantity is None:
            continue
        whole = (
            _TIMES.format(amount.expression, quantity.expression) if times and quantity else amount.expression
        )
        for tax in taxes:
            yield _sum(
                lines, {"net": whole, "tax": tax.expression}, amount, quantity if times else None, tax, 1
            )
            yield _sum(
                lines, {"gross": whole, "tax": tax.expression}, amount, quantity if times else None, tax, 0
            )
        yield _sum(lines, {"gross": whole}, amount, quantity if times else None, None, 0)


def _sum(  # a kit of keys, and the three fields that they are made of
    lines: Sequence[Sequence[Mapping[str, Any]]],
    keys: Mapping[str, str],
    amount: Found,
    quantity: Found | None,
    tax: Found | None,
    added: int,
) -> Sum:
    found: list[tuple[Decimal, Decimal | None]] = []
    for one in lines:
        paid, taxed = Decimal(0), Decimal(0)
        for line in one:
            times = (at(line, quantity) or Decimal(0)) if quantity else Decimal(1)
            own = (at(line, tax) or Decimal(0)) if tax else Decimal(0)
            paid += (at(line, amount) or Decimal(0)) * times + own * added
            taxed += own
        found.append((paid, taxed if tax else None))
    return Sum(keys, found)


def shipping(orders: Sequence[Mapping[str, Any]]) -> Iterator[Sum]:
    """Yield what the shipping may have cost."""
    for name in dict.fromkeys(key for order in orders for key in order):
        if not any(word in plain(name) for word in _SHIPPING):
            continue
        rows = [_objects(order.get(name)) for order in orders]
        if any(rows):
            yield from _listed(name, rows)
    fields = [
        one
        for one in _numeric(orders)
        if any(word in plain(joined(one.path)) for word in _SHIPPING) and one.value != 0
    ]
    taxes = [one for one in fields if _is_tax(one)]
    for amount in [one for one in fields if not _is_tax(one)][:_MOST]:
        for tax in taxes[:2]:
            yield _sum(
                [[one] for one in orders],
                {"net": amount.expression, "tax": tax.expression},
                amount,
                None,
                tax,
                1,
            )
            yield _sum(
                [[one] for one in orders],
                {"gross": amount.expression, "tax": tax.expression},
                amount,
                None,
                tax,
                0,
            )
        yield _sum([[one] for one in orders], {"gross": amount.expression}, amount, None, None, 0)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _listed(name: str, rows: Sequence[Sequence[Mapping[str, Any]]]) -> Iterator[Sum]:
    """Yield charges that come as a list of their own."""
    for one in line_sums(rows, None):
        yield Sum({"each": joined((name,)), **one.keys}, one.amounts)


def discounts(orders: Sequence[Mapping[str, Any]]) -> Iterator[Sum]:
    """Yield what may be taken off the order as a whole; both signs occur, and the profile says which."""
    for one in _numeric(orders):
        if any(word in plain(joined(one.path)) for word in _DISCOUNTS) and not _is_tax(one):
            values = [at(order, one) or Decimal(0) for order in orders]
            if any(values):
                sign = {"sign": "-1"} if sum(values) > 0 else {}
                yield Sum(
                    {**sign, "spread": "true", "gross": one.expression},
                    [(abs(value), None) for value in values],
                )


def _numeric(objects: Sequence[Mapping[str, Any]], skip: Found | None = None) -> list[Found]:
    """Return the fields of objects that are amounts in all of them that have them."""
    found: dict[tuple[str, ...], Found] = {}
    broken: set[tuple[str, ...]] = set()
    for one in objects:
        for each in fields_of(one):
            if each.value is None or each.name.endswith("id"):
                continue
            if number(each.value) is None:
                broken.add(each.path)
            else:
                found.setdefault(each.path, each)
    sure = [one for path, one in found.items() if path not in broken and (skip is None or path != skip.path)]
    others = _COSTS | PLACES
    return [one for one in sure if one.name not in others and not any(word in one.name for word in _UNSURE)]


def _amounts(lines: Sequence[Sequence[Mapping[str, Any]]], quantity: Found | None) -> list[Found]:
    """Return what of lines may be an amount: no quantity, and nothing that counts the lines."""
    every = [line for one in lines for line in one]
    return [one for one in _numeric(every, skip=quantity) if not counts(lines, one)]


def counts(lines: Sequence[Sequence[Mapping[str, Any]]], field: Found) -> bool:
    """Say whether a field numbers the lines of each order: 1, 2, 3 …, or from 0 on."""
    numbers = [[at(line, field) for line in one] for one in lines]
    is_long = any(len(one) > 1 for one in numbers)
    return is_long and any(
        all(one == [Decimal(place) for place in range(first, first + len(one))] for one in numbers)
        for first in (0, 1)
    )


def _is_discount(one: Found) -> bool:
    words = (*_DISCOUNTS, "adjustment")
    return any(word in one.name for word in words) and not any(word in one.name for word in _AFTER)


def _likely(one: Found) -> tuple[bool, bool, int]:
    """Order amounts: a line's total first, a price after it."""
    return not any(word in one.name for word in _WHOLE), one.name in _PRICES, len(one.path)


def _is_tax(one: Found) -> bool:
    words = ("incltax", "inctax", "taxincl", "withtax", "extax", "excltax", "taxexcl", "pretax")
    return ("tax" in one.name or "vat" in one.name) and not any(word in one.name for word in words)


def at(value: Mapping[str, Any], one: Found | None) -> Decimal | None:
    """Return the number of a field in an object; None where it has none, and for no field."""
    here: Any = value
    for step in one.path if one else ():
        if not isinstance(here, dict):
            return None
        here = here.get(step)
    return number(here) if one else None

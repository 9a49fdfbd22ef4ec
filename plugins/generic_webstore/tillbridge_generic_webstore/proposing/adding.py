"""Finds which amounts of a payload add up to its total: that tells net from gross, a price from a sum."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any, Final

from tillbridge_generic_webstore.proposing.looking import Found, fields_of, joined, number, plain

_TIMES: Final = "mul({}, {})"
_PRICES: Final = ("price", "unitprice", "baseprice", "amount", "listprice")
_SHIPPING: Final = ("shipping", "delivery", "freight", "postage")
_DISCOUNTS: Final = ("discount", "coupon")
_UNSURE: Final = (
    "original",
    "rate",
    "percent",
    "weight",
    "refund",
    "compare",
    "cost",
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


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge beside the lines, as `[[order.charges]]` takes it."""

    kind: str
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Amounts:
    """What adds up.

    Attributes:
        lines: the keys of `[lines]`.
        charges: beside the lines.
        agreed: in how many orders the sum is the total.
        looked: in how many orders there was one to compare.
    """

    lines: Mapping[str, str] = field(default_factory=dict)
    charges: Sequence[Charge] = ()
    agreed: int = 0
    looked: int = 0


def amounts_of(
    orders: Sequence[Mapping[str, Any]],
    lines: Sequence[Sequence[Mapping[str, Any]]],
    *,
    quantity: Found | None,
    total: Found | None,
    total_tax: Found | None,
) -> Amounts:
    """Return which fields add up to the total, in as many orders as can be.

    Args:
        orders: each order's object.
        lines: each order's lines.
        quantity: a line's quantity, where it is known.
        total: the order's total.
        total_tax: the order's tax.
    """
    wanted = [_at(order, total) for order in orders]
    taxes = [_at(order, total_tax) for order in orders]
    looked = sum(one is not None for one in wanted)
    best: tuple[tuple[int, int, int], Amounts] | None = None
    shipping, discounts = list(_shipping(orders)), list(_discounts(orders))
    for rank, (line, ship, less) in enumerate(
        product(_line_sums(lines, quantity), [None, *shipping], [None, *discounts])
    ):
        agreed, taxed = _agreed(wanted, taxes, line, ship, less)
        score = (agreed, taxed, -rank)
        if best is None or score > best[0]:
            charges = [
                Charge(kind, one.keys) for kind, one in (("shipping", ship), ("discount", less)) if one
            ]
            best = (score, Amounts(line.keys, charges, agreed, looked))
    return best[1] if best else Amounts()


def _agreed(
    wanted: Sequence[Decimal | None],
    taxes: Sequence[Decimal | None],
    line: Sum,
    ship: Sum | None,
    less: Sum | None,
) -> tuple[int, int]:
    """Count in how many orders the sum is the total, and in how many the taxes are the order's tax."""
    nothing: Sequence[tuple[Decimal, Decimal | None]] = [(Decimal(0), Decimal(0))] * len(wanted)
    agreed = taxed = 0
    for total, tax, (sold, sold_tax), (shipped, ship_tax), (off, _) in zip(
        wanted,
        taxes,
        line.amounts,
        ship.amounts if ship else nothing,
        less.amounts if less else nothing,
        strict=True,
    ):
        if total is None or sold + shipped - off != total:
            continue
        agreed += 1
        known = None not in (sold_tax, ship_tax)
        taxed += known and tax is not None and (sold_tax or 0) + (ship_tax or 0) == tax
    return agreed, taxed


def _line_sums(lines: Sequence[Sequence[Mapping[str, Any]]], quantity: Found | None) -> Iterator[Sum]:
    """Yield what a line may come to, the likeliest first."""
    every = [line for one in lines for line in one]
    fields = _numeric(every, skip=quantity)
    taxes = [one for one in fields if _is_tax(one)][:3]
    amounts = sorted((one for one in fields if not _is_tax(one)), key=_likely)[:_MOST]
    for amount, times in product(amounts, (False, True)):
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
            times = (_at(line, quantity) or Decimal(0)) if quantity else Decimal(1)
            own = (_at(line, tax) or Decimal(0)) if tax else Decimal(0)
            paid += (_at(line, amount) or Decimal(0)) * times + own * added
            taxed += own
        found.append((paid, taxed if tax else None))
    return Sum(keys, found)


def _shipping(orders: Sequence[Mapping[str, Any]]) -> Iterator[Sum]:
    for name in dict.fromkeys(key for order in orders for key in order):
        if not any(word in plain(name) for word in _SHIPPING):
            continue
        rows = [order.get(name) for order in orders]
        if any(isinstance(one, list) for one in rows):
            yield from _listed(name, [one if isinstance(one, list) else [] for one in rows])
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


def _listed(name: str, rows: Sequence[Sequence[Mapping[str, Any]]]) -> Iterator[Sum]:
    """Yield charges that come as a list of their own."""
    for one in _line_sums(rows, None):
        yield Sum({"each": joined((name,)), **one.keys}, one.amounts)


def _discounts(orders: Sequence[Mapping[str, Any]]) -> Iterator[Sum]:
    """Yield what may be taken off the order as a whole; both signs occur, and the profile says which."""
    for one in _numeric(orders):
        if any(word in plain(joined(one.path)) for word in _DISCOUNTS) and not _is_tax(one):
            values = [_at(order, one) or Decimal(0) for order in orders]
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
    return [one for one in sure if not any(word in one.name for word in _UNSURE)]


def _likely(one: Found) -> tuple[bool, bool, int]:
    """Order amounts: a line's total first, a price after it."""
    return "total" not in one.name, one.name in _PRICES, len(one.path)


def _is_tax(one: Found) -> bool:
    words = ("incltax", "inctax", "taxincl", "withtax", "extax", "excltax", "taxexcl", "pretax")
    return ("tax" in one.name or "vat" in one.name) and not any(word in one.name for word in words)


def _at(value: Mapping[str, Any], one: Found | None) -> Decimal | None:
    here: Any = value
    for step in one.path if one else ():
        if not isinstance(here, dict):
            return None
        here = here.get(step)
    return number(here) if one else None

"""Finds which amounts of a payload add up to its total: that tells net from gross, a price from a sum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any, Final

from tillbridge_generic_webstore.proposing import candidates
from tillbridge_generic_webstore.proposing.candidates import Extra, Sum
from tillbridge_generic_webstore.proposing.looking import Found

_LOOKED_AT: Final = 12


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
    orders, lines = orders[:_LOOKED_AT], lines[:_LOOKED_AT]
    wanted = _Wanted(
        [candidates.at(one, total) for one in orders], [candidates.at(one, total_tax) for one in orders]
    )
    shipping, discounts = list(candidates.shipping(orders)), list(candidates.discounts(orders))
    plain_lines = list(candidates.line_sums(lines, quantity))
    best = _best(wanted, product(plain_lines, [None, *shipping], [None, *discounts], [()]))
    if best.agreed < best.looked:
        # Further charges, and lines whose own discount is to be taken off, only where the usual do not do.
        more = [*plain_lines, *candidates.less_discount(lines, quantity)]
        extras = list(candidates.extras(orders, lines, total_tax))
        tried = product(
            more, [None, *shipping[: candidates.FEW]], [None, *discounts[: candidates.FEW]], extras
        )
        other = _best(wanted, tried)
        best = other if other.agreed > best.agreed else best
    return best


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What sums are held against: each order's total and tax, None where it has none."""

    totals: Sequence[Decimal | None]
    taxes: Sequence[Decimal | None]

    @property
    def looked(self) -> int:
        """In how many orders there is a total."""
        return sum(one is not None for one in self.totals)


_Tried = tuple[Sum, Sum | None, Sum | None, tuple[Extra, ...]]


def _best(wanted: _Wanted, tried: Iterable[_Tried]) -> Amounts:
    """Return what agrees in the most orders, and of those that do alike the first."""
    best: tuple[tuple[int, int], Amounts] | None = None
    for line, ship, less, extras in tried:
        on_top = any(kind == "tax" for kind, _ in extras)
        if on_top and set(line.keys) != {"gross"}:
            continue  # the line says its tax itself
        agreed, taxed = _agreed(wanted, [line, *([ship] if ship else []), *(one for _, one in extras)], less)
        if best is None or (agreed, taxed) > best[0]:
            named = [("shipping", ship), ("discount", less), *extras]
            charges = [Charge(kind, one.keys) for kind, one in named if one]
            # A tax of the order comes on top of prices without it only.
            keys = {"amount": line.keys["gross"], "includes_tax": "`false`"} if on_top else line.keys
            best = ((agreed, taxed), Amounts(keys, charges, agreed, wanted.looked))
            if agreed == taxed == wanted.looked:
                break
    return best[1] if best else Amounts(looked=wanted.looked)


def _agreed(wanted: _Wanted, added: Sequence[Sum], less: Sum | None) -> tuple[int, int]:
    """Count in how many orders the sum is the total, and in how many the taxes are the order's tax."""
    agreed = taxed = 0
    for place, total in enumerate(wanted.totals):
        if total is None:
            continue
        paid = sum((one.amounts[place][0] for one in added), start=Decimal(0))
        if less:
            paid -= less.amounts[place][0]
        if paid != total:
            continue
        agreed += 1
        tax, taxes = wanted.taxes[place], [one.amounts[place][1] for one in added]
        taxed += tax is not None and None not in taxes and sum(one or 0 for one in taxes) == tax
    return agreed, taxed

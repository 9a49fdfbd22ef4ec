"""The two sums that every order must keep, each shown with all its numbers where it does not.

Its total is what lines and charges come to; its tax is the sum of theirs. The second catches a net amount
read as a gross one, which the total alone lets through.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tillbridge.plugin import Money, Words
from tillbridge_generic_webstore.expressions import ValueFault
from tillbridge_generic_webstore.mapping.charges import Extras
from tillbridge_generic_webstore.mapping.faults import both
from tillbridge_generic_webstore.mapping.fields import Field, Scope
from tillbridge_generic_webstore.mapping.lines import Line
from tillbridge_generic_webstore.mapping.monies import MoneyReader

_DEPTH: Final = 3
_HINTS: Final = 3


@dataclass(frozen=True, slots=True)
class Sums:
    """An order's amounts in minor units, and how far they may be off for rounding."""

    total: int
    lines: int
    charges: int
    tip: int
    rounding: int
    tax: int
    rounded: int

    @property
    def parts(self) -> int:
        """What lines and charges come to."""
        return self.lines + self.charges + self.tip + self.rounding


def sums_of(total: int, total_rounded: int, lines: Sequence[Line], extras: Extras) -> Sums:
    """Add up an order."""
    charges = [amount for _, _, amount in extras.charges]
    return Sums(
        total=total,
        lines=sum(line.sum.gross for line in lines),
        charges=sum(amount.gross for amount in charges),
        tip=extras.tip,
        rounding=extras.rounding,
        tax=sum(line.sum.tax for line in lines) + sum(amount.tax for amount in charges) + extras.tip_tax,
        rounded=total_rounded + extras.rounded + sum(line.sum.rounded for line in lines),
    )


def tolerance(sums: Sums, lines: Sequence[Line], extras: Extras) -> int:
    """Return by how many minor units an order may be off: one for each amount that someone has rounded.

    Those are what was rounded here, and what the webstore may have: a tax, a part of a unit, a discount.
    """
    parts = sum(1 for line in lines if line.sum.tax or line.discount or line.quantity % 1)
    return sums.rounded + parts + sum(1 for _, _, amount in extras.charges if amount.tax)


def check_total(field: Field, scope: Scope, sums: Sums, reader: MoneyReader, within: int) -> None:
    """Hold the order's total to its parts.

    Raises:
        PayloadError: it is more than rounding away; the message has every number, and what may explain it.
    """
    off = sums.total - sums.parts
    if abs(off) <= within:
        return
    shown = _written(sums, reader)
    en = f"{_major(sums.total, reader)}, but {shown.en} = {_major(sums.parts, reader)}: "
    ko = f"{_major(sums.total, reader)}인데 {shown.ko} = {_major(sums.parts, reader)}: "
    gap = _major(abs(off), reader)
    said = Words(
        f"{en}{gap} too {'little' if off > 0 else 'much'}", f"{ko}{gap} {'부족' if off > 0 else '초과'}"
    )
    raise field.fault(scope, _with_hints(said, scope, off, sums.parts, reader))


def check_tax(field: Field, scope: Scope, told: int, sums: Sums, reader: MoneyReader, within: int) -> None:
    """Hold the order's tax to the taxes of its lines and charges.

    Raises:
        PayloadError: it is more than rounding away.
    """
    off = told - sums.tax
    if abs(off) <= within:
        return
    said = Words(
        f"{_major(told, reader)}, but the taxes of lines and charges are {_major(sums.tax, reader)}: "
        f"{_major(abs(off), reader)} {'missing' if off > 0 else 'too much'}",
        f"{_major(told, reader)}인데 품목과 배송비·수수료의 세금 합은 {_major(sums.tax, reader)}: "
        f"{_major(abs(off), reader)} {'부족' if off > 0 else '초과'}",
    )
    raise field.fault(scope, _with_hints(said, scope, off, sums.tax, reader))


def _major(minor: int, reader: MoneyReader) -> str:
    return f"{Money(minor, reader.currency).decimal:f}"


def _written(sums: Sums, reader: MoneyReader) -> Words:
    named = (
        (Words("lines", "품목"), sums.lines, True),
        (Words("charges", "배송비·수수료"), sums.charges, bool(sums.charges)),
        (Words("tip", "팁"), sums.tip, bool(sums.tip)),
        (Words("rounding", "반올림"), sums.rounding, bool(sums.rounding)),
    )
    kept = [(name, minor) for name, minor, wanted in named if wanted]
    return Words(
        " + ".join(f"{name.en} {_major(minor, reader)}" for name, minor in kept),
        " + ".join(f"{name.ko} {_major(minor, reader)}" for name, minor in kept),
    )


def _with_hints(said: Words, scope: Scope, off: int, parts: int, reader: MoneyReader) -> Words:
    """Add which of the order's own fields equal the difference, or the sum."""
    equal: list[str] = []
    same: list[str] = []
    for name, minor in _numbers(scope.value, reader):
        if abs(minor) == abs(off):
            equal.append(name)
        elif minor == parts:
            same.append(name)
    hints = [
        *(f"{name} = {_major(abs(off), reader)}" for name in equal[:_HINTS]),
        *(f"{name} = {_major(parts, reader)}" for name in same[:_HINTS]),
    ]
    if not hints:
        return Words(f"{said.en}.", f"{said.ko}.")
    shown = both(", ".join(hints))
    return Words(f"{said.en}; the payload says {shown.en}.", f"{said.ko}. 페이로드 값: {shown.ko}.")


def _numbers(value: Any, reader: MoneyReader, at: str = "", depth: int = 0) -> Iterator[tuple[str, int]]:
    """Yield the amounts that stand in the order itself, each with its name; not those of its lists."""
    if not isinstance(value, dict) or depth > _DEPTH:
        return
    for name, one in value.items():
        path = f"{at}.{name}" if at else str(name)
        try:
            amount = reader(one)
        except (ValueFault, ArithmeticError):
            amount = None
        if amount:
            minor, rounded = reader.minor(amount)
            if not rounded:
                yield path, minor
        elif isinstance(one, dict):
            yield from _numbers(one, reader, path, depth + 1)

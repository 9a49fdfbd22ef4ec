"""What is charged or taken off beside the lines: shipping, fees, tips, discounts, taxes of the order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tillbridge.plugin import Charge, ChargeKind, Discount, Money, MoneyError, spread
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.ordering import ChargeFields
from tillbridge_generic_webstore.mapping.amounts import AmountField, Sum, check_amount
from tillbridge_generic_webstore.mapping.fields import ORDER_NAMES, FieldCompiler, Scope
from tillbridge_generic_webstore.mapping.lines import Line
from tillbridge_generic_webstore.mapping.monies import MoneyReader

_TITLES: Final = {"shipping": "Shipping", "fee": "Fee", "discount": "Discount"}
_SINGLE: Final = frozenset({"tip", "discount", "tax", "rounding"})


@dataclass(slots=True)
class Extras:
    """What an order has beside its products, in minor units."""

    charges: list[tuple[ChargeKind, str, Sum]] = field(default_factory=list)
    discounts: list[tuple[str, str, int]] = field(default_factory=list)
    tip: int = 0
    tip_tax: int = 0
    """Of the tip: to the sale it is a part of it."""
    rounding: int = 0
    rounded: int = 0

    def round_by_charge(self) -> None:
        """Make a charge of a rounding that is more than rounding to tillbridge: to five centimes, say."""
        self.charges.append((ChargeKind.FEE, "Rounding", Sum(self.rounding, 0, included=False)))
        self.rounding = 0

    def web_charges(self, currency: str) -> tuple[Charge, ...]:
        """Return the charges in tillbridge's words."""
        return tuple(
            Charge(kind=kind, title=title, amount=amount.amount(currency))
            for kind, title, amount in self.charges
        )

    def web_discounts(self, currency: str) -> tuple[Discount, ...]:
        """Return the discounts in tillbridge's words."""
        return tuple(
            Discount(title=title, code=code or None, amount=Money(amount, currency))
            for title, code, amount in self.discounts
        )


class ChargeReader:
    """One table of `order.charges`."""

    def __init__(self, fields: ChargeFields, at: int, compiler: FieldCompiler) -> None:
        path: Path = ("order", "charges", at)
        self.kind = fields.kind
        self._sign, self._spread = fields.sign, fields.spread or fields.kind == "tax"
        self._each = compiler.maybe((*path, "each"), fields.each)
        self._when = compiler.maybe((*path, "when"), fields.when)
        self._title = compiler.maybe((*path, "title"), fields.title)
        self._code = compiler.maybe((*path, "code"), fields.code)
        check_amount(fields, path, compiler, single=fields.kind in _SINGLE)
        self._amount = AmountField(fields, path, compiler, ORDER_NAMES)

    def read(self, scope: Scope, reader: MoneyReader, lines: Sequence[Line], extras: Extras) -> None:
        """Add what this table says to an order's extras, or spread it over its lines."""
        for inner in self._scopes(scope):
            if self._when and not self._when.holds(inner):
                continue
            amount = self._amount.read(inner, reader)
            if amount is None:
                continue
            amount.gross *= self._sign
            amount.tax *= self._sign
            amount.theirs *= self._sign
            if amount.gross or amount.tax or self._code:
                self._put(inner, amount, lines, extras, reader.currency)

    def _scopes(self, scope: Scope) -> list[Scope]:
        if self._each is None:
            return [scope]
        at = ".".join(self._each.fields) or self._each.source
        return [Scope(row, scope.names, f"{at}[{place}]") for place, row in enumerate(self._each.rows(scope))]

    def _put(self, scope: Scope, amount: Sum, lines: Sequence[Line], extras: Extras, currency: str) -> None:
        title = (self._title.text(scope) if self._title else "") or _TITLES.get(self.kind, "")
        extras.rounded += amount.rounded
        match self.kind:
            case "shipping" | "fee":
                extras.charges.append((ChargeKind(self.kind), title, amount))
            case "tip":
                extras.tip += amount.gross
                extras.tip_tax += amount.tax
            case "rounding":
                extras.rounding += amount.gross
            case "tax":
                self._over(scope, lambda: spread_tax(_products(lines), amount.gross, currency))
            case "discount":
                code = self._code.text(scope) if self._code else ""
                extras.discounts.append((title, code, abs(amount.gross)))
                if self._spread:
                    self._over(scope, lambda: spread_sum(_products(lines), amount, currency))

    def _over(self, scope: Scope, act: Callable[[], None]) -> None:
        try:
            act()
        except MoneyError as error:
            raise self._amount.first.fault(scope, error.words) from error


def _products(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if not line.what]


def _shares(total: int, weights: Sequence[int], currency: str) -> list[int]:
    return [part.minor for part in spread(Money(total, currency), weights)]


def spread_tax(lines: Sequence[Line], tax: int, currency: str) -> None:
    """Spread a tax that only the order says: out of prices that include it, on top of those that do not."""
    shares = _shares(tax, [max(line.sum.gross, 0) for line in lines], currency)
    for line, share in zip(lines, shares, strict=True):
        line.sum.tax += share
        if not line.sum.included:
            line.sum.gross += share


def spread_sum(lines: Sequence[Line], amount: Sum, currency: str) -> None:
    """Spread an order's discount (below zero) over its lines: its gross by theirs, its tax by their taxes.

    A discount that says nothing of tax leaves the taxes as the lines have them: they were told after it. A
    tax that was worked out by a rate is worked out anew.
    """
    grosses = _shares(amount.gross, [max(line.sum.gross, 0) for line in lines], currency)
    taxes = _shares(amount.tax, [max(line.sum.tax, 0) for line in lines], currency)
    for line, gross, tax in zip(lines, grosses, taxes, strict=True):
        line.sum.change(gross, tax)
        line.discount -= gross


def lines_as_extras(lines: Sequence[Line], extras: Extras, currency: str) -> list[Line]:
    """Take the lines that are no products out, into the extras; return the products."""
    products = _products(lines)
    for line in lines:
        match line.what:
            case "":
                pass
            case "tip":
                extras.tip += line.sum.gross
                extras.tip_tax += line.sum.tax
                extras.rounded += line.sum.rounded
            case "discount":
                extras.discounts.append((line.title, "", abs(line.sum.gross)))
                spread_sum(products, line.sum, currency)
            case "shipping":
                extras.charges.append((ChargeKind.SHIPPING, line.title, line.sum))
            case _:  # a fee, or a gift card that was sold: money, and no product that leaves the shelf
                extras.charges.append((ChargeKind.FEE, line.title, line.sum))
    return products

"""The lines of an order: which rows are lines, what each says, and what is no product among them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from tillbridge.plugin import (
    IdentifierKind,
    LineIdentifier,
    ListingRef,
    Money,
    PayloadError,
    WebLine,
    Words,
)
from tillbridge_generic_webstore.expressions.faults import shown
from tillbridge_generic_webstore.expressions.numbers import EXACT
from tillbridge_generic_webstore.expressions.texts import text
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.ordering import LineFields
from tillbridge_generic_webstore.mapping.amounts import AmountField, Sum, check_amount
from tillbridge_generic_webstore.mapping.faults import damaged
from tillbridge_generic_webstore.mapping.fields import ORDER_NAMES, Field, FieldCompiler, Scope
from tillbridge_generic_webstore.mapping.joins import JoinField, Rows
from tillbridge_generic_webstore.mapping.monies import MoneyReader

_KINDS: Final = (
    ("gtin", IdentifierKind.GTIN),
    ("mpn", IdentifierKind.MPN),
    ("vpn", IdentifierKind.VPN),
    ("sku", IdentifierKind.SKU),
)
_TEXTS: Final = ("vendor", "brand")
_NO_PART: Final = Words(
    "the lines did not come with the order.", "주문과 함께 품목 데이터가 오지 않았습니다."
)
_LONGEST_ID: Final = 300  # what a line's ID may have


@dataclass(slots=True)
class Line:
    """One line while its order is put together; `what` is "" for a product, else what the line is instead."""

    id: str
    title: str
    quantity: Decimal
    sum: Sum
    what: str = ""
    discount: int = 0
    given: dict[str, Any] = field(default_factory=dict)

    def web_line(self, currency: str) -> WebLine:
        """Return it in tillbridge's words."""
        discount = Money(self.discount, currency) if self.discount else None
        return WebLine(
            id=self.id,
            title=self.title,
            quantity=self.quantity,
            amount=self.sum.amount(currency),
            discount=discount,
            **self.given,
        )


class LineReader:
    """Reads the lines of an order."""

    def __init__(self, fields: LineFields, compiler: FieldCompiler) -> None:
        path: Path = ("lines",)
        self._from = compiler.field((*path, "from"), fields.from_)
        self._joins, names = self._compile_joins(fields, compiler)

        def each(name: str) -> Field | None:
            return compiler.maybe((*path, name), getattr(fields, name), names)

        self._skip = [compiler.field((*path, "skip", at), one, names) for at, one in enumerate(fields.skip)]
        self._as = [
            (compiler.field((*path, "as", at, "when"), one.when, names), one.as_)
            for at, one in enumerate(fields.as_)
        ]
        self._group = [
            compiler.field((*path, "group_by", at), one, names) for at, one in enumerate(fields.group_by)
        ]
        self._id = compiler.field((*path, "id"), fields.id, names)
        self._name = compiler.field((*path, "name"), fields.name, names)
        self._quantity = compiler.field((*path, "quantity"), fields.quantity, names)
        self._price, self._discount = each("unit_price"), each("discount")
        self._product, self._variant = each("product_id"), each("variant_id")
        self._options = each("options")
        self._numbers = [(one, kind) for name, kind in _KINDS if (one := each(name)) is not None]
        self._texts = [(name, one) for name in _TEXTS if (one := each(name)) is not None]
        check_amount(fields, path, compiler, single=False)
        self._amount = AmountField(fields, path, compiler, names)
        self._looks_out = bool(self._joins)

    @staticmethod
    def _compile_joins(fields: LineFields, compiler: FieldCompiler) -> tuple[list[JoinField], frozenset[str]]:
        names, joins = ORDER_NAMES, []
        for name, join in fields.join.items():
            joins.append(JoinField(name, join, compiler, names))
            names |= {joins[-1].name}
        return joins, names

    @property
    def source(self) -> Field:
        """Where the lines are."""
        return self._from

    def read(self, scope: Scope, reader: MoneyReader, *, is_over: bool = False) -> list[Line]:
        """Return the order's lines, those that are no product among them.

        Args:
            scope: the order.
            reader: how it writes amounts.
            is_over: it was cancelled or refunded: lines of which nothing is left are passed over.

        Raises:
            PayloadError: a line is damaged, or an ID stands twice.
        """
        rows = self._from.rows(scope)
        if not rows and self._from.source.startswith("_parts."):
            raise self._from.fault(scope, _NO_PART)
        at = ".".join(self._from.fields) or "lines"
        tables = [(join, join.rows(scope)) for join in self._joins]
        lines: list[tuple[Line, Scope]] = []
        for place, row in enumerate(rows):
            inner = Scope(row, scope.names, f"{at}[{place}]")
            if not isinstance(row, dict):
                raise self._no_object(inner)
            if self._joins:
                self._join(tables, inner)
            if is_over and not (self._quantity.number(inner) or 0) > 0:
                continue
            if not self._skip or not any(one.holds(inner) for one in self._skip):
                lines.append((self._line(inner, reader), inner))
        for join in self._joins:
            scope.names.pop(join.name, None)
        if self._group:
            return self._grouped(lines)
        self._all_different(lines)
        return [line for line, _ in lines]

    def hold_there(self, scope: Scope, lines: Sequence[Line]) -> None:
        """Say of an order whose sums do not agree that its lines are what is missing, if they are.

        Raises:
            PayloadError: it has none, not even an empty list.
        """
        if not lines and self._from.get(scope) is None:
            path = self._from.payload_path(scope)
            plain = Words(
                f"The webstore sent this order without its items: “{path}” is missing.",
                f"웹스토어에서 받은 주문에 품목이 없습니다(‘{path}’ 없음).",
            )
            raise self._from.missing(scope, plain)

    @staticmethod
    def _join(tables: Sequence[tuple[JoinField, Rows]], scope: Scope) -> None:
        for join, rows in tables:
            scope.names[join.name] = join.row(rows, scope)

    def _line(self, scope: Scope, reader: MoneyReader) -> Line:
        what = ""
        for when, meant in self._as:
            if when.holds(scope):
                what = meant
                break
        number = self._id.text(scope)
        if not number:
            raise self._id.missing(scope)
        amount = self._amount.read(scope, reader)
        if amount is None:
            raise self._amount.first.missing(scope)
        title = self._name.text(scope)
        quantity = self._count(scope) if not what else Decimal(1)
        line = Line(number, title or number, quantity, amount, what)
        if not what:
            line.given = self._given(scope)
            if self._discount and (discount := self._discount.amount(scope)):
                line.discount = reader.minor(abs(discount))[0]
        if self._group:
            line.given["group"] = tuple(text(one.get(scope)) for one in self._group)
        return line

    def _count(self, scope: Scope) -> Decimal:
        quantity = self._quantity.number(scope)
        if quantity is None:
            raise self._quantity.missing(scope)
        if quantity <= 0:
            raise self._quantity.fault(
                scope,
                Words(
                    f"a quantity is more than 0; it is {quantity:f}.",
                    f"수량은 0보다 커야 합니다. 받은 값: {quantity:f}.",
                ),
            )
        return quantity

    def _given(self, scope: Scope) -> dict[str, Any]:
        """Return what a line says beside its amount, as `WebLine` takes it."""
        given: dict[str, Any] = {name: one.text(scope) or None for name, one in self._texts}
        numbers = [
            LineIdentifier(kind=kind, value=value)
            for one, kind in self._numbers
            for value in _identifiers(one, scope)
        ]
        if numbers:
            given["identifiers"] = tuple(numbers)
        listing = self._listing(scope)
        if listing:
            given["listing"] = listing
        if self._options:
            given["options"] = self._options.text(scope)
        if self._price:
            given["unit_price"] = self._price.amount(scope)
        return given

    def _listing(self, scope: Scope) -> ListingRef | None:
        product = self._product.name(scope) if self._product else None
        variant = self._variant.name(scope) if self._variant else None
        if variant is None:
            return ListingRef(item_id=product) if product else None
        return ListingRef(item_id=variant, parent_id=product)

    def _all_different(self, lines: Sequence[tuple[Line, Scope]]) -> None:
        seen: set[str] = set()
        for line, scope in lines:
            if line.id in seen:
                raise self._id.fault(
                    scope,
                    Words(
                        f'the ID "{line.id}" stands twice among the lines.',
                        f'ID "{line.id}"이(가) 두 번 나옵니다.',
                    ),
                )
            seen.add(line.id)

    def _grouped(self, lines: Sequence[tuple[Line, Scope]]) -> list[Line]:
        """Put units together that are one line to the shop; its ID names all of theirs."""
        self._all_different(lines)
        groups: dict[tuple[Any, ...], list[Line]] = {}
        for line, _ in lines:
            groups.setdefault((line.what, *line.given.pop("group")), []).append(line)
        return [_together(units) for units in groups.values()]

    @staticmethod
    def _no_object(scope: Scope) -> PayloadError:
        return damaged(
            scope.at,
            Words(
                f"a line is an object with fields; it is {shown(scope.value)}.",
                f"품목은 필드가 있는 객체여야 합니다. 받은 값: {shown(scope.value)}.",
            ),
        )


def _identifiers(one: Field, scope: Scope) -> list[str]:
    value = one.get(scope)
    if isinstance(value, list):
        return [said.strip() for each in value if (said := text(each)) and said.strip()]
    said = one.text(scope)
    return [said] if said else []


def _together(units: Sequence[Line]) -> Line:
    first = units[0]
    for unit in units[1:]:
        first.sum.add(unit.sum)
        first.quantity = EXACT.add(first.quantity, unit.quantity)
        first.discount += unit.discount
    ids = ",".join(unit.id for unit in units)
    if len(ids) <= _LONGEST_ID:
        first.id = ids
    return first

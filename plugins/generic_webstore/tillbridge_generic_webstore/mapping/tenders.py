"""What an order was paid with, and whether it is paid at all."""

from collections.abc import Callable, Sequence

from tillbridge.plugin import OrderKind, Standing, Tender, TenderKind
from tillbridge_generic_webstore.expressions.texts import is_missing, text
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.ordering import OrderFields, PaymentFields, TenderFields
from tillbridge_generic_webstore.mapping.fields import Field, FieldCompiler, Scope
from tillbridge_generic_webstore.mapping.monies import MoneyReader

ReadPaid = Callable[[Scope, Standing, OrderKind], bool]
ReadTenders = Callable[[Scope, MoneyReader, int], tuple[Tender, ...]]
_PAID: frozenset[Standing] = frozenset({Standing.OPEN, Standing.FULFILLED})


class _Payment:
    """How a table tells what was paid with."""

    def __init__(self, fields: PaymentFields, path: Path, compiler: FieldCompiler) -> None:
        self._kind = TenderKind(fields.kind or "other")
        self._from = compiler.maybe((*path, "kind_from"), fields.kind_from)
        self._kinds = {value: TenderKind(word) for value, word in fields.kinds.items()}
        self._title = compiler.maybe((*path, "title"), fields.title)
        self._reference = compiler.maybe((*path, "reference"), fields.reference)

    def tender(self, scope: Scope, minor: int, reader: MoneyReader) -> Tender:
        """Return a tender of an amount."""
        kind, said = self._kind, ""
        if self._from and not is_missing(value := self._from.get(scope)):
            said = text(value) or ""
            kind = self._kinds.get(said, self._kind)
        title = self._title.text(scope) if self._title else said
        reference = self._reference.text(scope) if self._reference else ""
        return Tender(kind=kind, amount=reader.money(minor), title=title, reference=reference or None)


class _Tender:
    """One table of `order.tenders`."""

    def __init__(self, fields: TenderFields, at: int, compiler: FieldCompiler) -> None:
        path: Path = ("order", "tenders", at)
        self._each: Field | None = compiler.maybe((*path, "each"), fields.each)
        self._when = compiler.maybe((*path, "when"), fields.when)
        self._amount = compiler.field((*path, "amount"), fields.amount)
        self._payment = _Payment(fields, path, compiler)

    def read(self, scope: Scope, reader: MoneyReader) -> list[tuple[int, Tender]]:
        """Return what was paid with, each with its minor units."""
        found = []
        for inner in self._scopes(scope):
            if self._when and not self._when.holds(inner):
                continue
            amount = self._amount.amount(inner)
            if amount:
                minor = reader.minor(amount)[0]
                found.append((minor, self._payment.tender(inner, minor, reader)))
        return found

    def _scopes(self, scope: Scope) -> list[Scope]:
        if self._each is None:
            return [scope]
        at = ".".join(self._each.fields) or self._each.source
        return [Scope(row, scope.names, f"{at}[{place}]") for place, row in enumerate(self._each.rows(scope))]


def compile_tenders(fields: OrderFields, compiler: FieldCompiler) -> ReadTenders:
    """Return what reads the tenders of a paid order: what no table names is one more, so that all add up."""
    tables: Sequence[_Tender] = [_Tender(one, at, compiler) for at, one in enumerate(fields.tenders)]
    payment = _Payment(fields.payment, ("order", "payment"), compiler)

    def read(scope: Scope, reader: MoneyReader, total: int) -> tuple[Tender, ...]:
        found = [one for table in tables for one in table.read(scope, reader)]
        rest = total - sum(minor for minor, _ in found)
        tenders = [tender for _, tender in found]
        if rest > 0:
            tenders.append(payment.tender(scope, rest, reader))
        return tuple(tenders)

    return read


def compile_paid(fields: OrderFields, compiler: FieldCompiler) -> ReadPaid:
    """Return what tells whether an order is paid: as the profile says, else by its kind and standing."""
    asked = compiler.maybe(("order", "paid"), fields.paid)

    def read(scope: Scope, standing: Standing, kind: OrderKind) -> bool:
        if standing not in _PAID or kind is OrderKind.ROPIS:
            return False
        return asked.holds(scope) if asked else True

    return read

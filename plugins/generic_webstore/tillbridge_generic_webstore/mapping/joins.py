"""Joins: the row of another list that belongs to a line, as `_NAME` in its expressions."""

from typing import Any

from tillbridge.plugin import PayloadError, Words
from tillbridge_generic_webstore.expressions.faults import shown
from tillbridge_generic_webstore.expressions.texts import is_missing, text
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.ordering import Join
from tillbridge_generic_webstore.mapping.fields import ORDER_NAMES, FieldCompiler, Scope

Rows = dict[str, list[Any]]


class JoinField:
    """One join of the lines with a list.

    Attributes:
        name: what its row is called in expressions: "_variation".
    """

    def __init__(self, name: str, join: Join, compiler: FieldCompiler, names: frozenset[str]) -> None:
        path: Path = ("lines", "join", name)
        self.name = f"_{name}"
        self._optional, self._many = join.optional, join.many
        self._from = compiler.field((*path, "from"), join.from_)
        self._key = compiler.field((*path, "key"), join.key, ORDER_NAMES)
        self._on = compiler.field((*path, "on"), join.on, names)

    def rows(self, scope: Scope) -> Rows:
        """Return an order's rows by their key; the list is read once for all lines."""
        found: Rows = {}
        for row in self._from.rows(scope):
            key = text(self._key.get(Scope(row, scope.names)))
            if key is not None:
                found.setdefault(key, []).append(row)
        return found

    def row(self, rows: Rows, scope: Scope) -> Any:
        """Return what belongs to a line: a row, or all of them for a join of many.

        Raises:
            PayloadError: there is none, and the join is not optional.
        """
        value = self._on.get(scope)
        if is_missing(value):
            return [] if self._many else None
        found = rows.get(text(value) or "")
        if self._many:
            return found or []
        if found:
            return found[0]
        if self._optional:
            return None
        raise self._no_row(scope, value, sum(len(one) for one in rows.values()))

    def _no_row(self, scope: Scope, value: Any, count: int) -> PayloadError:
        source = self._from.source
        return self._on.fault(
            scope,
            Words(
                f"there is no row with the key {shown(value)} in {source} ({count} rows).",
                f"{source}({count}행)에 키가 {shown(value)}인 행이 없습니다.",
            ),
        )

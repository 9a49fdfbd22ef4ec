"""What a webstore has done about the money of a paid order, as its profile says it."""

from collections.abc import Callable
from typing import Any, Final

from tillbridge.plugin import PayloadError, WebMoney, Words
from tillbridge_generic_webstore.expressions.faults import shown
from tillbridge_generic_webstore.expressions.texts import is_missing, text
from tillbridge_generic_webstore.language.ordering import MoneyTable, OrderFields
from tillbridge_generic_webstore.mapping.fields import Field, FieldCompiler, Scope
from tillbridge_generic_webstore.mapping.standing import NONE

_NOTHING: Final = "-"
_STRONGEST: Final = (
    WebMoney.CHARGED,
    WebMoney.ON_ACCEPTANCE,
    WebMoney.HELD,
    WebMoney.REFUNDED,
    WebMoney.RELEASED,
)

ReadMoney = Callable[[Scope, bool], WebMoney | None]
"""Returns what was done about the money; the flag says whether the order is paid."""


class _Table:
    """`order.money` as a table."""

    def __init__(self, field: Field, table: MoneyTable) -> None:
        self._field = field
        self._any = WebMoney(table.map) if isinstance(table.map, str) else None
        known = {} if isinstance(table.map, str) else table.map
        self._known: dict[str, WebMoney | None] = {
            value: None if word == _NOTHING else WebMoney(word) for value, word in known.items()
        }
        self._known |= dict.fromkeys(table.ignore)

    def read(self, scope: Scope) -> WebMoney | None:
        """Return what the field's value means; of several the strongest."""
        value = self._field.get(scope)
        if self._any is not None:
            return None if is_missing(value) or value is False else self._any
        every = value if isinstance(value, list) and value else [value]
        found = {self._one(scope, one) for one in every}
        return next((one for one in _STRONGEST if one in found), None)

    def _one(self, scope: Scope, value: Any) -> WebMoney | None:
        missing = is_missing(value) or value == []
        key = NONE if missing else str(text(value))
        if key not in self._known:
            raise self._unknown(scope, NONE if missing else shown(value))
        return self._known[key]

    def _unknown(self, scope: Scope, came: str) -> PayloadError:
        known = ", ".join(self._known) or "-"
        return self._field.fault(
            scope,
            Words(
                f"{came} is not in the table; map it, or add it to ignore. Known are: {known}.",
                f"{came} 값이 결제 상태 표에 없습니다. map이나 ignore에 추가해 주세요. 알려진 값: {known}.",
            ),
        )


def compile_money(fields: OrderFields, compiler: FieldCompiler) -> ReadMoney:
    """Return what tells what was done about an order's money.

    What is said of every paid order is said of no other; a table is asked of those that are over, too.
    """
    money = fields.money
    if money is None:
        return lambda *_: None
    if isinstance(money, str):
        always = WebMoney(money)
        return lambda _, paid: always if paid else None
    table = _Table(compiler.field(("order", "money", "of"), money.of), money)
    return lambda scope, _: table.read(scope)

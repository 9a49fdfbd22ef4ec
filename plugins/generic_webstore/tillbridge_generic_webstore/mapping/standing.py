"""Where an order stands: one total table an axis, and the strongest of what they say wins.

A value that no table knows is never taken for open: it is shown, with the line that lacks it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tillbridge.plugin import PayloadError, Standing, Words
from tillbridge_generic_webstore.expressions.faults import shown
from tillbridge_generic_webstore.expressions.texts import is_missing, text
from tillbridge_generic_webstore.language.ordering import StandingTable
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.mapping.fields import Field, FieldCompiler, Scope

NONE: Final = "(none)"
_NOTHING: Final = "-"
_STRENGTH: Final[Mapping[Standing, int]] = {
    Standing.OPEN: 1,
    Standing.UNPAID: 2,
    Standing.FULFILLED: 3,
    Standing.REFUNDED: 4,
    Standing.CANCELLED: 5,
}

ReadStanding = Callable[[Scope], tuple[Standing, str]]
"""Returns where the order stands, and the webstore's own words for it."""


class _Axis:
    """One table."""

    def __init__(self, field: Field, table: StandingTable, title: str) -> None:
        self.field = field
        self._title = title
        self.counts_any = isinstance(table.map, str)
        self._any = Standing(table.map) if isinstance(table.map, str) else None
        known = {} if isinstance(table.map, str) else table.map
        self._known: dict[str, Standing | None] = {
            value: None if word == _NOTHING else Standing(word) for value, word in known.items()
        }
        self._known |= dict.fromkeys(table.ignore)
        self._counts = min if table.every else max

    def read(self, scope: Scope, said: list[str]) -> Standing | None:
        """Return what the values of this axis mean, the strongest or, with `every`, the weakest of them.

        Args:
            scope: the order.
            said: collects the values.
        """
        value = self.field.get(scope)
        if self._any is not None:
            return None if is_missing(value) or value is False else self._any
        if not isinstance(value, list):
            return self._one(scope, value, said)
        found = [one for each in value if (one := self._one(scope, each, said)) is not None]
        return self._counts(found, key=_STRENGTH.__getitem__, default=None)

    def _one(self, scope: Scope, value: Any, said: list[str]) -> Standing | None:
        key = NONE if is_missing(value) else text(value)
        if key not in self._known:
            raise self._unknown(scope, value)
        if key != NONE and key not in said and not isinstance(value, bool):  # "true" is no word of a webstore
            said.append(str(key))
        return self._known[str(key)]

    def _unknown(self, scope: Scope, value: Any) -> PayloadError:
        known = ", ".join(self._known) or "-"
        came = NONE if is_missing(value) else shown(value)
        return self.field.fault(
            scope,
            Words(
                f"{came} is not in the table; map it, or add it to ignore. Known are: {known}.",
                f"{came} 값이 상태 표에 없습니다. map이나 ignore에 추가해 주세요. 알려진 값: {known}.",
            ),
            _not_said(self._title) if is_missing(value) else _not_known(self._title, came),
        )


def _not_known(title: str, came: str) -> Words:
    """Say to staff that somebody has to add a status to the profile of the webstore of this title."""
    return Words(
        f"{title} sent a status that tillbridge does not know yet: {came}. The order waits; ask whoever set "
        "up the connection.",
        f"{title}에서 아직 알 수 없는 주문 상태를 보냈습니다: {came}. 주문은 대기 중이니 연결을 설정한 "
        "담당자에게 문의해 주세요.",
    )


def _not_said(title: str) -> Words:
    """Say to staff that nobody can tell where the order stands."""
    return Words(
        f"{title} did not say where this order stands. The order waits; ask whoever set up the connection.",
        f"{title}에서 이 주문의 상태를 보내지 않았습니다. 주문은 대기 중이니 연결을 설정한 담당자에게 문의해 "
        "주세요.",
    )


def compile_standing(profile: Profile, compiler: FieldCompiler) -> ReadStanding:
    """Return what reads an order's standing."""
    tables, title = profile.order.standing, profile.title
    axes = [
        _Axis(compiler.field(("order", "standing", at, "of"), table.of), table, title)
        for at, table in enumerate(tables)
    ]

    def read(scope: Scope) -> tuple[Standing, str]:
        said: list[str] = []
        strongest: Standing | None = None
        for axis in axes:
            found = axis.read(scope, said)
            if found is not None and (strongest is None or _STRENGTH[found] > _STRENGTH[strongest]):
                strongest = found
        if strongest is None:
            raise axes[0].field.fault(
                scope,
                Words(
                    "no table of order.standing says where the order stands.",
                    "order.standing의 어느 표에도 이 주문의 상태가 없습니다.",
                ),
                _not_said(title),
            )
        return strongest, ", ".join(said)

    return read

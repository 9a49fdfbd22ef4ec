"""The little that is read of a row while it is fetched: which order it is, and when it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tillbridge_generic_webstore.calling.answers import decode
from tillbridge_generic_webstore.calling.moments import read_moment
from tillbridge_generic_webstore.expressions import Expression, ValueFault


@dataclass(frozen=True, slots=True)
class Head:
    """A row as it came.

    Attributes:
        content: its bytes.
        order_id: the webstore's ID, or None where not even that can be read.
        at: when it changed, UTC; None where that cannot be read.
        answer: the whole answer that it came in; b"" where nothing beside its rows is needed.
    """

    content: bytes
    order_id: str | None = None
    at: datetime | None = None
    answer: bytes = b""


class Heads:
    """Reads heads.

    Args:
        order_id: the expression of the ID; None where it does not stand in what is read.
        at: the expression of the time; None where no time is needed.
        forms: how times are written.
    """

    def __init__(
        self, order_id: Expression | None, at: Expression | None, forms: str | Sequence[str]
    ) -> None:
        self._id = None if order_id is None else RowReading(order_id)
        self._at = None if at is None else RowReading(at)
        self._forms = forms

    @property
    def has_time(self) -> bool:
        """Whether rows say when they changed, or were placed."""
        return self._at is not None

    def read(self, content: bytes, zone: ZoneInfo | None, answer: bytes = b"") -> Head:
        """Return the head of a row, which keeps its answer; one that is damaged stops nothing."""
        found = None if self._id is None else self._id.of(content)
        at = None if self._at is None else self._at.of(content)
        order_id = as_id(found)
        moment = None if at is None else read_moment(at, self._forms, zone)
        return Head(content, order_id, moment, answer)


class RowReading:
    """Evaluates an expression over bytes; of a plain path, nothing else is read."""

    def __init__(self, expression: Expression) -> None:
        self._expression = expression
        self._type = _path_type(expression.fields) if expression.fields else None

    def of(self, content: bytes) -> Any:
        """Return the value, or None."""
        try:
            if self._type is None:
                return self._expression(decode(content))
            found: Any = msgspec.json.decode(content, type=self._type)
            for _ in self._expression.fields:
                found = getattr(found, "value", None)
        except (ValueError, RecursionError, ValueFault):
            return None
        return found


def as_id(value: Any) -> str | None:
    """Return an ID as text; None for what can be none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return str(value).strip() or None


def _path_type(fields: tuple[str, ...]) -> Any:
    kind: Any = Any
    for name in reversed(fields):
        kind = msgspec.defstruct(
            "Step", [("value", kind, msgspec.field(default=None, name=name))], forbid_unknown_fields=False
        )
        kind = kind | None
    return kind

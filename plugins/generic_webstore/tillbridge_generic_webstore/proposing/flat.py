"""Lists whose rows are the lines of orders: each row has a quantity, a time, and the number of its order."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tillbridge_generic_webstore.calling.grouping import ROWS
from tillbridge_generic_webstore.proposing import naming
from tillbridge_generic_webstore.proposing.looking import (
    Found,
    Sample,
    counts,
    fields_of,
    lines_of,
    lists_of,
    marks_of,
)
from tillbridge_generic_webstore.proposing.names import joined, plain
from tillbridge_generic_webstore.proposing.times import is_time

_KEY: Final = re.compile(r"(customer|shop|web|sales)?orders?(id|no|number|num|code|key|ref|reference)")
_ORDER: Final = 2
"""As many marks of an order has an object that is one itself: what it holds are its own lines."""


@dataclass(frozen=True, slots=True)
class Flat:
    """Orders that were put together of their rows.

    Attributes:
        sample: the orders, each as its first row with all of its rows.
        key: which field of a row names its order.
        rows: all rows.
    """

    sample: Sample
    key: Found
    rows: Sequence[Mapping[str, Any]]


def flat_of(payload: Any) -> Flat | None:
    """Return the orders of a list of lines; None where a payload has no such list."""
    for path, rows in lists_of(payload):
        if path.count("[]") != 1 or path[-1] != "[]":
            continue
        if any(marks_of(one) >= _ORDER for one in _around(payload, path[:-1])):
            continue
        key = _key_of(rows)
        if key is not None:
            return Flat(Sample(list(_together(rows, key)), joined(path)), key, rows)
    return None


def _around(payload: Any, path: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the objects around a list."""
    here = payload
    for step in path:
        if isinstance(here, dict):
            yield here
            here = here.get(step)


def _key_of(rows: Sequence[Mapping[str, Any]]) -> Found | None:
    """Return which field names the order of a row; None where rows are no lines of orders."""
    if not all(counts(row) and lines_of(row) is None for row in rows):
        return None
    if not any(is_time(one.value) for one in fields_of(rows[0])):
        return None
    fit = (one for one in fields_of(rows[0]) if len(one.path) == 1 and _KEY.fullmatch(plain(one.path[0])))
    return next((one for one in fit if all(naming.is_name(row.get(one.path[0])) for row in rows)), None)


def _together(rows: Sequence[Mapping[str, Any]], key: Found) -> Iterator[dict[str, Any]]:
    own: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        own.setdefault(str(row[key.path[0]]), []).append(row)
    for some in own.values():
        yield {**some[0], ROWS: some}

"""What one order becomes by a profile, field by field, and what of it nobody read."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from tillbridge.plugin import NotAnOrder, PayloadError, RawOrder, WebOrder, Words
from tillbridge_generic_webstore.calling.grouping import ROWS
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.mapping.payload import read_order
from tillbridge_generic_webstore.trying.fields import beside_lines, of_line, of_order, shown
from tillbridge_generic_webstore.trying.reads import Read, reads_of
from tillbridge_generic_webstore.trying.usage import Trail, Trails, of_either, trails_of, unused, written

_PLAIN: Final = re.compile(r"[\w.]*")
_NEEDED: Final = frozenset(
    {
        *(("order", name) for name in ("id", "placed", "currency", "total")),
        *(("lines", name) for name in ("from", "id", "name", "quantity")),
        *(("lines", name) for name in ("net", "gross", "amount")),
    }
)
"""What no order can be without."""


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the web order.

    Attributes:
        field: its name: "total", "lines[1].sku".
        value: as people read it.
        path: its key in the profile.
        line: in the profile's file.
        expression: the profile's text.
        payload: what that reads, in the payload's own names.
    """

    field: str
    value: str
    path: str
    line: int
    expression: str
    payload: Sequence[str]


@dataclass(frozen=True, slots=True)
class Absent:
    """An expression that found nothing in the payload.

    Attributes:
        path: its key in the profile.
        line: in the profile's file.
        expression: its text.
        near: a field of the payload that may have been meant; "" where there is none.
        optional: an order is whole without it.
    """

    path: str
    line: int
    expression: str
    near: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of one order.

    Attributes:
        order: the web order; None where it is none.
        shown: the order whose fields are shown: one whose sums do not agree is damaged, and shown anyway.
        reason: why it is no order.
        error: what is damaged.
        rows: its fields.
        unread: what of the payload no expression reads.
        absent: expressions that found nothing.
        place: which of the payload's rows it is, from 1; 0 for one by itself.
    """

    order: WebOrder | None = None
    shown: WebOrder | None = None
    reason: Words | None = None
    error: PayloadError | None = None
    rows: Sequence[Row] = ()
    unread: Sequence[str] = ()
    absent: Sequence[Absent] = field(default=())
    place: int = 0


def try_all(
    compiled: CompiledProfile,
    orders: Sequence[RawOrder],
    settings: Mapping[str, str],
    broken: Mapping[int, PayloadError],
) -> list[Tried]:
    """Return what each row of a list becomes, in the list's order.

    Args:
        compiled: the profile.
        orders: the rows that are orders.
        settings: what the user filled in, without the secrets.
        broken: the rows that are none, by their place (from 1).
    """
    places = (place for place in count(1) if place not in broken)
    tried = [
        replace(try_order(compiled, raw, settings), place=place)
        for raw, place in zip(orders, places, strict=False)
    ]
    tried += [Tried(error=error, place=place) for place, error in broken.items()]
    return sorted(tried, key=lambda one: one.place)


def try_order(compiled: CompiledProfile, raw: RawOrder, settings: Mapping[str, str]) -> Tried:
    """Return what an order becomes by a profile; what is wrong with it is an answer, too."""
    order: WebOrder | None = None
    reason: Words | None = None
    error: PayloadError | None = None
    try:
        found = compiled.mapper.parse(raw, settings)
        order, reason = (None, found.reason) if isinstance(found, NotAnOrder) else (found, None)
    except PayloadError as damage:
        error = damage
    displayed = _despite(compiled, raw, settings) if error else order
    try:
        payload, parts = read_order(raw)
    except PayloadError as damage:
        return Tried(error=damage)
    reads = list(reads_of(compiled.profile))
    rows = list(_rows(compiled, reads, displayed)) if displayed else []
    # What an expression of several fields found is not absent, wherever it may look for it besides.
    found_by = {row.path for row in rows if not _PLAIN.fullmatch(row.expression)}
    asked = [one for one in reads if one.place not in found_by]
    known = set(trails_of(payload)) | set(trails_of({"_parts": parts}))
    return Tried(
        order=order,
        shown=displayed,
        reason=reason,
        error=error,
        rows=rows,
        unread=[written(trail) for trail in unused(payload, _read(compiled, reads))],
        absent=list(_absent(compiled, asked, known)),
    )


def _read(compiled: CompiledProfile, reads: Sequence[Read]) -> Iterator[Trail]:
    """Yield what expressions read; of an order that is its first row, wherever its fields stand."""
    trails = (one for read in reads for one in read.uses)
    return iter(trails) if compiled.profile.orders.group_by is None else of_either(trails, ROWS)


def _despite(compiled: CompiledProfile, raw: RawOrder, settings: Mapping[str, str]) -> WebOrder | None:
    """Return an order of which nothing but the sums is damaged; None for any other."""
    try:
        found = compiled.mapper.parse(raw, settings, held=False)
    except PayloadError:
        return None
    return found if isinstance(found, WebOrder) else None


def _rows(compiled: CompiledProfile, reads: Sequence[Read], order: WebOrder) -> Iterator[Row]:
    for read in reads:
        if read.path[0] == "order" and read.path[1] not in ("charges", "tenders", "payment"):
            value = of_order(order, read.path)
            if value not in (None, ""):
                yield _row(compiled, read, read.place.removeprefix("order."), shown(value))
    for number, line in enumerate(order.lines, start=1):
        for read in reads:
            value = of_line(line, read.path) if read.path[0] == "lines" else None
            if value not in (None, ""):
                yield _row(compiled, read, f"lines[{number}].{read.path[1]}", shown(value))
    for name, table, value in beside_lines(order):
        path: Path = ("order", table)
        yield Row(name, shown(value), f"order.{table}", compiled.positions.line(path), "", ())


def _row(compiled: CompiledProfile, read: Read, name: str, value: str) -> Row:
    line = compiled.positions.line(read.path)
    return Row(name, value, read.place, line, read.source, sorted(map(written, _ends(read.trails))))


def _ends(trails: Trails) -> Iterator[Trail]:
    """Yield trails that lead no further."""
    for one in trails:
        if not any(other != one and other[: len(one)] == one for other in trails):
            yield one


def _absent(compiled: CompiledProfile, reads: Sequence[Read], known: set[Trail]) -> Iterator[Absent]:
    for read in reads:
        ends = [one for one in _ends(read.trails) if one[0] != "_settings"]
        # Of several fields one is enough: that is what first() is for; a list that is empty holds nothing.
        if ends and not any(one in known for one in ends) and all(_is_reached(one, known) for one in ends):
            near = next(filter(None, (_near(one, known) for one in ends)), "")
            line = compiled.positions.line(read.path)
            yield Absent(read.place, line, read.source, near, optional=read.path not in _NEEDED)


def _is_reached(trail: Trail, known: set[Trail]) -> bool:
    """Say whether the table that a field would be in is there."""
    return len(trail) == 1 or trail[:-1] in known


def _near(trail: Trail, known: set[Trail]) -> str:
    beside = {one[-1]: one for one in known if len(one) == len(trail) and one[:-1] == trail[:-1]}
    found = difflib.get_close_matches(trail[-1], beside, n=1, cutoff=0.7)
    return written(beside[found[0]]) if found else ""

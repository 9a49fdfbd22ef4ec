"""Reads payload files: an answer with its list, a single order, and the second calls that belong to it.

A payload `shop.json` may have neighbours `shop.NAME.json`: the rows of the part NAME of its orders. Parts
that stand beside the list come out of the payload itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from tillbridge.plugin import InputError, PayloadError, RawOrder, Words
from tillbridge_generic_webstore.calling.answers import decode
from tillbridge_generic_webstore.calling.beside import Beside, keys_of
from tillbridge_generic_webstore.calling.grouping import Grouping
from tillbridge_generic_webstore.calling.rows import RowsError, RowsPath, compile_rows
from tillbridge_generic_webstore.calling.xml import as_json
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.finding import unreadable
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.proposing.looking import orders_of, orders_without_quantity

ORDER: Final = "order"
_ALONE: Final = "@"
_VALUES: Final = "*"
_KINDS: Final = {
    b"[": Words("a list", "목록"),
    b'"': Words("a text", "문자열"),
    b"n": Words("null", "null"),
    b"t": Words("true", "true"),
    b"f": Words("false", "false"),
}
"""What a row is that is no object, by its first byte; what is left are numbers."""
_NUMBER: Final = Words("a number", "숫자")


@dataclass(frozen=True, slots=True)
class Payload:
    """The orders of a payload.

    Attributes:
        orders: each with its parts.
        rows: where they were found; "@" for an order alone.
        absent: parts that the profile has and nobody gave.
        broken: rows that are no orders, by their place in the list (from 1): a text, a number, null.
    """

    orders: Sequence[RawOrder]
    rows: str
    absent: Sequence[str] = ()
    broken: Mapping[int, PayloadError] = field(default_factory=dict)


def read_payload(path: Path, compiled: CompiledProfile, parts: Mapping[str, Path]) -> Payload:
    """Return the orders of a file, cut out as the profile says, or one order alone.

    Args:
        path: an answer of the webstore, or one order.
        compiled: the profile; it says where an answer holds its orders.
        parts: files of second calls, by the part's name; those beside the payload are found by themselves.

    Raises:
        InputError: a file cannot be read, is no JSON, or is of a part that the profile does not have.
    """
    profile = compiled.profile
    is_xml = profile.connect.format == "xml"
    content = _read(path, is_xml=is_xml)
    declared = list(profile.orders.parts)
    unknown = [name for name in parts if name not in declared]
    if unknown:
        raise InputError(
            Words(
                f"The profile has no part {', '.join(unknown)} ({', '.join(declared) or '-'}).",
                f"프로필에 {', '.join(unknown)} 부분이 없습니다(있는 부분: {', '.join(declared) or '-'}).",
            )
        )
    given = {name: parts.get(name, path.with_suffix(f".{name}.json")) for name in declared}
    found = {
        name: _rows(_read(file, is_xml=is_xml))
        for name, file in given.items()
        if name in parts or file.is_file()
    }
    grouping = compiled.lister.grouping
    rows, source = _cut(content, profile, grouping)
    orders = [one for one in rows if _is_object(one)]
    if grouping is not None and source != _ALONE:
        orders = grouping.all_of(orders)
    beside = [one for one in compiled.lister.parts if isinstance(one, Beside) and one.name not in found]
    return Payload(
        [
            RawOrder(
                None,
                {ORDER: one, **dict.fromkeys(declared, b"[]"), **_beside(beside, one, content), **found},
            )
            for one in orders
        ],
        source,
        [name for name in declared if name not in found and name not in {one.name for one in beside}],
        {place: _no_order(one, place, source) for place, one in enumerate(rows, 1) if not _is_object(one)},
    )


def _beside(parts: Sequence[Beside], order: bytes, content: bytes) -> dict[str, bytes]:
    """Return the parts of an order that stand in the payload itself."""
    made: dict[str, bytes] = {}
    held: dict[str, Any] = {}
    value = decode(order)
    for part in parts:
        keys = keys_of(part.keys, value, held, {"_settings": {}})
        (found,) = part.of_orders([keys], [content])
        rows = [row for some in found for row in some]
        made[part.name] = b"[" + b",".join(rows) + b"]"
        held[part.name] = [decode(row) for row in rows]
    return made


def _cut(content: bytes, profile: Profile, grouping: Grouping | None) -> tuple[list[bytes], str]:
    """Return the rows of a payload, orders or not, and where they are; one order alone is at "@"."""
    if grouping is not None and grouping.is_whole(content):
        return [content], _ALONE
    one, nothing = profile.orders.one, None
    for source in (profile.orders.rows, one.rows if one else _ALONE):
        if source == _ALONE:
            continue
        rows = compile_rows(source, (), Mistakes(), of_xml=profile.connect.format == "xml")
        found = _cut_by(rows, content)
        if found is None:
            continue
        if all(map(_is_object, found)) or _lists(rows, found):
            return found, source
        nothing = nothing or (found, source)
    # The sample may come from elsewhere than the list that the profile asks for.
    value = msgspec.json.decode(content, type=Any)
    sample = orders_of(value) or orders_without_quantity(value)
    if sample and sample.rows != _ALONE:
        return compile_rows(sample.rows, (), Mistakes()).cut(content), sample.rows
    if nothing and sample is None and profile.orders.names is None:
        return nothing  # where orders should be, and none of it is one
    return [content], _ALONE


def _cut_by(rows: RowsPath, content: bytes) -> list[bytes] | None:
    """Return the rows at a place; None where the payload has nothing there."""
    try:
        return rows.cut(content)
    except RowsError:
        return None


def _lists(rows: RowsPath, found: Sequence[bytes]) -> bool:
    """Say whether what was found is a list of orders in which something else stands too.

    The values of an object ("*") may be the fields of one order, of which some are objects.
    """
    ways = [rows]
    while (further := ways[-1].otherwise) is not None:
        ways.append(further)
    return any(map(_is_object, found)) and not any(one.steps[-1:] == (_VALUES,) for one in ways)


def _is_object(row: bytes) -> bool:
    return row.lstrip()[:1] == b"{"


def _no_order(row: bytes, place: int, source: str) -> PayloadError:
    """Say of a row that it is no order."""
    kind = _KINDS.get(row.lstrip()[:1], _NUMBER)
    return PayloadError(
        Words(
            f'Row {place} of "{source}" is {kind.en}, not an order.',
            f'"{source}"의 {place}번째 행은 주문이 아니라 {kind.ko}입니다.',
        ),
        path=source,
    )


def _rows(content: bytes) -> bytes:
    """Return a part as the list of its rows."""
    return content if content.lstrip()[:1] == b"[" else b"[" + content + b"]"


def _read(path: Path, *, is_xml: bool) -> bytes:
    try:
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise unreadable(path, error) from error
    if is_xml:
        try:
            return as_json(content)
        except ValueError as error:
            raise InputError(
                Words(f"{path} is no XML: {error}.", f"{path} 파일이 XML이 아닙니다: {error}.")
            ) from error
    try:
        msgspec.json.decode(content, type=Any)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise InputError(
            Words(f"{path} is no JSON: {error}.", f"{path} 파일이 JSON이 아닙니다: {error}.")
        ) from error
    return content

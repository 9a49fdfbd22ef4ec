"""The functions of texts, lists and objects. What is not there makes nothing of them fail."""

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape as unescape_html
from typing import Any

from tillbridge.plugin import Words
from tillbridge_generic_webstore.expressions.decoding import decode_exactly
from tillbridge_generic_webstore.expressions.faults import ExpressionFault


def is_false(value: Any) -> bool:
    """Tell whether JMESPath takes a value for false: null, false, "", [], {}; no number is."""
    return value is None or value is False or (not value and isinstance(value, str | list | dict))


def is_missing(value: Any) -> bool:
    """Tell whether nothing is there: null, "", [], {}; false and 0 say something."""
    return value is None or (not value and isinstance(value, str | list | dict))


def text(value: Any) -> str | None:
    """Return a value as text: a number by its digits; null for a list or an object."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, list | dict):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def words(*values: Any) -> str | None:
    """Join what is there by spaces, also of lists; null where nothing is."""
    found: list[str] = []
    for value in values:
        for one in value if isinstance(value, list) else [value]:
            said = text(one)
            if said and (clean := said.strip()):
                found.append(clean)
    return " ".join(found) if found else None


def upper(value: Any) -> str | None:
    """Return a text in capitals."""
    said = text(value)
    return None if said is None else said.upper()


def lower(value: Any) -> str | None:
    """Return a text in small letters."""
    said = text(value)
    return None if said is None else said.lower()


def trim(value: Any) -> str | None:
    """Return a text without the spaces around it."""
    said = text(value)
    return None if said is None else said.strip()


def unescape(value: Any) -> str | None:
    """Return a text with the marks of HTML as the signs that they mean: "&amp;" is "&"."""
    said = text(value)
    return None if said is None else unescape_html(said)


def replace(value: Any, old: Any, new: Any) -> str | None:
    """Replace each `old` in a text."""
    said, what = text(value), text(old)
    return said if said is None or not what else said.replace(what, text(new) or "")


def split(value: Any, separator: Any) -> list[str] | None:
    """Cut a text at each separator."""
    said, sign = text(value), text(separator)
    return None if said is None or not sign else said.split(sign)


def join(separator: Any, values: Any) -> str | None:
    """Join a list's texts; null for no list."""
    if not isinstance(values, list):
        return None
    return (text(separator) or "").join(said for one in values if (said := text(one)) is not None)


def starts_with(value: Any, start: Any) -> bool:
    """Tell whether a text begins so."""
    said, what = text(value), text(start)
    return said is not None and what is not None and said.startswith(what)


def ends_with(value: Any, end: Any) -> bool:
    """Tell whether a text ends so."""
    said, what = text(value), text(end)
    return said is not None and what is not None and said.endswith(what)


def contains(where: Any, what: Any) -> bool:
    """Tell whether a list has a value, or a text another one; null has nothing."""
    if isinstance(where, list):
        return any(one == what and isinstance(one, bool) is isinstance(what, bool) for one in where)
    if isinstance(where, str):
        said = text(what)
        return said is not None and said in where
    return False


def length(value: Any) -> int:
    """Return how many a list, an object or a text has; 0 for null."""
    return len(value) if isinstance(value, str | list | dict) else 0


def keys(value: Any) -> list[str] | None:
    """Return an object's names."""
    return list(value) if isinstance(value, dict) else None


def values(value: Any) -> list[Any] | None:
    """Return an object's values."""
    return list(value.values()) if isinstance(value, dict) else None


def merge(first: Any, *others: Any) -> dict[str, Any] | None:
    """Return an object with what others have beside it, and in its place."""
    if not isinstance(first, dict):
        return None
    made = dict(first)
    for other in others:
        made |= other if isinstance(other, dict) else {}
    return made


def entries(value: Any) -> list[Any] | None:
    """Return an object's names and values as rows, each with its `key` and its `value`."""
    if not isinstance(value, dict):
        return None
    return [{"key": key, "value": one} for key, one in value.items()]


def listed(value: Any) -> list[Any]:
    """Return a list as it is, anything else as a list of it, and nothing as an empty one."""
    if isinstance(value, list):
        return value
    return [] if is_missing(value) else [value]


def find(rows: Any, field: Any, wanted: Any) -> Any:
    """Return the first of a list's objects whose field has a value; 7 and "7" are the same key."""
    if not isinstance(rows, list) or wanted is None:
        return None
    said = text(wanted)
    for row in rows:
        if isinstance(row, dict) and (found := row.get(field)) is not None and text(found) == said:
            return row
    return None


def once(rows: Any, field: Any) -> list[Any] | None:
    """Return a list's objects, those with the same value of a field only once; those without it all."""
    if not isinstance(rows, list):
        return None
    seen: set[str] = set()
    found = []
    for row in rows:
        said = text(row.get(field)) if isinstance(row, dict) else None
        if said is None or said not in seen:
            found.append(row)
        if said is not None:
            seen.add(said)
    return found


def segment(value: Any) -> str | None:
    """Return the last part of an address: "GB" of "https://shop.example/api/countries/GB/"."""
    said = text(value)
    if said is None:
        return None
    return said.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2] or None


def pattern(source: str) -> Callable[[Any], str | None]:
    """Return a search in texts: the first group of what it finds, or all of it.

    Raises:
        ExpressionFault: it is no pattern.
    """
    try:
        compiled = re.compile(source)
    except re.error as error:
        raise ExpressionFault(
            Words(f'"{source}" is no pattern: {error}', f'"{source}"은(는) 패턴이 아닙니다: {error}')
        ) from error
    group = 1 if compiled.groups else 0

    def search(value: Any) -> str | None:
        said = text(value)
        found = compiled.search(said) if said is not None else None
        return found.group(group) if found else None

    return search


def json(value: Any) -> Any:
    """Return what a text of JSON says; null where it is none."""
    if not isinstance(value, str):
        return None
    try:
        return decode_exactly(value)
    except (RecursionError, ValueError):
        return None

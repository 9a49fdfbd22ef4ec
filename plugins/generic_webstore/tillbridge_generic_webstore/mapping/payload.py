"""Reads the bytes of an order's parts as JSON, exactly: whole numbers as `int`, all others as Decimal."""

import json
from typing import Any, Final

from tillbridge.plugin import PayloadError, RawOrder, Words
from tillbridge_generic_webstore.expressions.decoding import decimal, decode_exactly, integer, no_number
from tillbridge_generic_webstore.mapping.faults import ROOT, damaged

PART: Final = "order"
_BOM: Final = b"\xef\xbb\xbf"


def read_order(raw: RawOrder) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the order, and its other parts by name.

    Raises:
        PayloadError: a part is no JSON, or the order is no object.
    """
    content = raw.parts.get(PART)
    if content is None:
        raise damaged(ROOT, Words("the order's data is missing.", "주문 데이터가 없습니다."))
    order = _read(content, ROOT)
    if not isinstance(order, dict):
        raise damaged(
            ROOT,
            Words("the order's data is no object with fields.", "주문 데이터가 필드가 있는 객체가 아닙니다."),
        )
    if len(raw.parts) == 1:
        return order, {}
    return order, {name: _read(part, f"_parts.{name}") for name, part in raw.parts.items() if name != PART}


def _read(content: bytes, path: str) -> Any:
    content = content.removeprefix(_BOM)
    try:
        return decode_exactly(content)
    except RecursionError as error:
        raise _damaged_json(path, "it is nested too deep", "지나치게 깊게 중첩되어 있습니다") from error
    except ValueError as error:
        found = _leniently(content)
        if found is None:
            raise _damaged_json(path, str(error), str(error)) from error
        return found


def _leniently(content: bytes) -> Any:
    """Read what the strict reader refuses, and is an order: one with a text that ends in half an emoji."""
    try:
        return json.loads(content, parse_float=decimal, parse_int=integer, parse_constant=no_number)
    except (ValueError, RecursionError):
        return None


def _damaged_json(path: str, en: str, ko: str) -> PayloadError:
    return damaged(
        path,
        Words(f"the order's data is no complete JSON: {en}.", f"주문 데이터가 온전한 JSON이 아닙니다: {ko}."),
    )

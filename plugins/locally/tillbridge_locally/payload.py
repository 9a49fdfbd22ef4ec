"""Reads a payload's bytes as JSON, exactly: numbers by their own text, nothing silently mended."""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tillbridge.plugin import PayloadError, Words
from tillbridge_locally.damage import ROOT, damaged, path_of

# Longer than any amount, quantity or ID; Python refuses numbers of more than 4300 digits by itself.
_LONGEST_NUMBER: Final = 40
# Stands for a number that cannot be read: passed over in an unused field, refused with its path in others.
_NO_NUMBER: Final = Decimal("NaN")


class _Doubled(dict[str, Any]):
    """An object in which a field stands twice; two readers would read two different orders."""

    def __init__(self, fields: dict[str, Any], name: str) -> None:
        super().__init__(fields)
        self.name = name


def read_json(content: bytes) -> Any:
    """Return what the bytes say: numbers with a fraction as `Decimal`, unreadable ones as NaN.

    Raises:
        PayloadError: no UTF-8, no complete JSON, nested too deep, or a field that stands twice.
    """
    doubled: list[_Doubled] = []

    def fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        names = [name for name, _ in pairs]
        doubled.append(_Doubled(found, next(name for name in names if names.count(name) > 1)))
        return doubled[-1]

    try:
        text = content.decode("utf-8-sig")
        document = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=lambda _: _NO_NUMBER,
            object_pairs_hook=fields,
        )
    except UnicodeDecodeError as error:
        raise _not_text(error.start) from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise _incomplete(getattr(error, "pos", 0), len(text)) from error
    if doubled:
        raise _twice(document)
    return document


def _decimal(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        return _NO_NUMBER
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what Decimal knows
        return _NO_NUMBER


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= _LONGEST_NUMBER else _NO_NUMBER


def _places(document: Any) -> Iterator[tuple[tuple[int | str, ...], Any]]:
    """Yield every value with its place; by a stack, as a payload may be nested deeper than Python calls."""
    stack: list[tuple[tuple[int | str, ...], Any]] = [((), document)]
    while stack:
        place, value = stack.pop()
        yield place, value
        inner = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        stack.extend(((*place, key), one) for key, one in inner)


def _twice(document: Any) -> PayloadError:
    # One that another doubling has overwritten is not in the document any more; then the whole is named.
    place = next(((*loc, one.name) for loc, one in _places(document) if isinstance(one, _Doubled)), ())
    return damaged(
        path_of(place),
        Words(
            en="This field stands twice in the order; which one is meant cannot be known.",
            ko="주문 데이터에 같은 필드가 두 번 있어 어느 값이 맞는지 알 수 없습니다.",
        ),
    )


def _not_text(position: int) -> PayloadError:
    return damaged(
        ROOT,
        Words(
            en=f"The order's data is no text in UTF-8 (byte {position}).",
            ko=f"주문 데이터가 UTF-8 텍스트가 아닙니다({position}번째 바이트).",
        ),
    )


def _too_deep() -> PayloadError:
    return damaged(
        ROOT,
        Words(
            en="The order's data is nested too deep to be an order.",
            ko="주문 데이터가 지나치게 깊게 중첩되어 주문으로 읽을 수 없습니다.",
        ),
    )


def _incomplete(position: int, length: int) -> PayloadError:
    return damaged(
        ROOT,
        Words(
            en=f"The order's data is no complete JSON: it breaks at character {position} of {length}.",
            ko=f"주문 데이터가 온전한 JSON이 아닙니다. 전체 {length}자 중 {position}번째에서 끊겼습니다.",
        ),
    )

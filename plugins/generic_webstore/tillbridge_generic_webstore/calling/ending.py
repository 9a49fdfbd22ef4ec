"""Whether a page that names no next one is the last, or its next one is looked for at the wrong place.

Some webstores leave the next cursor out at the end of a list, so that it is not there is no mistake yet. A
smaller page of the same list tells: one that has fewer rows is not the last, and must name the next.
"""

import re
from typing import Any, Final

from tillbridge.plugin import Retryable, Words
from tillbridge_generic_webstore.calling.answers import Answer
from tillbridge_generic_webstore.expressions import Expression

_SHOWN: Final = 8
_SIGNS: Final = re.compile(r"[^a-z]")
_TOTALS: Final = frozenset(
    {
        *("total", "totalcount", "totalresults", "totalitems", "totalrecords", "totalelements", "count"),
        *("itemcount", "recordcount", "numfound", "ordercount", "totalorders"),
    }
)
"""What the number is called that says how many rows a list has."""
_ABSENT: Final = object()
_ORDERS: Final = Words("Orders would be lost", "주문이 누락될 수 있습니다.")
_ITEMS: Final = Words(
    "Items would be left out, and told neither stock nor price",
    "상품이 누락되어 재고와 가격을 보내지 못할 수 있습니다.",
)


class NoCursorError(Retryable):
    """A list goes on, and no answer says how; the page that was read is sound."""


def is_absent(at: Expression | None, answer: Answer) -> bool:
    """Say whether an answer lacks the key where the next cursor is looked for; one that is null is there.

    What is more than a path of names is not judged.
    """
    if at is None or not at.fields or answer.is_empty:
        return False
    return _at(answer.json, at.fields) is _ABSENT


def no_cursor(at: Expression, answer: Answer, rows: int, *, of_items: bool = False) -> NoCursorError:
    """Say that a list goes on and no answer says how.

    Args:
        at: where the profile looks for the next cursor.
        answer: of a page that is not the last.
        rows: how many rows the page had that seemed to be the last.
        of_items: the list is of what the webstore sells; else of its orders.
    """
    service, call = answer.response.service, answer.response.call
    has = _there(answer.json, at.fields)
    lost = _ITEMS if of_items else _ORDERS
    table = "listings.paging.at" if of_items else "paging.at"
    return NoCursorError(
        Words(
            f"{lost.en}: {service}'s list at {call} goes on after {rows} rows, and {at.source} "
            f"found no next page; the answer has {has}. Correct {table} in the profile.",
            f"{lost.ko} {service}의 {call} 목록은 {rows}건 뒤에도 이어지는데 {at.source}에 "
            f"다음 페이지가 없습니다. 응답에 있는 것: {has}. 프로필의 {table}을 고쳐 주세요.",
        )
    )


def counted(answer: Answer, rows: int) -> int:
    """Return how many rows an answer says that its list has, where it holds fewer; else 0."""
    return 0 if answer.is_empty else total_of(answer.json, rows)


def total_of(value: Any, rows: int) -> int:
    """Return the number beside a list that says how many it has, where that is more than `rows`; else 0."""
    if not isinstance(value, dict):
        return 0
    for name, one in value.items():
        is_number = isinstance(one, int) and not isinstance(one, bool)
        if is_number and one > rows and _SIGNS.sub("", name.lower()) in _TOTALS:
            return int(one)
    return next((found for one in value.values() if (found := total_of(one, rows))), 0)


def _at(value: Any, fields: tuple[str, ...]) -> Any:
    for name in fields:
        if value is None:
            return None
        if not isinstance(value, dict) or name not in value:
            return _ABSENT
        value = value[name]
    return value


def _there(value: Any, fields: tuple[str, ...]) -> str:
    """Return what an answer has as far down as a path leads: `meta: next, ok`."""
    led: list[str] = []
    for name in fields[:-1]:
        inner = _at(value, (name,))
        if not isinstance(inner, dict):
            break
        led.append(name)
        value = inner
    names = list(value) if isinstance(value, dict) else []
    listed = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    return f"{'.'.join(led)}: {listed or '-'}" if led else listed or "-"

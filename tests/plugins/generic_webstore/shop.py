"""A small invented webstore: its profile and an order, to be bent by the tests of the mapping."""

import copy
import json
from decimal import Decimal
from typing import Any

from tillbridge.plugin import NotAnOrder, RawOrder, WebOrder
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.mapping import Mapper, compile_mapping

PROFILE: dict[str, Any] = {
    "title": "Corner Shop",
    "connect": {"base": "https://shop.example/api/"},
    "orders": {"get": "orders", "rows": "[]"},
    "order": {
        "id": "id",
        "number": "number",
        "placed": "placed",
        "updated": "changed",
        "currency": "currency",
        "total": "total",
        "total_tax": "tax",
        "standing": [
            {"of": "state", "map": {"new": "open", "due": "unpaid", "sent": "fulfilled", "off": "cancelled"}}
        ],
    },
    "lines": {
        "from": "items",
        "id": "id",
        "name": "title",
        "quantity": "quantity",
        "net": "net",
        "tax": "tax",
        "sku": "sku",
    },
}
ORDER: dict[str, Any] = {
    "id": 1001,
    "number": "A-1001",
    "placed": "2026-11-02T09:30:00+09:00",
    "changed": "2026-11-02T09:31:00+09:00",
    "currency": "EUR",
    "total": "60.50",
    "tax": "10.50",
    "state": "new",
    "items": [
        {"id": 1, "title": "Bell", "quantity": 2, "net": "20.00", "tax": "4.20", "sku": "B-1"},
        {"id": 2, "title": "Lock", "quantity": 1, "net": "30.00", "tax": "6.30", "sku": ""},
    ],
}


def merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a table with changes; a table within is merged, None takes a key out."""
    made = copy.deepcopy(base)
    for key, value in changes.items():
        if value is None:
            made.pop(key, None)
        elif isinstance(value, dict) and isinstance(made.get(key), dict):
            made[key] = merged(made[key], value)
        else:
            made[key] = value
    return made


def mapper_of(**changes: Any) -> Mapper:
    """Return the mapper of the profile with changes; it has no mistakes."""
    mistakes = Mistakes()
    made = compile_mapping(Profile.model_validate(merged(PROFILE, changes)), mistakes)
    assert not mistakes, [(one.place, one.words.en) for one in mistakes]
    return made


def mistakes_of(**changes: Any) -> list[tuple[str, str]]:
    """Return what the mapping finds wrong with the profile with changes: the place, and what is said."""
    mistakes = Mistakes()
    compile_mapping(Profile.model_validate(merged(PROFILE, changes)), mistakes)
    return [(one.place, one.words.en) for one in mistakes]


def raw(order: Any, **parts: Any) -> RawOrder:
    """Return an order as it is kept."""
    content = {"order": order, **parts}
    return RawOrder(
        order_id=None,
        parts={name: one if isinstance(one, bytes) else encoded(one) for name, one in content.items()},
    )


def encoded(value: Any) -> bytes:
    """Write JSON; a Decimal is a number with just these digits."""
    marks: dict[str, str] = {}

    def marked(one: Any) -> Any:
        if isinstance(one, Decimal):
            mark = f"#{len(marks)}#"
            marks[f'"{mark}"'] = str(one)
            return mark
        if isinstance(one, dict):
            return {key: marked(inner) for key, inner in one.items()}
        return [marked(inner) for inner in one] if isinstance(one, list | tuple) else one

    text = json.dumps(marked(value), ensure_ascii=False)
    for mark, digits in marks.items():
        text = text.replace(mark, digits)
    return text.encode()


def read(
    bent: dict[str, Any] | None = None, /, *, settings: Any = None, parts: Any = None, **changes: Any
) -> WebOrder:
    """Read the order, with changes, by the profile, with changes."""
    found = answered(bent, settings=settings, parts=parts, **changes)
    assert isinstance(found, WebOrder)
    return found


def answered(
    bent: dict[str, Any] | None = None, /, *, settings: Any = None, parts: Any = None, **changes: Any
) -> WebOrder | NotAnOrder:
    """Read the order, which may be none."""
    given = raw(merged(ORDER, bent or {}), **(parts or {}))
    return mapper_of(**changes).parse(given, settings or {})

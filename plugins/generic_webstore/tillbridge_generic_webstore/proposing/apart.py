"""Orders whose lines stand elsewhere: beside the list, as JSON:API has it, or behind a call of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tillbridge_generic_webstore.proposing.looking import Sample, fields_of, lines_of, orders_without_lines
from tillbridge_generic_webstore.proposing.names import joined, plain

_LINES: Final = ("line", "item", "product", "position")
LINES: Final = "_parts.lines"
"""Where a profile finds such lines."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Orders and their lines.

    Attributes:
        sample: the orders.
        lines: of each order, as far as the payload has them.
        part: the part that brings them: keys and values, as TOML writes them.
        is_guess: whether where they come from is not in the payload.
    """

    sample: Sample
    lines: Sequence[Sequence[Mapping[str, Any]]]
    part: Mapping[str, str]
    is_guess: bool


def apart_of(payload: Any) -> Apart | None:
    """Return orders whose lines stand elsewhere; None where nothing looks like an order."""
    sample = orders_without_lines(payload)
    if sample is None:
        return None
    included = payload.get("included") if isinstance(payload, dict) else None
    rows = [one for one in included if isinstance(one, dict)] if isinstance(included, list) else []
    name = next((name for one in sample.orders for name, _ in _linked(one, rows)), None)
    if name is not None:
        lines = [dict(_linked(one, rows)).get(name, []) for one in sample.orders]
        return Apart(sample, lines, _beside(name), is_guess=False)
    return Apart(sample, [[] for _ in sample.orders], _called(sample.orders), is_guess=True)


def _called(orders: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the call that may bring the lines: by their own numbers or address, where an order has them."""
    for key, value in ((key, value) for one in orders for key, value in one.items()):
        if not any(word in plain(key) for word in _LINES):
            continue
        if isinstance(value, list) and value and all(isinstance(one, int | str) for one in value):
            return {"for": f'"{joined((key,))}"', "get": '"items/{key}"', "rows": '"@"'}
        if isinstance(value, str) and value.startswith(("/", "http")):
            return {"for": f'"{joined((key,))}"', "get": '"{key}"', "rows": '"[]"'}
    return {"for": '"id"', "get": '"orders/{key}/items"', "rows": '"[]"'}


def _beside(name: str) -> dict[str, str]:
    key = "join('/', [type, id])"
    return {
        "beside": '"included[]"',
        "for": f'"{joined(("relationships", name, "data"))}[].{key}"',
        "key": f'"{key}"',
    }


def _linked(
    order: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Return the order's relations that lead to what looks like lines, each with its rows."""
    by_key = {(one.get("type"), one.get("id")): one for one in rows}
    relations = order.get("relationships")
    found = []
    for name, relation in relations.items() if isinstance(relations, dict) else ():
        named = relation.get("data") if isinstance(relation, dict) else None
        if not isinstance(named, list):
            continue
        links = [(one.get("type"), one.get("id")) for one in named if isinstance(one, dict)]
        items = [by_key[one] for one in links if one in by_key]
        if items and _look_like_lines(items):
            found.append((name, items))
    return found


def _look_like_lines(items: Sequence[Mapping[str, Any]]) -> bool:
    flat = [{one.name: one.value for one in fields_of(item)} for item in items]
    return lines_of({"items": flat}) is not None

"""Which fields of a payload expressions read: found from the expressions alone, without running them.

A trail is a path through a payload: names, and "[]" for every place of a list: ("line_items", "[]", "sku").
What begins with a name such as "_parts" or "_settings" does not stand in the order itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jmespath

Trail = tuple[str, ...]
Trails = frozenset[Trail]
ITEM: Final = "[]"
_NONE: Final[Trails] = frozenset()
# Functions that give back what they were given, or a place in it.
_PASSING: Final[Mapping[str, slice]] = {
    "first": slice(None),
    "if": slice(1, None),
    "find": slice(0, 1),
    "list": slice(None),
}


@dataclass(slots=True)
class Reading:
    """What an expression reads.

    Args:
        scope: where it is read from: () is the order itself.
        names: what further names stand for, such as "_order" and those of joins.
    """

    scope: Trails = frozenset({()})
    names: Mapping[str, Trails] = field(default_factory=dict)
    _found: set[Trail] = field(default_factory=set)
    _valued: set[Trail] = field(default_factory=set)
    _judging: int = 0

    def of(self, source: str) -> tuple[Trails, Trails]:
        """Return what an expression reads, and what it yields (which is read, too)."""
        self._found, self._valued = set(), set()
        yielded = self._go(jmespath.compile(source).parsed, self.scope)
        self._valued |= yielded
        return frozenset(self._found | yielded) - {()}, yielded

    @property
    def valued(self) -> Trails:
        """What of that may be in its value; the rest is only compared, or asked whether it is there."""
        return frozenset(self._valued) - {()}

    def _go(self, node: Mapping[str, Any], at: Trails) -> Trails:
        handler = _HANDLERS.get(node["type"])
        if handler is None:
            return _NONE  # a literal reads nothing
        trails: Trails = getattr(self, handler)(node, at)
        return trails

    def _read(self, node: Mapping[str, Any], at: Trails) -> Trails:
        """Go into a part whose value counts by itself, wherever the whole leads."""
        trails = self._go(node, at)
        self._found |= trails
        if not self._judging:
            self._valued |= trails
        return trails

    def _field(self, node: Mapping[str, Any], at: Trails) -> Trails:
        name = node["value"]
        if name.startswith("_"):
            if name in self.names:
                return self.names[name]
            if name in ("_parts", "_settings"):
                return frozenset({(name,)})
        return frozenset((*trail, name) for trail in at)

    def _chain(self, node: Mapping[str, Any], at: Trails) -> Trails:
        for child in node["children"]:
            at = self._go(child, at)
        return at

    def _pipe(self, node: Mapping[str, Any], at: Trails) -> Trails:
        left, right = node["children"]
        # A projection's trails are those of its items: of them one is taken, not something within.
        return self._go(_of_items(right) if left["type"] in PROJECTIONS else right, self._go(left, at))

    def _index(self, node: Mapping[str, Any], at: Trails) -> Trails:
        held, place = node["children"]
        is_item = held["type"] in PROJECTIONS and place["type"] in ("index", "slice")
        return self._go(held, at) if is_item else self._chain(node, at)

    def _items(self, _: Mapping[str, Any], at: Trails) -> Trails:
        return frozenset((*trail, ITEM) for trail in at)

    def _flatten(self, node: Mapping[str, Any], at: Trails) -> Trails:
        return self._items(node, self._go(node["children"][0], at))

    def _projection(self, node: Mapping[str, Any], at: Trails) -> Trails:
        left, right = node["children"][:2]
        trails = self._go(left, at)
        if left["type"] not in ("flatten", "index_expression"):
            trails = self._items(left, trails)
        for condition in node["children"][2:]:
            self._judge(condition, trails)
        return self._go(right, trails)

    def _several(self, node: Mapping[str, Any], at: Trails) -> Trails:
        return frozenset().union(*(self._go(child, at) for child in node["children"]))

    def _judged(self, node: Mapping[str, Any], at: Trails) -> Trails:
        for child in node["children"]:
            self._judge(child, at)
        return _NONE

    def _judge(self, node: Mapping[str, Any], at: Trails) -> Trails:
        """Go into a part that is only compared, or asked whether it is there."""
        self._judging += 1
        trails = self._read(node, at)
        self._judging -= 1
        return trails

    def _function(self, node: Mapping[str, Any], at: Trails) -> Trails:
        name = node["value"]
        chosen = range(len(node["children"]))[_PASSING.get(name, slice(None))]
        given = [
            self._read(child, at) if place in chosen else self._judge(child, at)
            for place, child in enumerate(node["children"])
        ]
        passed = frozenset().union(*given[_PASSING[name]]) if name in _PASSING else _NONE
        if name == "find":
            passed = frozenset(trail if trail[-1:] == (ITEM,) else (*trail, ITEM) for trail in passed)
            keys = node["children"][1:2]
            self._found |= {
                (*trail, str(key["value"])) for key in keys if key["type"] == "literal" for trail in passed
            }
        return passed

    def _identity(self, _: Mapping[str, Any], at: Trails) -> Trails:
        return at


_HANDLERS: Final[Mapping[str, str]] = {
    "field": "_field",
    "subexpression": "_chain",
    "index_expression": "_index",
    "pipe": "_pipe",
    "index": "_items",
    "slice": "_items",
    "flatten": "_flatten",
    "projection": "_projection",
    "value_projection": "_projection",
    "filter_projection": "_projection",
    "multi_select_list": "_several",
    "multi_select_dict": "_several",
    "key_val_pair": "_several",
    "or_expression": "_several",
    "and_expression": "_several",
    "expref": "_several",
    "comparator": "_judged",
    "not_expression": "_judged",
    "function_expression": "_function",
    "identity": "_identity",
    "current": "_identity",
}


PROJECTIONS: Final = frozenset({"projection", "filter_projection", "value_projection", "flatten"})


def _of_items(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave the first index out of what stands behind a projection."""
    first, *rest = node.get("children") or [{"type": ""}]
    if node["type"] == "index_expression" and first["type"] == "identity":
        return first if rest[0]["type"] in ("index", "slice") else node
    if node["type"] in ("subexpression", "index_expression", "pipe"):
        return {**node, "children": [_of_items(first), *rest]}
    return node


def trails_of(value: Any, trail: Trail = ()) -> Iterator[Trail]:
    """Yield every trail of a payload, those of tables and lists too; for all places of a list one."""
    if trail:
        yield trail
    if isinstance(value, dict):
        for key, one in value.items():
            yield from trails_of(one, (*trail, key))
    elif isinstance(value, list):
        for one in value:
            yield from trails_of(one, (*trail, ITEM))


def of_either(trails: Iterable[Trail], rows: str) -> Iterator[Trail]:
    """Yield trails of an order that is its first row, with all rows under a name, in both of these places."""
    for trail in trails:
        yield trail
        if trail[:1] != (rows,):
            yield (rows, ITEM, *trail)
        elif trail[2:]:
            yield trail[2:]


def unused(payload: Any, read: Iterable[Trail]) -> list[Trail]:
    """Return what of a payload nobody reads, each as high up as it is unread as a whole."""
    known = set(read)
    above = {trail[:length] for trail in known for length in range(len(trail))}
    found: dict[Trail, None] = {}
    skipped: set[Trail] = set()
    for trail in trails_of(payload):
        if any(trail[:length] in skipped for length in range(1, len(trail))):
            continue
        if any(trail[:length] in known for length in range(len(trail) + 1)):
            continue
        if trail not in above:
            skipped.add(trail)
            found.setdefault(trail)
    return list(found)


def written(trail: Trail) -> str:
    """Return a trail as expressions write it: `line_items[].sku`."""
    text = ""
    for step in trail:
        text += step if step == ITEM else f".{step}" if text else step
    return text

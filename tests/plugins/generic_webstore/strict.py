"""A webstore that takes what its published description has, and refuses the rest: 422, with what is wrong.

A shape is a type (or several), a set of the words that there are, a pattern of a text, a list of one shape,
or a table of names; a name with "!" must be there.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from plugins.generic_webstore.counters import Asked

Shape = Any
NUMBER = (int, Decimal)
ID = re.compile(r"[A-Za-z0-9=:/_-]+")


def wrong(shape: Shape, given: Any, at: str = "body") -> Iterator[str]:
    """Yield what a description would refuse of a body."""
    if isinstance(shape, Mapping):
        yield from _wrong_table(shape, given, at)
    elif isinstance(shape, list):
        if not isinstance(given, list) or not given:
            yield f"{at} is no list, or an empty one"
            return
        for place, one in enumerate(given):
            yield from wrong(shape[0], one, f"{at}[{place}]")
    elif isinstance(shape, set | frozenset):
        if given not in shape:
            yield f"{at}: {given!r} is none of {sorted(shape, key=str)}"
    elif isinstance(shape, re.Pattern):
        if not isinstance(given, str) or not shape.fullmatch(given):
            yield f"{at}: {given!r} is not written so"
    elif not isinstance(given, shape) or (isinstance(given, bool) and shape is not bool):
        yield f"{at}: {given!r} has the wrong type"


def _wrong_table(shape: Mapping[str, Shape], given: Any, at: str) -> Iterator[str]:
    if not isinstance(given, Mapping):
        yield f"{at} is no table"
        return
    known = {name.rstrip("!"): one for name, one in shape.items()}
    yield from (f"{at}: there is no field {name}" for name in given if name not in known)
    yield from (
        f"{at}: {name[:-1]} is missing" for name in shape if name[-1] == "!" and name[:-1] not in given
    )
    for name, one in known.items():
        if name in given:
            yield from wrong(one, given[name], f"{at}.{name}")


def of_xml(text: str) -> dict[str, Any]:
    """Return what an XML body of one entity holds, as a webservice reads it: texts by their names."""
    (entity,) = ET.fromstring(text)
    return {entity.tag: {one.tag: one.text or "" for one in entity}}


def takes(shape: Shape, answer: Any = None) -> Callable[[Asked], Any]:
    """Return a route that takes such a body only; it answers with `answer`, or with what came."""

    def route(asked: Asked) -> Any:
        # A call without a body says nothing that could be wrong.
        given = {} if asked.body is None and isinstance(shape, Mapping) else asked.body
        if isinstance(given, str):
            given = of_xml(given)
        faults = list(wrong(shape, given))
        if faults:
            return 422, {"message": "; ".join(faults), "title": "; ".join(faults)}
        said = answer(given) if callable(answer) else answer
        return given if said is None else said

    return route

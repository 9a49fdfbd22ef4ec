"""Judges whether one type hint may stand where another is asked, as far as hooks need it."""

import inspect
import re
import types
import typing
from typing import Any


def fits(given: Any, wanted: Any) -> bool:
    """Whether a value annotated `given` may stand where `wanted` is asked."""
    if given is Any or wanted is Any or given == wanted:
        return True
    if _is_union(given):
        return all(fits(one, wanted) for one in typing.get_args(given))
    if _is_union(wanted):
        return any(fits(given, one) for one in typing.get_args(wanted))
    given_class, wanted_class = _class(given), _class(wanted)
    if given_class is None or wanted_class is None or not _is_subclass(given_class, wanted_class):
        return False
    # Without arguments (`list`) nothing more is said; `Generator` has more of them than `Iterator`.
    pairs = zip(typing.get_args(given), typing.get_args(wanted), strict=False)
    return all(fits(one, other) for one, other in pairs)


def classes(hint: Any) -> tuple[type, ...]:
    """Return what `isinstance` can hold a value of this hint to."""
    members = typing.get_args(hint) if _is_union(hint) else (hint,)
    return tuple(found for one in members if (found := _class(one)) is not None)


def shown(hint: Any) -> str:
    """Return a hint as people write it, without its modules."""
    return re.sub(r"\b(?:\w+\.|<locals>\.)+(?=\w)", "", inspect.formatannotation(hint))


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


def _class(hint: Any) -> type | None:
    found = typing.get_origin(hint) or hint
    return found if isinstance(found, type) else None


def _is_subclass(given: type, wanted: type) -> bool:
    try:
        return issubclass(given, wanted)
    except TypeError:  # a protocol that only a type checker can judge
        return False

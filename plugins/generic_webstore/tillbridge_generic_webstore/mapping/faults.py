"""Says what is wrong with an order, by the profile's own place and the payload's own field."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from tillbridge.plugin import PayloadError, Words
from tillbridge_generic_webstore.expressions.faults import shown

ROOT: Final = "order"
"""The whole payload, where nothing in it can be named."""
_NEAR: Final = 2
_CUTOFF: Final = 0.5
_FIELDS: Final = 8


def damaged(path: str, words: Words) -> PayloadError:
    """Return the error for one place of the payload; its words begin with the place."""
    return PayloadError(Words(f"{path}: {words.en}", f"{path}: {words.ko}"), path=path)


def both(text: str) -> Words:
    """Return a text that is the same in every language, for the joining of sentences."""
    return Words(text, text)


def nothing_there(value: Any, fields: tuple[str, ...]) -> Words:
    """Say that a field is not there, and what stands near it: the nearest names, or what there is at all.

    Args:
        value: what the field was looked for in.
        fields: the path to it; () where it is no plain path.
    """
    holder, name = _holder(value, fields)
    if not isinstance(holder, Mapping):
        return Words("there is nothing.", "값이 없습니다.")
    near = get_close_matches(name, list(holder), n=_NEAR, cutoff=_CUTOFF) if name else []
    if near:
        found = ", ".join(f'"{one}": {shown(holder[one])}' for one in near)
        return Words(f"there is nothing; the payload has {found}.", f"값이 없습니다. 비슷한 필드: {found}.")
    names = ", ".join(list(holder)[:_FIELDS]) + (", …" if len(holder) > _FIELDS else "")
    if not names:
        return Words("there is nothing.", "값이 없습니다.")
    return Words(f"there is nothing; the payload has: {names}.", f"값이 없습니다. 있는 필드: {names}.")


def _holder(value: Any, fields: tuple[str, ...]) -> tuple[Any, str]:
    """Return the innermost object on the way to a field, and the name that it lacks."""
    for field in fields[:-1]:
        inner = value.get(field) if isinstance(value, Mapping) else None
        if not isinstance(inner, Mapping):
            return value, field
        value = inner
    return value, fields[-1] if fields else ""

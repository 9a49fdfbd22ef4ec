"""Values that stand for nothing to one webstore (false, "N/A"): taken for null wherever they come."""

from collections.abc import Callable, Sequence
from typing import Any

Clear = Callable[[Any], Any]


def compile_blanks(given: Sequence[bool | int | str]) -> Clear | None:
    """Return what puts null in the place of such values, however deep; None where there are none."""
    if not given:
        return None
    # To Python 0 is False.
    blanks = frozenset((type(one), one) for one in given)

    def clear(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: clear(one) for key, one in value.items()}
        if isinstance(value, list):
            return [clear(one) for one in value]
        return None if (type(value), value) in blanks else value

    return clear

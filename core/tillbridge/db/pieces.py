"""Long lists in pieces that one statement can take."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

Item = TypeVar("Item")

# SQLite takes 32,766 parameters in one statement, PostgreSQL 65,535.
IN_LIST: Final = 10_000


def pieces(values: Iterable[Item], size: int = IN_LIST) -> Iterator[list[Item]]:
    """Yield the values in lists that one statement can take."""
    source = iter(values)
    while piece := list(islice(source, size)):
        yield piece

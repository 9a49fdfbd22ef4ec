"""Takes from an iterator one item ahead, in a thread, so that waiting for the next overlaps with the work."""

from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

Item = TypeVar("Item")

_END: Final = object()


def ahead(items: Iterator[Item]) -> Generator[Item, None, None]:
    """Yield the items of an iterator; while one is worked on, the next is taken in a thread.

    The first is taken by the caller's own thread, so that a single item costs no thread. What taking an
    item raises is raised in its place, after the items before it. Close it before closing `items`: it waits
    for an item that is being taken.
    """
    first = next(items, _END)
    if first is _END:
        return
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="tillbridge-ahead") as thread:
        coming: Future[Any] = thread.submit(next, items, _END)
        yield first  # type: ignore[misc]  # mypy cannot tell the end's own object from an item
        while (item := coming.result()) is not _END:
            coming = thread.submit(next, items, _END)
            yield item

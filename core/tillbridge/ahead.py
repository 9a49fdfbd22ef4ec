"""Takes from an iterator one item ahead, in a thread, so that waiting for the next overlaps with the work.

The thread is a daemon: `concurrent.futures` joins its threads when the interpreter exits, so that a webstore
which never answers would keep the program from ending.
"""

import logging
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import Any, Final, Generic, TypeVar

Item = TypeVar("Item")

_END: Final = object()
_log = logging.getLogger("tillbridge.ahead")


def _any(_: object) -> bool:
    return True


def ahead(items: Iterator[Item], *, is_work: Callable[[Item], bool] = _any) -> Generator[Item, None, None]:
    """Yield the items of an iterator; while one is worked on, the next is taken in a daemon thread.

    The caller's own thread takes the first item, and each next one until one of them is work: where
    nothing is done meanwhile, a thread would gain nothing, and an idle poll would cost one. What taking an
    item raises is raised in its place, after the items before it. From the first item on, closing this
    closes `items` too and waits for nothing: where an item is just being taken, the thread closes them
    after it, and nobody sees that item.

    Args:
        items: what to take from.
        is_work: whether an item is worked on, so that the next can be taken meanwhile.
    """
    first = yield from _until_work(items, is_work)
    if first is _END:
        return
    taker = _Taker(items)
    try:
        taker.ask()
        yield first
        while (item := taker.coming.result()) is not _END:
            taker.ask()
            yield item
    finally:
        taker.close()


def _until_work(items: Iterator[Item], is_work: Callable[[Item], bool]) -> Generator[Item, None, Any]:
    """Yield items that are no work; return the first that is, not yielded yet, or the end."""
    while (item := next(items, _END)) is not _END and not is_work(item):  # type: ignore[arg-type]  # mypy cannot tell the end from an item
        try:
            yield item  # type: ignore[misc]  # as above
        except GeneratorExit:
            _close(items)
            raise
    return item


class _Taker(Generic[Item]):
    """A thread that takes an item each time it is asked; asked again only when that item is there.

    Attributes:
        coming: the item asked for last, `_END`, or what taking it raised. The thread touches the items
            only while this is not done.
    """

    def __init__(self, items: Iterator[Item]) -> None:
        self.coming: Future[Any] = Future()
        self._items = items
        self._todo: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        threading.Thread(target=self._work, name="tillbridge-ahead", daemon=True).start()

    def ask(self) -> None:
        """Have the next item taken."""
        self.coming = Future()
        self._todo.put(partial(self._take, self.coming))

    def close(self) -> None:
        """End the thread and close the items, without waiting for the one that is being taken."""
        if self.coming.done():
            self._close_items()
        else:
            self._todo.put(self._close_late)
        self._todo.put(None)

    def _work(self) -> None:
        while (act := self._todo.get()) is not None:
            act()

    def _take(self, coming: Future[Any]) -> None:
        try:
            coming.set_result(next(self._items, _END))
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is for the one who waits
            coming.set_exception(error)

    def _close_late(self) -> None:
        try:
            self._close_items()
        except Exception:  # noqa: BLE001  # nobody is there any more to hear of it
            _log.exception("closing what was read ahead")

    def _close_items(self) -> None:
        _close(self._items)


def _close(items: Iterator[Any]) -> None:
    close = getattr(items, "close", None)  # generators have one, other iterators need none
    if close is not None:
        close()

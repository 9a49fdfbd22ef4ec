"""Fetches what webhooks named as soon as they are kept: woken by them, one thread a connection."""

import threading
from collections.abc import Callable, Iterable

Fetch = Callable[[str], None]


class Hearing:
    """Runs one thread for each connection that was heard, for as long as there is something to fetch.

    Args:
        fetch: fetches what is due for a connection, and raises nothing.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._guard = threading.Lock()
        self._asked: set[str] = set()
        self._working: dict[str, threading.Thread] = {}
        self._ended = False

    def wake(self, name: str) -> None:
        """Let what is due for a connection be fetched now; from any thread, and at once."""
        with self._guard:
            if self._ended:
                return  # it is kept: the next start finds it
            self._asked.add(name)
            if name in self._working:
                return
            thread = threading.Thread(target=self._work, args=(name,), name=name, daemon=True)
            self._working[name] = thread
        thread.start()

    def wake_all(self, names: Iterable[str]) -> None:
        """Wake several."""
        for name in names:
            self.wake(name)

    def end(self) -> None:
        """Begin nothing any more."""
        with self._guard:
            self._ended = True

    def threads(self) -> list[threading.Thread]:
        """Return the threads that are at work."""
        with self._guard:
            return list(self._working.values())

    def _work(self, name: str) -> None:
        while self._is_asked(name):
            self._fetch(name)

    def _is_asked(self, name: str) -> bool:
        with self._guard:
            if name in self._asked and not self._ended:
                self._asked.remove(name)
                return True
            del self._working[name]
            return False

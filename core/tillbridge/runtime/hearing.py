"""Does what a connection is woken for in a thread of its own: what webhooks named, and the export."""

import threading
from collections.abc import Callable, Iterable

Work = Callable[[str], None]


class Hearing:
    """Runs one thread for each connection that was woken, for as long as it is woken again meanwhile.

    Args:
        work: does what is due for a connection, and raises nothing.
    """

    def __init__(self, work: Work) -> None:
        self._do = work
        self._guard = threading.Lock()
        self._asked: set[str] = set()
        self._working: dict[str, threading.Thread] = {}
        self._ended = False

    def wake(self, name: str) -> None:
        """Let what is due for a connection be done now; from any thread, and at once."""
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

    def threads(self) -> dict[str, threading.Thread]:
        """Return the threads that are at work, by connection."""
        with self._guard:
            return dict(self._working)

    def _work(self, name: str) -> None:
        while self._is_asked(name):
            self._do(name)

    def _is_asked(self, name: str) -> bool:
        with self._guard:
            if name in self._asked and not self._ended:
                self._asked.remove(name)
                return True
            del self._working[name]
            return False

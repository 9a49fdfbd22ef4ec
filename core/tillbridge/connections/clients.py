"""What is made of a connection's stored settings, kept for as long as these stay the same."""

import threading
from collections.abc import Callable
from typing import NamedTuple

from pydantic import BaseModel

from tillbridge.files import Files
from tillbridge.http import HttpClient


class Ready(NamedTuple):
    """Settings that were opened and checked, the HTTP client that goes with them, and what delivers files."""

    settings: BaseModel
    http: HttpClient
    files: Files | None = None


class Clients:
    """Keeps the settings and the HTTP client of each connection, so that a poll does not make them anew."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[object, Ready]] = {}
        self._guard = threading.Lock()

    def ready(self, connection_id: int, marker: object, make: Callable[[], Ready]) -> Ready:
        """Return what was made for this marker (what is stored), or make it."""
        with self._guard:
            kept = self._kept.get(connection_id)
            if kept and kept[0] == marker:
                return kept[1]
            ready = make()
            self._kept[connection_id] = (marker, ready)
        if kept:
            kept[1].http.close()
        return ready

    def close(self) -> None:
        """Close every client."""
        with self._guard:
            for _, ready in self._kept.values():
                ready.http.close()
            self._kept.clear()

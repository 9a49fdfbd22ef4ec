"""Remembers where in a file each key stood, on disk, so that a file of any length needs no more memory."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from types import TracebackType
from typing import Self

from tillbridge.db.pieces import pieces

_PIECE = 500


class Seen:
    """The keys of a file's lines so far, each with the first line that had it."""

    def __init__(self) -> None:
        # An empty name is a private database that SQLite moves to disk when it grows, and deletes at the end.
        self._database = sqlite3.connect("")
        self._database.execute(
            "CREATE TABLE seen (key TEXT PRIMARY KEY, line INTEGER, times INTEGER DEFAULT 1) WITHOUT ROWID"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def lines(self, keys: Collection[str]) -> dict[str, int]:
        """Return the line of each key that was seen."""
        found: dict[str, int] = {}
        for piece in pieces(keys, _PIECE):
            marks = ",".join("?" * len(piece))
            query = f"SELECT key, line FROM seen WHERE key IN ({marks})"  # noqa: S608  # question marks only
            found |= dict(self._database.execute(query, piece))
        return found

    def add(self, lines: Mapping[str, int]) -> None:
        """Remember keys; of one that is there the first line stays."""
        self._database.executemany("INSERT OR IGNORE INTO seen (key, line) VALUES (?, ?)", lines.items())

    def count(self, lines: Iterable[tuple[str, int]]) -> None:
        """Remember keys, and how often each came; see `repeated`."""
        query = "INSERT INTO seen VALUES (?, ?, 1) ON CONFLICT (key) DO UPDATE SET times = times + 1"
        self._database.executemany(query, lines)

    def repeated(self, keys: Collection[str]) -> set[str]:
        """Return the keys that came more than once."""
        found: set[str] = set()
        for piece in pieces(keys, _PIECE):
            marks = ",".join("?" * len(piece))
            query = f"SELECT key FROM seen WHERE times > 1 AND key IN ({marks})"  # noqa: S608  # question marks only
            found |= {key for (key,) in self._database.execute(query, piece)}
        return found

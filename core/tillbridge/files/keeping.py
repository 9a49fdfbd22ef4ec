"""Copies of what was sent: written first, sent from there, the last ones of each file kept."""

import contextlib
import hashlib
import logging
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tillbridge.files.words import is_full, no_room_here, unwritable_here
from tillbridge.model.errors import Retryable

PIECE: Final = 256 * 1024
_log = logging.getLogger("tillbridge.files")
_TIME: Final = "%Y%m%dT%H%M%S%fZ"
_KEPT: Final = re.compile(r"(\d{8}T\d{12}Z)-(.+)")
_UNFINISHED: Final = ".part"
_STALE: Final = 86_400


@dataclass(frozen=True, slots=True)
class Spooled:
    """What is about to be sent, on this computer's disk; it can be read as often as need be.

    Attributes:
        size: bytes.
        lines: as many as line ends.
        digest: SHA-256, in hexadecimal.
    """

    path: Path
    size: int
    lines: int
    digest: str

    def __iter__(self) -> Iterator[bytes]:
        return _pieces(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A copy of a file that was sent.

    Attributes:
        name: as it is called where it was sent to.
        at: UTC; when it was sent.
        size: bytes.
        path: where the copy stands.
    """

    name: str
    at: datetime
    size: int
    path: Path

    @property
    def lines(self) -> int:
        """Count its lines; reads it."""
        return sum(piece.count(b"\n") for piece in _pieces(self.path))


class Copies:
    """The copies of one connection's files.

    Args:
        folder: where they stand; made when it is needed.
        keep: how many of each file; 0 for none.
    """

    def __init__(self, folder: Path, *, keep: int) -> None:
        self._folder = folder
        self._keep = keep

    @contextlib.contextmanager
    def spool(self, chunks: Iterable[bytes]) -> Iterator[Spooled]:
        """Write what is to be sent; it is gone at the end of the block, unless it is kept.

        Raises:
            Retryable: there is no room, or it may not be written here.
        """
        path = None
        try:
            with self._words():
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._clear()
                handle, name = tempfile.mkstemp(dir=self._folder, suffix=_UNFINISHED)
                path = Path(name)
            yield self._write(handle, path, chunks)
        finally:
            if path is not None:
                path.unlink(missing_ok=True)

    def keep(self, spooled: Spooled, name: str, at: datetime) -> None:
        """Keep what was sent, and forget the oldest of its name; it was sent also where that fails."""
        if not self._keep:
            return
        try:
            spooled.path.replace(self._folder / f"{at.astimezone(UTC):{_TIME}}-{name}")
            for old in [one for one in self.sent() if one.name == name][self._keep :]:
                old.path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("no copy of %s could be kept in %s: %s", name, self._folder, error.strerror)

    def sent(self) -> list[SentFile]:
        """Return the copies, the newest first."""
        found = []
        with contextlib.suppress(FileNotFoundError):
            for path in self._folder.iterdir():
                if match := _KEPT.fullmatch(path.name):
                    at = datetime.strptime(match[1], _TIME).replace(tzinfo=UTC)
                    found.append(SentFile(name=match[2], at=at, size=path.stat().st_size, path=path))
        return sorted(found, key=lambda one: (one.at, one.name), reverse=True)

    def _write(self, handle: int, path: Path, chunks: Iterable[bytes]) -> Spooled:
        lines = size = 0
        digest = hashlib.sha256()
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:  # what it raises is the caller's own
                with self._words():
                    stream.write(chunk)
                digest.update(chunk)
                lines += chunk.count(b"\n")
                size += len(chunk)
            with self._words():
                stream.flush()
        return Spooled(path, size, lines, digest.hexdigest())

    def _clear(self) -> None:
        """Take away what a killed program left."""
        for path in self._folder.glob(f"*{_UNFINISHED}"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _STALE:
                    path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            words = no_room_here(self._folder) if is_full(error) else unwritable_here(self._folder)
            raise Retryable(words) from error


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece

"""Delivers files into a folder of this computer, or of a drive that it has."""

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tillbridge.files.keeping import Spooled
from tillbridge.files.places import FolderPlace
from tillbridge.files.words import goes_to, is_full, no_folder_here, no_room_here, unwritable_here
from tillbridge.model.errors import Retryable
from tillbridge.model.words import Words

_STALE: Final = 86_400


@dataclass(frozen=True, slots=True)
class FolderDelivery:
    """Writes beside the old file, and puts the new one in its place in one step."""

    place: FolderPlace

    def put(self, name: str, spooled: Spooled) -> None:
        """Replace a file, whole or not at all.

        Raises:
            Retryable: the folder is gone, cannot be written, or has no room.
        """
        folder = self.place.path
        with self._words(), self._beside(name) as beside:
            with beside.open("xb") as stream:
                for piece in spooled:
                    stream.write(piece)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(folder / name)
            _settle(folder)
        _clear(folder, name)

    def check(self, *, writing: bool) -> tuple[Words, ...]:
        """Try whether it can be written; nothing stays. Without `writing`, only ask for the right to.

        Raises:
            Retryable: it cannot.
        """
        with self._words(), self._beside("check") as beside:
            if writing:
                beside.write_bytes(b"")
            elif not os.access(self.place.path, os.W_OK | os.X_OK):
                raise PermissionError
        return (goes_to(self.place.shown),)

    @contextlib.contextmanager
    def _beside(self, name: str) -> Iterator[Path]:
        """Give a name of its own; what stands under it is gone at the end of the block."""
        if not self.place.path.is_dir():
            raise Retryable(no_folder_here(self.place.path))
        beside = self.place.path / f".{name}.{secrets.token_hex(6)}.part"
        try:
            yield beside
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        folder = self.place.path
        try:
            yield
        except FileNotFoundError as error:
            raise Retryable(no_folder_here(folder)) from error
        except OSError as error:
            words = no_room_here(folder) if is_full(error) else unwritable_here(folder)
            raise Retryable(words) from error


def _settle(folder: Path) -> None:
    """Let the new name survive a power cut, where folders can be synced (not on Windows)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _clear(folder: Path, name: str) -> None:
    """Take away what a program that was killed left there a day ago."""
    for path in folder.glob(f".{name}.*.part"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE:
                path.unlink()

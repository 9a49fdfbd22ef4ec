"""One clock for every process of a day: the computer's, set forward for all of them at once."""

import fcntl
import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

_SECONDS: Final = struct.Struct("d")


class SharedClock:
    """A clock that is as far ahead in every process; whoever sleeps sets it forward for all.

    Args:
        file: holds how far it is ahead; made if it is not there.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        if not file.exists():
            file.write_bytes(_SECONDS.pack(0.0))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), _SECONDS.size)

    def now(self) -> datetime:
        """Return its time, UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """Return the seconds of its stopwatch, which all processes share."""
        return time.monotonic() + self._ahead

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once, for everybody."""
        if seconds <= 0:
            return
        with self._file.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _SECONDS.pack_into(self._shared, 0, self._ahead + seconds)

    @property
    def _ahead(self) -> float:
        (ahead,) = _SECONDS.unpack_from(self._shared)
        return float(ahead)

"""What a plugin delivers its files by: to where the connection says, each replaced whole or not at all."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from tillbridge.clock import Clock
from tillbridge.files.folder import FolderDelivery
from tillbridge.files.keeping import Copies, Spooled
from tillbridge.files.places import FolderPlace, SftpPlace, WebPlace
from tillbridge.files.settings import FilesSettings, place_in
from tillbridge.files.sftp import SftpDelivery
from tillbridge.files.web import WebDelivery
from tillbridge.model.words import Words

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReceipt:
    """A file was delivered.

    Attributes:
        name: what it is called there.
        place: where it went, as staff know it.
        at: UTC; when.
        size: bytes.
        lines: line ends.
    """

    name: str
    place: str
    at: datetime
    size: int
    lines: int


class Delivery(Protocol):
    """A way to a place."""

    def put(self, name: str, spooled: Spooled) -> None:
        """Replace a file there, whole or not at all."""

    def check(self, *, writing: bool) -> tuple[Words, ...]:
        """Try whether it will do; return what staff should know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Delivers files to where the connection says: a folder, an SFTP server, an address that takes uploads.

    Attributes:
        place: where that is, as staff know it.
        seconds: after so many nothing of a delivery is under way any more.
    """

    place: str
    seconds: float
    _delivery: Delivery = field(repr=False)
    _copies: Copies = field(repr=False)
    _now: Callable[[], datetime] = field(repr=False)

    def put(self, name: str, chunks: Iterable[bytes]) -> FileReceipt:
        """Deliver a file: it replaces the one of this name, whole or not at all.

        The chunks are written to this computer's disk first and sent from there, so that they are in memory
        one at a time, read once, and not while a slow server takes them; a copy of what was sent is kept.
        What they raise goes on, and nothing is sent.

        Args:
            name: letters, digits, dots, hyphens and underscores; no folder.
            chunks: its bytes, in pieces of any size.

        Raises:
            ValueError: the name will not do.
            Retryable: the place is away, full, too slow, or not writable; the file before stays.
            Misconfigured: the credentials are refused, or the server shows another host key than agreed.
        """
        if not _NAME.fullmatch(name):
            raise ValueError("a file's name has letters, digits, dots, hyphens and underscores only")
        with self._copies.spool(chunks) as spooled:
            self._delivery.put(name, spooled)
            at = self._now()
            self._copies.keep(spooled, name, at)
        return FileReceipt(name=name, place=self.place, at=at, size=spooled.size, lines=spooled.lines)

    def check(self, *, writing: bool = True) -> tuple[Words, ...]:
        """Try whether files can be delivered; return what staff should know. tillbridge calls it by itself.

        Args:
            writing: also try to write, where that leaves nothing behind; else only look.

        Raises:
            Retryable, Misconfigured: as `put`; they say what to mend.
        """
        return self._delivery.check(writing=writing)


def open_files(settings: FilesSettings, copies: Copies, clock: Clock) -> Files | None:
    """Return what delivers to where the settings say, or None where they say nowhere.

    Raises:
        InputError: they make no sense.
    """
    delivery: Delivery
    match place_in(settings):
        case None:
            return None
        case FolderPlace() as place:
            delivery = FolderDelivery(place)
        case WebPlace() as place:
            delivery = WebDelivery(place, settings, clock)
        case SftpPlace() as place:
            delivery = SftpDelivery(place, settings)
    return Files(
        place=place.shown,
        seconds=float(settings.files_seconds),
        _delivery=delivery,
        _copies=copies,
        _now=clock.now,
    )

"""Keeps what there is to say about a file's lines: the first ones in memory, the others on disk."""

import json
import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Final, Generic, TypeVar, overload

from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.notes import LineNote

_IN_MEMORY: Final = 2_000
Note = TypeVar("Note", bound=LineNote)


class Lines(Sequence[Note], Generic[Note]):
    """Notes in the order in which they were added; a file of any length may have one for each line."""

    def __init__(self, kind: type[Note]) -> None:
        self._kind = kind
        self._first: list[Note] = []
        self._more = 0
        self._file: IO[bytes] | None = None

    def extend(self, notes: Iterable[Note]) -> None:
        """Add notes."""
        for note in notes:
            if len(self._first) < _IN_MEMORY:
                self._first.append(note)
                continue
            self._file = self._file or self._on_disk()
            self._file.write(json.dumps(_written(note)).encode() + b"\n")
            self._more += 1

    def __len__(self) -> int:
        return len(self._first) + self._more

    def __iter__(self) -> Iterator[Note]:
        yield from self._first
        position = 0
        while self._file:
            # Whoever adds or reads meanwhile moves the file.
            self._file.seek(position)
            lines = self._file.readlines(1 << 20)
            position = self._file.tell()
            self._file.seek(0, 2)
            if not lines:
                return
            yield from (self._read(json.loads(line)) for line in lines)

    @overload
    def __getitem__(self, place: int) -> Note: ...

    @overload
    def __getitem__(self, place: slice) -> list[Note]: ...

    def __getitem__(self, place: int | slice) -> Note | list[Note]:
        if isinstance(place, slice):
            return list(islice(self, *place.indices(len(self))))
        number = range(len(self))[place]
        return self._first[number] if number < len(self._first) else next(islice(self, number, None))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # it grows

    def __repr__(self) -> str:
        return f"{self._first!r}" + (f" and {self._more} more" if self._more else "")

    def _on_disk(self) -> IO[bytes]:
        file: IO[bytes] = TemporaryFile()  # noqa: SIM115  # it ends with this object
        weakref.finalize(self, file.close)
        return file

    def _read(self, said: tuple[int, str, str, str, str]) -> Note:
        line, field, value, en, ko = said
        return self._kind(line, field, value, Words(en, ko))


def _written(note: LineNote) -> tuple[int, str, str, str, str]:
    return note.line_number, note.field, note.value, note.reason.en, note.reason.ko

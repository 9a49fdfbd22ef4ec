"""The inventory that Locally is fed: files in a folder, as its robots take them, and how old each store's is.

A file replaces what was known of its store, or of all stores, whole; one that cannot be read changes nothing,
and what is wrong with it stands beside. Published are the columns, and that a store whose feed is older than
72 hours is switched off (PushCart); the rest is proposed, as in `tillbridge_locally.feed`.
"""

import csv
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tillbridge_locally.sandbox.shelf import Shelf

EXPIRES: Final = timedelta(hours=72)
_COLUMNS: Final = ["upc", "qty", "price"]
_STORE: Final = "store_id"
_NAME: Final = re.compile(r"[A-Za-z0-9_]+(?:-(?P<store>[A-Za-z0-9]+))?\.csv")
_UPC: Final = re.compile(r"[0-9]{12,13}")
_QTY: Final = re.compile(r"[0-9]+")
_PRICE: Final = re.compile(r"[0-9]+(\.[0-9]+)?|")
_MARK: Final = b"\xef\xbb\xbf"


class FeedError(Exception):
    """A file is no feed; the message says what is wrong, and where."""


@dataclass(slots=True)
class Line:
    """A line of a feed."""

    store: str
    upc: str
    qty: int
    price: str


@dataclass(slots=True)
class Fed:
    """What a store was fed last.

    Attributes:
        items: by UPC, as it was written.
    """

    file: str
    at: datetime
    items: dict[str, Line]


@dataclass(slots=True)
class Feeds:
    """The feeds of every store.

    Attributes:
        folder: where files arrive; None where there is none.
        stores: the IDs that there are.
        now: this Locally's clock.
        shelf: what is shown, now.
        fed: by store.
        problems: by file, what is wrong with the newest one of that name.
    """

    folder: Path | None
    stores: Callable[[], Collection[str]]
    now: Callable[[], datetime]
    shelf: Callable[[], Shelf]
    fed: dict[str, Fed] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    _seen: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def look(self) -> None:
        """Take every file that is new or another one than before."""
        for path in sorted(self.folder.glob("*.csv")) if self.folder else ():
            known = path.stat()
            stamp = (known.st_ino, known.st_size, known.st_mtime_ns)
            if self._seen.get(path.name) != stamp:
                self._seen[path.name] = stamp
                self._take(path)

    def is_on(self, store: str) -> bool:
        """Whether a store is shown: not if its feed is too old; one that was never fed has its catalogue."""
        self.look()
        fed = self.fed.get(store)
        return fed is None or self.now() - fed.at <= EXPIRES

    def forget(self) -> None:
        """Begin anew; files that lie there are not taken again."""
        self.look()
        self.fed.clear()
        self.problems.clear()

    def shown(self) -> dict[str, Any]:
        """Return what each store was fed, how old it is, and whether it is switched off for it."""
        self.look()
        return {
            "stores": {store: self._shown(store, fed) for store, fed in self.fed.items()},
            "problems": self.problems,
        }

    def _shown(self, store: str, fed: Fed) -> dict[str, Any]:
        age = (self.now() - fed.at).total_seconds() / 3600
        return {
            "file": fed.file,
            "fed_at": fed.at.isoformat(),
            "age_hours": round(age, 2),
            "pushcart": self.is_on(store),
            "items": {upc: {"qty": one.qty, "price": one.price} for upc, one in fed.items.items()},
        }

    def _take(self, path: Path) -> None:
        self.problems.pop(path.name, None)
        try:
            found = self._read(path)
        except FeedError as error:
            self.problems[path.name] = str(error)
            return
        for store, items in found.items():
            self.fed[store] = Fed(path.name, self.now(), items)
            shelf = self.shelf()
            shelf.clear(store)
            for line in items.values():
                price = Decimal(line.price) if line.price else shelf.listed(line.upc)
                shelf.tell(store, line.upc, line.qty, price)

    def _read(self, path: Path) -> dict[str, dict[str, Line]]:
        """Return a file's lines by store and UPC; the store of its own file is there also without a line."""
        match = _NAME.fullmatch(path.name)
        if match is None:
            raise FeedError(f"{path.name} is no name of a feed")
        store = match["store"] or (next(iter(self.stores())) if len(self.stores()) == 1 else "")
        combined, lines = _lines(path, store)
        found: dict[str, dict[str, Line]] = {} if combined else {store: {}}
        for number, line in enumerate(lines, start=2):
            if line.upc in found.setdefault(line.store, {}):
                raise FeedError(f"line {number}: {line.upc} stands there twice")
            found[line.store][line.upc] = line
        if unknown := sorted(set(found) - set(self.stores())):
            raise FeedError(f"there is no store {', '.join(unknown)}")
        return found


def _lines(path: Path, store: str) -> tuple[bool, Iterator[Line]]:
    """Return whether the file names a store on each line, and its lines, which are read one by one.

    Raises:
        FeedError: also while they are read.
    """
    content = path.read_bytes()
    if content.startswith(_MARK):
        raise FeedError("it begins with a byte order mark")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise FeedError("it is not in UTF-8") from error
    if not text.endswith("\n"):
        raise FeedError("it is cut off: its last line does not end")
    rows = csv.reader(text.splitlines())
    head = next(rows, [])
    if head not in (_COLUMNS, [*_COLUMNS, _STORE]):
        raise FeedError(f"its columns are {', '.join(head)}")
    combined = head[-1] == _STORE
    return combined, (_line(row, number, store, len(head)) for number, row in enumerate(rows, start=2))


def _line(row: list[str], number: int, store: str, width: int) -> Line:
    if len(row) != width:
        raise FeedError(f"line {number} has {len(row)} columns")
    upc, qty, price = row[:3]
    if not _UPC.fullmatch(upc) or not _has_check_digit(upc):
        raise FeedError(f"line {number}: {upc!r} is no UPC of 12 or 13 digits")
    if not _QTY.fullmatch(qty) or not _PRICE.fullmatch(price):
        raise FeedError(f"line {number}: {qty!r} or {price!r} is no number of pieces, or no price")
    return Line(row[3] if width > len(_COLUMNS) else store, upc, int(qty), price)


def _has_check_digit(upc: str) -> bool:
    digits = [int(digit) for digit in reversed(upc)]
    return (3 * sum(digits[1::2]) + sum(digits[::2])) % 10 == 0

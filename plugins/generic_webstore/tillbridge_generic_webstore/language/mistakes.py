"""What is wrong with a profile: every mistake at once, each with the place in the file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tillbridge.plugin import TillbridgeError, Words

Path = tuple[str | int, ...]
"""Where in a profile: the keys, and the positions in its lists (from 0)."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake.

    Attributes:
        path: where in the profile; () is the whole file.
        words: what came, what was allowed.
        line: in the file, from 1; 0 where it is not known.
    """

    path: Path
    words: Words
    line: int = 0

    @property
    def place(self) -> str:
        """The path as people write it: `orders.parts.lines.path`, `order.charges[1].net`."""
        text = ""
        for key in self.path:
            text += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if text else key
        return text


def _nowhere(_: Path) -> int:
    return 0


@dataclass(slots=True)
class Mistakes:
    """Collects mistakes while a profile is compiled.

    Attributes:
        file: the profile's file, as people know it ("shop.toml"); "" where there is none.
        line_of: the line of a path in it; 0 where it is not known.
    """

    found: list[Mistake] = field(default_factory=list)
    file: str = ""
    line_of: Callable[[Path], int] = _nowhere

    def add(self, path: Path, words: Words) -> None:
        """Note a mistake."""
        self.found.append(Mistake(path, words, self.line_of(path)))

    def where(self, path: Path) -> str:
        """Return where a path stands ("shop.toml:17"), for what is said later about an order."""
        line = self.line_of(path)
        return f"{self.file}:{line}" if line else self.file

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self.found)

    def __bool__(self) -> bool:
        return bool(self.found)


class ProfileFaultyError(TillbridgeError):
    """A profile cannot be used.

    Attributes:
        file: how people know it.
        mistakes: what is wrong with it, in the order of the file.
        more: some of it could not be looked at while these are there, so that more may follow.
    """

    def __init__(self, file: str, mistakes: Iterable[Mistake], *, more: bool = False) -> None:
        self.file = file
        self.more = more
        self.mistakes: Sequence[Mistake] = sorted(mistakes, key=lambda one: (one.line, one.place))
        said = [told(file, one) for one in self.mistakes]
        super().__init__(Words("\n".join(one.en for one in said), "\n".join(one.ko for one in said)))


def told(file: str, mistake: Mistake) -> Words:
    """Return a mistake as one line: where it is, and what is wrong ("shop.toml:17 order.total: …")."""
    where = f"{file}:{mistake.line}" if mistake.line else file
    where = f"{where} {mistake.place}:" if mistake.path else f"{where}:"
    return Words(f"{where} {mistake.words.en}", f"{where} {mistake.words.ko}")

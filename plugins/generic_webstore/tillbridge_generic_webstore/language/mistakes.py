"""What is wrong with a profile: every mistake at once, each with the place in the file."""

from collections.abc import Iterable, Iterator, Sequence
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


@dataclass(slots=True)
class Mistakes:
    """Collects mistakes while a profile is compiled."""

    found: list[Mistake] = field(default_factory=list)

    def add(self, path: Path, words: Words) -> None:
        """Note a mistake."""
        self.found.append(Mistake(path, words))

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self.found)

    def __bool__(self) -> bool:
        return bool(self.found)


class ProfileFaultyError(TillbridgeError):
    """A profile cannot be used; `mistakes` are all that is wrong with it, in the order of the file."""

    def __init__(self, file: str, mistakes: Iterable[Mistake]) -> None:
        self.file = file
        self.mistakes: Sequence[Mistake] = sorted(mistakes, key=lambda one: (one.line, one.place))
        super().__init__(
            Words(
                "\n".join(f"{file}:{one.line} {one.place}: {one.words.en}" for one in self.mistakes),
                "\n".join(f"{file}:{one.line} {one.place}: {one.words.ko}" for one in self.mistakes),
            )
        )

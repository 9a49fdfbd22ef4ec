"""The code blocks of a page in docs/, so that tests can run them."""

import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FILE = re.compile(r"`([\w./-]+)`:?\n\n\Z")


@dataclass(frozen=True)
class Block:
    """One code block.

    Attributes:
        heading: the nearest heading above it.
        file: the file that the paragraph just above it ends with, in backquotes; or "".
        line: where its code begins, so that a traceback points into the page.
    """

    page: Path
    heading: str
    file: str
    language: str
    line: int
    code: str


def blocks(page: Path) -> list[Block]:
    """Return the code blocks of a page, in sequence."""
    text = page.read_text("utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        above = text[: match.start()]
        file = _FILE.search(above)
        found.append(
            Block(
                page=page,
                heading=_HEADING.findall(_BLOCK.sub("", above))[-1],
                file=file[1] if file else "",
                language=match["language"],
                line=above.count("\n") + 2,
                code=match["code"],
            )
        )
    return found


def run(block: Block) -> ModuleType:
    """Execute a block as a module of its own."""
    made = ModuleType(f"docs_{block.page.stem}".replace("-", "_"))
    code = compile("\n" * (block.line - 1) + block.code, str(block.page), "exec")
    exec(code, made.__dict__)
    return made

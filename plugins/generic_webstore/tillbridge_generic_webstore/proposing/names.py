"""How names are compared, and written as expressions."""

import json
import re
from collections.abc import Sequence
from typing import Final

_SIGNS: Final = re.compile(r"[^a-z0-9]")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def plain(name: str) -> str:
    """Return a name in small letters and digits only."""
    return _SIGNS.sub("", name.lower())


def joined(path: Sequence[str]) -> str:
    """Write a path as an expression; names with other signs stand in quotes."""
    # A name that begins with _ would be taken for one of ours.
    text = "@" if path and path[0].startswith("_") else ""
    for step in path:
        if step in ("[]", "[0]"):
            text += step
        else:
            name = step if _NAME.fullmatch(step) else json.dumps(step, ensure_ascii=False)
            text += f".{name}" if text else name
    return text

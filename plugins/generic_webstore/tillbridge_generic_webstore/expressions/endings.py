"""Says what an expression that ends too early lacks: the brackets that are open, or what a sign waits for."""

import re
from typing import Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.expressions.faults import ExpressionFault

_QUOTED: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`""")
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_WAITS: Final = re.compile(r"(\|\||&&|[=!<>]=|[.,:|<>!&(\[{?])$")
_SHOWN: Final = 40


def ends_too_early(source: str, at: int) -> ExpressionFault:
    """Return that an expression ends too early, at which character, and what is missing there."""
    bare = _QUOTED.sub("_", source).rstrip()
    shown = source if len(source) <= _SHOWN else f"…{source[-_SHOWN:]}"
    waiting = _WAITS.search(bare)
    closing = _open(bare)
    if waiting and waiting.group() not in _CLOSING:
        sign = waiting.group()
        lacks = Words(f'something has to follow "{sign}"', f'"{sign}" 뒤에 값이 와야 합니다')
    elif closing:
        lacks = Words(f'"{closing}" is missing', f'"{closing}" 기호가 빠졌습니다')
    else:
        lacks = Words("something is missing", "내용이 더 필요합니다")
    return ExpressionFault(
        Words(
            f'the expression ends too early: {lacks.en} at the end of "{shown}"',
            f'식이 끝나지 않았습니다. "{shown}" 끝: {lacks.ko}',
        ),
        at,
    )


def _open(bare: str) -> str:
    """Return what would close all brackets that are open, the innermost first."""
    wanted: list[str] = []
    for sign in bare:
        if sign in _CLOSING:
            wanted.append(_CLOSING[sign])
        elif wanted and sign == wanted[-1]:
            wanted.pop()
    return "".join(reversed(wanted))

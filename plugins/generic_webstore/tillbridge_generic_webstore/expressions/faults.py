"""What can be wrong with an expression: with its text, and with a value that it meets."""

from decimal import Decimal
from typing import Final

from tillbridge.plugin import TillbridgeError, Words

_SHOWN: Final = 40


class ExpressionFault(TillbridgeError):
    """An expression cannot be used.

    Attributes:
        at: the character that it stumbled over, from 1; 0 where no single one is at fault.
        word: what stands there, where it is known by itself.
    """

    def __init__(self, words: Words, at: int = 0, *, word: str = "") -> None:
        super().__init__(words)
        self.at = at
        self.word = word

    def within(self, source: str) -> "ExpressionFault":
        """Return the fault with its place in the expression's text."""
        return ExpressionFault(self.words, source.find(self.word) + 1, word=self.word) if self.word else self


class ValueFault(TillbridgeError):
    """A function met a value that it cannot take."""


def shown(value: object) -> str:
    """Return a value short enough for a sentence; a large one is only named by its kind."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{_short(value)}"'
    if isinstance(value, int | Decimal):
        return _short(str(value))
    return "[…]" if isinstance(value, list) else "{…}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

"""A receipt as text of 48 columns: what an 80 mm printer writes in its usual letters."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from babel.numbers import format_currency

from tillbridge.model.money import Money
from tillbridge.model.words import Language
from tillbridge.receipts.content import Receipt

COLUMNS: Final = 48


def as_text(receipt: Receipt, language: Language, *, columns: int = COLUMNS) -> str:
    """Return the receipt as lines of at most `columns`; a Korean letter takes two of them."""
    return "\n".join(line.rstrip() for line in _lines(receipt, language, columns)) + "\n"


def _lines(receipt: Receipt, language: Language, columns: int) -> Iterator[str]:
    for text in receipt.head:
        yield from (_centred(part, columns) for part in wrapped(text, columns))
    yield ""
    yield _centred(receipt.title.say(language), columns)
    yield ""
    for label, text in receipt.facts:
        yield from wrapped(f"{label.say(language)}: {text}", columns)
    yield "-" * columns
    for description, count, amount in receipt.items:
        yield from wrapped(description, columns)
        yield _apart(f"  × {count}", money(amount, language), columns)
    yield "-" * columns
    for one in receipt.sums:
        yield _apart(one.label.say(language), money(one.amount, language), columns)
    for note in receipt.notes:
        yield ""
        yield from wrapped(note.say(language), columns)
    yield ""
    yield _centred(receipt.barcode, columns)


def money(amount: Money, language: Language) -> str:
    """Return an amount as it is written in the language."""
    return format_currency(amount.decimal, amount.currency, locale=language)


def width(text: str) -> int:
    """Return how many columns a text takes on paper."""
    return sum(_wide(letter) for letter in text)


def _wide(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def wrapped(text: str, columns: int) -> list[str]:
    """Break a text into lines: between words where it can, else anywhere, as Korean does."""
    lines, line = [], ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if width(joined) <= columns:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, columns)
        lines += full
    return [*lines, line] if line else lines


def _cut(word: str, columns: int) -> list[str]:
    parts, part = [], ""
    for letter in word:
        if width(part + letter) > columns:
            parts.append(part)
            part = ""
        part += letter
    return [*parts, part]


def _centred(text: str, columns: int) -> str:
    return " " * ((columns - width(text)) // 2) + text


def _apart(left: str, right: str, columns: int) -> str:
    """Return two texts at the two edges; on two lines where they do not fit beside each other."""
    gap = columns - width(left) - width(right)
    if gap < 1:
        return f"{left}\n{' ' * (columns - width(right))}{right}"
    return f"{left}{' ' * gap}{right}"

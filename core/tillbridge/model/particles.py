"""Korean particles behind what was filled into a sentence: 은 or 는, 이 or 가, by how the word before ends.

A sentence writes both forms, as in "{title}은(는)"; the one that belongs is chosen once it is known what
stands before. Where nobody can tell how a foreign word is read, both stay.
"""

import re
from collections.abc import Mapping
from typing import Final

_FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "은(는)": ("은", "는"),
    "는(은)": ("은", "는"),
    "이(가)": ("이", "가"),
    "가(이)": ("이", "가"),
    "을(를)": ("을", "를"),
    "를(을)": ("을", "를"),
    "과(와)": ("과", "와"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
"""Behind a word that ends in a consonant, and behind one that does not."""
_FORM: Final = re.compile("|".join(map(re.escape, _FORMS)))
_TO: Final = "(으)로"
_CLOSING: Final = "\"'”’`]>»…"
_WORD: Final = re.compile(r"[A-Za-z]+\Z")
_FIRST, _LAST, _ENDINGS = 0xAC00, 0xD7A3, 28
_NONE, _SOME, _RIEUL = 0, 1, 8
# How digits are read: 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구; what ends in 0 is 십, 백, 천 or 만.
_DIGITS: Final = dict(zip("0123456789", (1, _RIEUL, 0, 1, 0, 0, 1, _RIEUL, _RIEUL, 0), strict=True))
_LETTERS: Final = {"L": _RIEUL, "R": _RIEUL, "M": _SOME, "N": _SOME}
_ACRONYM: Final = 4
_OPEN: Final = frozenset("aiouyrdfvwhzxjsg")
_CLOSED: Final = {"l": _RIEUL, "m": _SOME, "n": _SOME}


def with_particles(text: str) -> str:
    """Return a Korean sentence with each particle in the form that belongs, where that can be told."""
    if "(" not in text:
        return text
    return _FORM.sub(lambda found: _chosen(found, text[: found.start()]), text)


def _chosen(found: re.Match[str], before: str) -> str:
    form = found[0]
    ending = _ending(before.rstrip(_CLOSING))
    if ending is None:
        return form
    closed, open_ = _FORMS[form]
    if form == _TO and ending == _RIEUL:
        return open_
    return closed if ending else open_


def _ending(before: str) -> int | None:
    """Return how what stands before ends: with no consonant, with ㄹ, with another; None: nobody can tell."""
    if before.endswith(")") and "(" in before:
        # What is added in brackets is not read.
        before = before[: before.rindex("(")].rstrip(f"{_CLOSING} ")
    last = before[-1:]
    if last and _FIRST <= ord(last) <= _LAST:
        return (ord(last) - _FIRST) % _ENDINGS
    if last in _DIGITS:
        return _DIGITS[last]
    if last == "%":
        return _NONE
    word = _WORD.search(before)
    return _of_foreign(word[0]) if word else None


def _of_foreign(word: str) -> int | None:
    if word.isupper() and len(word) <= _ACRONYM:
        return _LETTERS.get(word[-1], _NONE)  # read letter by letter
    low = word.lower()
    if low.endswith("ng"):
        return _SOME
    if low.endswith("e"):
        return _CLOSED.get(low[-2:-1], _NONE)
    if low[-1] in _CLOSED:
        return _CLOSED[low[-1]]
    return _NONE if low[-1] in _OPEN else None

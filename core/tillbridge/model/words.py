"""Sentences for people: each is written in English and in Korean, side by side, where it is said."""

import re
from dataclasses import dataclass
from typing import Literal

from tillbridge.model.particles import with_particles

Language = Literal["en", "ko"]

# Control characters break receipts, and PostgreSQL stores no NUL; a lone surrogate has no UTF-8 form.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def printable(text: str) -> str:
    """Return `text` with what cannot be printed or stored replaced by a sign for it."""
    return text if text.isprintable() else _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in every language that staff read."""

    en: str
    ko: str

    def __post_init__(self) -> None:
        # What a webstore sent is often quoted in it.
        object.__setattr__(self, "en", printable(self.en))
        object.__setattr__(self, "ko", with_particles(printable(self.ko)))

    @classmethod
    def of(cls, said: "Words | str") -> "Words":
        """Take words as they are; a plain string (a plugin's own) stands for every language."""
        return said if isinstance(said, Words) else cls(en=said, ko=said)

    def say(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.ko if language == "ko" else self.en

    def __str__(self) -> str:
        return self.en

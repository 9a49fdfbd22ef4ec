"""Sentences for people: each is written in English and in Korean, side by side, where it is said."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "ko"]


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in every language that staff read."""

    en: str
    ko: str

    @classmethod
    def of(cls, said: "Words | str") -> "Words":
        """Take words as they are; a plain string (a plugin's own) stands for every language."""
        return said if isinstance(said, Words) else cls(en=said, ko=said)

    def say(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.ko if language == "ko" else self.en

    def __str__(self) -> str:
        return self.en

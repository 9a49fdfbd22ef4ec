"""What an action leads to, in both its forms: as it is said before, and once it is done.

What a preview says of the future misleads whoever reads it afterwards: a cashier who reads that money is to
be paid may charge a card twice. So each sentence that changes is written with both forms where it is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tillbridge.model.status import EFFECT_DONE, EFFECT_WORDS, Effect
from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that an action leads to.

    Attributes:
        ahead: as it is said before.
        done: the same afterwards, in as many sentences as it became.
    """

    ahead: Words
    done: Sequence[Words]


Told = Words | Consequence
"""A sentence that is said alike before and after, or one with both its forms."""


def changing(ahead: Words, done: Words) -> Consequence:
    """Return a sentence with both its forms."""
    return Consequence(ahead, (done,))


def both_forms(said: Iterable[Told]) -> list[Consequence]:
    """Return sentences with both forms; the plain ones are said alike."""
    return [one if isinstance(one, Consequence) else Consequence(one, (one,)) for one in said]


def of_effect(effect: Effect) -> Consequence:
    """Say what an effect does."""
    ahead = EFFECT_WORDS[effect]
    return changing(ahead, EFFECT_DONE.get(effect, ahead))

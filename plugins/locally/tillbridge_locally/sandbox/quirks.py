"""What Locally's own data does on a bad day: its list, its clock and its keys are odd, until told not to be.

What any service may do (storms, drips, bombs) is in `tillbridge.testing.faults`.
"""

from enum import StrEnum
from typing import Any, Final

import msgspec

_NAMES: Final = "repeats, restless, whole_seconds, hours_ahead, refuses_key, processor (up, down, declines)"


class Processor(StrEnum):
    """How the payment processor is; while it is not up, no card can be held or charged."""

    UP = "up"
    DOWN = "down"
    DECLINES = "declines"


class QuirkError(ValueError):
    """What was given is no quirk; the message says what is."""


class Quirks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How this Locally is odd; as it stands, not at all.

    Attributes:
        repeats: each page begins with the last order of the page before: the same order on two pages.
        restless: so many orders of every page change as soon as it is served, and shift to the list's end.
        whole_seconds: times of change are whole seconds, so that orders share one.
        hours_ahead: how far its clock is ahead of the computer's; less than 0: behind.
        refuses_key: it takes the API key for an expired one.
        processor: how the payment processor is.
    """

    repeats: bool = False
    restless: int = 0
    whole_seconds: bool = False
    hours_ahead: float = 0.0
    refuses_key: bool = False
    processor: Processor = Processor.UP


def quirks_of(data: Any) -> Quirks:
    """Make quirks of `{"restless": 2}`; what is not named is as usual.

    Raises:
        QuirkError: there is no such quirk.
    """
    try:
        return msgspec.convert(data, Quirks, strict=False)
    except msgspec.ValidationError as error:
        raise QuirkError(f"{error}. There are: {_NAMES}") from None


def quirks_of_text(texts: list[str]) -> Quirks:
    """Make quirks of what a command line says: `restless=2`, or `repeats` alone.

    Raises:
        QuirkError: there is no such quirk.
    """
    pairs = [text.partition("=") for text in texts]
    return quirks_of({name: value if sign else "true" for name, sign, value in pairs})

"""How an export is run, and what came of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from tillbridge.model.exchange import Outcome
from tillbridge.model.words import Words

SLICE: Final = timedelta(minutes=1)
"""How long changes are told at a time: then orders and decisions get their turn, and it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWay:
    """How an export is run.

    Attributes:
        everything: tell all there is, and not only what changed.
        dry_run: look at everything, and tell nothing.
        believe: also empty much of the webstore at once.
        once: stop after about a minute (`SLICE`); the rest is due at once.
    """

    everything: bool = False
    dry_run: bool = False
    believe: bool = False
    once: bool = False


USUAL: Final = ExportWay()


@dataclass(slots=True)
class Told:
    """What came of telling, in offers."""

    accepted: int = 0
    refused: int = 0
    pending: int = 0
    unknown: int = 0

    def count(self, outcome: Outcome, many: int = 1) -> None:
        """Count what was answered."""
        name = outcome.value
        setattr(self, name, getattr(self, name) + many)


@dataclass(slots=True)
class ExportResult:
    """What one export of one connection did, in offers.

    Attributes:
        due: what the webstore should show otherwise than it does, before it was told.
        told: what came of it.
        held: what is not told: it is too much of a change to be believed, or contradicts itself.
        trouble: why it stopped, or None.
        busy: another worker was at this connection already.
        more: the time was up, or the program ends: the rest is due at once.
    """

    connection: str
    due: int = 0
    told: Told = field(default_factory=Told)
    held: int = 0
    trouble: Words | None = None
    busy: bool = False
    more: bool = False

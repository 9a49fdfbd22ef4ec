"""What is asked of a guided action, and what is said of it before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tillbridge.model.contacts import NewContact
from tillbridge.model.exchange import Decision
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act
from tillbridge.model.words import Words
from tillbridge.pos.details import Payment

GUIDED: Final = (
    Act.ACCEPT,
    Act.RESERVE,
    Act.READY,
    Act.PICK_UP,
    Act.REJECT,
    Act.CANCEL,
    Act.REJECT_ONLY,
    Act.NO_SHOW,
    Act.COMPLETE,
    Act.RESOLVE,
    Act.RELEASE,
    Act.PROCESS_SALE,
    Act.REMAKE_SALE,
    Act.ARCHIVE,
    Act.UNARCHIVE,
)
"""What staff choose from, in the sequence in which it is offered."""


class Ask(StrEnum):
    """What staff are asked for with an action."""

    REASON = "reason"
    ANSWER = "answer"
    EXPECTED = "expected"
    PLACE = "place"
    UNTIL = "until"
    PAYMENT = "payment"
    COLLECTED_BY = "collected_by"
    CONTACT = "contact"
    RESOLUTION = "resolution"
    LINES = "lines"  # which items, where it can be done with some of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What staff wish, with all that is said of it.

    Attributes:
        line_ids: the webstore's IDs of the lines that are meant; none: the order as a whole. Accept these
            only, and reject the others; or reject, cancel, or be ready with these only.
        expected_at: UTC; when the goods are to be ready.
        holding_place: where they wait.
        pick_up_until: UTC; until when they wait.
        collected_by: who collected them, where it was somebody else; `collected_check` says how that
            was checked.
        payments: what was paid at pick-up; what the webstore took is noted by itself.
        card_type: of the eCommerce payment that is noted; "": Stripe where a payment service serves its
            webstore or that charges the card on acceptance, else the name of the order's connection.
        resolution: how the reservation ended.
        answer: which of the two the webstore is to hear of an undecided order that is archived.
        contact: with the customer, written down with the act.
        seen: the order's revision that staff saw; another one is refused.
    """

    act: Act
    line_ids: Sequence[str] = ()
    expected_at: datetime | None = None
    holding_place: str = ""
    pick_up_until: datetime | None = None
    collected_by: str = ""
    collected_check: str = ""
    payments: Sequence[Payment] = ()
    card_type: str = ""
    resolution: Resolution | None = None
    answer: Decision | None = None
    contact: NewContact | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action as staff are offered it.

    Attributes:
        why_not: why it is not possible now, or None.
        consequences: what will happen, in its sequence; what concerns money that is gone comes first.
        led_to: the same as it is said once the action is done and its sale is over.
        final: what is said where it is known before that it cannot be undone afterwards, or None.
        asks: what staff are asked for.
        revision: the order as this was said of it; give it back as `Doing.seen`.
    """

    act: Act
    title: Words
    why_not: Words | None
    consequences: Sequence[Words]
    asks: Sequence[Ask]
    revision: int
    led_to: Sequence[Words] = ()
    final: Words | None = None

    @property
    def possible(self) -> bool:
        """Whether it can be done now."""
        return self.why_not is None

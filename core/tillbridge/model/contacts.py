"""The words of the contact log: who was called or written to, what came of it, and when to call again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tillbridge.model.words import Words, printable

_PERSON_LENGTH = 600
_NOTE_LENGTH = 2000  # a screen's worth


class Channel(StrEnum):
    """How a customer was contacted."""

    CALL = "call"
    SMS = "sms"
    EMAIL = "email"
    WEBSTORE_MESSAGE = "webstore message"


class Outcome(StrEnum):
    """What came of a contact."""

    REACHED = "reached"
    AGREED = "agreed"
    DECLINED = "declined"
    MESSAGE_LEFT = "message left"
    SENT = "sent"
    NO_ANSWER = "no answer"
    NOT_REACHABLE = "not reachable"


CHANNEL_WORDS: Final[Mapping[Channel, Words]] = {
    Channel.CALL: Words("Call", "전화"),
    Channel.SMS: Words("SMS", "문자"),
    Channel.EMAIL: Words("E-mail", "이메일"),
    Channel.WEBSTORE_MESSAGE: Words("Webstore message", "웹스토어 메시지"),
}
OUTCOME_WORDS: Final[Mapping[Outcome, Words]] = {
    Outcome.REACHED: Words("reached", "연락됨"),
    Outcome.AGREED: Words("agreed", "동의함"),
    Outcome.DECLINED: Words("declined", "동의하지 않음"),
    Outcome.MESSAGE_LEFT: Words("message left", "메시지 남김"),
    Outcome.SENT: Words("sent", "보냄"),
    Outcome.NO_ANSWER: Words("no answer", "응답 없음"),
    Outcome.NOT_REACHABLE: Words("not reachable", "연락 불가"),
}

SPOKEN: Final = (Outcome.REACHED, Outcome.AGREED, Outcome.DECLINED)
"""The customer has answered."""

TOLD: Final = (*SPOKEN, Outcome.MESSAGE_LEFT, Outcome.SENT)
"""The customer has heard or can read it; a call that nobody took is none of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A contact that is to be written down.

    Attributes:
        channel: how.
        outcome: what came of it.
        person: who was called or written to, or at which number; "" is the order's customer.
        note: what was said.
        again_at: when to call again, in the zone in which staff read it; None for never.
    """

    channel: Channel
    outcome: Outcome
    person: str = ""
    note: str = ""
    again_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "person", printable(self.person.strip())[:_PERSON_LENGTH])
        object.__setattr__(self, "note", printable(self.note.strip())[:_NOTE_LENGTH])

    @property
    def words(self) -> Words:
        """What the timeline says of it."""
        channel, outcome = CHANNEL_WORDS[self.channel], OUTCOME_WORDS[self.outcome]
        person = f" ({self.person})" if self.person else ""
        end = "" if self.note.endswith((".", "!", "?")) else "."
        note = f": {self.note}{end}" if self.note else "."
        said = Words(f"{channel.en}{person}, {outcome.en}{note}", f"{channel.ko}{person}, {outcome.ko}{note}")
        if self.again_at is None:
            return said
        when = f"{self.again_at:%Y-%m-%d %H:%M %Z}".rstrip()
        return Words(f"{said.en} Call again: {when}.", f"{said.ko} 다시 연락: {when}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact as the log has it; times are UTC."""

    id: int
    order_id: int
    at: datetime
    who: str
    channel: Channel
    outcome: Outcome
    person: str
    note: str
    again_at: datetime | None

"""A location's business hours as its webstore shows them to shoppers."""

from collections.abc import Sequence
from dataclasses import dataclass

from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class WebHours:
    """A location's business hours, as the webstore shows them.

    Attributes:
        name: what the webstore calls the location.
        week: all seven days, as OpenStreetMap's `opening_hours`; "" where not all of it can be read.
        shown: the webstore's own words, for staff: "Monday: 7am-8pm".
        closed: whether it is shown as closed for the time being.
        unread: why there is no `week`; what cannot be read is never guessed.
    """

    name: str
    week: str = ""
    shown: Sequence[str] = ()
    closed: bool = False
    unread: Words | None = None

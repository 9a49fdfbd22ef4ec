"""What a connection does by itself, as options of the command that makes it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final

import typer

from tillbridge.connections import NewConnection, read_settings
from tillbridge.model.deadlines import Policy
from tillbridge.model.differences import OnCancellation
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.provider import Provider

ASK: Final = "ask"
"""Of --no-show: staff are reminded, and nothing is done by itself."""
_LONGEST_ANSWER: Final = 1000
_LONGEST_WAIT: Final = 365

AcceptHours = Annotated[
    float | None,
    typer.Option(
        help="Business hours within which orders are to be answered; 4 unless the service wants others; "
        "0: no limit."
    ),
]
Overdue = Annotated[
    Policy | None, typer.Option(help="What happens by itself with an order that nobody answered in time.")
]
PickUpDays = Annotated[
    int | None,
    typer.Option(help="Days that goods wait once they are ready, where no date is said; 0: no date."),
]
NoShow = Annotated[
    str,
    typer.Option(
        metavar="ask|DAYS",
        help="Days after the pick-up date by which an order is closed as a no-show by itself; ask: never.",
    ),
]
Cancelled = Annotated[
    OnCancellation | None,
    typer.Option(help="What happens by itself with an order that is cancelled before it was accepted."),
]


def answering_rules(hours: float | None, overdue: Policy | None) -> dict[str, Any]:
    """Return what is said of by when orders are to be answered."""
    said: dict[str, Any] = {} if overdue is None else {"overdue": overdue}
    if hours is None:
        return said
    if not 0 <= hours <= _LONGEST_ANSWER:
        raise InputError(
            Words(
                f"--accept-hours is between 0 (no limit) and {_LONGEST_ANSWER} hours.",
                f"--accept-hours는 0(제한 없음)부터 {_LONGEST_ANSWER}시간까지 지정할 수 있습니다.",
            )
        )
    return said | {"accept_minutes": max(1, round(hours * 60)) if hours else 0}


def by_the_service(
    provider: Provider, new: NewConnection, old: NewConnection | None, said: Mapping[str, Any]
) -> NewConnection:
    """Take the time to answer from the service's own settings, where these say it or change it.

    Args:
        provider: whose connection it is.
        new: the connection as it is to be.
        old: as it was, if it was.
        said: what staff say of it (`answering_rules`), which comes first.

    Raises:
        InputError: the settings do not fit.
    """
    tell = provider.accept_minutes
    if tell is None or "accept_minutes" in said:
        return new
    wanted = tell(read_settings(provider, new.settings, new.secrets))
    if old is not None and wanted == tell(read_settings(provider, old.settings, old.secrets)):
        return new
    return replace(new, accept_minutes=wanted)


def waiting_rules(days: int | None, no_show: str) -> dict[str, Any]:
    """Return what is said of goods that wait to be picked up."""
    said: dict[str, Any] = {}
    if days is not None:
        if not 0 <= days <= _LONGEST_WAIT:
            raise InputError(
                Words(
                    f"--pick-up-days is between 0 (no date) and {_LONGEST_WAIT}.",
                    f"--pick-up-days는 0(기한 없음)부터 {_LONGEST_WAIT}까지 지정할 수 있습니다.",
                )
            )
        said["pick_up_days"] = days
    if not no_show:
        return said
    if no_show != ASK and not (no_show.isdecimal() and int(no_show) <= _LONGEST_WAIT):
        raise InputError(
            Words(
                f"--no-show is {ASK}, or a number of days up to {_LONGEST_WAIT}.",
                f"--no-show는 {ASK} 또는 {_LONGEST_WAIT} 이하의 일수여야 합니다.",
            )
        )
    return said | {"no_show_days": None if no_show == ASK else int(no_show)}

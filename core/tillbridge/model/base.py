"""What every model of tillbridge shares: frozen, strict about unknown fields, times in UTC, clean text."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tillbridge.model.words import printable


class Frozen(BaseModel):
    """A value: it cannot be changed, and a field that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def clean_text(text: str) -> str:
    """Return `text` without control characters and lone surrogates, trimmed."""
    return printable(text).strip()


def to_utc(moment: datetime) -> datetime:
    """Return `moment` in UTC; a time without a zone is an error, never a guess."""
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # the last hours of the year 9999, in a zone behind UTC
        raise ValueError("a time beyond the calendar") from error


Text = Annotated[str, AfterValidator(clean_text)]
# Databases hold an ID or a number of this length at most; a longer one is damage, and never cut.
Name = Annotated[Text, Field(max_length=300)]
UtcDatetime = Annotated[datetime, AfterValidator(to_utc)]

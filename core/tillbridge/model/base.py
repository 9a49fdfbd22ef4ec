"""What every model of tillbridge shares: frozen, strict about unknown fields, times in UTC, clean text."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

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
    return moment.astimezone(UTC)


Text = Annotated[str, AfterValidator(clean_text)]
UtcDatetime = Annotated[datetime, AfterValidator(to_utc)]

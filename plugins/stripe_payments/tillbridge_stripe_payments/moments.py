"""Moments as Stripe writes them: whole seconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta
from typing import Final

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def seconds(moment: datetime) -> int:
    """Return a moment in whole seconds; what is behind the second is cut off."""
    return (moment - _BEGINNING) // timedelta(seconds=1)

"""What is known of a client's service beside its answers: whether its clock is ours."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from tillbridge.clock import Clock


class Health:
    """What is known of one client's service, over all threads that use the client.

    Attributes:
        ahead: how far the service's clock was ahead of ours at its newest answer; None if it did not say.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead: timedelta | None = None

    def dated(self, headers: Mapping[str, str]) -> None:
        """Note the time that an answer names; one from a cache in between names an old one."""
        if "Date" not in headers or "Age" in headers:
            return
        with suppress(ValueError, OverflowError):  # whatever a service writes there
            said = parsedate_to_datetime(headers["Date"])
            self.ahead = (said if said.tzinfo else said.replace(tzinfo=UTC)) - self._clock.now()

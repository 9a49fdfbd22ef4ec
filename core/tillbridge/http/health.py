"""Whether a service answers: an outage is logged once, and its end once."""

import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from tillbridge.clock import Clock

log = logging.getLogger("tillbridge.http")


class Health:
    """What is known of one client's service, over all threads that use the client.

    Attributes:
        ahead: how far the service's clock was ahead of ours at its newest answer; None if it did not say.
    """

    def __init__(self, service: str, clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._away_since: float | None = None
        self._lock = threading.Lock()
        self.ahead: timedelta | None = None

    def dated(self, headers: Mapping[str, str]) -> None:
        """Note the time that an answer names; one from a cache in between names an old one."""
        if "Date" not in headers or "Age" in headers:
            return
        with suppress(ValueError, OverflowError):  # whatever a service writes there
            said = parsedate_to_datetime(headers["Date"])
            self.ahead = (said if said.tzinfo else said.replace(tzinfo=UTC)) - self._clock.now()

    def answered(self) -> None:
        """Note that the service answered, whatever it said."""
        with self._lock:
            since, self._away_since = self._away_since, None
        if since is not None:
            log.info("%s answers again, after %.0f seconds", self._service, self._clock.monotonic() - since)

    def away(self, why: str) -> None:
        """Note that a call was given up because the service is away; `why` is already scrubbed."""
        with self._lock:
            first = self._away_since is None
            if first:
                self._away_since = self._clock.monotonic()
        if first:
            log.warning("%s is away: %s", self._service, why)

"""Whether a service answers: an outage is logged once, and its end once."""

import logging
import threading

from tillbridge.clock import Clock

log = logging.getLogger("tillbridge.http")


class Health:
    """What is known of one client's service, over all threads that use the client."""

    def __init__(self, service: str, clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._away_since: float | None = None
        self._lock = threading.Lock()

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

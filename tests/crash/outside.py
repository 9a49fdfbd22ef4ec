"""What outlives every worker: a webstore whose orders and ears are a file, and time."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tillbridge.model.exchange import OrderPage, RawOrder, Receipt, StatusDelivery
from tillbridge.plugin import hookimpl
from tillbridge.provider import Connection
from tillbridge.testing.webstore import MemoryWebstore


class FileWebstore(MemoryWebstore):
    """A webstore in memory that keeps everything in a file, so that every process sees the same one."""

    def __init__(self, file: Path, **more: Any) -> None:
        super().__init__(**more)
        self.file = file

    def reach(self, stage: int, orders: Sequence[tuple[str, bytes]]) -> None:
        """Have these orders from now on, all at once; a stage that was reached before stays as it is."""
        if stage in self.stages():
            return
        entries = [{"order": order_id, "body": body.decode("latin-1")} for order_id, body in orders]
        self._write([*entries, {"stage": stage}])

    def stages(self) -> tuple[int, ...]:
        """Return the stages that were reached."""
        return tuple(entry["stage"] for entry in self._entries("stage"))

    def heard(self) -> list[tuple[str, str, str]]:
        """Return what it was told: order, decision and key, in the sequence in which it arrived."""
        return [(entry["told"], entry["decision"], entry["key"]) for entry in self._entries("told")]

    @hookimpl
    def fetch_orders(self, connection: Connection, cursor: str | None) -> Iterator[OrderPage]:
        """Send what changed since the cursor."""
        self._look()
        return super().fetch_orders(connection, cursor)

    @hookimpl
    def fetch_order(self, connection: Connection, order_id: str) -> RawOrder:
        """Send one order as it is now."""
        self._look()
        return super().fetch_order(connection, order_id)

    @hookimpl
    def push_status(self, connection: Connection, delivery: StatusDelivery) -> Receipt:
        """Note what it is told."""
        self._write([{"told": delivery.order_id, "decision": delivery.said, "key": delivery.key}])
        return super().push_status(connection, delivery)

    def _look(self) -> None:
        self._orders.clear()
        self._changes = 0
        for entry in self._entries("order"):
            self.offer_bytes(entry["order"], entry["body"].encode("latin-1"))

    def _entries(self, kind: str) -> list[dict[str, Any]]:
        if not self.file.exists():
            return []
        lines = self.file.read_text("utf-8").splitlines()
        return [entry for line in lines if kind in (entry := json.loads(line))]

    def _write(self, entries: Sequence[dict[str, Any]]) -> None:
        """Append with one call of the system: a killed worker leaves all of it or nothing."""
        said = "".join(json.dumps(entry) + "\n" for entry in entries).encode()
        handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            assert os.write(handle, said) == len(said)
        finally:
            os.close(handle)


class HurriedClock:
    """The computer's clock, set forward; to sleep only sets it forward further.

    Args:
        ahead: how far it is set forward: past the deadline of whatever a dead worker had under way.
    """

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self._ahead = ahead.total_seconds()

    def now(self) -> datetime:
        """Return its time, UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """Return the seconds of its stopwatch."""
        return time.monotonic() + self._ahead

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self._ahead += max(seconds, 0.0)

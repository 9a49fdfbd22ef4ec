"""The facade that a host calls: a Python POS, the command line, the console."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Self

from tillbridge import connections, intake, outbox, paying, plugins, troubles, webhooks
from tillbridge.clock import Clock, SystemClock
from tillbridge.connection_views import ConnectionView, is_due
from tillbridge.connections import NewConnection
from tillbridge.connections.clients import Clients
from tillbridge.context import Context
from tillbridge.db import migrate
from tillbridge.db.database import Database
from tillbridge.db.locks import Locks
from tillbridge.db.types import AnyRow
from tillbridge.engine.connecting import Connecting
from tillbridge.engine.counter import Counter
from tillbridge.engine.deadlines import Deadlines
from tillbridge.engine.exporting import Exporting
from tillbridge.engine.guiding import Guiding
from tillbridge.engine.hearing import Hearing
from tillbridge.engine.money import Paying
from tillbridge.engine.noticing import Noticing
from tillbridge.engine.orders import Orders
from tillbridge.engine.repairs import Repairs
from tillbridge.intake import PollResult, Preview
from tillbridge.model.errors import InputError, ProviderError, TillbridgeError
from tillbridge.model.words import Words
from tillbridge.options import Options
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import PointOfSale, VendorFile
from tillbridge.pos.guarded import GuardedPos
from tillbridge.secrets import SecretBox, find_key
from tillbridge.settle import Counts, settle
from tillbridge.troubles import Activity, Subject
from tillbridge.views import OrderQuery
from tillbridge.watching import Watcher

_log = logging.getLogger("tillbridge.engine")


class Engine(Connecting, Counter, Deadlines, Exporting, Guiding, Hearing, Noticing, Orders, Paying, Repairs):
    """tillbridge in one object.

    Args:
        database_url: "sqlite:///shop.db" or "postgresql://user@host/name".
        options: what to put in the place of the usual parts.

    Raises:
        DatabaseUnready: `init` was not called for this database, or it is of another version.

    Example:
        with Engine("sqlite:///shop.db") as engine:
            engine.poll()
            for order in engine.orders():
                print(order.number, order.status)
    """

    def __init__(self, database_url: str, options: Options | None = None) -> None:
        options = options or Options()
        clock = options.clock or SystemClock()
        self._database = Database(database_url, probe=options.probe)
        migrate.require_current(self._database)
        self._clients = Clients()
        self._unnoted: set[Subject] = set()
        self._watcher = Watcher()
        self._faulty: set[int] = set()
        self._failing: set[str] = set()
        self._heard = {}
        self.pos = options.pos or _embedded_pos(self._database, clock)
        self.context = Context(
            database=self._database,
            locks=Locks(self._database),
            pos=GuardedPos(self.pos),
            plugins=options.plugins or plugins.load(probe=options.probe),
            clock=clock,
            secrets=SecretBox(options.key or partial(find_key, self._database)),
            lock_connections=options.lock_connections,
            fetch_ahead=options.fetch_ahead,
            probe=options.probe,
        )

    @staticmethod
    def init(database_url: str) -> None:
        """Make the tables, or bring them up to date; harmless where they are."""
        migrate.upgrade(database_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give everything back."""
        self._clients.close()
        self.context.locks.close()
        self._database.close()

    # The main job

    def poll(self, name: str | None = None) -> list[PollResult]:
        """Poll one connection, or all, one after the other; trouble stands in the results.

        What staff decided is sent afterwards, and what the till finished is completed.

        Raises:
            NotFound: there is no connection of that name.
            InputError: it brings no orders.
        """
        results = [self._poll(row) for row in self._polled(name) if row.enabled or name]
        for result in results:
            if self.deliver(result.connection):
                self.settle(result.connection)  # what was made void may be sold anew
        self.tend_till()
        return results

    def poll_due(self) -> list[PollResult]:
        """Poll the connections that are due."""
        now = self.context.clock.now()
        return [self._poll(row) for row in self._polled() if row.enabled and is_due(row, now)]

    def preview(self, name: str | None = None) -> dict[str, Preview]:
        """Say what a poll would do, without doing it; trouble stands in the previews.

        Raises:
            NotFound: there is no connection of that name.
            InputError: it brings no orders.
        """
        return {row.name: self._preview(row) for row in self._polled(name)}

    def files_due(self) -> list[VendorFile]:
        """Return the vendors whose product file is due: the causes of a reminder, as long as they are.

        Raises:
            PosAway: the point of sale could not answer.
        """
        return list(self.context.pos.files_due())

    def settle(self, name: str | None = None) -> Counts:
        """Settle what waits (on one connection), without fetching; a broken one never stops the others."""
        total = Counts()
        for row in connections.rows(self.context, name):
            with self._guarded(row, Activity.SETTLE):
                total.join(settle(self.context, self.open(row)))
        self.tend_till()
        return total

    def deliver(self, name: str | None = None) -> int:
        """Send what the outbox holds (for one connection) and is due; return how many are over with that.

        Payments that are to be read are read first.
        """
        answered = 0
        for row in connections.rows(self.context, name):
            with self._guarded(row, Activity.DELIVERY):
                paying.look_due(self.context, self.open(row))
            with self._guarded(row, Activity.DELIVERY):
                answered += outbox.deliver(self.context, self.open(row))
        return answered

    def tick(self) -> list[PollResult]:
        """Do all that is due now: settle, poll, watch due times and pick-ups, deliver, follow the till."""
        self._alone("webhooks", self.fetch_heard)
        self.settle()
        results = self.poll_due()
        self._alone("due times", self.watch_deadlines)
        self._alone("pick-up dates", self.expire_pick_ups)
        if self.deliver():
            self.settle()  # what was made void may be sold anew
        self.tend_till()
        self._alone("exports", self.export_due)
        return results

    # Parts

    def _alone(self, name: str, part: Callable[[], object]) -> None:
        """Do a part of what is due; a fault of it is logged once, and holds up nothing else."""
        try:
            part()
        except Exception as error:  # noqa: BLE001  # what staff decided is delivered all the same
            level = logging.DEBUG if name in self._failing else logging.WARNING
            _log.log(level, "%s failed, and is tried again", name, exc_info=error)
            self._failing.add(name)
        else:
            self._failing.discard(name)

    def _polled(self, name: str | None = None) -> list[AnyRow]:
        """Return the connections (or the one of that name) that bring orders: payment services do not."""
        known = self.context.plugins.providers
        rows = connections.rows(self.context, name)
        # Polling one whose plugin is missing tells so.
        found = [row for row in rows if row.provider not in known or known[row.provider].brings_orders]
        if name and not found:
            raise InputError(
                Words(
                    f"{name} brings no orders, so there is nothing to poll.",
                    f"{name} 연결은 주문을 가져오지 않으므로 확인할 주문이 없습니다.",
                )
            )
        return found

    def _poll(self, row: AnyRow) -> PollResult:
        now = self.context.clock.now()
        try:
            opened = self.open(row)
        except TillbridgeError as error:
            connections.mark_trouble(self.context, row, error, now + intake.MENDING)
            return PollResult(row.name, trouble=error.words)
        try:
            result = intake.poll(self.context, opened, poll_seconds=row.poll_seconds)
            if row.cursor is not None and result.counts.new:  # of what the first poll finds nobody could tell
                webhooks.note_missed(self.context, row.id, result.counts.new)
        except Exception as error:  # noqa: BLE001  # one connection's fault never stops the others
            due = now + timedelta(seconds=row.poll_seconds)
            connections.mark_trouble(self.context, row, error, due)
            return PollResult(row.name, trouble=troubles.unexpected(error))
        return result

    def _preview(self, row: AnyRow) -> Preview:
        try:
            return intake.preview(self.context, self.open(row))
        except Exception as error:  # noqa: BLE001  # one connection's fault never hides what the others have
            return Preview(trouble=troubles.words_of(error))


def _embedded_pos(database: Database, clock: Clock) -> PointOfSale:
    # A host with a POS of its own loads nothing of the built-in one.
    from tillbridge.pos.embedded import EmbeddedPos  # noqa: PLC0415  # see above

    return EmbeddedPos(database, clock)


__all__ = ["ConnectionView", "Engine", "NewConnection", "Options", "OrderQuery", "ProviderError", "Signature"]

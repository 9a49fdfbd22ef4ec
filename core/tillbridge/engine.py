"""The facade that a host calls: a Python POS, the command line, the console."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Any, Self

from tillbridge import connections, fulfilment, intake, outbox, plugins, till, troubles, views
from tillbridge.clock import Clock, SystemClock
from tillbridge.connections import Clients, NewConnection, OpenConnection
from tillbridge.context import Context
from tillbridge.db import migrate
from tillbridge.db.database import Database
from tillbridge.db.locks import Locks
from tillbridge.db.types import AnyRow
from tillbridge.fulfilment import Signature
from tillbridge.intake import PollResult, Preview
from tillbridge.model.errors import ProviderError, TillbridgeError
from tillbridge.model.exchange import ConnectionCheck
from tillbridge.model.status import Status
from tillbridge.options import Options
from tillbridge.pos.contract import PointOfSale, VendorFile
from tillbridge.pos.guarded import GuardedPos
from tillbridge.provider import Capability
from tillbridge.replay import KeptPayload, ReplayQuery, ReplaySummary, Tell, kept_payload, replay
from tillbridge.secrets import SecretBox, find_key
from tillbridge.settle import Counts, settle
from tillbridge.troubles import Activity, Subject
from tillbridge.views import ConnectionView, OrderQuery, OrderView, TimelineView

_log = logging.getLogger("tillbridge.engine")
_LOOK_BACK = timedelta(days=30)


class Engine:
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

    # Connections

    def check(self, new: NewConnection) -> tuple[OpenConnection, ConnectionCheck | None, Preview]:
        """Check a connection's settings, try it, and preview its orders; nothing is kept.

        Raises:
            InputError: the settings do not fit.
            ProviderError: the service is away or refuses the credentials.
        """
        opened = connections.prepare(self.context, new)
        try:
            return opened, *self._try_out(opened)
        except BaseException:
            connections.close_client(opened)
            raise

    def _try_out(self, opened: OpenConnection) -> tuple[ConnectionCheck | None, Preview]:
        name = opened.provider.name
        checked = None
        if Capability.CHECK in opened.provider.capabilities:
            checked = self.context.plugins.check_connection(name, opened.guest)
        seen = Preview()
        if Capability.ORDERS in opened.provider.capabilities:
            seen = intake.preview(self.context, opened)
            seen.earlier = max(seen.earlier, self._open_before(opened, seen))
        return checked, seen

    def connect(self, new: NewConnection) -> tuple[ConnectionCheck | None, Preview]:
        """Check, try and preview a connection, and keep it.

        Raises:
            InputError: the settings do not fit, or the account is connected already.
            ProviderError: the service is away or refuses the credentials.
        """
        opened, checked, seen = self.check(new)
        self.keep(new, opened)
        return checked, seen

    def keep(self, new: NewConnection, opened: OpenConnection) -> None:
        """Keep a connection that `check` returned, without trying it again.

        Raises:
            InputError: the name is taken, or the account is connected already.
        """
        connections.close_client(opened)  # the kept connection opens a client of its own
        connections.save(self.context, new, opened)

    def connections(self) -> list[ConnectionView]:
        """Return every connection, with its health."""
        return views.connection_views(self.context, connections.rows(self.context))

    # The main job

    def poll(self, name: str | None = None) -> list[PollResult]:
        """Poll one connection, or all, one after the other; trouble stands in the results.

        What staff decided is sent afterwards, and what the till finished is completed.

        Raises:
            NotFound: there is no connection of that name.
        """
        results = [self._poll(row) for row in connections.rows(self.context, name) if row.enabled or name]
        for result in results:
            self.deliver(result.connection)
        self.tend_till()
        return results

    def poll_due(self) -> list[PollResult]:
        """Poll the connections that are due."""
        now = self.context.clock.now()
        rows = connections.rows(self.context)
        seen = zip(rows, views.connection_views(self.context, rows), strict=True)
        return [self._poll(row) for row, one in seen if one.enabled and one.is_due(now)]

    def preview(self, name: str | None = None) -> dict[str, Preview]:
        """Say what a poll would do, without doing it.

        Raises:
            NotFound: there is no connection of that name.
            ProviderError: a service is away.
        """
        found = connections.rows(self.context, name)
        return {row.name: intake.preview(self.context, self.open(row)) for row in found}

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
        """Send what the outbox holds (for one connection) and is due; return how many were answered."""
        answered = 0
        for row in connections.rows(self.context, name):
            with self._guarded(row, Activity.DELIVERY):
                answered += outbox.deliver(self.context, self.open(row))
        return answered

    def follow_till(self) -> int:
        """Complete orders whose sales were finished at the till; return how many."""
        return till.follow_till(self.context)

    def tend_till(self) -> int:
        """Follow the till, and let no failure of it hold up anything else: it is noted, and tried again."""
        try:
            completed = self.follow_till()
        except Exception as error:  # noqa: BLE001  # a host's POS may raise whatever it likes
            self._note(troubles.TILL, error)
            return 0
        troubles.end(self.context, troubles.TILL)
        return completed

    def tick(self) -> list[PollResult]:
        """Do everything that is due now: settle, poll, deliver, follow the till."""
        self.settle()
        results = self.poll_due()
        self.deliver()
        self.tend_till()
        return results

    def check_again(self, order_id: int) -> Status | None:
        """Fetch an order anew and settle it; return its status then.

        Raises:
            NotFound: there is no such order.
            ProviderError: the webstore is away, or has it no longer.
        """
        order = self.order_by_id(order_id)
        (row,) = connections.rows(self.context, order.connection)
        opened = self.open(row)
        intake.check_again(self.context, opened, order.webstore_id)
        settle(self.context, opened)
        return self.order_by_id(order_id).status

    # Orders

    def orders(self, wanted: OrderQuery | None = None) -> list[OrderView]:
        """Return orders in the sequence in which they came."""
        return views.find_orders(self.context, wanted or OrderQuery())

    def order(self, wanted: str) -> OrderView:
        """Return one order by its ID, webstore ID, number or barcode, as people call it.

        Raises:
            NotFound: there is none, or several; "id:12" is one order's ID and nothing else.
        """
        return views.find_order(self.context, wanted)

    def order_by_id(self, order_id: int) -> OrderView:
        """Return the order of this ID.

        Raises:
            NotFound: there is none.
        """
        return views.order_by_id(self.context, order_id)

    def timeline(self, order_id: int) -> list[TimelineView]:
        """Return what happened to an order, oldest first."""
        return views.timeline(self.context, order_id)

    def document(self, order_id: int) -> dict[str, Any] | None:
        """Return the newest readable version of an order as JSON data, or None."""
        return views.document(self.context, order_id)

    def admin_url(self, order_id: int) -> str | None:
        """Return where staff see the order in the webstore's admin, or None."""
        return views.admin_url(self.context, self.open, order_id)

    def set_status(self, order_id: int, asked: Status, signature: Signature) -> Status | None:
        """Do what staff mean by setting a status, and what follows at once; return the status then.

        Raises:
            NotFound: there is no such order.
            NotAllowed: the table says why not, and what is possible.
        """
        fulfilment.set_status(self.context, order_id, asked, signature)
        return self._after_act(order_id)

    def undo(self, order_id: int, signature: Signature) -> Status | None:
        """Undo the last decision while nothing of it was sent; return the status then.

        Raises:
            NotAllowed: it is on its way already.
        """
        fulfilment.undo(self.context, order_id, signature)
        return self._after_act(order_id)

    def replay(
        self, wanted: ReplayQuery, signature: Signature | None = None, tell: Tell = lambda _: None
    ) -> ReplaySummary:
        """Tell what today's code makes of kept payloads; signed, also replay those it reads differently."""
        return replay(self.context, self.open, wanted, signature=signature, tell=tell)

    def payload(self, wanted: str) -> KeptPayload:
        """Return the newest payload of an order, or of what is no order, byte for byte as it came."""
        return kept_payload(self.context, wanted)

    def _after_act(self, order_id: int) -> Status | None:
        order = self.order_by_id(order_id)
        (row,) = connections.rows(self.context, order.connection)
        with self._guarded(row, Activity.SETTLE):
            settle(self.context, self.open(row))
        self.tend_till()
        return self.order_by_id(order_id).status

    # Parts

    def _open_before(self, opened: OpenConnection, seen: Preview) -> int:
        """Return how many orders of the last weeks are open but older than `orders_from`.

        A webstore that lists orders from `orders_from` on does not show them by itself.
        """
        start = self.context.clock.now() - _LOOK_BACK
        if opened.guest.orders_from <= start:
            return 0
        wide = replace(opened, guest=replace(opened.guest, orders_from=start))
        return _open(intake.preview(self.context, wide)) - _open(seen)

    def open(self, row: AnyRow) -> OpenConnection:
        """Open a stored connection."""
        return connections.load(self.context, self._clients, row)

    def _poll(self, row: AnyRow) -> PollResult:
        now = self.context.clock.now()
        try:
            opened = self.open(row)
        except TillbridgeError as error:
            connections.mark_trouble(self.context, row, error, now + intake.MENDING)
            return PollResult(row.name, trouble=error.words)
        try:
            return intake.poll(self.context, opened, poll_seconds=row.poll_seconds)
        except Exception as error:  # noqa: BLE001  # one connection's fault never stops the others
            due = now + timedelta(seconds=row.poll_seconds)
            connections.mark_trouble(self.context, row, error, due)
            return PollResult(row.name, trouble=troubles.unexpected(error))

    @contextmanager
    def _guarded(self, row: AnyRow, activity: Activity) -> Iterator[None]:
        """Keep one broken connection from stopping the others, and what is committed from looking undone."""
        subject = connections.subject(row, activity)
        try:
            yield
        except Exception as error:  # noqa: BLE001  # a host's POS may raise whatever it likes
            self._note(subject, error)
        else:
            if activity is not Activity.DELIVERY:  # the outbox knows what waits still
                troubles.end(self.context, subject)

    def _note(self, subject: Subject, error: Exception) -> None:
        try:
            troubles.begin(self.context, subject, error)
        except Exception:  # noqa: BLE001  # the database itself may be what is away
            level = logging.DEBUG if subject in self._unnoted else logging.WARNING
            self._unnoted.add(subject)
            whose = subject.connection or subject.activity
            _log.log(level, "%s: %s", whose, troubles.words_of(error).en)
        else:
            self._unnoted.discard(subject)


def _open(seen: Preview) -> int:
    """Return how many of the orders that were looked at are open."""
    aside = seen.statuses.get(Status.ARCHIVED, 0)
    return seen.damaged + sum(seen.statuses.values()) - aside


def _embedded_pos(database: Database, clock: Clock) -> PointOfSale:
    # A host with a POS of its own loads nothing of the built-in one.
    from tillbridge.pos.embedded import EmbeddedPos  # noqa: PLC0415  # see above

    return EmbeddedPos(database, clock)


__all__ = ["ConnectionView", "Engine", "NewConnection", "Options", "OrderQuery", "ProviderError", "Signature"]

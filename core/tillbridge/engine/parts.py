"""What every part of the engine works with: its context, its connections, and how faults are kept apart."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from tillbridge import connections, outbox, till, troubles
from tillbridge.connections import OpenConnection, plain_secrets
from tillbridge.connections.clients import Clients
from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.model.status import Status
from tillbridge.orders import refunds
from tillbridge.orders.closing import close_orders
from tillbridge.pos.contract import PointOfSale
from tillbridge.settle import settle
from tillbridge.troubles import Activity, Subject
from tillbridge.views import order_by_id
from tillbridge.watching import Watcher

_log = logging.getLogger("tillbridge.engine")


class Parts:
    """What the groups of the engine's methods share; `Engine` puts it together.

    Attributes:
        context: what every use case works with.
        pos: the point of sale as the host gave it.
    """

    context: Context
    pos: PointOfSale
    _clients: Clients
    _unnoted: set[Subject]
    _watcher: Watcher
    _faulty: set[int]

    def open(self, row: AnyRow) -> OpenConnection:
        """Open a stored connection; what an older program kept in plain of its secrets is sealed."""
        return connections.load(self.context, self._clients, plain_secrets.sealed(self.context, row))

    def follow_till(self) -> int:
        """Complete orders whose sales were finished at the till; return how many."""
        completed = till.follow_till(self.context) + close_orders(self.context)
        refunds.look(self.context)
        return completed

    def tend_till(self) -> int:
        """Follow the till, and let no failure of it hold up anything else: it is noted, and tried again."""
        try:
            completed = self.follow_till()
        except Exception as error:  # noqa: BLE001  # a host's POS may raise whatever it likes
            self._note(troubles.TILL, error)
            return 0
        troubles.end(self.context, troubles.TILL)
        return completed

    def _connection_of(self, order_id: int) -> AnyRow:
        (row,) = connections.rows(self.context, order_by_id(self.context, order_id).connection)
        return row

    def _deliver_to_pos(self, order_id: int) -> None:
        row = self._connection_of(order_id)
        with self._guarded(row, Activity.DELIVERY):
            outbox.deliver(self.context, self.open(row), order_id)

    def _after_act(self, order_id: int) -> Status | None:
        row = self._connection_of(order_id)
        with self._guarded(row, Activity.SETTLE):
            settle(self.context, self.open(row))
        self.tend_till()
        return order_by_id(self.context, order_id).status

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

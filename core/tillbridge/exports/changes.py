"""Runs the export to a webstore that takes what changed, batch by batch."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, update

from tillbridge.db import export_tables
from tillbridge.db.states import OfferState
from tillbridge.db.types import AnyRow
from tillbridge.exports.receipts import follow_pending
from tillbridge.exports.results import SLICE
from tillbridge.exports.run import Run
from tillbridge.exports.telling import Batches
from tillbridge.exports.timing import AGAIN, is_old, left, next_at
from tillbridge.exports.wanting import GONE
from tillbridge.model.exchange import Outcome
from tillbridge.model.words import Words


@dataclass(slots=True)
class ChangesRun(Run):
    """Tells what changed; everything, where what the webstore has becomes old."""

    def follow(self) -> bool:
        """Ask what became of the offers that were pending."""
        for answer in follow_pending(self.context, self.connection):
            if answer.receipt.outcome is not Outcome.UNKNOWN:  # that one is told again, and counted then
                self.result.told.count(answer.receipt.outcome)
        return True

    def renew(self) -> None:
        """Make everything due where what the webstore has becomes old, unless that was begun already."""
        Run.renew(self)
        now = self.context.clock.now()
        if self.way.everything or not is_old(self.connection, self.state, now) or self._is_under_way():
            return
        number = self.connection.id
        self.context.database.unit("export.round", lambda database: _round_due(database, number))
        self.finish(round_at=now)
        self.look_again()

    def doubt(self) -> Words | None:
        """Doubt nothing: what is not told stays as it is shown."""
        return None

    def tell(self) -> None:
        """Tell what is due, for a minute at most."""
        self.let_orders_come()
        clock, number = self.context.clock, self.connection.id
        ends = clock.monotonic() + SLICE.total_seconds()
        told, by_hand = self.result.told, not self.way.once
        if not Batches(self.context, self.connection, told, ends, by_hand=by_hand).run():
            self.result.more = True
            self.finish(due_at=None)
            return
        with self.context.database.read() as database:
            count, first = left(database, number)
        now = clock.now()
        if count:
            # What the webstore did not answer comes again, the later the more often it did not.
            self.finish(due_at=max(now + AGAIN, first or now))
            return
        whole_at = self.state.round_at if _is_open(self.state) else self.state.whole_at
        self.finish(told_at=now, whole_at=whole_at)
        self.look_again()
        self.finish(due_at=next_at(self.connection, self.state, now))

    def _is_under_way(self) -> bool:
        """Whether telling everything anew was begun, so that what is left of it is due still."""
        state, now = self.state, self.context.clock.now()
        refresh = self.connection.provider.exporting.refresh or timedelta()
        return _is_open(state) and state.round_at <= now < state.round_at + refresh


def _is_open(state: AnyRow) -> bool:
    return state.round_at is not None and (state.whole_at is None or state.round_at > state.whole_at)


def _round_due(database: Connection, connection_id: int) -> None:
    """Make due what the webstore shows, also what is held of; what it refused or is at, is not told anew."""
    items = export_tables.export_items
    mine = (items.c.connection_id == connection_id, items.c.shown != GONE)
    plain = items.c.state.in_((OfferState.PLAIN, OfferState.HELD))
    database.execute(update(items).where(*mine, plain).values(due=True))

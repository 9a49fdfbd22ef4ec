"""One run of one connection's export: its orders first, then what its webstore should show.

What is told, and how it is answered, differs: `tillbridge.exports.changes`, `tillbridge.exports.whole_run`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from tillbridge import intake
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.db.states import OfferState
from tillbridge.db.types import AnyRow
from tillbridge.exports import shelf
from tillbridge.exports.emptied import emptied
from tillbridge.exports.listing import learn
from tillbridge.exports.noting import note
from tillbridge.exports.results import ExportResult, ExportWay
from tillbridge.exports.timing import finish, poll_due, state_of
from tillbridge.exports.wanting import GONE
from tillbridge.model.errors import TillbridgeError
from tillbridge.model.words import Words
from tillbridge.provider import Capability


class NotBelieved(TillbridgeError):
    """So much would change at once that a person has to say that it is right."""


@dataclass(slots=True)
class Run(ABC):
    """One run.

    Attributes:
        state: the connection's row of `export_tables.exports`, as far as it is known.
        let_orders_come: gives the connection's lock back, which is held until there is something to tell.
    """

    context: Context
    connection: OpenConnection
    way: ExportWay
    result: ExportResult
    state: AnyRow
    let_orders_come: Callable[[], None]

    @final
    def poll(self, poll_seconds: int) -> bool:
        """Look for orders; without them nothing is told: a sale that nobody has seen yet would be undone."""
        if Capability.ORDERS not in self.connection.provider.capabilities:
            return True
        polled = intake.poll_held(self.context, self.connection, poll_seconds=poll_seconds)
        if polled.trouble is None:
            return True
        self.result.trouble = polled.trouble
        self.finish(due_at=poll_due(self.context, self.connection.id))
        return False

    @final
    def export(self) -> None:
        """Look at what should be shown, and tell it.

        Raises:
            NotBelieved: so much would be emptied that a person has to say that it is right.
            TillbridgeError: the webstore or the point of sale is away.
            Stopped: the program ends.
        """
        context, way = self.context, self.way
        shelf.refresh(context)
        if not self._knows_items():
            self.result.more = True
            self.finish(due_at=None)
            return
        limits = note(context, self.connection).limits
        self.look_again()
        # What is pending is asked about first: that needs no belief, and the answer is what is believed from.
        if not way.dry_run and not self.follow():
            return
        if not way.dry_run:
            self.renew()
        self.result.due, self.result.held = _count(context, self.connection.id, everything=way.everything)
        why = None if way.believe else emptied(context, self.connection, limits) or self.doubt()
        if way.dry_run:
            self.result.trouble = why
        elif why:
            raise NotBelieved(why)
        else:
            self.tell()

    def _knows_items(self) -> bool:
        """Whether the webstore's own items are known, where it is told by these; a minute is spent on it."""
        if not self.connection.provider.exporting.by_listing:
            return True
        return learn(self.context, self.connection)

    def renew(self) -> None:
        """Make due what is to be told although it did not change."""
        if self.way.everything:
            number = self.connection.id
            self.context.database.unit("export.all", lambda database: _all_due(database, number))
            self.look_again()

    @abstractmethod
    def follow(self) -> bool:
        """Ask what became of what was pending; return whether more may be told."""

    @abstractmethod
    def doubt(self) -> Words | None:
        """Return why what would be told is not believed, or None."""

    @abstractmethod
    def tell(self) -> None:
        """Tell what is due, and let orders come meanwhile."""

    @final
    def look_again(self) -> None:
        """Read the state anew."""
        self.state = state_of(self.context, self.connection.id)

    @final
    def finish(self, **values: object) -> None:
        """Note what came of it: columns of `export_tables.exports`; a run ends with `due_at`."""
        if self.way.believe and "due_at" in values:
            values["believed_at"] = self.context.clock.now()
        finish(self.context, self.connection.id, **values)


def _count(context: Context, connection_id: int, *, everything: bool = False) -> tuple[int, int]:
    """Return how many offers are due (or would be, if everything were), and how many are held."""
    items = export_tables.export_items
    mine = items.c.connection_id == connection_id
    wanted = or_(waiting.OFFER_DUE, _all(connection_id)) if everything else waiting.OFFER_DUE
    due = select(func.count()).select_from(items).where(mine, wanted)
    held = (
        select(func.count())
        .select_from(items)
        .where(mine, waiting.OFFER_STATE, items.c.state == OfferState.HELD)
    )
    with context.database.read() as database:
        return int(database.execute(due).scalar_one()), int(database.execute(held).scalar_one())


def _all(connection_id: int) -> ColumnElement[bool]:
    items = export_tables.export_items
    # A product that was to be gone and is gone is not told again; what is held waits for a person.
    return and_(
        items.c.connection_id == connection_id,
        items.c.state != OfferState.HELD,
        or_(items.c.wanted != GONE, items.c.shown != GONE),
    )


def _all_due(database: Connection, connection_id: int) -> None:
    """Make everything due, and forget what is pending: it is told anew."""
    items, table = export_tables.export_items, export_tables.exports
    values = {"due": True, "state": OfferState.PLAIN, "ticket": None, "tries": 0, "retry_at": None}
    database.execute(update(items).where(_all(connection_id)).values(values))
    # The same order of tables as elsewhere does not matter: a unit that meets another is repeated.
    forgotten = {"ticket": None, "refused_at": None, "tries": 0}
    database.execute(update(table).where(table.c.connection_id == connection_id).values(forgotten))

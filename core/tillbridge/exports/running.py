"""Runs the export of one connection: its orders first, then what its webstore should show.

Under the connection's lock, so that a web sale which nobody has seen yet is not undone by an older stock.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select, update

from tillbridge import connections, intake
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, tables, waiting
from tillbridge.db.states import OfferState
from tillbridge.db.types import AnyRow
from tillbridge.exports import shelf
from tillbridge.exports.emptied import emptied
from tillbridge.exports.noting import note
from tillbridge.exports.telling import (
    Telling,
    Told,
    follow_pending,
    tell_changes,
)
from tillbridge.exports.wanting import GONE
from tillbridge.exports.whole import tell_whole, whole_accepted
from tillbridge.model.errors import NotAllowed, TillbridgeError
from tillbridge.model.exchange import Outcome
from tillbridge.model.words import Words
from tillbridge.provider import Capability
from tillbridge.troubles import Activity, begin, end

_AGAIN: Final = timedelta(minutes=1)
NOT_SET: Final = Words(
    "This connection is not exported; say how often with `tillbridge export set`.",
    "재고·가격 전달이 설정되지 않은 연결입니다. `tillbridge export set`으로 설정해 주세요.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWay:
    """How an export is run.

    Attributes:
        everything: tell all there is, and not only what changed.
        dry_run: look at everything, and tell nothing.
        believe: also empty much of the webstore at once.
    """

    everything: bool = False
    dry_run: bool = False
    believe: bool = False


USUAL: Final = ExportWay()


@dataclass(slots=True)
class ExportResult:
    """What one export of one connection did, in offers.

    Attributes:
        due: what the webstore should show otherwise than it does, before it was told.
        told: what came of it.
        held: what is too much of a change to be believed.
        trouble: why it stopped, or None.
        busy: another worker was at this connection already.
    """

    connection: str
    due: int = 0
    told: Told = field(default_factory=Told)
    held: int = 0
    trouble: Words | None = None
    busy: bool = False


def export(context: Context, row: AnyRow, connection: OpenConnection, way: ExportWay = USUAL) -> ExportResult:
    """Export one connection (a row of `tables.connections`, and opened).

    Raises:
        NotAllowed: the connection is not exported.
    """
    result = ExportResult(connection.name)
    with intake.holding(context, connection) as got:
        if not got:
            result.busy = True
            return result
        subject = connections.subject(connection, Activity.EXPORT)
        try:
            _export(context, row, connection, result, way)
        except NotAllowed:
            raise
        except TillbridgeError as error:
            result.trouble = error.words
            rest(context, row, error)
        else:
            if result.trouble is None and not way.dry_run:
                end(context, subject)
    return result


def rest(context: Context, row: AnyRow, error: Exception) -> None:
    """Note that an export of this connection failed, and when it is tried again."""
    begin(context, connections.subject(row, Activity.EXPORT), error)
    now = context.clock.now()
    soon = now + _AGAIN
    due_at = intake.due_after(error, soon, now) if isinstance(error, TillbridgeError) else soon
    _finish(context, row.id, due_at=due_at)


def _export(
    context: Context, row: AnyRow, connection: OpenConnection, result: ExportResult, way: ExportWay
) -> None:
    state = _state(context, connection)
    if Capability.ORDERS in connection.provider.capabilities:
        polled = intake.poll_held(context, connection, poll_seconds=row.poll_seconds)
        if polled.trouble is not None:
            result.trouble = polled.trouble  # a sale that nobody has seen yet would be undone
            _finish(context, connection.id, due_at=_poll_due(context, connection.id))
            return
    shelf.refresh(context)
    limits = note(context, connection).limits
    if way.everything and not way.dry_run:
        context.database.unit("export.all", partial(_all_due, connection_id=connection.id))
    result.due, result.held = _count(context, connection.id, everything=way.everything)
    why = None if way.believe else emptied(context, connection, limits)
    if way.dry_run:
        result.trouble = why
        return
    if why:
        raise NotBelieved(why)
    whole = Capability.SNAPSHOT in connection.provider.capabilities
    tell = _tell_whole if whole else _tell_parts
    tell(context, connection, state, Telling(limits, result.told))


class NotBelieved(TillbridgeError):
    """So much would change at once that a person has to say that it is right."""


def _tell_parts(context: Context, connection: OpenConnection, state: AnyRow, telling: Telling) -> None:
    follow_pending(context, connection, telling.told)
    tell_changes(context, connection, telling)
    now = context.clock.now()
    left, _ = _count(context, connection.id)
    # What the webstore did not answer comes again soon.
    next_at = now + _AGAIN if left else _next(state, now)
    _finish(context, connection.id, due_at=next_at, told_at=None if left else now)


def _tell_whole(context: Context, connection: OpenConnection, state: AnyRow, telling: Telling) -> None:
    now = context.clock.now()
    fresh = False
    if state.ticket is not None:
        answered = _ticket_answer(context, connection, state.ticket)
        if answered is None:
            _finish(context, connection.id, due_at=now + _AGAIN)
            return
        if fresh := answered is Outcome.ACCEPTED:
            telling.told.count(Outcome.ACCEPTED, whole_accepted(context, connection))
            _finish(context, connection.id, due_at=_next(state, now), told_at=now, ticket="")
    left, _ = _count(context, connection.id)
    if not left and (fresh or not _is_old(connection, state, now)):
        _finish(context, connection.id, due_at=_next(state, now))
        return
    receipt = tell_whole(context, connection, telling)
    if receipt.outcome is Outcome.ACCEPTED:
        _finish(context, connection.id, due_at=_next(state, now), told_at=now, ticket="")
    else:
        telling.told.count(receipt.outcome, left)
        _finish(context, connection.id, due_at=now + _AGAIN, ticket=receipt.ticket or "")


def _ticket_answer(context: Context, connection: OpenConnection, ticket: str) -> Outcome | None:
    """Return what became of a whole that was pending: accepted or refused; None: nothing yet."""
    receipts = context.plugins.check_export(connection.provider.name, connection.guest, [ticket])
    outcome = receipts[ticket].outcome if ticket in receipts else Outcome.PENDING
    return outcome if outcome in (Outcome.ACCEPTED, Outcome.REFUSED) else None


def _is_old(connection: OpenConnection, state: AnyRow, now: datetime) -> bool:
    """Whether the webstore must be told anew although nothing changed."""
    refresh = connection.provider.exporting.refresh
    if refresh is None:
        return False
    # A time to come is from before the clock was set back.
    return state.told_at is None or state.told_at > now or now - state.told_at >= refresh / 2


def _next(state: AnyRow, now: datetime) -> datetime:
    return now + timedelta(seconds=state.every_seconds or 86_400)


def _state(context: Context, connection: OpenConnection) -> AnyRow:
    table = export_tables.exports
    with context.database.read() as database:
        row = database.execute(select(table).where(table.c.connection_id == connection.id)).first()
    if row is None:
        raise NotAllowed(NOT_SET)
    return row


def _finish(
    context: Context,
    connection_id: int,
    *,
    due_at: datetime,
    told_at: datetime | None = None,
    ticket: str | None = None,
) -> None:
    """Note when the export is due again, and what else is new; None leaves a column as it is."""
    table, now = export_tables.exports, context.clock.now()
    # After the clock was set back, nothing was told in a time to come.
    kept = case((table.c.told_at > now, literal(now, table.c.told_at.type)), else_=table.c.told_at)
    values: dict[str, Any] = {"due_at": due_at, "told_at": kept if told_at is None else told_at}
    if ticket is not None:
        values["ticket"] = ticket or None
    with context.database.write("export state") as database:
        database.execute(update(table).where(table.c.connection_id == connection_id).values(values))


def _poll_due(context: Context, connection_id: int) -> datetime:
    """Return when the orders are asked for again."""
    table, soon = tables.connections, context.clock.now() + _AGAIN
    with context.database.read() as database:
        found = database.execute(select(table.c.due_at).where(table.c.id == connection_id)).scalar()
    return max(found or soon, soon)


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
    values = {"due": True, "state": OfferState.PLAIN, "ticket": None}
    database.execute(update(items).where(_all(connection_id)).values(values))
    database.execute(update(table).where(table.c.connection_id == connection_id).values(ticket=None))

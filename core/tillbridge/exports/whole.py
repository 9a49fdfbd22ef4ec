"""Tells a webstore that takes files everything at once, streamed; it is replaced whole or not at all."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, or_, select, tuple_, update

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.db.states import OfferState
from tillbridge.exports.leaving_out import leave_out
from tillbridge.exports.telling import STREAMED, Telling, note_sent, offer_of, with_shelf
from tillbridge.exports.wanting import GONE, What
from tillbridge.model.errors import Rejected
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.offers import Offer
from tillbridge.model.words import Words


def tell_whole(context: Context, connection: OpenConnection, telling: Telling) -> Receipt:
    """Tell the webstore everything, streamed; return its receipt, and keep what it says.

    Raises:
        ProviderError: the webstore is away, or refuses; it has what it had then.
    """
    provider, guest = connection.provider.name, connection.guest
    context.database.unit("export.whole", lambda database: _mark_sent(database, connection, telling))
    receipt = context.plugins.push_snapshot(provider, guest, _stream(context, connection))
    if receipt.outcome is Outcome.REFUSED:
        raise Rejected(receipt.words or Words("The webstore refused it.", "웹스토어에서 거부했습니다."))
    if receipt.outcome in (Outcome.ACCEPTED, Outcome.PENDING):
        leave_out(context, connection, receipt.left_out)
        telling.told.count(Outcome.REFUSED, len(receipt.left_out))
    if receipt.outcome is Outcome.ACCEPTED:
        telling.told.count(Outcome.ACCEPTED, whole_accepted(context, connection))
    return receipt


def _mark_sent(database: Connection, connection: OpenConnection, telling: Telling) -> None:
    items = export_tables.export_items
    mine = and_(items.c.connection_id == connection.id, items.c.what == What.BOTH.value)
    database.execute(update(items).where(mine).values(sent=items.c.wanted))
    held = and_(mine, waiting.OFFER_STATE, items.c.state == OfferState.HELD)
    rows = database.execute(select(items).where(held)).all()
    note_sent(database, [(row, telling.text(row)) for row in rows])


def whole_accepted(context: Context, connection: OpenConnection) -> int:
    """Note that the webstore took the whole that it was told last; return how many offers changed by it."""
    items = export_tables.export_items
    # What was left out is told again with the next whole, and not at once.
    settled = items.c.state.in_((OfferState.HELD, OfferState.REFUSED))
    mine = and_(
        items.c.connection_id == connection.id,
        items.c.what == What.BOTH.value,
        items.c.sent.is_not(None),
        or_(items.c.due, func.coalesce(items.c.shown, GONE) != items.c.sent),
    )
    values = {"shown": items.c.sent, "due": and_(~settled, items.c.wanted != items.c.sent)}

    def work(database: Connection) -> int:
        return database.execute(update(items).where(mine).values(values)).rowcount

    return context.database.unit("export.accepted", work)


def _stream(context: Context, connection: OpenConnection) -> Iterator[Offer]:
    """Yield every offer of the whole, a page of rows at a time."""
    items = export_tables.export_items
    after = ("", "")
    mine = and_(
        items.c.connection_id == connection.id,
        items.c.what == What.BOTH.value,
        items.c.sent.is_not(None),
        items.c.sent != GONE,
    )
    while True:
        later = tuple_(items.c.location, items.c.product_id) > tuple_(*after)
        query = with_shelf().where(mine, later).order_by(items.c.location, items.c.product_id)
        with context.database.read() as database:
            rows = database.execute(query.limit(STREAMED)).all()
        if not rows:
            return
        for row in rows:
            yield offer_of(connection, What.BOTH, (row, row.sent))
        after = (rows[-1].location, rows[-1].product_id)

"""Tells a webstore that takes files everything at once, streamed; it is replaced whole or not at all."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, null, or_, select, tuple_, update

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables
from tillbridge.db.types import AnyRow
from tillbridge.exports.emptied import has_pieces
from tillbridge.exports.leaving_out import leave_out
from tillbridge.exports.offering import offer_of, with_shelf
from tillbridge.exports.receipts import ask, promised
from tillbridge.exports.stopping import go_on
from tillbridge.exports.timing import PENDING_FOR
from tillbridge.exports.wanting import GONE, What, numbers_of, parts_of
from tillbridge.model.errors import Rejected
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.offers import Offer
from tillbridge.model.words import Words

_ITEMS: Final = export_tables.export_items
_STREAMED: Final = 1000
_TARGET: Final = func.coalesce(_ITEMS.c.part, _ITEMS.c.wanted)
_REFUSED: Final = Words("The webstore refused it.", "웹스토어에서 거부했습니다.")
EMPTY: Final = Words(
    "There is no product to be shown, so the webstore was told nothing: an empty list would take everything "
    "off it. If that is right: `tillbridge export run --believe`.",
    "표시할 제품이 하나도 없어 전달하지 않았습니다. 빈 목록을 보내면 웹스토어의 모든 제품이 사라집니다. "
    "맞다면 `tillbridge export run --believe`를 실행해 주세요.",
)


def _mine(connection_id: int) -> ColumnElement[bool]:
    return and_(_ITEMS.c.connection_id == connection_id, _ITEMS.c.what == What.BOTH.value)


def is_empty(context: Context, connection: OpenConnection) -> bool:
    """Whether the whole would list no product."""
    listed = select(exists().where(_mine(connection.id), _TARGET != GONE))
    with context.database.read() as database:
        return not database.execute(listed).scalar()


def tell_whole(
    context: Context, connection: OpenConnection, noted: Callable[[], None] = lambda: None
) -> Receipt:
    """Tell the webstore everything, streamed; return its receipt: what it accepts is noted.

    Args:
        context: the engine's parts.
        connection: whose webstore it is.
        noted: called once it stands what is told, before it is.

    Raises:
        ProviderError: the webstore is away; it has what it had then.
        PluginError: the plugin failed, or did not read everything.
        Stopped: the program ends.
    """
    provider, guest, number = connection.provider.name, connection.guest, connection.id
    news = and_(_mine(number), _ITEMS.c.sent.is_distinct_from(_TARGET))
    everything = update(_ITEMS).where(news).values(sent=_TARGET)
    context.database.unit("export.whole", lambda database: database.execute(everything))
    noted()
    try:
        receipt = context.plugins.push_snapshot(provider, guest, _stream(context, connection))
    except Rejected as error:
        receipt = Receipt(Outcome.REFUSED, error.words)
    if receipt.outcome is Outcome.REFUSED:
        return replace(receipt, words=receipt.words or _REFUSED)
    if receipt.outcome in (Outcome.ACCEPTED, Outcome.PENDING):
        leave_out(context, connection, receipt.left_out)
    return replace(promised(connection, receipt), left_out=receipt.left_out)


def ticket_answer(context: Context, connection: OpenConnection, state: AnyRow) -> Receipt | None:
    """Return what became of the whole that is pending; None: nothing yet. What was never answered is unknown.

    Raises:
        ProviderError: the webstore is away.
    """
    found = ask(context, connection, [state.ticket]).get(state.ticket)
    if found is not None and found.outcome is Outcome.REFUSED:
        return Receipt(Outcome.REFUSED, found.words or _REFUSED)
    now = context.clock.now()
    late = state.ticket_at is None or state.ticket_at > now or now - state.ticket_at >= PENDING_FOR
    return found or (Receipt(Outcome.UNKNOWN) if late else None)


def whole_accepted(context: Context, connection_id: int) -> int:
    """Note that the webstore took the whole that it was told last; return how many offers changed by it."""
    mine = and_(
        _mine(connection_id),
        _ITEMS.c.sent.is_not(None),
        or_(
            and_(_ITEMS.c.due, _ITEMS.c.sent == _TARGET), func.coalesce(_ITEMS.c.shown, GONE) != _ITEMS.c.sent
        ),
    )
    had, has, now = has_pieces(_ITEMS.c.shown), has_pieces(_ITEMS.c.sent), context.clock.now()
    emptied = case((has, null()), (had, now), else_=_ITEMS.c.emptied_at)
    # What changed meanwhile is due still; what was left out is told with the next whole, and not at once.
    due = and_(_ITEMS.c.due, _ITEMS.c.sent != _TARGET)
    values = {"shown": _ITEMS.c.sent, "due": due, "emptied_at": emptied}

    def work(database: Connection) -> int:
        return database.execute(update(_ITEMS).where(mine).values(values)).rowcount

    return context.database.unit("export.accepted", work)


def _stream(context: Context, connection: OpenConnection) -> Iterator[Offer]:
    """Yield every offer that is shown, as it was noted as sent; page by page, so that no read lasts long."""
    keys = (_ITEMS.c.location, _ITEMS.c.product_id)
    query = with_shelf().where(_mine(connection.id), _ITEMS.c.sent != GONE).order_by(*keys).limit(_STREAMED)
    page = query
    while True:
        go_on(context)
        with context.database.read() as database:
            rows = database.execute(page).all()
        for row in rows:
            numbers = numbers_of(parts_of(row.sent).numbers)
            yield offer_of(connection, What.BOTH, row, row.sent, numbers)
        if len(rows) < _STREAMED:
            return
        page = query.where(tuple_(*keys) > tuple_(rows[-1].location, rows[-1].product_id))

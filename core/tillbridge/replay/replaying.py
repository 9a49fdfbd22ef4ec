"""Runs a replay, connection by connection and page by page: first only to show, then to do it."""

import logging
from collections.abc import Callable, Iterator
from itertools import chain

from tillbridge import connections
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import TillbridgeError
from tillbridge.orders.order_state import Signature
from tillbridge.replay.doing import do_page
from tillbridge.replay.reading import read_page
from tillbridge.replay.selecting import (
    Chosen,
    Page,
    ReplayQuery,
    choose,
    no_order_pages,
    order_pages,
)
from tillbridge.replay.views import ReplaySummary, ReplayView
from tillbridge.troubles import unexpected

_log = logging.getLogger("tillbridge.replay")

Tell = Callable[[ReplayView], object]


def replay(
    context: Context,
    open_connection: Callable[[AnyRow], OpenConnection],
    wanted: ReplayQuery,
    *,
    signature: Signature | None,
    tell: Tell,
) -> ReplaySummary:
    """Show what today's code makes of kept payloads; signed, replay those that it reads differently.

    Each page is told before the next one is read, so thousands take no more memory than a page. One
    connection's trouble stops no other; it stands in the summary.

    Raises:
        NotFound: a name that nothing answers to, or several orders do; a connection that is not there.
    """
    chosen = choose(context, wanted)
    summary = ReplaySummary()
    for row in connections.rows(context, wanted.connection):
        try:
            for view in _views(context, open_connection(row), chosen, signature):
                summary.count(view)
                tell(view)
        except TillbridgeError as error:
            summary.troubles[row.name] = error.words
        except Exception as error:  # noqa: BLE001  # one connection's fault never stops the others
            _log.exception("kept payloads of %s could not be replayed", row.name)
            summary.troubles[row.name] = unexpected(error)
    return summary


def _views(
    context: Context, connection: OpenConnection, chosen: Chosen, signature: Signature | None
) -> Iterator[ReplayView]:
    for page in _pages(context, connection, chosen):
        every = read_page(context, connection, page)
        if signature is None:
            yield from (one.view for one in every)
        else:
            yield from do_page(context, connection, page, every, signature)


def _pages(context: Context, connection: OpenConnection, chosen: Chosen) -> Iterator[Page]:
    return chain(order_pages(context, connection.id, chosen), no_order_pages(context, connection.id, chosen))

"""Tells webstores that an item is accepted which its customer added to an accepted order before it was sold.

Who hears of each item was told of those only that the order had when it was accepted. Of an order that is
sold nothing follows by itself: staff are asked, and the item is told of when the sale is made anew.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from tillbridge import deliveries, line_states, news
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.orders import WebLine, WebOrder
from tillbridge.model.status import Status
from tillbridge.model.words import Words
from tillbridge.news import News, Telling
from tillbridge.provider import Provider
from tillbridge.settle.change import Change
from tillbridge.timeline import SYSTEM, Entry, sign


def tell_of_added(
    database: Connection, provider: Provider, changes: Sequence[tuple[Change, WebOrder | None]], now: datetime
) -> None:
    """Queue what the webstore is to hear of new items of accepted orders, and note it with the orders.

    Args:
        database: the page's transaction.
        provider: of the webstore.
        changes: each with the order's version before, where that can be read.
        now: UTC.
    """
    if not (provider.hears_lines and provider.is_told(Said.ACCEPTED)):
        return
    added = {change.order_id: lines for change, known in changes if (lines := _added(change, known))}
    if not added:
        return
    every = {change.order_id: _ids(change.folded.order.lines) for change, _ in changes if change.folded.order}
    news.tell(
        database,
        [
            Telling(
                order_id=number,
                news=[News(said=Said.ACCEPTED, lines=_ids(lines), part=True)],
                act=deliveries.Act(id=deliveries.new_act(), at=now, provider=provider),
                every=every[number],
            )
            for number, lines in added.items()
        ],
    )
    sign(
        database,
        now,
        [Entry(number, SYSTEM, "accepted too", _words(lines)) for number, lines in added.items()],
    )


def _added(change: Change, known: WebOrder | None) -> tuple[WebLine, ...]:
    """Return what a customer added to an order that is accepted, and has no sale yet."""
    before = change.folded.before
    if before is None or before.sale_id is not None or before.decision != Decision.ACCEPTED:
        return ()
    if before.status == Status.ARCHIVED:  # what became of it staff have seen to themselves
        return ()
    return line_states.added_since(known, change.folded.order)


def _ids(lines: Sequence[WebLine]) -> tuple[str, ...]:
    return tuple(line.id for line in lines)


def _words(lines: Sequence[WebLine]) -> Words:
    english = ", ".join(f"“{line.title}”" for line in lines)
    korean = ", ".join(f"‘{line.title}’" for line in lines)
    return Words(
        f"The customer added to the accepted order; the webstore is told that it is accepted too: {english}.",
        f"수락한 주문에 고객이 항목을 추가했습니다. 웹스토어에 수락으로 알립니다: {korean}.",
    )

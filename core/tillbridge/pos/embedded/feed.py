"""The feed of what changed on sales since they were opened."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select

from tillbridge.db.types import AnyRow
from tillbridge.model.drafts import AttemptKey
from tillbridge.model.words import Words
from tillbridge.pos.contract import SaleFacts, SalesChanged, SaleState
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.numbers import Letter, readable
from tillbridge.pos.embedded.positions import next_position, position_of

# "pos feed" in ASCII; no other lock of a database has this number.
_PUBLISHER: Final = int.from_bytes(b"pos feed")
_FEED: Final = Words("the sales feed", "거래 변경 목록")


def publish(database: Connection, sale_numbers: Collection[int], at: datetime) -> None:
    """Put changed sales into the feed. Called last in a unit, as writers wait for each other here."""
    if not sale_numbers:
        return
    events = tables.sale_events
    first = next_position(database, events.c.position, _PUBLISHER)
    database.execute(
        insert(events),
        [
            {"position": position, "sale_id": number, "at": at}
            for position, number in enumerate(sorted(sale_numbers), start=first)
        ],
    )


# Asked at every beat, so it is made once: making it costs more than a small answer.
_AFTER: Final = (
    select(tables.sale_events.c.position, tables.sales)
    .join(tables.sales, tables.sales.c.id == tables.sale_events.c.sale_id)
    .where(tables.sale_events.c.position > bindparam("after"))
    .order_by(tables.sale_events.c.position)
    .limit(bindparam("most"))
)


def read_feed(database: Connection, cursor: str | None, limit: int) -> SalesChanged:
    """Return the sales that changed after `cursor`, each once, as they stand now."""
    given = {"after": position_of(cursor, _FEED), "most": limit}
    rows = database.execute(_AFTER, given).all()
    newest: dict[int, SaleFacts] = {}
    for row in rows:
        newest.pop(row.id, None)  # a sale stands where its last change does
        newest[row.id] = facts_of(row)
    return SalesChanged(list(newest.values()), str(rows[-1].position) if rows else cursor or "0")


def facts_of(row: AnyRow) -> SaleFacts:
    """Return a row of sales as the contract has it."""
    return SaleFacts(
        sale_id=readable(Letter.SALE, row.id),
        barcode=row.barcode,
        attempt=AttemptKey(order_key=row.order_key, number=row.number),
        state=SaleState(row.state),
    )

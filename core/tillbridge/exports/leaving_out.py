"""Notes what a webstore that takes the whole has no place for: each product with the reason, as refused."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, case, update

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.db.states import OfferState
from tillbridge.exports.wanting import GONE, What
from tillbridge.model.words import Words

_ITEMS: Final = export_tables.export_items
_AT_ONCE: Final = 1000


def leave_out(context: Context, connection: OpenConnection, left_out: Mapping[str, Words]) -> None:
    """Note that these offers (by `Offer.key`) are not among the whole that was told, and all others are."""
    mine = and_(_ITEMS.c.connection_id == connection.id, _ITEMS.c.what == What.BOTH.value)
    before = and_(mine, waiting.OFFER_STATE, _ITEMS.c.state == OfferState.REFUSED)
    this = and_(mine, _ITEMS.c.location == bindparam("at"), _ITEMS.c.product_id == bindparam("of"))
    held = _ITEMS.c.state == OfferState.HELD  # why it is held stays
    refused = {
        "sent": GONE,
        "due": False,
        "state": case((held, _ITEMS.c.state), else_=OfferState.REFUSED.value),
        "en": case((held, _ITEMS.c.en), else_=bindparam("why")),
        "ko": case((held, _ITEMS.c.ko), else_=bindparam("why_ko")),
    }

    def work(database: Connection) -> None:
        database.execute(update(_ITEMS).where(before).values(state=OfferState.PLAIN, en=None, ko=None))
        rows = _rows(left_out)
        while some := list(islice(rows, _AT_ONCE)):
            database.execute(update(_ITEMS).where(this).values(refused), some)

    context.database.unit("export.left out", work)


def _rows(left_out: Mapping[str, Words]) -> Iterator[dict[str, Any]]:
    for key, words in left_out.items():
        # "location/product": where a name holds a slash itself, only one of the readings is there.
        for place in (place for place, sign in enumerate(key) if sign == "/"):
            yield {"at": key[:place], "of": key[place + 1 :], "why": words.en, "why_ko": words.ko}

"""Puts on a new sale what it has from the one in whose place it is made: items, comments, kept open."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from tillbridge.model.base import clean_text
from tillbridge.model.drafts import DraftItem, ItemKind, SaleDraft
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.numbers import Letter, number_of, to_e4
from tillbridge.pos.embedded.stock import Move, MoveReason


def carry_over(database: Connection, sales: Sequence[tuple[int, SaleDraft]], at: datetime) -> list[Move]:
    """Write what new sales have from older ones; return what that takes from the stock."""
    anew = [(number, draft, draft.carried) for number, draft in sales if draft.carried is not None]
    if not anew:  # nearly always
        return []
    items = [
        _row(number, position, item, at)
        for number, draft, carried in anew
        for position, item in enumerate(carried.items, start=len(draft.items) + 1)
    ]
    comments = [
        {"sale_id": number, "text": clean_text(one), "at": at}
        for number, _, carried in anew
        for one in carried.comments
    ]
    for table, rows in ((tables.sale_items, items), (tables.sale_comments, comments)):
        if rows:
            database.execute(insert(table), rows)
    kept = [{"the_id": number, "why": one.kept_open} for number, _, one in anew if one.kept_open is not None]
    if kept:
        mine = update(tables.sales).where(tables.sales.c.id == bindparam("the_id"))
        database.execute(mine.values(kept_open=bindparam("why")), kept)
    return [
        Move(draft.store, product, -(to_e4(item.quantity) or 0), MoveReason.SALE, number)
        for number, draft, carried in anew
        for item in carried.items
        if (product := _product(item))
    ]


def _row(number: int, position: int, item: DraftItem, at: datetime) -> dict[str, Any]:
    return {
        "sale_id": number,
        "position": position,
        "kind": item.kind.value,
        "product_id": _product(item),
        "description": clean_text(item.description),
        "quantity_e4": to_e4(item.quantity) or 0,  # the draft was refused if it is none
        "net_minor": item.net.minor,
        "tax_minor": item.tax.minor,
        "added_at": at,
    }


def _product(item: DraftItem) -> int | None:
    """Return the number of an item's product; only products move stock."""
    return number_of(Letter.PRODUCT, item.product_id or "") if item.kind is ItemKind.PRODUCT else None

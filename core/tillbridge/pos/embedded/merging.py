"""Merges products that are one, and undoes it while nothing has moved since.

The merged product stays as an alias: whatever names it means the one that was kept, and its sales and
movements stay as they were. Stock, numbers and vendors' items go over and are remembered with the merge.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from tillbridge.db.allot import allot
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import InputError, NotAllowed, NotFound
from tillbridge.model.words import Words
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.duplicates import DuplicateGroup, find_duplicates
from tillbridge.pos.embedded.numbers import Letter, number_of, readable
from tillbridge.pos.embedded.searching import product_cards
from tillbridge.pos.embedded.shelf import mark_shelf
from tillbridge.pos.embedded.stock import Move, MoveReason, move_stock


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePreview:
    """What a merge would come to.

    Attributes:
        group: the products, the kept one first.
        on_hand: of the kept one afterwards, by store.
        numbers: what it would be known by afterwards.
    """

    group: DuplicateGroup
    on_hand: dict[str, Decimal]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A merge that was made; `undone_at` is None while it stands."""

    kept: str
    merged: str
    description: str
    at: datetime
    who: str
    reason: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOrder:
    """Who merges which products into which, and why.

    Attributes:
        anyway: also where there are doubts that they are one.
    """

    kept: str
    merged: Sequence[str]
    who: str
    reason: str = ""
    anyway: bool = False


def preview(database: Connection, kept: str, merged: Sequence[str]) -> MergePreview:
    """Return what merging would come to; see `EmbeddedPos.preview_merge`."""
    numbers = [_number(kept), *(_number(one) for one in merged)]
    if len(set(numbers)) != len(numbers) or len(numbers) < 2:  # noqa: PLR2004  # a product and another
        raise InputError(
            Words(
                "Name the product to keep, and others to merge into it.",
                "남길 제품과 합칠 다른 제품을 지정해 주세요.",
            )
        )
    cards = product_cards(database, numbers)
    for number in numbers:
        if number not in cards or _merged_into(database, number):
            raise NotFound(
                Words(
                    f"There is no product {readable(Letter.PRODUCT, number)} to merge.",
                    f"합칠 수 있는 제품 {readable(Letter.PRODUCT, number)}이(가) 없습니다.",
                )
            )
    found = find_duplicates(database, among_numbers=numbers)
    in_sequence = tuple(cards[number] for number in numbers)
    whole = [one for one in found if len(one.products) == len(numbers)]
    doubts = whole[0].doubts if whole else (_NOTHING_SHARED,)
    shared = tuple(one for group in found for one in group.shared)
    stock: dict[str, Decimal] = {}
    for card in in_sequence:
        for store, pieces in card.on_hand.items():
            stock[store] = stock.get(store, Decimal(0)) + pieces
    known = dict.fromkeys(number for card in in_sequence for _, number in card.numbers)
    return MergePreview(
        group=DuplicateGroup(products=in_sequence, shared=shared, doubts=doubts),
        on_hand=stock,
        numbers=tuple(known),
    )


_NOTHING_SHARED = Words(
    "They do not all share a number: they may be different products.",
    "모두에게 겹치는 번호가 없습니다. 서로 다른 제품일 수 있습니다.",
)


def merge(database: Connection, order: MergeOrder, at: datetime) -> MergePreview:
    """Merge products into one; see `EmbeddedPos.merge`."""
    numbers = [_number(order.kept), *(_number(one) for one in order.merged)]
    _lock(database, numbers)
    seen = preview(database, order.kept, order.merged)
    if seen.group.doubts and not order.anyway:
        raise NotAllowed(
            Words(
                " ".join(words.en for words in seen.group.doubts)
                + " If they are one all the same, say so with --anyway.",
                " ".join(words.ko for words in seen.group.doubts) + " 같은 제품이면 --anyway를 붙여 주세요.",
            )
        )
    # What was merged into one of them before means the kept one from here on.
    mark_shelf(database, {*numbers, *_aliases(database, numbers[1:])})
    for number in numbers[1:]:
        _merge_one(database, numbers[0], number, order, at)
    return seen


def _merge_one(database: Connection, kept: int, gone: int, order: MergeOrder, at: datetime) -> None:
    moved = {
        "identifiers": _move_identifiers(database, kept, gone),
        "vendor_items": _move_vendor_items(database, kept, gone),
        "stock": _move_stock(database, gone, kept, _stock_of(database, gone), at),
        "aliases": _move_aliases(database, kept, gone),
    }
    products, movements = tables.products, tables.stock_movements
    database.execute(update(products).where(products.c.id == gone).values(merged_into=kept, changed_at=at))
    row = {
        "id": allot(database, tables.merges, 1)[0],
        "kept_id": kept,
        "merged_id": gone,
        "at": at,
        "who": order.who,
        "reason": order.reason,
        "moved": json.dumps(moved, ensure_ascii=False),
        "last_movement": database.execute(select(func.max(movements.c.id))).scalar() or 0,
    }
    database.execute(insert(tables.merges), [row])


def _move_identifiers(database: Connection, kept: int, gone: int) -> list[list[str]]:
    """Give the kept product the other's numbers; return all as rows, with whether they were new to it."""
    table = tables.identifiers
    theirs = database.execute(select(table).where(table.c.product_id == gone)).all()
    own = {
        (row.kind, row.value, row.scope)
        for row in database.execute(select(table).where(table.c.product_id == kept))
    }
    database.execute(table.delete().where(table.c.product_id == gone))
    rows = [[row.kind, row.value, row.scope, row.raw] for row in theirs]
    new = [row for row in rows if (row[0], row[1], row[2]) not in own]
    _add_identifiers(database, kept, new)
    return [[*row, "new" if row in new else ""] for row in rows]


def _add_identifiers(database: Connection, product: int, rows: Collection[Sequence[str]]) -> None:
    names = ("kind", "value", "scope", "raw")
    values = [{"product_id": product, **dict(zip(names, row[:4], strict=True))} for row in rows]
    if values:
        database.execute(insert(tables.identifiers), values)


def _move_vendor_items(database: Connection, kept: int, gone: int) -> list[dict[str, Any]]:
    """Give the kept product the vendors that only the other has; return all of the other's."""
    table = tables.vendor_items
    theirs = database.execute(select(table).where(table.c.product_id == gone)).all()
    own = set(database.execute(select(table.c.vendor_id).where(table.c.product_id == kept)).scalars())
    database.execute(table.delete().where(table.c.product_id == gone))
    rows = [
        {"vendor_id": row.vendor_id, "vpn": row.vpn, "cost_minor": row.cost_minor, "currency": row.currency}
        for row in theirs
    ]
    new = [row for row in rows if row["vendor_id"] not in own]
    if new:
        database.execute(insert(table), [{**row, "product_id": kept} for row in new])
    return [{**row, "new": row in new} for row in rows]


def _stock_of(database: Connection, product: int) -> dict[str, int]:
    table = tables.stock
    query = (
        select(table).where(table.c.product_id == product, table.c.on_hand_e4 != 0).order_by(table.c.store)
    )
    return {row.store: row.on_hand_e4 for row in database.execute(query)}


def _move_stock(
    database: Connection, source: int, target: int, pieces: dict[str, int], at: datetime
) -> dict[str, int]:
    moves = [Move(store, source, -units, MoveReason.MERGED) for store, units in pieces.items()]
    moves += [Move(store, target, units, MoveReason.MERGED) for store, units in pieces.items()]
    move_stock(database, moves, at)
    return pieces


def _move_aliases(database: Connection, kept: int, gone: int) -> list[int]:
    """Let what was merged into the other before mean the kept one."""
    aliases = _aliases(database, [gone])
    _point(database, aliases, kept)
    return aliases


def _aliases(database: Connection, numbers: Collection[int]) -> list[int]:
    products = tables.products
    mine = among(database, products.c.merged_into, numbers)
    return list(database.execute(select(products.c.id).where(mine).order_by(products.c.id)).scalars())


def _point(database: Connection, aliases: Sequence[int], target: int) -> None:
    products = tables.products
    wanted = among(database, products.c.id, list(aliases))
    database.execute(update(products).where(wanted).values(merged_into=target))


def unmerge(database: Connection, product_id: str, who: str, at: datetime) -> str:
    """Undo a merge; see `EmbeddedPos.unmerge`."""
    gone = _number(product_id)
    row = _standing(database, gone)
    _lock(database, [row.kept_id, gone])
    row = _standing(database, gone)
    _refuse_moved(database, row)
    moved = json.loads(row.moved)
    mark_shelf(database, {row.kept_id, gone, *moved["aliases"]})
    products, merges = tables.products, tables.merges
    database.execute(update(products).where(products.c.id == gone).values(merged_into=None, changed_at=at))
    _give_back(database, row, moved)
    _point(database, moved["aliases"], gone)
    _move_stock(database, row.kept_id, gone, moved["stock"], at)
    database.execute(update(merges).where(merges.c.id == row.id).values(undone_at=at, undone_by=who))
    return readable(Letter.PRODUCT, row.kept_id)


def _give_back(database: Connection, row: AnyRow, moved: dict[str, Any]) -> None:
    identifiers, items = tables.identifiers, tables.vendor_items
    for kind, value, scope, _, new in moved["identifiers"]:
        if new:
            same = (identifiers.c.kind == kind, identifiers.c.value == value, identifiers.c.scope == scope)
            database.execute(identifiers.delete().where(identifiers.c.product_id == row.kept_id, *same))
    _add_identifiers(database, row.merged_id, moved["identifiers"])
    for item in moved["vendor_items"]:
        if item.pop("new"):
            mine = (items.c.product_id == row.kept_id, items.c.vendor_id == item["vendor_id"])
            database.execute(items.delete().where(*mine))
        database.execute(insert(items), [{**item, "product_id": row.merged_id}])


def _standing(database: Connection, gone: int) -> AnyRow:
    table = tables.merges
    query = select(table).where(table.c.merged_id == gone, table.c.undone_at.is_(None))
    row = database.execute(query.order_by(table.c.id.desc()).limit(1)).first()
    if row is None:
        raise NotFound(
            Words(
                f"{readable(Letter.PRODUCT, gone)} was not merged into another product.",
                f"{readable(Letter.PRODUCT, gone)}은(는) 다른 제품에 합쳐지지 않았습니다.",
            )
        )
    return row


def _refuse_moved(database: Connection, row: AnyRow) -> None:
    """Refuse where stock of either moved since, or a later merge stands on this one."""
    movements, merges = tables.stock_movements, tables.merges
    both = (row.kept_id, row.merged_id)
    since = select(movements.c.id).where(
        movements.c.product_id.in_(both),
        movements.c.id > row.last_movement,
        movements.c.reason != MoveReason.MERGED,
    )
    if database.execute(since.limit(1)).first():
        raise NotAllowed(
            Words(
                "Stock has moved since they were merged, so whose it was cannot be told any more.",
                "합친 뒤 재고가 움직여 어느 제품의 재고였는지 알 수 없으므로 되돌릴 수 없습니다.",
            )
        )
    later = select(merges.c.merged_id).where(
        merges.c.id > row.id,
        merges.c.undone_at.is_(None),
        merges.c.kept_id.in_(both) | (merges.c.merged_id == row.kept_id),
    )
    found = database.execute(later.order_by(merges.c.id.desc()).limit(1)).scalar()
    if found:
        named = readable(Letter.PRODUCT, found)
        raise NotAllowed(
            Words(
                f"{named} was merged later; undo that first.",
                f"그 뒤에 {named}을(를) 합쳤습니다. 그 작업을 먼저 되돌려 주세요.",
            )
        )


def merges_made(database: Connection) -> list[Merge]:
    """Return every merge, the newest first."""
    table, products = tables.merges, tables.products
    query = (
        select(table, products.c.description)
        .join(products, products.c.id == table.c.merged_id)
        .order_by(table.c.id.desc())
    )
    return [
        Merge(
            kept=readable(Letter.PRODUCT, row.kept_id),
            merged=readable(Letter.PRODUCT, row.merged_id),
            description=row.description,
            at=row.at,
            who=row.who,
            reason=row.reason,
            undone_at=row.undone_at,
        )
        for row in database.execute(query)
    ]


def _number(product_id: str) -> int:
    number = number_of(Letter.PRODUCT, product_id.upper())
    if number is None:
        raise NotFound(
            Words(f"There is no product {product_id!r}.", f"제품 {product_id!r}을(를) 찾을 수 없습니다.")
        )
    return number


def _merged_into(database: Connection, number: int) -> int | None:
    products = tables.products
    found: int | None = database.execute(
        select(products.c.merged_into).where(products.c.id == number)
    ).scalar()
    return found


def _lock(database: Connection, numbers: Collection[int]) -> None:
    """Lock products against sales and other merges, in the sequence of their numbers."""
    products = tables.products
    query = select(products.c.id).where(among(database, products.c.id, sorted(set(numbers))))
    database.execute(query.order_by(products.c.id).with_for_update()).all()

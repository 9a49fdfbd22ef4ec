"""Opens sales: a batch in one transaction, each attempt answered once and for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Connection, Table, select

from tillbridge.db.allot import allot
from tillbridge.db.many import InsertMany
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.base import clean_text
from tillbridge.model.drafts import AttemptKey, ItemKind, SaleDraft
from tillbridge.model.words import Words
from tillbridge.pos.contract import Opened, Refused, SaleState
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.carrying import carry_over
from tillbridge.pos.embedded.customer_updates import update_customers
from tillbridge.pos.embedded.numbers import Letter, number_of, readable, sale_barcode, to_e4
from tillbridge.pos.embedded.reading import read_stores
from tillbridge.pos.embedded.refusals import SOLD_BEFORE, Shop, items_of, refusal
from tillbridge.pos.embedded.stock import Move, MoveReason, move_stock
from tillbridge.pos.embedded.units import lock_orders

_UNKNOWN_REASON = Words("The sale was refused.", "거래가 거부되었습니다.")

_SALES: Final = InsertMany(
    tables.sales,
    (
        "id",
        "barcode",
        "order_key",
        "number",
        "state",
        "store",
        "customer_id",
        "kind",
        "currency",
        "total_minor",
        "placed_at",
        "opened_at",
        "changed_at",
    ),
)
_ITEMS: Final = InsertMany(
    tables.sale_items,
    (
        "sale_id",
        "position",
        "kind",
        "product_id",
        "description",
        "quantity_e4",
        "net_minor",
        "tax_minor",
        "web_line_id",
    ),
)
_COMMENTS: Final = InsertMany(tables.sale_comments, ("sale_id", "text", "at"))
_ATTEMPTS: Final = InsertMany(
    tables.attempts, ("order_key", "number", "answer", "sale_id", "en", "ko", "answered_at")
)


class Kept(StrEnum):
    """The answer that is kept for an attempt."""

    OPENED = "opened"
    REFUSED = "refused"
    VOIDED = "voided"


@dataclass(slots=True)
class _Page:
    """What a batch comes to."""

    answers: dict[AttemptKey, Opened | Refused] = field(default_factory=dict)
    refused: list[tuple[AttemptKey, Words]] = field(default_factory=list)
    opened: list[SaleDraft] = field(default_factory=list)


def open_sales(
    database: Connection, drafts: Sequence[SaleDraft], at: datetime
) -> Mapping[AttemptKey, Opened | Refused]:
    """Open a sale for each draft that was not answered before, in one transaction."""
    asked: dict[AttemptKey, SaleDraft] = {}
    for draft in drafts:
        asked.setdefault(draft.attempt, draft)
    updated = lock_orders(database, (key.order_key for key in asked))
    rows = _attempts(database, updated)
    page = _Page(answers={key: answer for key, answer in map(_kept, rows) if key in asked})
    new = [draft for key, draft in asked.items() if key not in page.answers]
    if new:
        sold = {row.order_key for row in rows if row.state and row.state != SaleState.VOID}
        _decide(page, new, sold, _shop(database, new))
        _write(database, page, updated, at)
    return page.answers


def _attempts(database: Connection, order_keys: Iterable[str]) -> list[AnyRow]:
    """Return every attempt of these orders with its sale."""
    attempts, sales = tables.attempts, tables.sales
    query = (
        select(attempts, sales.c.barcode, sales.c.state)
        .outerjoin(sales, sales.c.id == attempts.c.sale_id)
        .where(among(database, attempts.c.order_key, list(order_keys)))
    )
    return list(database.execute(query))


def _kept(row: AnyRow) -> tuple[AttemptKey, Opened | Refused]:
    key = AttemptKey(order_key=row.order_key, number=row.number)
    if row.answer == Kept.OPENED:
        return key, Opened(readable(Letter.SALE, row.sale_id), row.barcode)
    return key, Refused(Words(row.en, row.ko) if row.en else _UNKNOWN_REASON)


def _shop(database: Connection, drafts: Sequence[SaleDraft]) -> Shop:
    customers = {number_of(Letter.CUSTOMER, draft.customer_id) for draft in drafts}
    products = {
        number_of(Letter.PRODUCT, item.product_id or "")
        for draft in drafts
        for item in items_of(draft)
        if item.kind is ItemKind.PRODUCT
    }
    return Shop(
        stores={store.code: store for store in read_stores(database)},
        customers=_existing(database, tables.customers, customers),
        products=_existing(database, tables.products, products),
    )


def _existing(database: Connection, table: Table, numbers: set[int | None]) -> set[int]:
    wanted = [number for number in numbers if number]
    return set(database.execute(select(table.c.id).where(among(database, table.c.id, wanted))).scalars())


def _decide(page: _Page, drafts: Sequence[SaleDraft], sold: set[str], shop: Shop) -> None:
    for draft in drafts:
        key = draft.attempt
        words = SOLD_BEFORE if key.order_key in sold else refusal(draft, shop)
        if words:
            page.refused.append((key, words))
            page.answers[key] = Refused(words)
        else:
            page.opened.append(draft)
            sold.add(key.order_key)


def _write(database: Connection, page: _Page, updated: Mapping[str, bool], at: datetime) -> None:
    numbers = allot(database, tables.sales, len(page.opened))
    sales = list(zip(numbers, page.opened, strict=True))
    if sales:
        update_customers(database, page.opened, updated, at)
        _SALES.run(database, [_sale_row(number, draft, at) for number, draft in sales])
        _write_items(database, sales, at)
    rows: list[tuple[object, ...]] = [
        (draft.attempt.order_key, draft.attempt.number, Kept.OPENED.value, number, None, None, at)
        for number, draft in sales
    ]
    rows += [
        (key.order_key, key.number, Kept.REFUSED.value, None, words.en, words.ko, at)
        for key, words in page.refused
    ]
    _ATTEMPTS.run(database, rows)
    for number, draft in sales:
        page.answers[draft.attempt] = Opened(readable(Letter.SALE, number), sale_barcode(number))


def _write_items(database: Connection, sales: Sequence[tuple[int, SaleDraft]], at: datetime) -> None:
    items: list[_ItemRow] = []
    moves: list[Move] = []
    for number, draft in sales:
        rows = _item_rows(number, draft)
        items += rows
        moves += [
            Move(draft.store, row.product_id, -row.quantity_e4, MoveReason.SALE, number)
            for row in rows
            if row.product_id
        ]
    _ITEMS.run(database, items)
    comments = [(number, clean_text(draft.comment), at) for number, draft in sales]
    _COMMENTS.run(database, [row for row in comments if row[1]])
    moves += carry_over(database, sales, at)
    move_stock(database, moves, at)


def _sale_row(number: int, draft: SaleDraft, at: datetime) -> tuple[object, ...]:
    return (
        number,
        sale_barcode(number),
        draft.attempt.order_key,
        draft.attempt.number,
        SaleState.OPEN.value,
        draft.store,
        number_of(Letter.CUSTOMER, draft.customer_id),
        draft.kind.value,
        draft.currency,
        draft.total.minor,
        draft.placed_at,
        at,
        at,
    )


class _ItemRow(NamedTuple):
    """A row of `_ITEMS`; only products move stock, so only they have a product."""

    sale_id: int
    position: int
    kind: str
    product_id: int | None
    description: str
    quantity_e4: int
    net_minor: int
    tax_minor: int
    web_line_id: str | None


def _item_rows(number: int, draft: SaleDraft) -> list[_ItemRow]:
    return [
        _ItemRow(
            number,
            position,
            item.kind.value,
            number_of(Letter.PRODUCT, item.product_id or "") if item.kind is ItemKind.PRODUCT else None,
            clean_text(item.description),
            to_e4(item.quantity) or 0,  # the draft was refused if it is none
            item.net.minor,
            item.tax.minor,
            item.web_line_id,
        )
        for position, item in enumerate(draft.items, start=1)
    ]

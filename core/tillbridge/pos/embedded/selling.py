"""Opens sales: a batch in one transaction, each attempt answered once and for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from tillbridge.db.pieces import pieces
from tillbridge.db.types import AnyRow
from tillbridge.model.base import clean_text
from tillbridge.model.drafts import AttemptKey, ItemKind, SaleDraft
from tillbridge.model.words import Words
from tillbridge.pos.contract import Opened, Refused, SaleState
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.customer_updates import update_customers
from tillbridge.pos.embedded.numbers import Letter, number_of, readable, sale_barcode, to_e4
from tillbridge.pos.embedded.reading import read_stores
from tillbridge.pos.embedded.refusals import SOLD_BEFORE, Shop, refusal
from tillbridge.pos.embedded.stock import Move, MoveReason, move_stock
from tillbridge.pos.embedded.units import allot, lock_orders

_UNKNOWN_REASON = Words("The sale was refused.", "거래가 거부되었습니다.")


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
    found: list[AnyRow] = []
    for piece in pieces(sorted(order_keys)):
        query = (
            select(attempts, sales.c.barcode, sales.c.state)
            .outerjoin(sales, sales.c.id == attempts.c.sale_id)
            .where(attempts.c.order_key.in_(piece))
        )
        found += database.execute(query).all()
    return found


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
        for item in draft.items
        if item.kind is ItemKind.PRODUCT
    }
    return Shop(
        stores={store.code: store for store in read_stores(database)},
        customers=_existing(database, tables.customers, customers),
        products=_existing(database, tables.products, products),
    )


def _existing(database: Connection, table: Table, numbers: set[int | None]) -> set[int]:
    found: set[int] = set()
    for piece in pieces(sorted(number for number in numbers if number)):
        found.update(database.execute(select(table.c.id).where(table.c.id.in_(piece))).scalars())
    return found


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
        database.execute(insert(tables.sales), [_sale_row(number, draft, at) for number, draft in sales])
        _write_items(database, sales, at)
    rows = [_attempt_row(draft.attempt, Kept.OPENED, at, sale=number) for number, draft in sales]
    rows += [_attempt_row(key, Kept.REFUSED, at, words=words) for key, words in page.refused]
    database.execute(insert(tables.attempts), rows)
    for number, draft in sales:
        page.answers[draft.attempt] = Opened(readable(Letter.SALE, number), sale_barcode(number))


def _write_items(database: Connection, sales: Sequence[tuple[int, SaleDraft]], at: datetime) -> None:
    items = [row for number, draft in sales for row in _item_rows(number, draft)]
    if items:
        database.execute(insert(tables.sale_items), items)
    comments = [
        {"sale_id": number, "text": text, "at": at}
        for number, draft in sales
        if (text := clean_text(draft.comment))
    ]
    if comments:
        database.execute(insert(tables.sale_comments), comments)
    stores = {number: draft.store for number, draft in sales}
    moves = [
        Move(stores[row["sale_id"]], row["product_id"], -row["quantity_e4"], MoveReason.SALE, row["sale_id"])
        for row in items
        if row["product_id"]
    ]
    move_stock(database, moves, at)


def _sale_row(number: int, draft: SaleDraft, at: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "barcode": sale_barcode(number),
        "order_key": draft.attempt.order_key,
        "number": draft.attempt.number,
        "state": SaleState.OPEN,
        "store": draft.store,
        "customer_id": number_of(Letter.CUSTOMER, draft.customer_id),
        "kind": draft.kind,
        "currency": draft.currency,
        "total_minor": draft.total.minor,
        "placed_at": draft.placed_at,
        "opened_at": at,
        "changed_at": at,
    }


def _item_rows(number: int, draft: SaleDraft) -> list[dict[str, Any]]:
    return [
        {
            "sale_id": number,
            "position": position,
            "kind": item.kind,
            "product_id": number_of(Letter.PRODUCT, item.product_id or "")
            if item.kind is ItemKind.PRODUCT  # only products move stock
            else None,
            "description": clean_text(item.description),
            "quantity_e4": to_e4(item.quantity),
            "net_minor": item.net.minor,
            "tax_minor": item.tax.minor,
            "web_line_id": item.web_line_id,
        }
        for position, item in enumerate(draft.items, start=1)
    ]


def _attempt_row(
    key: AttemptKey, answer: Kept, at: datetime, *, sale: int | None = None, words: Words | None = None
) -> dict[str, Any]:
    return {
        "order_key": key.order_key,
        "number": key.number,
        "answer": answer,
        "sale_id": sale,
        "en": words.en if words else None,
        "ko": words.ko if words else None,
        "answered_at": at,
    }

"""Changes sales that exist: items removed, finished, made void. Each change is done once, by its key."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from tillbridge.db.pieces import pieces
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.model.base import clean_text
from tillbridge.model.drafts import AttemptKey
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.words import Words
from tillbridge.pos.contract import Done, Refused, SaleAction, SaleChange, SaleState
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.feed import publish
from tillbridge.pos.embedded.selling import Kept
from tillbridge.pos.embedded.stock import Move, MoveReason, move_stock
from tillbridge.pos.embedded.units import lock_orders

_NO_SALE = Words("There is no sale of this attempt.", "이 시도로 만든 거래가 없습니다.")
_FINISHED = Words(
    "The sale is finished and its goods are gone; it cannot be changed any more.",
    "이미 종료되어 상품이 나간 거래이므로 변경할 수 없습니다.",
)
_VOID = Words("The sale is void.", "취소된 거래입니다.")

# What a change makes of a sale in each state; a state that does not stand here is refused.
_AFTER: dict[SaleAction, dict[SaleState, SaleState]] = {
    SaleAction.REMOVE_ITEMS: {
        SaleState.OPEN: SaleState.EMPTIED,
        SaleState.EMPTIED: SaleState.EMPTIED,
        SaleState.CLOSED_EMPTY: SaleState.CLOSED_EMPTY,
    },
    SaleAction.FINISH: {
        SaleState.OPEN: SaleState.FINISHED,
        SaleState.EMPTIED: SaleState.CLOSED_EMPTY,
        SaleState.CLOSED_EMPTY: SaleState.CLOSED_EMPTY,
    },
    SaleAction.VOID: {
        SaleState.OPEN: SaleState.VOID,
        SaleState.EMPTIED: SaleState.VOID,
        SaleState.CLOSED_EMPTY: SaleState.VOID,
        SaleState.VOID: SaleState.VOID,
    },
}
_RETURNS = {SaleAction.REMOVE_ITEMS: MoveReason.REMOVED, SaleAction.VOID: MoveReason.VOIDED}


@dataclass(slots=True)
class _Book:
    """The sales that a batch is about, and what it does to them."""

    sales: dict[AttemptKey, AnyRow]
    states: dict[int, SaleState]
    items: Mapping[int, Sequence[AnyRow]]
    at: datetime
    moves: list[Move] = field(default_factory=list)
    emptied: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    comments: list[dict[str, Any]] = field(default_factory=list)
    voided: dict[AttemptKey, Words] = field(default_factory=dict)


def change_sales(
    database: Connection, changes: Sequence[SaleChange], at: datetime
) -> Mapping[str, Done | Refused]:
    """Do each change whose key was not answered before, in sequence, in one transaction."""
    locked = lock_orders(database, (change.attempt.order_key for change in changes))
    answers = _kept(database, {change.key for change in changes})
    new = [change for change in changes if change.key not in answers]
    if not new:
        return answers
    book = _open_book(database, locked, at)
    fresh: dict[str, Done | Refused] = {}
    for change in new:
        if change.key not in fresh:
            fresh[change.key] = _change(book, change)
    _write(database, book)
    _keep(database, fresh, at)
    return {**answers, **fresh}


def _kept(database: Connection, keys: Collection[str]) -> dict[str, Done | Refused]:
    table = tables.changes
    found: dict[str, Done | Refused] = {}
    for piece in pieces(sorted(keys)):
        for row in database.execute(select(table).where(table.c.key.in_(piece))):
            found[row.key] = Refused(Words(row.en, row.ko)) if row.en else Done()
    return found


def _keep(database: Connection, answers: Mapping[str, Done | Refused], at: datetime) -> None:
    rows = []
    for key, answer in sorted(answers.items()):
        words = answer.words if isinstance(answer, Refused) else None
        rows.append({"key": key, "en": words and words.en, "ko": words and words.ko, "answered_at": at})
    database.execute(insert(tables.changes), rows)


def _open_book(database: Connection, order_keys: Iterable[str], at: datetime) -> _Book:
    sales, items = tables.sales, tables.sale_items
    rows: list[AnyRow] = []
    lines: dict[int, list[AnyRow]] = {}
    for piece in pieces(sorted(order_keys)):
        rows += database.execute(select(sales).where(sales.c.order_key.in_(piece))).all()
        query = (
            select(items.c.sale_id, items.c.product_id, items.c.quantity_e4)
            .join(sales, sales.c.id == items.c.sale_id)
            .where(
                sales.c.order_key.in_(piece),
                sales.c.state == SaleState.OPEN,
                items.c.product_id.is_not(None),
                items.c.removed_at.is_(None),
            )
        )
        for row in database.execute(query):
            lines.setdefault(row.sale_id, []).append(row)
    by_attempt = {AttemptKey(order_key=row.order_key, number=row.number): row for row in rows}
    return _Book(by_attempt, {row.id: SaleState(row.state) for row in rows}, lines, at)


def _change(book: _Book, change: SaleChange) -> Done | Refused:
    sale = book.sales.get(change.attempt)
    if sale is None:
        if change.action is not SaleAction.VOID:
            return Refused(_NO_SALE)
        book.voided.setdefault(change.attempt, _void_words(change.reason))
        return Done()
    before = book.states[sale.id]
    after = _AFTER[change.action].get(before)
    if after is None:
        return Refused(_VOID if before is SaleState.VOID else _FINISHED)
    if after is before:
        return Done()
    _move(book, sale, change.action)
    if after is SaleState.VOID:
        book.voided[change.attempt] = _void_words(change.reason)
    if reason := clean_text(change.reason):
        book.comments.append({"sale_id": sale.id, "text": reason, "at": book.at})
    book.states[sale.id] = after
    book.changed.add(sale.id)
    return Done()


def _move(book: _Book, sale: AnyRow, action: SaleAction) -> None:
    """Bring the goods of an open sale back, unless it is finished with them."""
    if book.states[sale.id] is not SaleState.OPEN or action not in _RETURNS:
        return
    book.moves += [
        Move(sale.store, item.product_id, item.quantity_e4, _RETURNS[action], sale.id)
        for item in book.items.get(sale.id, ())
    ]
    if action is SaleAction.REMOVE_ITEMS:
        book.emptied.add(sale.id)


def _void_words(reason: str) -> Words:
    said = clean_text(reason)
    return Words(
        f"This sale was voided{f': {said}' if said else '.'}",
        f"취소된 거래입니다{f'. 사유: {said}' if said else '.'}",
    )


def _write(database: Connection, book: _Book) -> None:
    _write_voided(database, book)
    move_stock(database, book.moves, book.at)
    items = tables.sale_items
    for piece in pieces(sorted(book.emptied)):
        database.execute(
            update(items)
            .where(items.c.sale_id.in_(piece), items.c.removed_at.is_(None))
            .values(removed_at=book.at)
        )
    if book.comments:
        database.execute(insert(tables.sale_comments), book.comments)
    if book.changed:
        _write_states(database, {number: book.states[number] for number in sorted(book.changed)}, book.at)


def _write_states(database: Connection, states: Mapping[int, SaleState], at: datetime) -> None:
    sales = tables.sales
    database.execute(
        update(sales)
        .where(sales.c.id == bindparam("the_id"))
        .values(state=bindparam("new_state"), changed_at=at),
        [{"the_id": number, "new_state": state} for number, state in states.items()],
    )
    publish(database, states.keys(), at)


def _write_voided(database: Connection, book: _Book) -> None:
    """Let the attempts answer "voided" from now on; one that was refused already stays refused."""
    attempts = tables.attempts
    rows = [
        {
            "order_key": key.order_key,
            "number": key.number,
            "answer": Kept.VOIDED,
            "sale_id": book.sales[key].id if key in book.sales else None,
            "en": words.en,
            "ko": words.ko,
            "answered_at": book.at,
        }
        for key, words in book.voided.items()
    ]
    had_sale = [row for row in rows if row["sale_id"]]
    if had_sale:
        database.execute(
            update(attempts)
            .where(
                and_(
                    attempts.c.order_key == bindparam("the_order"),
                    attempts.c.number == bindparam("the_number"),
                )
            )
            .values(answer=Kept.VOIDED, en=bindparam("new_en"), ko=bindparam("new_ko")),
            [
                {
                    "the_order": row["order_key"],
                    "the_number": row["number"],
                    "new_en": row["en"],
                    "new_ko": row["ko"],
                }
                for row in had_sale
            ],
        )
    barred = [row for row in rows if not row["sale_id"]]
    upsert(database, attempts, barred, keys=("order_key", "number"), keep_old=True)


def finish_at_till(database: Connection, sale_number: int, at: datetime) -> None:
    """Finish a sale as staff do at the till; an emptied one is closed empty.

    Raises:
        NotFound: there is no such sale.
        NotAllowed: it is finished or void already.
    """
    sales = tables.sales
    order_key = database.execute(select(sales.c.order_key).where(sales.c.id == sale_number)).scalar()
    if order_key is None:
        raise NotFound(Words("There is no such sale.", "해당 거래를 찾을 수 없습니다."))
    lock_orders(database, [order_key])
    state = SaleState(database.execute(select(sales.c.state).where(sales.c.id == sale_number)).scalar_one())
    after = _AFTER[SaleAction.FINISH].get(state)
    if after is None or after is state:
        raise NotAllowed(_VOID if state is SaleState.VOID else _FINISHED)
    _write_states(database, {sale_number: after}, at)

"""Changes sales that exist, in batches. Each change is done once, by its key."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from tillbridge.db.sets import among
from tillbridge.db.upsert import upsert
from tillbridge.model.base import clean_text
from tillbridge.model.drafts import AttemptKey
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.money import Money
from tillbridge.model.words import Words
from tillbridge.pos.contract import Done, Refused, SaleAction, SaleChange, SaleState
from tillbridge.pos.details import NewItem, OtherCustomer, OtherProduct, Payment, PaymentKind, Return
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.acts import CHANGED, apply
from tillbridge.pos.embedded.numbers import Letter, number_of
from tillbridge.pos.embedded.reading import read_stores
from tillbridge.pos.embedded.returns import Ledger, read_ledgers, take_back, write_returns
from tillbridge.pos.embedded.ruling import UNCLEAR, Counter, KnownProduct
from tillbridge.pos.embedded.selling import Kept
from tillbridge.pos.embedded.sheets import Sheet, read_sheets, write_sheets
from tillbridge.pos.embedded.units import lock_orders

_NOT_FINISHED = Words(
    "The sale is not finished: remove its items instead.",
    "종료되지 않은 거래입니다. 반품 대신 항목을 삭제해 주세요.",
)
_NO_SALE = Words("There is no sale of this attempt.", "이 시도로 만든 거래가 없습니다.")


@dataclass(slots=True)
class _Book:
    """The sales that a batch is about, and the attempts that it makes void."""

    sheets: Mapping[AttemptKey, Sheet]
    counter: Counter
    voided: dict[AttemptKey, Words] = field(default_factory=dict)
    ledgers: Mapping[int, Ledger] = field(default_factory=dict)


def change_sales(
    database: Connection, changes: Sequence[SaleChange], at: datetime
) -> Mapping[str, Done | Refused]:
    """Do each change whose key was not answered before, in sequence, in one transaction."""
    locked = lock_orders(database, (change.attempt.order_key for change in changes))
    answers = _kept(database, {change.key for change in changes})
    new = [change for change in changes if change.key not in answers]
    if not new:
        return answers
    book = _Book(read_sheets(database, locked, at), _counter(database, new, at))
    if any(change.action is SaleAction.RETURN for change in new):
        book.ledgers = read_ledgers(database, book.sheets.values())
    fresh: dict[str, Done | Refused] = {}
    for change in new:
        if change.key not in fresh:
            fresh[change.key] = _change(book, change)
    _write_voided(database, book)
    _keep(database, fresh, at)
    write_returns(database, book.sheets.values(), book.ledgers)
    write_sheets(database, book.sheets.values(), at)
    return {**answers, **fresh}


def _kept(database: Connection, keys: Collection[str]) -> dict[str, Done | Refused]:
    table = tables.changes
    rows = database.execute(select(table).where(among(database, table.c.key, sorted(keys))))
    return {row.key: Refused(Words(row.en, row.ko)) if row.en else Done() for row in rows}


def _keep(database: Connection, answers: Mapping[str, Done | Refused], at: datetime) -> None:
    rows = []
    for key, answer in sorted(answers.items()):
        words = answer.words if isinstance(answer, Refused) else None
        rows.append({"key": key, "en": words and words.en, "ko": words and words.ko, "answered_at": at})
    database.execute(insert(tables.changes), rows)


def _counter(database: Connection, changes: Sequence[SaleChange], at: datetime) -> Counter:
    """Read the stores, the products that are to be added, and the customers that are named."""
    people = _customers(database, changes)
    named = (NewItem, OtherProduct)
    added = [change.detail.product_id for change in changes if isinstance(change.detail, named)]
    if not added:
        return Counter({}, {}, at, people)
    numbers = {number for code in added if (number := number_of(Letter.PRODUCT, code))}
    products = tables.products
    rows = database.execute(select(products).where(among(database, products.c.id, sorted(numbers))))
    known = {
        row.id: KnownProduct(
            row.id, row.description, Money(row.price_minor, row.currency) if row.currency else None
        )
        for row in rows
    }
    return Counter({store.code: store for store in read_stores(database)}, known, at, people)


def _customers(database: Connection, changes: Sequence[SaleChange]) -> Collection[int]:
    said = [change.detail.customer_id for change in changes if isinstance(change.detail, OtherCustomer)]
    numbers = {number for code in said if (number := number_of(Letter.CUSTOMER, code))}
    if not numbers:
        return ()
    customers = tables.customers
    found = select(customers.c.id).where(among(database, customers.c.id, sorted(numbers)))
    return set(database.execute(found).scalars())


def _change(book: _Book, change: SaleChange) -> Done | Refused:
    sheet = book.sheets.get(change.attempt)
    if sheet is None:
        if change.action is not SaleAction.VOID:
            return Refused(_NO_SALE)
        book.voided.setdefault(change.attempt, _void_words(change.reason))
        return Done()
    before = sheet.state
    if change.action is SaleAction.RETURN:
        refused = _take_back(book, sheet, change)
        return Refused(refused) if refused else Done()
    if words := apply(sheet, change, book.counter):
        return Refused(words)
    if sheet.state is SaleState.VOID and before is not SaleState.VOID:
        book.voided[change.attempt] = _void_words(change.reason)
    return Done()


def _take_back(book: _Book, sheet: Sheet, change: SaleChange) -> Words | None:
    if sheet.state is not SaleState.FINISHED:
        return _NOT_FINISHED
    if change.expect is not None and change.expect != sheet.revision:
        return CHANGED
    if not isinstance(change.detail, Return):
        return UNCLEAR
    ledger = book.ledgers[sheet.number]
    refused = take_back(sheet, ledger, change.detail, clean_text(change.reason), clean_text(change.who))
    sheet.revision += not refused
    return refused


def _void_words(reason: str) -> Words:
    said = clean_text(reason)
    return Words(
        f"This sale was voided{f': {said}' if said else '.'}",
        f"취소된 거래입니다{f'. 사유: {said}' if said else '.'}",
    )


def _write_voided(database: Connection, book: _Book) -> None:
    """Let the attempts answer "voided" from now on; one that was refused already stays refused."""
    had_sale = {key: words for key, words in book.voided.items() if key in book.sheets}
    attempts = tables.attempts
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
                    "the_order": key.order_key,
                    "the_number": key.number,
                    "new_en": words.en,
                    "new_ko": words.ko,
                }
                for key, words in had_sale.items()
            ],
        )
    barred = [
        {
            "order_key": key.order_key,
            "number": key.number,
            "answer": Kept.VOIDED,
            "sale_id": None,
            "en": words.en,
            "ko": words.ko,
            "answered_at": book.counter.at,
        }
        for key, words in book.voided.items()
        if key not in had_sale
    ]
    upsert(database, attempts, barred, keys=("order_key", "number"), keep_old=True)


def finish_at_till(database: Connection, sale_number: int, reason: str, at: datetime) -> None:
    """Take what is due in cash and finish a sale, as staff do at the till; an emptied one is closed empty.

    Raises:
        NotFound: there is no such sale.
        NotAllowed: it is finished or void already, or cannot be finished; the words say why.
    """
    sales = tables.sales
    row = database.execute(select(sales.c.order_key, sales.c.number).where(sales.c.id == sale_number)).first()
    if row is None:
        raise NotFound(Words("There is no such sale.", "해당 거래를 찾을 수 없습니다."))
    lock_orders(database, [row.order_key])
    key = AttemptKey(order_key=row.order_key, number=row.number)
    sheet = read_sheets(database, [row.order_key], at)[key]
    counter = Counter({}, {}, at)
    if sheet.state is SaleState.CLOSED_EMPTY:
        raise NotAllowed(Words("The sale is finished.", "이미 종료된 거래입니다."))
    if due := sheet.balance.due:
        cash = Payment(kind=PaymentKind.CASH, amount=due)
        if words := apply(sheet, SaleChange("", key, SaleAction.PAY, "", cash), counter):
            raise NotAllowed(words)
    if words := apply(sheet, SaleChange("", key, SaleAction.FINISH, reason), counter):
        raise NotAllowed(words)
    write_sheets(database, [sheet], at)

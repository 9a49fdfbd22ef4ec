"""One web order between a webstore, two workers, staff and the till: what the order protocol is about.

The workers run real engines over a real database and stop at every named point. `rest` lets everything
come to its end, and `faults` says, in the terms of the shop, what must never be.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from orders import HELMET, PUMP, line, order
from shop import SEOUL, STAFF, WITH_REASON, Shop
from stepping import LateCall, Stage, Worker
from tillbridge import connections, fulfilment, intake, repair
from tillbridge.db import tables
from tillbridge.db.database import Database
from tillbridge.db.states import OPEN_DELIVERIES, AttemptState, DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.engine import Engine
from tillbridge.model.drafts import AttemptKey, SaleDraft
from tillbridge.model.errors import NotAllowed, Rejected, Retryable
from tillbridge.model.exchange import Decision, Receipt, StatusDelivery
from tillbridge.model.orders import Standing, WebOrder
from tillbridge.model.status import SOLD, Status
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.plugin import hookimpl
from tillbridge.pos.contract import (
    CustomerHit,
    CustomerKey,
    Done,
    Opened,
    PointOfSale,
    ProductHit,
    ProductKey,
    Refused,
    SaleChange,
    SaleFacts,
    SalesChanged,
    SaleState,
)
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.pos.embedded import tables as pos_tables
from tillbridge.pos.embedded.feed import facts_of
from tillbridge.provider import Connection
from tillbridge.sending.deliveries import Destination
from tillbridge.settle import settle
from tillbridge.testing.pos import MemoryPos
from tillbridge.testing.webstore import MemoryWebstore

ORDER = "A1"
PRODUCT, OTHER = "P1", "P2"
OPENING = 100
PIECES = {"A": 1, "B": 2, "C": 3, "X": 1}
CLOSED = Words("The till is closed.", "마감되었습니다.")
AWAY = Words("The webstore is away.", "웹스토어에 연결할 수 없습니다.")


class StagedWebstore(MemoryWebstore):
    """A webstore whose calls can outlive their caller, fail, or lose their answer."""

    stage: Stage
    fail_next = False
    lose_next = False
    refuse_next = False

    @hookimpl
    def push_status(self, connection: Connection, delivery: StatusDelivery) -> Receipt:
        def arrive() -> Receipt:
            return MemoryWebstore.push_status(self, connection, delivery)

        return self.stage.call(f"{delivery.said} to the webstore", lambda: self._answer(arrive))

    def _answer(self, arrive: Callable[[], Receipt]) -> Receipt:
        if self.fail_next:
            self.fail_next = False
            raise Retryable(AWAY)
        if self.refuse_next:
            self.refuse_next = False
            raise Rejected(AWAY)
        receipt = arrive()
        if self.lose_next:
            self.lose_next = False
            raise Retryable(AWAY)
        return receipt


class StagedPos(PointOfSale):
    """A point of sale whose calls can outlive their caller.

    `asked_twice` lists attempts that were asked for while another one's sale was living.
    """

    def __init__(self, inner: PointOfSale, stage: Stage) -> None:
        self.inner, self.stage = inner, stage
        self.call_deadline = 30.0
        self.asked_twice: list[AttemptKey] = []
        self.refuse_next = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def stores(self) -> Sequence[Store]:
        return self.inner.stores()

    def find_products(self, keys: Collection[ProductKey]) -> Mapping[ProductKey, Sequence[ProductHit]]:
        return self.inner.find_products(keys)

    def find_customers(self, keys: Collection[CustomerKey]) -> Mapping[CustomerKey, Sequence[CustomerHit]]:
        return self.inner.find_customers(keys)

    def open_sales(self, drafts: Sequence[SaleDraft]) -> Mapping[AttemptKey, Opened | Refused]:
        return self.stage.call(f"open {drafts[0].attempt}", lambda: self._open(drafts))

    def _open(self, drafts: Sequence[SaleDraft]) -> Mapping[AttemptKey, Opened | Refused]:
        living = self.inner.find_sales([draft.attempt.order_key for draft in drafts])
        for draft in drafts:
            sale = living.get(draft.attempt.order_key)
            # A late call of an older attempt asks for nothing any more: its answer is kept.
            if sale is not None and sale.attempt.number < draft.attempt.number:
                self.asked_twice.append(draft.attempt)
        if self.refuse_next:
            return self._refuse(drafts)
        return self.inner.open_sales(drafts)

    def _refuse(self, drafts: Sequence[SaleDraft]) -> Mapping[AttemptKey, Opened | Refused]:
        """Let the point of sale refuse what it has not answered yet, for a customer that it does not know."""
        spoilt = [draft.model_copy(update={"customer_id": "C999"}) for draft in drafts]
        answers = self.inner.open_sales(spoilt)
        self.refuse_next = not any(isinstance(answer, Refused) for answer in answers.values())
        return answers

    def change_sales(self, changes: Sequence[SaleChange]) -> Mapping[str, Done | Refused]:
        return self.stage.call(changes[0].action, lambda: self.inner.change_sales(changes))

    def find_sales(self, order_keys: Collection[str]) -> Mapping[str, SaleFacts]:
        return self.inner.find_sales(order_keys)

    def sales_changed(self, cursor: str | None, limit: int = 500) -> SalesChanged:
        return self.inner.sales_changed(cursor, limit)


class MemoryTill:
    """The staff's side of a point of sale in memory."""

    def __init__(self, pos: MemoryPos) -> None:
        self.pos = pos

    def on_hand(self, product_id: str) -> Decimal:
        return self.pos.on_hand[SEOUL.code, product_id]

    def refuse_next(self) -> None:
        self.pos.refuse_next = CLOSED

    def finish(self, order_key: str) -> bool:
        """Finish the open sale, if there is one."""
        if order_key not in self.pos.find_sales([order_key]):
            return False
        self.pos.finish_at_till(order_key)
        return True

    def living(self) -> list[SaleFacts]:
        return [sale for sale in self.pos.sales.values() if sale.state is not SaleState.VOID]

    def products(self, attempt: AttemptKey) -> dict[str, Decimal]:
        """Return how many pieces of each product the sale of an attempt was opened with."""
        items = self.pos.drafts[attempt].items
        return {item.product_id: item.quantity for item in items if item.product_id}


class EmbeddedTill:
    """The staff's side of the embedded point of sale."""

    def __init__(self, pos: EmbeddedPos, staged: StagedPos) -> None:
        self.pos, self.staged = pos, staged

    def on_hand(self, product_id: str) -> Decimal:
        found = self.pos.catalogue(product_id)
        assert found is not None
        return found.on_hand[SEOUL.code]

    def refuse_next(self) -> None:
        self.staged.refuse_next = True

    def finish(self, order_key: str) -> bool:
        sale = self.pos.find_sales([order_key]).get(order_key)
        if sale is None or sale.state is not SaleState.OPEN:
            return False
        self.pos.finish_at_till(sale.sale_id)
        return True

    def living(self) -> list[SaleFacts]:
        sales = pos_tables.sales
        with self.pos.database.read() as database:
            found = database.execute(select(sales).where(sales.c.state != SaleState.VOID))
            return [facts_of(row) for row in found]

    def products(self, attempt: AttemptKey) -> dict[str, Decimal]:
        sales, items = pos_tables.sales, pos_tables.sale_items
        query = (
            select(items.c.product_id, items.c.quantity_e4)
            .join(sales, sales.c.id == items.c.sale_id)
            .where(sales.c.order_key == attempt.order_key, sales.c.number == attempt.number)
        )
        with self.pos.database.read() as database:
            found = database.execute(query).all()
        return {f"P{row.product_id}": Decimal(row.quantity_e4) / 10_000 for row in found if row.product_id}


class Scene(Shop):
    """A shop with one order at its webstore and two workers, `one` and `two`.

    Args:
        matched: whether the order's product is known by its number; if not, staff have to link it.
        dated: whether the webstore gives a revision; if not, versions are ordered by when they were read.
        lock: whether polls take the connection lock.
        pos: a point of sale in memory that is not the usual one.
        embedded: whether the point of sale is the built-in one, in the same database.
    """

    webstore: StagedWebstore
    pos: Any  # a StagedPos; a plain shop's is in memory
    till: "MemoryTill | EmbeddedTill"

    def __init__(
        self,
        url: str,
        clock: Any,
        *,
        key: str,
        matched: bool = True,
        dated: bool = True,
        lock: bool = False,
        pos: MemoryPos | None = None,
        embedded: bool = False,
    ) -> None:
        self.url, self.clock, self.key = url, clock, key
        self.stage = Stage()
        self.webstore = StagedWebstore()
        self.webstore.stage = self.stage
        self.pos, self.till = self._embedded() if embedded else self._memory(pos or MemoryPos([SEOUL]))
        self.engine = self.another()
        self.matched, self.dated = matched, dated
        self.offered: list[WebOrder] = []
        self.linked: str | None = None
        self.stock(PRODUCT, HELMET if matched else "00605284574539", OPENING)
        self.stock(OTHER, PUMP, OPENING)
        self.customer("C1", "minsu@example.com")
        self.connect()
        self.engines = [
            self.another(probe=self.stage.probe, lock_connections=lock, fetch_ahead=False) for _ in range(2)
        ]
        self.one, self.two = (self.stage.worker(name) for name in ("one", "two"))

    def _memory(self, pos: MemoryPos) -> tuple[StagedPos, MemoryTill]:
        return StagedPos(pos, self.stage), MemoryTill(pos)

    def _embedded(self) -> tuple[StagedPos, EmbeddedTill]:
        pos = EmbeddedPos(Database(self.url), self.clock)
        pos.add_store(SEOUL)
        staged = StagedPos(pos, self.stage)
        return staged, EmbeddedTill(pos, staged)

    def stock(self, product_id: str, gtin: str, pieces: int) -> None:
        if isinstance(self.till, MemoryTill):
            return super().stock(product_id, gtin, pieces)
        on_hand = {SEOUL.code: Decimal(pieces)}
        added = self.till.pos.add_product(NewProduct(description=product_id, gtin=gtin, on_hand=on_hand))
        assert added == product_id
        return None

    def customer(self, customer_id: str, email: str) -> None:
        if isinstance(self.till, MemoryTill):
            return super().customer(customer_id, email)
        added = self.till.pos.add_customer(NewCustomer(name="김민수", emails=(email,)))
        assert added == customer_id
        return None

    def close(self) -> None:
        self.stage.close()
        if isinstance(self.till, EmbeddedTill):
            self.till.pos.database.close()
        for engine in (*self.engines, self.engine):
            engine.close()

    # What workers do

    def start(self, worker: Worker, call: Callable[[Engine], object]) -> str | None:
        """Let a worker begin a call on its own engine; return the point where it stands."""
        engine = self.engines[self.stage.workers.index(worker)]
        return worker.start(lambda: call(engine))

    def do(self, call: Callable[[Engine], object]) -> None:
        """Do something from its beginning to its end, with nobody beside it."""
        call(self.engine)

    # What the webstore, staff and the till do

    def offer(self, content: str) -> None:
        """Let the order have its next content at the webstore; a letter says which."""
        self.clock.advance(1)
        more: dict[str, Any] = {"standing": Standing.CANCELLED} if content == "X" else {}
        if self.dated:
            more["revision"] = len(self.offered) + 1
        offered = order(ORDER, line("1", gtin=HELMET, quantity=Decimal(PIECES[content])), **more)
        self.offered.append(offered)
        self.webstore.offer(offered)

    def staff(self, asked: Status) -> None:
        """Let staff choose a status; what follows of it is left to the workers."""
        undecided = asked is Status.ARCHIVED and self.row.decision is None
        answer = Decision.ACCEPTED if undecided else None
        fulfilment.set_status(self.engine.context, self.row.id, asked, WITH_REASON, answer=answer)

    def undo(self) -> bool:
        """Let staff undo; return whether it was possible."""
        with suppress(NotAllowed):
            fulfilment.undo(self.engine.context, self.row.id, STAFF)
            return True
        return False

    def relink(self, product_id: str = OTHER) -> None:
        """Let staff say which product the order's listing is."""
        repair.link_product(self.engine.context, self.row.id, "1", product_id, STAFF)
        self.linked = product_id

    def finish_at_till(self) -> bool:
        return self.till.finish(self.row.order_key)

    def arrive(self, late: LateCall) -> None:
        """Let a dead worker's call arrive; nobody hears its answer."""
        self.stage.late.remove(late)
        with suppress(Retryable, Rejected):
            late.arrive()

    # What is

    @property
    def row(self) -> AnyRow:
        found = self.find_row()
        assert found is not None, "the order was never settled"
        return found

    def find_row(self) -> AnyRow | None:
        with self.engine.context.database.read() as database:
            query = select(tables.orders).where(tables.orders.c.webstore_id == ORDER)
            return database.execute(query).one_or_none()

    def deliveries(self) -> Sequence[AnyRow]:
        with self.engine.context.database.read() as database:
            return database.execute(select(tables.deliveries).order_by(tables.deliveries.c.id)).all()

    def count(self, table: Any, *where: Any) -> int:
        with self.engine.context.database.read() as database:
            return int(database.execute(select(func.count()).select_from(table).where(*where)).scalar_one())

    @property
    def unanswered(self) -> bool:
        return bool(self.count(tables.attempts, tables.attempts.c.state == AttemptState.UNANSWERED))

    # The end of it

    def rest(self) -> None:
        """Let workers end, drop late calls, and do what is due until nothing changes any more."""
        for worker in self.stage.workers:
            worker.finish()
        self.stage.late.clear()
        before: object = None
        for _ in range(12):
            self.clock.advance(7200)
            for act in (settles, polls, settles, delivers, follows_till):
                act(self.engine)
            now = self._state()
            if now == before:
                return
            before = now
        raise AssertionError("it never comes to rest")

    def _state(self) -> object:
        row = self.find_row()
        kept = (row.status, row.version, row.sold_attempt, row.sale_state, row.attempt) if row else None
        states = [(one.state, one.not_before) for one in self.deliveries()]
        waiting = self.count(tables.payloads, tables.payloads.c.handled.is_(False))
        return kept, states, waiting, row.fetch_again if row else 0

    def assert_sound(self) -> None:
        """Come to rest, and hold everything against what must never be."""
        self.rest()
        faults = self.faults()
        assert not faults, "; ".join(faults)

    def faults_at_once(self) -> list[str]:
        """Return what must not be at any moment, and is."""
        found = []
        if len(self.till.living()) > 1:
            found.append("two sales are living")
        if self.pos.asked_twice:
            found.append("a second sale was asked for")
        numbers = {one.key: one.id for one in self.deliveries()}
        told = [numbers[one.key] for one in self.webstore.told]
        if told != sorted(told):
            found.append("a stale status reached the webstore after a newer one")
        return found

    def faults(self) -> list[str]:
        """Return what must not be once everything rests, and is."""
        row = self.find_row()
        if row is None:
            return ["the order was lost"]
        sale = self.pos.find_sales([row.order_key]).get(row.order_key)
        return [
            *self.faults_at_once(),
            *self._unfinished(row),
            *self._stock_faults(row, sale),
            *self._sale_faults(row, sale),
            *self._version_faults(row, sale),
            *self._decision_faults(row, sale),
        ]

    def _unfinished(self, row: AnyRow) -> list[str]:
        found = []
        if self.count(tables.payloads, tables.payloads.c.handled.is_(False)):
            found.append("a payload is not handled")
        if self.unanswered:
            found.append("an attempt is not answered")
        if row.status in (None, Status.PROCESS_SALE):
            found.append(f"the order stays {row.status}")
        if row.fetch_again:
            found.append("the order is still to be fetched again")
        if any(one.state in OPEN_DELIVERIES for one in self.deliveries()):
            found.append("a delivery is still open")
        return found

    def _aside(self, destination: Destination) -> bool:
        return any(
            one.state == DeliveryState.SET_ASIDE and one.destination == destination
            for one in self.deliveries()
        )

    def _stock_faults(self, row: AnyRow, sale: SaleFacts | None) -> list[str]:
        taken = dict.fromkeys((PRODUCT, OTHER), Decimal(0))
        deducted = sale is not None and sale.state in (SaleState.OPEN, SaleState.FINISHED)
        if sale is not None and deducted:
            taken |= self.till.products(sale.attempt)
        found = [
            f"{self.till.on_hand(product)} pieces of {product} where {OPENING - pieces} should be"
            for product, pieces in taken.items()
            if self.till.on_hand(product) != OPENING - pieces
        ]
        excused = self.engine.order(ORDER).conflict or self._aside(Destination.POS)
        if row.status == Status.REJECTED and deducted and not excused:
            found.append("Rejected, but the stock was not returned")
        return found

    def _sale_faults(self, row: AnyRow, sale: SaleFacts | None) -> list[str]:
        found = []
        if row.status in (*SOLD, Status.COMPLETED) and sale is None:
            found.append(f"{row.status} without a sale")
        unsold = (
            Status.CUSTOMER_ID_REQUIRED,
            Status.PRODUCT_MATCH_FAILED,
            Status.SALE_PROCESSING_FAILED,
            Status.ARCHIVED,
        )
        if row.status in unsold and sale is not None:
            found.append(f"{row.status}, but a sale exists")
        known = (row.sold_attempt, row.sale_id, row.sale_state)
        real = (sale.attempt.number, sale.sale_id, sale.state) if sale else (None, None, None)
        if known != real:
            found.append(f"the engine knows the sale {known}, the point of sale has {real}")
        if row.status in SOLD and sale is not None:
            if sale.state is SaleState.FINISHED:
                found.append("the sale was finished at the till, and the order is not Completed")
            if set(self.till.products(sale.attempt)) != {self.linked or PRODUCT}:
                found.append("the sale was made with the old product link")
        return found

    def _version_faults(self, row: AnyRow, sale: SaleFacts | None) -> list[str]:
        found = []
        newest = self.offered[-1]
        if row.content_hash != newest.content_hash():
            found.append("the newest version was lost")
        if row.status in SOLD and sale is not None:
            (sold,) = self.till.products(sale.attempt).values()
            differs = (sold, Standing.OPEN) != (newest.lines[0].quantity, newest.standing)
            if differs != self.engine.order(ORDER).changed_after_sale:
                found.append(f"changed after sale is {not differs}, and should be {differs}")
        return found

    def _decision_faults(self, row: AnyRow, sale: SaleFacts | None) -> list[str]:
        found = []
        believed = self.webstore.believes(ORDER)
        # A cancelled order is completed once its sale is closed without items.
        cancelled = sale is not None and sale.state is SaleState.CLOSED_EMPTY
        if believed != row.decision and not self._aside(Destination.WEBSTORE):
            found.append(f"the webstore believes {believed}, decided was {row.decision}")
        allowed = {
            None: {*SOLD, Status.COMPLETED} - {Status.IN_PROCESS},
            Decision.ACCEPTED: {Status.IN_PROCESS, Status.READY_FOR_PICKUP, Status.COMPLETED},
            Decision.REJECTED: {Status.REJECTED, Status.COMPLETED} if cancelled else {Status.REJECTED},
        }[row.decision]
        settled = row.status in (*SOLD, Status.COMPLETED, Status.REJECTED)
        if (settled or row.decision == Decision.REJECTED) and row.status not in allowed:
            found.append(f"decided was {row.decision}, but the order is {row.status}")
        finished = sale is not None and sale.state is SaleState.FINISHED
        rejected = row.status == Status.REJECTED
        if self.engine.order(ORDER).conflict != (rejected and finished):
            found.append("a conflict is shown without its cause, or its cause without a conflict")
        return found


def web(engine: Engine) -> connections.OpenConnection:
    """Return the one connection, open."""
    (row,) = connections.rows(engine.context, "web")
    return engine.open(row)


def settles(engine: Engine) -> object:
    """Settle what waits, and ask the POS."""
    return settle(engine.context, web(engine))


def polls(engine: Engine) -> object:
    return engine.poll()


def fetches(engine: Engine) -> object:
    """Fetch the one order as a webhook's hint would, and settle it."""
    intake.check_again(engine.context, web(engine), ORDER)
    return settles(engine)


def fetches_unclear(engine: Engine) -> object:
    """Fetch anew what could not be ordered."""
    return intake.fetch_again(engine.context, web(engine))


def delivers(engine: Engine) -> object:
    return engine.deliver()


def follows_till(engine: Engine) -> object:
    return engine.follow_till()

"""Watches by when orders must be answered: counts what lacks it, acts by policy.

An order is looked at when it comes to its next stage (`watch_at`), so that a beat costs what is due and not
what waits; all of them are when a store's hours or a connection's rules have changed, and once when a program
starts. Safe beside other workers and staff: what is written is compared with what was read, and a policy
decides only what nobody has decided.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update

from tillbridge import fulfilment
from tillbridge.connections.agreed import is_not_agreed
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.many import UpdateMany
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.deadlines import select_due
from tillbridge.model.deadlines import Policy, Stage
from tillbridge.model.errors import TillbridgeError
from tillbridge.model.exchange import Decision
from tillbridge.model.status import Status
from tillbridge.model.stores import Store, written_at
from tillbridge.model.words import Words
from tillbridge.orders import accept_by
from tillbridge.orders.accept_by import AcceptBy, Due
from tillbridge.orders.order_state import Signature
from tillbridge.orders.timeline import POLICY

_COUNTED: Final = UpdateMany(
    tables.orders, ("accept_by", "accept_clock"), ("id",), beside="revision = orders.revision + 1"
)
_ASKED: Final = {
    Policy.ACCEPT: (Status.IN_PROCESS, Decision.ACCEPTED),
    Policy.REJECT: (Status.REJECTED, Decision.REJECTED),
}
_LATE: Final = Words("not answered in time", "기한 내 미응답")
"""Why it is decided; the webstore is told it as it stands."""
# What is at its last stage comes to no other; one whose shop does not open may be counted another day.
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
_ANOTHER_DAY: Final = timedelta(days=1)
_SOON: Final = timedelta(minutes=1)
_log = logging.getLogger("tillbridge.deadlines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """An order that is to be answered in time.

    Attributes:
        due: its due time, with what is left of it.
        decided: what a policy decided of it just now.
    """

    order_id: int
    connection: str
    number: str
    due: Due
    decided: Decision | None = None


class Watcher:
    """Looks at due times, beat after beat; it remembers by which rules it has looked at all of them."""

    def __init__(self) -> None:
        self._rules: str | None = None

    def look(self, context: Context) -> list[Watched]:
        """Do what is due, and return the orders with a due time that were looked at, the earliest first.

        Raises:
            PosAway: the point of sale could not say which hours its stores have.
        """
        with context.database.read() as database:
            if (
                database.execute(select(tables.orders.c.id).where(*waiting.TO_ANSWER).limit(1)).first()
                is None
            ):
                return []
        stores = {store.code: store for store in context.pos.stores()}
        rules = _rules(context, stores)
        watched = _look(context, stores, everything=rules != self._rules)
        self._rules = rules
        return watched


def _rules(context: Context, stores: Mapping[str, Store]) -> str:
    """Return what due times are counted and acted upon by, to be compared."""
    table = tables.connections
    query = select(table.c.id, table.c.accept_minutes, table.c.overdue).order_by(table.c.id)
    with context.database.read() as database:
        connections = [tuple(row) for row in database.execute(query)]
    return repr((sorted((code, accept_by.sum_of(one)) for code, one in stores.items()), connections))


def _look(context: Context, stores: Mapping[str, Store], *, everything: bool) -> list[Watched]:
    found = _read(context, everything=everything)
    if not found:
        return []
    if _count_missing(context, found, stores):
        found = _read(context, everything=everything)
    taken_back = _taken_back(context, found)
    watched, next_looks = [], []
    for row in found:
        due = AcceptBy.read(row.accept_clock)
        if due is None:
            next_looks.append((row, context.clock.now() + _ANOTHER_DAY))
            continue
        taken = row.id in taken_back
        seen, acts = _seen(context, row, (due, taken), stores.get(row.store or ""))
        watched.append(seen)
        next_looks.append((row, _next_look(seen, acts=acts)))
    _note(context, next_looks)
    return watched


def _read(context: Context, *, everything: bool) -> Sequence[AnyRow]:
    """Return the orders to be looked at, the earliest due time first; sorted here, for the index's sake."""
    orders = tables.orders
    due = () if everything else (orders.c.watch_at <= context.clock.now(),)
    with context.database.read() as database:
        found = database.execute(select_due(*waiting.TO_ANSWER, *due)).all()
    return sorted(found, key=lambda row: (row.accept_by or _NEVER, row.id))


def _note(context: Context, next_looks: Iterable[tuple[AnyRow, datetime]]) -> None:
    """Write when each order is looked at next, unless its due time has become another one meanwhile."""
    orders = tables.orders
    rows = [{"the_id": row.id, "due": row.accept_by, "moment": moment} for row, moment in next_looks]
    statement = (
        update(orders)
        .where(
            orders.c.id == bindparam("the_id"),
            orders.c.accept_by.is_not_distinct_from(bindparam("due", type_=orders.c.accept_by.type)),
        )
        .values(watch_at=bindparam("moment"))
    )
    rows.sort(key=lambda one: one["the_id"])
    context.database.unit("deadline", lambda database: database.execute(statement, rows))


def _next_look(seen: Watched, *, acts: bool) -> datetime:
    """Return when an order comes to its next stage; one that a policy could not decide is tried again."""
    moment = seen.due.by.deadline.next_change(seen.due.now)
    if moment is not None:
        return moment
    return seen.due.now + _SOON if acts and seen.decided is None else _NEVER


def _count_missing(context: Context, found: Iterable[AnyRow], stores: Mapping[str, Store]) -> bool:
    """Count what had no due time, since its store's hours were not known; return whether there was any."""
    now = context.clock.now()
    missing = [row for row in found if row.accept_by is None and row.placed_at is not None]
    counted = [
        (due.due_at, due.columns()["accept_clock"], row.id)
        for row in missing
        if (due := accept_by.count(stores.get(row.store or ""), row.placed_at, row.accept_minutes, now))
    ]
    if counted:
        counted.sort(key=lambda one: one[-1])
        context.database.unit("deadline", lambda database: _COUNTED.run(database, counted))
    return bool(counted)


def _taken_back(context: Context, found: Sequence[AnyRow]) -> frozenset[int]:
    """Return the orders that a policy decided before, and that are undecided again: staff undid it."""
    now, timeline = context.clock.now(), tables.timeline
    overdue = [row.id for row in found if row.accept_by and row.accept_by <= now]
    if not overdue:
        return frozenset()
    with context.database.read() as database:
        query = select(timeline.c.order_id).where(
            among(database, timeline.c.order_id, overdue), timeline.c.who == POLICY
        )
        return frozenset(database.execute(query).scalars())


def _seen(
    context: Context, row: AnyRow, known: tuple[AcceptBy, bool], store: Store | None
) -> tuple[Watched, bool]:
    """Return an order as it is seen, and whether a policy is to decide it by now.

    `known` is its due time, and whether staff took a policy's decision back.
    """
    due, taken_back = known
    seen = Due(due, context.clock.now())
    policy, decided = Policy(row.overdue), None
    # What came in overdue already is left to people: nobody had the time that a policy presumes.
    acts = seen.stage is Stage.OVERDUE and due.counted_at < due.due_at and policy is not Policy.NOTHING
    acts = acts and not taken_back
    acts = acts and not (policy is Policy.ACCEPT and is_not_agreed(context, row.id))
    if acts:
        decided = _decide(context, row, policy, Signature(POLICY, written_at(store, _LATE)))
    watched = Watched(
        order_id=row.id,
        connection=row.connection,
        number=row.number,
        due=seen,
        decided=decided,
    )
    return watched, acts


def _decide(context: Context, row: AnyRow, policy: Policy, signature: Signature) -> Decision | None:
    asked, decision = _ASKED[policy]
    try:
        fulfilment.decide_undecided(context, row.id, asked, signature)
    except TillbridgeError as error:  # somebody decided meanwhile: that stays; or its plugin is not there
        _log.info("order %s is overdue, and the policy cannot act: %s", row.id, error.words.en)
        return None
    except Exception as error:  # noqa: BLE001  # one order's fault never stops the others
        _log.warning("order %s is overdue, and the policy failed; tried again soon", row.id, exc_info=error)
        return None
    return decision

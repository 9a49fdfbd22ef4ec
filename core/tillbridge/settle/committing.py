"""Commits a settled page in one transaction, if what matching read still holds.

This is rule 1 of the order protocol: versions, lines, the status of what failed and the attempts of
what can be sold are written together, and only for orders that are as they were read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import AttemptState
from tillbridge.db.types import AnyRow
from tillbridge.db.upsert import upsert
from tillbridge.events import OrderImported, StatusChanged
from tillbridge.model.drafts import AttemptKey, SaleDraft
from tillbridge.model.exchange import Decision
from tillbridge.model.reasons import Reason
from tillbridge.model.status import UNSOLD, Act, OrderFacts, Status, system_transition
from tillbridge.model.words import Words
from tillbridge.settle.drafting import draft_sale
from tillbridge.settle.folding import Folded
from tillbridge.settle.judge import Verdict
from tillbridge.settle.lines import line_rows, listing_rows
from tillbridge.timeline import SYSTEM, Entry, sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A page that is to be committed.

    Attributes:
        folded: its orders with their newest versions.
        verdicts: by webstore ID, for those that were judged.
        links_revision: the connection's links as matching read them.
    """

    folded: Sequence[Folded]
    verdicts: Mapping[str, Verdict]
    links_revision: int


@dataclass(slots=True)
class Settled:
    """What a commit did.

    Attributes:
        drafts: the sales that the POS is to be asked for now.
        progress: how many orders moved forward; none means that the page would only repeat itself.
    """

    new: int = 0
    changed: int = 0
    waiting: int = 0
    failed: int = 0
    progress: int = 0
    drafts: list[SaleDraft] = field(default_factory=list)
    events: list[OrderImported | StatusChanged] = field(default_factory=list)

    def join(self, other: "Settled") -> None:
        """Add what another commit did."""
        for name in ("new", "changed", "waiting", "failed", "progress"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.drafts += other.drafts
        self.events += other.events


@dataclass(slots=True)
class _Change:
    """What is written for one order."""

    folded: Folded
    verdict: Verdict | None
    values: dict[str, Any]
    order_id: int = 0
    draft: SaleDraft | None = None
    status: Status | None = None
    moved: bool = False
    entry: Words | None = None


def commit_page(context: Context, connection: OpenConnection, commit: Commit) -> Settled:
    """Commit what still holds; the rest stays in the queue and is matched again."""
    settled = context.database.unit("settle", lambda database: _write(context, connection, commit, database))
    context.plugins.notify(settled.events)
    return settled


def _write(context: Context, connection: OpenConnection, commit: Commit, database: Connection) -> Settled:
    still_so = _still_so(database, connection.id, commit)
    if not _links_as_read(database, connection.id, commit.links_revision):
        return Settled(progress=1)
    holding = [one for one in commit.folded if one.webstore_id in still_so]
    now = context.clock.now()
    changes = [
        _change(connection, one, commit.verdicts.get(one.webstore_id), now) for one in holding if one.is_order
    ]
    _write_orders(database, connection, changes, now)
    _write_contents(database, connection, changes, now)
    _finish_payloads(database, connection.id, holding)
    return _count(connection, changes, len(holding))


def _still_so(database: Connection, connection_id: int, commit: Commit) -> set[str]:
    """Return the orders that are as they were read, and wait for no answer; their rows are locked."""
    orders, attempts = tables.orders, tables.attempts
    wanted = [one.webstore_id for one in commit.folded]
    query = (
        select(orders.c.id, orders.c.webstore_id, orders.c.revision)
        .where(orders.c.connection_id == connection_id, orders.c.webstore_id.in_(wanted))
        .order_by(orders.c.id)
        .with_for_update()
    )
    now = {row.webstore_id: row for row in database.execute(query)}
    unanswered = set(
        database.execute(
            select(attempts.c.order_id).where(
                attempts.c.order_id.in_([row.id for row in now.values()]),
                attempts.c.state == AttemptState.UNANSWERED,
            )
        ).scalars()
    )
    return {
        one.webstore_id for one in commit.folded if _same(one.before, now.get(one.webstore_id), unanswered)
    }


def _links_as_read(database: Connection, connection_id: int, revision: int) -> bool:
    """Say whether no link was made since matching read them; none can be until this is committed.

    After the orders, in the sequence in which a link locks them too.
    """
    connections = tables.connections
    query = select(connections.c.links_revision).where(connections.c.id == connection_id)
    return bool(database.execute(query.with_for_update(read=True)).scalar_one() == revision)


def _same(before: AnyRow | None, now: AnyRow | None, unanswered: set[int]) -> bool:
    if before is None or now is None:
        return before is now
    return bool(before.revision == now.revision) and now.id not in unanswered


def _change(connection: OpenConnection, folded: Folded, verdict: Verdict | None, now: datetime) -> _Change:
    before, seen = folded.before, folded.seen
    if seen is None:
        raise ValueError("an order was seen at some time")
    values: dict[str, Any] = {
        "payload_id": folded.payload_id,
        "version": folded.number,
        "content_hash": folded.content_hash,
        "seen_started": seen.started,
        "seen_ended": seen.ended,
        "seen_revision": seen.revision,
        "seen_updated": seen.updated_at,
        "fetch_again": (before.fetch_again if before else 0) + int(folded.fetch_again),
        "changed_at": now if folded.changed or verdict or before is None else before.changed_at,
    }
    change = _Change(folded, verdict, values, order_id=before.id if before else 0)
    change.status = Status(before.status) if before and before.status else None
    values |= _content(folded, verdict)
    if verdict and verdict.sellable:
        number = (before.attempt if before else 0) + 1
        key = AttemptKey(order_key=connection.order_key(folded.webstore_id), number=number)
        change.draft = draft_sale(verdict, key, source=connection.name)
        values |= {"attempt": number, "reasons": "[]", "put_aside": False, "undo": None}
    elif verdict:
        _put(change, verdict.reasons)
    elif folded.damage:
        _put(change, (folded.damage,))
    elif before and before.sale_id and folded.handled:
        values["reasons"] = "[]"  # it was readable again
    if folded.versions and not verdict:
        change.entry = Words("The webstore changed the order.", "웹스토어에서 주문이 변경되었습니다.")
    return change


def _put(change: _Change, reasons: Sequence[Reason]) -> None:
    """Set the status that reasons give, by the table; an order with a sale keeps its status."""
    before = change.folded.before
    change.values["reasons"] = json.dumps([reason.model_dump(mode="json") for reason in reasons])
    change.entry = Words(" ".join(reason.en for reason in reasons), " ".join(reason.ko for reason in reasons))
    facts = OrderFacts(
        status=change.status,
        decision=Decision(before.decision) if before and before.decision else None,
        has_sale=bool(before and before.sale_id),
    )
    open_still = change.status is None or change.status in UNSOLD or (before and before.put_aside)
    if facts.has_sale or not open_still:
        return
    target = reasons[0].status
    act = Act.PUT_ASIDE if target is Status.ARCHIVED else Act.FAIL
    row = system_transition(act, facts, [target])
    change.moved = row.target is not change.status
    change.status = row.target
    change.values |= {
        "status": row.target,
        "put_aside": row.target is Status.ARCHIVED,
        "undo": None,
    }


def _content(folded: Folded, verdict: Verdict | None) -> dict[str, Any]:
    """Return what staff see of the order; a sold or decided one keeps showing what it was then."""
    if verdict is None:
        known = folded.order
        return {"standing": known.standing} if known else {}
    order, customer = verdict.order, verdict.match.customer
    return {
        "number": order.number,
        "kind": order.kind,
        "standing": order.standing,
        "store": verdict.store.code if verdict.store else None,
        "currency": order.currency,
        "total_minor": order.total.minor,
        "customer_name": order.customer.name,
        "placed_at": order.placed_at,
        "web_customer_id": order.customer.id,
        "customer_id": customer.found.id if customer.found else None,
        "customer_evidence": customer.model_dump_json(),
    }


def _write_orders(
    database: Connection, connection: OpenConnection, changes: Sequence[_Change], now: datetime
) -> None:
    orders = tables.orders
    new = {change.folded.webstore_id: change for change in changes if change.folded.before is None}
    if new:
        rows = [_new_row(connection, change, now) for change in new.values()]
        made = database.execute(insert(orders).returning(orders.c.id, orders.c.webstore_id), rows)
        for row in made:  # aligned by key: the sequence of returned rows is the database's own
            new[row.webstore_id].order_id = row.id
    known = [change for change in changes if change.folded.before is not None]
    for names in {tuple(sorted(change.values)) for change in known}:
        statement = (
            update(orders)
            .where(orders.c.id == bindparam("the_id"))
            .values({**{name: bindparam(f"new_{name}") for name in names}, "revision": orders.c.revision + 1})
        )
        database.execute(
            statement,
            [
                {"the_id": change.order_id, **{f"new_{name}": change.values[name] for name in names}}
                for change in known
                if tuple(sorted(change.values)) == names
            ],
        )


def _new_row(connection: OpenConnection, change: _Change, now: datetime) -> dict[str, Any]:
    webstore_id = change.folded.webstore_id
    defaults: dict[str, Any] = {
        "number": webstore_id,
        "kind": None,
        "standing": None,
        "store": None,
        "currency": None,
        "total_minor": None,
        "customer_name": "",
        "placed_at": None,
        "status": None,
        "put_aside": False,
        "reasons": "[]",
        "undo": None,
        "web_customer_id": None,
        "customer_id": None,
        "customer_evidence": None,
        "attempt": 0,
    }
    fixed = {
        "connection_id": connection.id,
        "webstore_id": webstore_id,
        "order_key": connection.order_key(webstore_id),
        "imported_at": now,
    }
    return {**defaults, **fixed, **change.values}


def _write_contents(
    database: Connection, connection: OpenConnection, changes: Sequence[_Change], now: datetime
) -> None:
    """Write versions, lines, listings and attempts: a fixed number of statements a page."""
    versions = [
        {
            "order_id": change.order_id,
            "number": version.number,
            "content_hash": version.content_hash,
            "document": version.order.model_dump_json(),
            "payload_id": version.payload_id,
            "seen_at": now,
        }
        for change in changes
        for version in change.folded.versions
    ]
    if versions:
        database.execute(insert(tables.versions), versions)
    judged = [(change, change.verdict) for change in changes if change.verdict]
    lines = [row for change, verdict in judged for row in line_rows(change.order_id, verdict)]
    old = [change.order_id for change, _ in judged if change.folded.before is not None]
    if old:
        database.execute(delete(tables.order_lines).where(tables.order_lines.c.order_id.in_(old)))
    if lines:
        database.execute(insert(tables.order_lines), lines)
    listings = listing_rows(connection.id, (verdict.order for _, verdict in judged))
    upsert(database, tables.listings, listings, keys=("connection_id", "item_id"))
    attempts = [_attempt_row(change, change.draft, now) for change, _ in judged if change.draft]
    if attempts:
        database.execute(insert(tables.attempts), attempts)
    entries = (Entry(one.order_id, SYSTEM, "settled", one.entry) for one in changes if one.entry)
    sign(database, now, entries)


def _attempt_row(change: _Change, draft: SaleDraft, now: datetime) -> dict[str, Any]:
    return {
        "order_id": change.order_id,
        "number": draft.attempt.number,
        "version": change.folded.number,
        "content_hash": change.folded.content_hash,
        "draft": draft.model_dump_json(),
        "state": AttemptState.UNANSWERED,
        "created_at": now,
    }


def _finish_payloads(database: Connection, connection_id: int, folded: Sequence[Folded]) -> None:
    payloads = tables.payloads
    handled = [number for one in folded for number in one.handled]
    if handled:
        database.execute(update(payloads).where(payloads.c.id.in_(handled)).values(handled=True))
    dropped = [number for one in folded for number in one.dropped]
    if dropped:
        database.execute(delete(payloads).where(payloads.c.id.in_(dropped)))
    reasons = {number: why for one in folded for number, why in one.not_orders.items()}
    if not reasons:
        return
    # Only the newest copy of what is no order is kept: every poll brings it again.
    database.execute(
        delete(payloads).where(
            payloads.c.connection_id == connection_id,
            payloads.c.not_an_order.is_not(None),
            payloads.c.id.not_in(reasons),
            payloads.c.webstore_id.in_([one.webstore_id for one in folded if one.not_orders]),
        )
    )
    database.execute(
        update(payloads).where(payloads.c.id == bindparam("the_id")).values(not_an_order=bindparam("why")),
        [{"the_id": number, "why": why.en} for number, why in reasons.items()],
    )


def _count(connection: OpenConnection, changes: Sequence[_Change], progress: int) -> Settled:
    settled = Settled(progress=progress)
    for change in changes:
        webstore_id, before = change.folded.webstore_id, change.folded.before
        if before is None:
            settled.new += 1
            settled.events.append(
                OrderImported(order_id=change.order_id, connection=connection.name, webstore_id=webstore_id)
            )
        elif change.folded.versions:
            settled.changed += 1
        if change.moved and change.status:
            settled.waiting += change.status in (Status.CUSTOMER_ID_REQUIRED, Status.PRODUCT_MATCH_FAILED)
            settled.failed += change.status is Status.SALE_PROCESSING_FAILED
            settled.events.append(
                StatusChanged(
                    order_id=change.order_id,
                    connection=connection.name,
                    webstore_id=webstore_id,
                    before=Status(before.status) if before and before.status else None,
                    after=change.status,
                    who=SYSTEM,
                )
            )
        if change.draft:
            settled.drafts.append(change.draft)
    return settled

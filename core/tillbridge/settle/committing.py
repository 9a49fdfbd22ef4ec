"""Commits a settled page in one transaction, if what matching read still holds.

This is rule 1 of the order protocol: versions, lines, the status of what failed and the attempts of
what can be sold are written together, and only for orders that are as they were read.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pydantic import ValidationError
from sqlalchemy import Connection, and_, select

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.events import OrderImported, StatusChanged
from tillbridge.model.drafts import SaleDraft
from tillbridge.model.orders import OrderKind, WebOrder
from tillbridge.model.status import Status
from tillbridge.model.stores import written_at
from tillbridge.model.words import Words
from tillbridge.orders.timeline import SYSTEM
from tillbridge.payments import asking
from tillbridge.payments.known import ask_to_look
from tillbridge.payments.planning import Wish
from tillbridge.sending import deliveries
from tillbridge.settle.added import write_added
from tillbridge.settle.carrying import carry_over
from tillbridge.settle.change import Change, change_of
from tillbridge.settle.folding import Folded
from tillbridge.settle.judge import Verdict
from tillbridge.settle.writing import finish_payloads, write_contents, write_orders


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
    known = _known(database, holding)
    changes = [
        change_of(connection, one, commit.verdicts.get(one.webstore_id), now, known.get(one.webstore_id))
        for one in holding
        if one.is_order
    ]
    carry_over(database, changes)
    write_orders(database, connection, changes, now)
    write_contents(database, connection, changes, now)
    _queue(database, connection, changes, now)
    write_added(database, connection, [(one, known.get(one.folded.webstore_id)) for one in changes], now)
    if connection.service_id is not None:
        ask_to_look(database, {one.order_id: now for one in changes if _is_to_be_looked_at(one)})
    finish_payloads(database, connection.id, holding)
    return _count(connection, changes, len(holding))


def _known(database: Connection, holding: Sequence[Folded]) -> Mapping[str, WebOrder]:
    """Return what was known of the orders of which a new version came, by webstore ID."""
    changed = {one.before.id: one.webstore_id for one in holding if one.before is not None and one.versions}
    if not changed:
        return {}
    orders, versions = tables.orders, tables.versions
    query = (
        select(versions.c.order_id, versions.c.document)
        .join(orders, and_(orders.c.id == versions.c.order_id, orders.c.version == versions.c.number))
        .where(among(database, versions.c.order_id, list(changed)))
    )
    found = {}
    for row in database.execute(query):
        with suppress(ValidationError):  # written by an older program
            found[changed[row.order_id]] = WebOrder.model_validate_json(row.document)
    return found


_CANCELLED: Final = Words("cancelled at the webstore", "웹스토어에서 취소됨")


def _queue(
    database: Connection, connection: OpenConnection, changes: Sequence[Change], now: datetime
) -> None:
    """Queue what follows from what the webstore did; it needs not be told of that itself."""
    stores = {store.code: store for store in connection.stores.values()}
    wanted = [
        (
            one.order_id,
            one.effects,
            deliveries.Act(
                id=deliveries.new_act(),
                at=now,
                attempt=one.folded.before.sold_attempt,
                reason=written_at(stores.get(one.folded.before.store), _CANCELLED),
            ),
        )
        for one in changes
        if one.effects and one.folded.before is not None
    ]
    if wanted:
        deliveries.queue_all(database, wanted)
        act = deliveries.Act(id=deliveries.new_act(), at=now)
        held = [one.folded.before for one in changes if one.effects and one.folded.before is not None]
        # What the webstore may have taken is its to give back; a hold that nobody needs is let go.
        asking.demand(database, [asking.Demand(row=row, wish=Wish.LET_GO) for row in held], act)


def _is_to_be_looked_at(change: Change) -> bool:
    """Say whether a payment service, or the webstore itself, may have news of an order's money."""
    folded = change.folded
    kind = change.values.get("kind") or (folded.before.kind if folded.before else None)
    return bool(folded.handled) and kind not in (None, OrderKind.ROPIS)


def _still_so(database: Connection, connection_id: int, commit: Commit) -> set[str]:
    """Return the orders that are as they were read, and wait for no answer; their rows are locked."""
    orders, attempts = tables.orders, tables.attempts
    wanted = [one.webstore_id for one in commit.folded]
    query = (
        select(orders.c.id, orders.c.webstore_id, orders.c.revision)
        .where(orders.c.connection_id == connection_id, among(database, orders.c.webstore_id, wanted))
        .order_by(orders.c.id)
        .with_for_update()
    )
    now = {row.webstore_id: row for row in database.execute(query)}
    unanswered = set(
        database.execute(
            select(attempts.c.order_id).where(
                among(database, attempts.c.order_id, [row.id for row in now.values()]),
                waiting.UNANSWERED,
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


def _count(connection: OpenConnection, changes: Sequence[Change], progress: int) -> Settled:
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

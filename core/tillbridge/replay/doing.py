"""Replays a page that was read: queues it, signed, lets it be settled, and looks at what it became."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.model.reasons import Reason
from tillbridge.model.status import Act, Status, Transition, replay_transition
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature, facts_of
from tillbridge.orders.timeline import Entry, sign
from tillbridge.replay.reading import Read
from tillbridge.replay.selecting import Page, rows_of
from tillbridge.replay.views import ReplayAct, ReplayView
from tillbridge.settle import settle
from tillbridge.settle.committing import Commit, commit_page

SOURCE = "replay"
_OVERTAKEN = Words(
    "The order has been changed meanwhile; look at it again.",
    "그사이 주문이 변경되었습니다. 다시 확인해 주세요.",
)
_AGAIN = Words("The kept data was replayed", "보관된 데이터를 다시 처리했습니다")
_COMPARED = Words(
    "The kept data was replayed; the order has its sale, so it was only compared",
    "보관된 데이터를 다시 처리했습니다. 거래가 이미 있어 비교만 했습니다",
)


def do_page(
    context: Context, connection: OpenConnection, page: Page, every: Sequence[Read], signature: Signature
) -> list[ReplayView]:
    """Do what was found of a page, and settle it; return what it became.

    A kill anywhere strands nothing: what is in the queue is settled by whoever comes next.
    """
    acts = {act: [one for one in every if one.view.act is act] for act in ReplayAct}
    process, queue = acts[ReplayAct.PROCESS], acts[ReplayAct.QUEUE]
    moved: list[StatusChanged] = []
    if process or queue:
        moved = context.database.unit(
            "replay", lambda database: _queue(context, connection, database, (process, queue), signature)
        )
        context.plugins.notify(moved)
    if compare := acts[ReplayAct.COMPARE]:
        _compare(context, connection, page, compare, signature)
    if process or queue:
        settle(context, connection)
    if queue:
        _sign_new(context, connection, queue, signature)
    return _became(context, connection, every, {one.order_id for one in moved})


def _queue(
    context: Context,
    connection: OpenConnection,
    database: Connection,
    found: tuple[Sequence[Read], Sequence[Read]],
    signature: Signature,
) -> list[StatusChanged]:
    """Put unsold orders into Process Sale, and what was no order back among what just came."""
    process, queue = found
    payloads = tables.payloads
    if queue:
        database.execute(
            update(payloads)
            .where(
                payloads.c.id.in_([one.view.payload_id for one in queue]),
                payloads.c.not_an_order.is_not(None),
            )
            .values(handled=False, not_an_order=None, source=SOURCE)
        )
    if not process:
        return []
    return _process(context, connection, database, [one.view.order_id for one in process], signature)


def _process(
    context: Context,
    connection: OpenConnection,
    database: Connection,
    order_ids: Sequence[int | None],
    signature: Signature,
) -> list[StatusChanged]:
    orders = tables.orders
    chosen = orders.c.id.in_(order_ids)
    database.execute(select(orders.c.id).where(chosen).order_by(orders.c.id).with_for_update()).all()
    # Read once the rows are locked: what was found of them may not hold any more, and the table decides.
    moves = [(row, replay_transition(facts_of(row))) for row in rows_of(database, chosen)]
    moved = [(row, move) for row, move in moves if isinstance(move, Transition)]
    now = context.clock.now()
    values: dict[str, Any] = {"put_aside": False, "undo": None, "changed_at": now}
    for target in {move.target for _, move in moved}:
        ids = [row.id for row, move in moved if move.target is target]
        database.execute(
            update(orders)
            .where(orders.c.id.in_(ids))
            .values({**values, "status": target, "revision": orders.c.revision + 1})
        )
    words = _with_reason(_AGAIN, signature)
    sign(database, now, (Entry(row.id, signature.who, Act.REPLAY.value, words) for row, _ in moved))
    return [_event(connection, row, move.target, signature) for row, move in moved if move.target]


def _event(connection: OpenConnection, row: AnyRow, after: Status, signature: Signature) -> StatusChanged:
    return StatusChanged(
        order_id=row.id,
        connection=connection.name,
        webstore_id=row.webstore_id,
        before=Status(row.status) if row.status else None,
        after=after,
        who=signature.who,
    )


def _compare(
    context: Context, connection: OpenConnection, page: Page, found: Iterable[Read], signature: Signature
) -> None:
    """Keep the newest version of orders that have their sale; without a verdict nothing can be sold."""
    words = _with_reason(_COMPARED, signature)
    folded = [one.folded for one in found]
    for one in folded:
        one.note = Entry(0, signature.who, Act.REPLAY.value, words)
    commit_page(context, connection, Commit(folded=folded, verdicts={}, links_revision=page.links_revision))


def _sign_new(
    context: Context, connection: OpenConnection, found: Sequence[Read], signature: Signature
) -> None:
    """Sign the replay of what was no order: only now may there be an order to sign it at."""
    orders = tables.orders
    names = [one.view.webstore_id for one in found]
    words = _with_reason(_AGAIN, signature)

    def work(database: Connection) -> None:
        query = select(orders.c.id).where(
            orders.c.connection_id == connection.id, orders.c.webstore_id.in_(names)
        )
        ids = database.execute(query.order_by(orders.c.id)).scalars().all()
        entries = (Entry(number, signature.who, Act.REPLAY.value, words) for number in ids)
        sign(database, context.clock.now(), entries)

    context.database.unit("replay signed", work)


def _became(
    context: Context, connection: OpenConnection, every: Sequence[Read], moved: Collection[int]
) -> list[ReplayView]:
    orders, payloads = tables.orders, tables.payloads
    names = [one.view.webstore_id for one in every]
    with context.database.read() as database:
        found = rows_of(database, (orders.c.connection_id == connection.id) & orders.c.webstore_id.in_(names))
        kept = select(payloads.c.id, payloads.c.not_an_order).where(
            payloads.c.id.in_([one.view.payload_id for one in every])
        )
        still = {row.id: row.not_an_order for row in database.execute(kept)}
    known = {row.webstore_id: row for row in found}
    return [
        _done(one.view, row, still)
        if _acted(one, row := known.get(one.view.webstore_id), moved)
        else _left(one.view)
        for one in every
    ]


def _acted(one: Read, row: AnyRow | None, moved: Collection[int]) -> bool:
    """Say whether it was done: staff or another worker may have been quicker."""
    match one.view.act:
        case ReplayAct.PROCESS:
            return one.view.order_id in moved
        case ReplayAct.COMPARE:
            return row is not None and row.content_hash == one.folded.content_hash
        case ReplayAct.QUEUE:
            return True
    return False


def _left(view: ReplayView) -> ReplayView:
    if view.act is ReplayAct.NOTHING:
        return view
    return replace(view, act=ReplayAct.NOTHING, why_not=_OVERTAKEN)


def _done(view: ReplayView, row: AnyRow | None, still: Mapping[int, str | None]) -> ReplayView:
    """Return what a payload became."""
    if row is None:
        said = still.get(view.payload_id)
        return replace(view, done=True, no_order=view.no_order or (Words.of(said) if said else None))
    reasons = tuple(Reason.model_validate(one) for one in json.loads(row.reasons))
    facts = facts_of(row)
    return replace(
        view,
        done=True,
        order_id=row.id,
        number=row.number,
        status_then=facts.status,
        reasons=reasons,
        changed_after_sale=facts.changed_after_sale,
    )


def _with_reason(words: Words, signature: Signature) -> Words:
    end = f": {signature.reason}" if signature.reason else "."
    return Words(f"{words.en}{end}", f"{words.ko}{end}")

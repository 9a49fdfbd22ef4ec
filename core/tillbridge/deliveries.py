"""What must happen elsewhere, written in the transaction that decided it (the outbox sends it)."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, exists, insert, select, update

from tillbridge.db import tables
from tillbridge.db.states import OPEN_DELIVERIES, DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.model.exchange import EffectDelivery
from tillbridge.model.status import Effect
from tillbridge.pos.details import Detail, SaleAction, nothing_paid, write_detail


class Destination(StrEnum):
    """Where a delivery goes."""

    WEBSTORE = "webstore"
    POS = "pos"
    PLUGIN = "plugin"


ACTIONS: Mapping[Effect, tuple[Destination, str]] = {
    Effect.TELL_ACCEPTED: (Destination.WEBSTORE, "accepted"),
    Effect.TELL_REJECTED: (Destination.WEBSTORE, "rejected"),
    Effect.REMOVE_ITEMS: (Destination.POS, SaleAction.REMOVE_ITEMS.value),
    Effect.BALANCE: (Destination.POS, SaleAction.PAY.value),  # 0.00: whoever knows the sale plans more
    Effect.FINISH_SALE: (Destination.POS, SaleAction.FINISH.value),
    Effect.VOID_SALE: (Destination.POS, SaleAction.VOID.value),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act that decides something, and what it needs to queue deliveries.

    Attributes:
        id: groups the deliveries of one act, so that it can be undone.
        attempt: the attempt whose sale is meant, for deliveries to the POS.
        reason: what staff said.
        tell: whether the webstore can be told at all.
        name: what the act is called, for the effects that plugins add.
        currency: the order's, for deliveries to the POS that note an amount.
    """

    id: str
    at: datetime
    attempt: int | None = None
    reason: str = ""
    tell: bool = True
    name: str = ""
    currency: str = ""


def new_act() -> str:
    """Return a new act's ID."""
    return uuid.uuid4().hex


def queue(database: Connection, order_id: int, effects: Iterable[Effect], act: Act) -> None:
    """Write the deliveries of one order's effects, in their order."""
    queue_all(database, [(order_id, effects, act)])


def queue_all(database: Connection, wanted: Iterable[tuple[int, Iterable[Effect], Act]]) -> None:
    """Write the deliveries of several orders' effects with one statement."""
    rows = [
        _row(order_id, effect, act)
        for order_id, effects, act in wanted
        for effect in effects
        if effect in ACTIONS and (act.tell or ACTIONS[effect][0] is not Destination.WEBSTORE)
    ]
    if rows:
        database.execute(insert(tables.deliveries), rows)


def _row(order_id: int, effect: Effect, act: Act) -> dict[str, Any]:
    destination, action = ACTIONS[effect]
    body: dict[str, Any] = {"attempt": act.attempt, "reason": act.reason}
    if effect is Effect.BALANCE:
        body = {
            "attempt": act.attempt,
            "reason": "",
            "detail": write_detail(SaleAction.PAY, nothing_paid(act.currency)),
        }
    return _delivery(order_id, destination, action, body, act)


def _delivery(
    order_id: int, destination: Destination, action: str, body: Mapping[str, Any], act: Act
) -> dict[str, Any]:
    return {
        **_blank(order_id, act),
        "destination": destination,
        "action": action,
        "body": json.dumps(body),
    }


def queue_plugins(database: Connection, order_id: int, effects: Iterable[tuple[str, str]], act: Act) -> None:
    """Write the deliveries of effects that plugins added, each (plugin, effect), in their order."""
    rows = [
        {
            **_blank(order_id, act),
            "destination": Destination.PLUGIN,
            "action": effect,
            "body": json.dumps({"plugin": plugin, "act": act.name, "reason": act.reason}),
        }
        for plugin, effect in effects
    ]
    if rows:
        database.execute(insert(tables.deliveries), rows)


def plugin_effect(row: AnyRow, connection: str) -> tuple[str, EffectDelivery]:
    """Return whose effect a delivery to a plugin is, and what the plugin is given of it."""
    body = json.loads(row.body)
    effect = EffectDelivery(
        key=row.key,
        effect=row.action,
        act=body["act"],
        connection=connection,
        order_id=row.webstore_id,
        reason=body["reason"],
    )
    return body["plugin"], effect


def _blank(order_id: int, act: Act) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "key": uuid.uuid4().hex,
        "act": act.id,
        "state": DeliveryState.WAITING,
        "created_at": act.at,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleOrder:
    """One change of a sale that is to be made, as `tillbridge.pos.contract.SaleChange` has it.

    Attributes:
        reason: stands in the sale's comments.
        expect: the sale's revision that staff saw; None: whatever it has become.
    """

    action: SaleAction
    detail: Detail | None = None
    reason: str = ""
    who: str = ""
    expect: int | None = None


def queue_changes(database: Connection, order_id: int, changes: Iterable[SaleOrder], act: Act) -> list[str]:
    """Write what is to be done to an order's sale, in its order; return the deliveries' keys."""
    rows = []
    for change in changes:
        body = {
            "attempt": act.attempt,
            "reason": change.reason,
            "detail": write_detail(change.action, change.detail),
            "who": change.who,
            "expect": change.expect,
        }
        rows.append(_delivery(order_id, Destination.POS, change.action.value, body, act))
    if rows:
        database.execute(insert(tables.deliveries), rows)
    return [row["key"] for row in rows]


def is_told(effect: Effect) -> bool:
    """Say whether an effect is something that the webstore is told."""
    return effect in ACTIONS and ACTIONS[effect][0] is Destination.WEBSTORE


def send_again(database: Connection, order_id: int) -> int:
    """Let an order's deliveries that were set aside be tried anew; return how many.

    The POS keeps its refusal by the key, so what it is asked again has a new one.
    """
    table = tables.deliveries
    aside = and_(table.c.order_id == order_id, table.c.state == DeliveryState.SET_ASIDE)
    rows = database.execute(select(table.c.id, table.c.destination).where(aside).with_for_update()).all()
    fresh = {"state": DeliveryState.WAITING, "tries": 0, "first_sent_at": None, "not_before": None}
    for row in rows:
        more = {"key": uuid.uuid4().hex} if row.destination == Destination.POS else {}
        database.execute(update(table).where(table.c.id == row.id).values(**fresh, **more))
    return len(rows)


def supersede(database: Connection, order_id: int) -> None:
    """Leave out the statuses that a later one makes needless: unsent, or set aside."""
    deliveries = tables.deliveries
    needless = (DeliveryState.WAITING, DeliveryState.RETRY, DeliveryState.SET_ASIDE)
    database.execute(
        update(deliveries)
        .where(
            deliveries.c.order_id == order_id,
            deliveries.c.destination == Destination.WEBSTORE,
            deliveries.c.state.in_(needless),
        )
        .values(state=DeliveryState.SUPERSEDED)
    )


def withdraw(database: Connection, order_id: int, act: str) -> bool:
    """Take back the deliveries of an act if none was ever claimed or sent (rule 8).

    Returns:
        whether that was still possible; if not, nothing is changed.
    """
    deliveries = tables.deliveries
    mine = (deliveries.c.order_id == order_id, deliveries.c.act == act)
    states = database.execute(select(deliveries.c.state).where(*mine).with_for_update()).scalars().all()
    if any(state != DeliveryState.WAITING for state in states):
        return False
    database.execute(update(deliveries).where(*mine).values(state=DeliveryState.WITHDRAWN))
    return True


def stands(database: Connection, order_id: int, effect: Effect) -> bool:
    """Say whether a delivery of this effect has reached its destination, or still will."""
    destination, action = ACTIONS[effect]
    deliveries = tables.deliveries
    query = select(deliveries.c.id).where(
        deliveries.c.order_id == order_id,
        deliveries.c.destination == destination,
        deliveries.c.action == action,
        deliveries.c.state.in_((DeliveryState.SENT, *OPEN_DELIVERIES)),
    )
    return database.execute(query.limit(1)).first() is not None


def any_failed(database: Connection, connection_id: int) -> bool:
    """Say whether a delivery of a connection's orders waits because it failed before."""
    table, orders = tables.deliveries, tables.orders
    failed = exists().where(
        orders.c.id == table.c.order_id,
        orders.c.connection_id == connection_id,
        table.c.state == DeliveryState.RETRY,
    )
    return bool(database.execute(select(failed)).scalar())

"""What must happen elsewhere, written in the transaction that decided it (the outbox sends it)."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, exists, insert, select, update

from tillbridge.db import tables, waiting
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.model.drafts import CarriedOver, write_carried
from tillbridge.model.exchange import EffectDelivery
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Effect
from tillbridge.model.words import Words
from tillbridge.payments.anew import anew
from tillbridge.pos.details import CARD_TYPE, Detail, SaleAction, nothing_paid, read_detail, write_detail
from tillbridge.provider import Provider


class Destination(StrEnum):
    """Where a delivery goes."""

    WEBSTORE = "webstore"
    POS = "pos"
    PLUGIN = "plugin"
    PAYMENT = "payment"  # the payment service; the action is a `tillbridge.payments.planning.Wish`


ACTIONS: Mapping[Effect, SaleAction] = {
    Effect.REMOVE_ITEMS: SaleAction.REMOVE_ITEMS,
    Effect.BALANCE: SaleAction.PAY,  # 0.00: whoever knows the sale plans more
    Effect.FINISH_SALE: SaleAction.FINISH,
    Effect.VOID_SALE: SaleAction.VOID,
}
"""What is done to a sale as a whole; `tillbridge.sending.news` queues what the webstore is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act that decides something, and what it needs to queue deliveries.

    Attributes:
        id: groups the deliveries of one act, so that it can be undone.
        attempt: the attempt whose sale is meant, for deliveries to the POS.
        reason: what staff said.
        provider: the order's, for what its webstore is told; None: it is told nothing.
        name: what the act is called, for the effects that plugins add.
        currency: the order's, for deliveries to the POS that note an amount.
        card_type: of an eCommerce payment that they note.
    """

    id: str
    at: datetime
    attempt: int | None = None
    reason: str = ""
    provider: Provider | None = None
    name: str = ""
    currency: str = ""
    card_type: str = CARD_TYPE


def new_act() -> str:
    """Return a new act's ID."""
    return uuid.uuid4().hex


def queue(database: Connection, order_id: int, effects: Iterable[Effect], act: Act) -> None:
    """Write what one order's effects do to its sale, in their order."""
    queue_all(database, [(order_id, effects, act)])


def queue_all(database: Connection, wanted: Iterable[tuple[int, Iterable[Effect], Act]]) -> None:
    """Write what several orders' effects do to their sales with one statement."""
    rows = [
        _row(order_id, effect, act)
        for order_id, effects, act in wanted
        for effect in effects
        if effect in ACTIONS
    ]
    if rows:
        database.execute(insert(tables.deliveries), rows)


def _row(order_id: int, effect: Effect, act: Act) -> dict[str, Any]:
    body: dict[str, Any] = {"attempt": act.attempt, "reason": act.reason}
    if effect is Effect.BALANCE:
        detail = write_detail(SaleAction.PAY, nothing_paid(act.currency, act.card_type))
        body = {"attempt": act.attempt, "reason": "", "detail": detail}
    return new_delivery(order_id, Destination.POS, ACTIONS[effect].value, body, act)


def new_delivery(
    order_id: int, destination: Destination, action: str, body: Mapping[str, Any], act: Act
) -> dict[str, Any]:
    """Return a delivery as its table holds it, with a key of its own."""
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
        signs: what the timeline calls it and says once it is done; None where that is signed already.
        outcome: how the reservation has ended once this is done, or None.
        carried: of a void, what goes on the sale that is made in the old one's place.
        counter: what takes it back again once it is done; None: nothing does.
    """

    action: SaleAction
    detail: Detail | None = None
    reason: str = ""
    who: str = ""
    expect: int | None = None
    signs: tuple[str, Words] | None = None
    outcome: Resolution | None = None
    carried: CarriedOver | None = None
    counter: "SaleOrder | None" = None

    @property
    def signature(self) -> dict[str, str] | None:
        """What is signed with its success, as the delivery carries it."""
        if self.signs is None:
            return None
        what, words = self.signs
        return {"who": self.who, "what": what, "en": words.en, "ko": words.ko}


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
            "sign": change.signature,
        }
        if change.outcome:
            body["outcome"] = change.outcome.value
        if change.carried:
            body["carried"] = write_carried(change.carried)
        if change.counter:
            body["counter"] = {
                "action": change.counter.action.value,
                "reason": change.counter.reason,
                "detail": write_detail(change.counter.action, change.counter.detail),
            }
        rows.append(new_delivery(order_id, Destination.POS, change.action.value, body, act))
    if rows:
        database.execute(insert(tables.deliveries), rows)
    return [row["key"] for row in rows]


def read_counter(body: Mapping[str, Any]) -> SaleOrder | None:
    """Return what takes a delivery back that the POS has done, of its body; None: nothing does."""
    counter = body.get("counter")
    if counter is None:
        return None
    action = SaleAction(counter["action"])
    detail = read_detail(action, counter["detail"])
    return SaleOrder(action=action, detail=detail, reason=counter["reason"])


def send_again(database: Connection, order_id: int) -> int:
    """Let an order's deliveries that were set aside be tried anew; return how many.

    The POS keeps its refusal by the key, so what it is asked again has a new one.
    """
    table = tables.deliveries
    aside = and_(table.c.order_id == order_id, table.c.state == DeliveryState.SET_ASIDE)
    columns = (table.c.id, table.c.destination, table.c.action, table.c.key, table.c.body)
    rows = database.execute(select(*columns).where(aside).with_for_update()).all()
    fresh = {"state": DeliveryState.WAITING, "tries": 0, "first_sent_at": None, "not_before": None}
    for row in rows:
        database.execute(update(table).where(table.c.id == row.id).values(**fresh, **_anew(row)))
    return len(rows)


def _anew(row: AnyRow) -> dict[str, Any]:
    """Return what else is new of a delivery that is tried anew: who keeps a refusal by its key needs another.

    What is to be done at a payment service is planned anew as well, on what it has then.
    """
    if row.destination == Destination.POS:
        return {"key": uuid.uuid4().hex}
    return anew(row) if row.destination == Destination.PAYMENT else {}


def pos_waits(database: Connection, order_id: int) -> bool:
    """Say whether the POS has something of an order still to do."""
    table = tables.deliveries
    mine = (table.c.order_id == order_id, table.c.destination == Destination.POS, waiting.OPEN)
    return database.execute(select(table.c.id).where(*mine).limit(1)).first() is not None


def any_failed(database: Connection, connection_id: int) -> bool:
    """Say whether a delivery of a connection's orders waits because it failed before."""
    table, orders = tables.deliveries, tables.orders
    failed = exists().where(
        orders.c.id == table.c.order_id,
        orders.c.connection_id == connection_id,
        table.c.state == DeliveryState.RETRY,
    )
    return bool(database.execute(select(failed)).scalar())

"""What the POS's answers to deliveries change of the orders whose sales they were about."""

import json
from typing import Any

from sqlalchemy import Connection, select, update

from tillbridge.db import tables
from tillbridge.db.states import OPEN_DELIVERIES, AttemptState, DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.events import StatusChanged
from tillbridge.matching.evidence import Candidate, Evidence
from tillbridge.matching.matcher import LINK
from tillbridge.model.exchange import Decision
from tillbridge.model.status import Act, OrderFacts, Status, system_transition
from tillbridge.model.words import Words
from tillbridge.orders import refunds
from tillbridge.orders.timeline import SYSTEM
from tillbridge.pos.contract import SaleAction, SaleState
from tillbridge.pos.details import Payment, read_detail


def after_pos(
    database: Connection, order: AnyRow, row: AnyRow, state: DeliveryState
) -> tuple[dict[str, Any], StatusChanged | None]:
    """Return what a POS delivery's answer changes of its order."""
    action = SaleAction(row.action)
    body = json.loads(row.body)
    number = body["attempt"]
    attempts = tables.attempts
    if action is SaleAction.VOID and state is DeliveryState.SET_ASIDE:
        return _keep_sale(database, order)
    if state is DeliveryState.SET_ASIDE and _is_mark(action, body):
        return {}, None
    if action in (SaleAction.REMOVE_ITEMS, SaleAction.PAY) and state is DeliveryState.SET_ASIDE:
        _do_not_finish(database, row)
    if state is not DeliveryState.SENT:
        # Staff see why, and decide anew: nothing is completed behind their back.
        given_up = state is DeliveryState.SET_ASIDE and closing_act(order) == row.act
        return ({"closing": None} if given_up else {}), None
    if action is SaleAction.VOID:
        database.execute(
            update(attempts)
            .where(attempts.c.order_id == order.id, attempts.c.number == number)
            .values(state=AttemptState.VOIDED)
        )
    if order.sold_attempt != number:
        return {}, None
    if action is SaleAction.REPLACE_PRODUCT:
        _show_product(database, order.id, body["detail"])
    if action is SaleAction.SET_CUSTOMER:
        return _show_customer(body["detail"]["customer_id"]), None
    if action is SaleAction.VOID:
        return dict.fromkeys(("sold_attempt", "sold_hash", "sale_id", "barcode", "sale_state")), None
    became = _sale_after(order, action, removed_all=body.get("detail") is None)
    known = {"sale_state": became, "resolution": body.get("outcome"), **refunds.after_answer(order, action)}
    return {name: value for name, value in known.items() if value}, None


def _is_mark(action: SaleAction, body: dict[str, Any]) -> bool:
    """Say whether it is a payment of 0.00: a POS that keeps no such thing closes the sale all the same."""
    detail = read_detail(action, body.get("detail")) if action is SaleAction.PAY else None
    return isinstance(detail, Payment) and not detail.amount


def closing_act(order: AnyRow) -> str | None:
    """Return the act that is to end with an order's completion, or None."""
    return str(json.loads(order.closing)["act"]) if order.closing else None


def _show_customer(customer_id: str) -> dict[str, Any]:
    """Return what the order shows of the customer whose sale it is now."""
    evidence = Evidence(rule=LINK, keys=(f"id {customer_id}",), candidates=(Candidate(customer_id, ""),))
    return {"customer_id": customer_id, "customer_evidence": evidence.as_json()}


def _show_product(database: Connection, order_id: int, detail: dict[str, Any]) -> None:
    """Let the order's line show the product that its sale has now."""
    lines, product = tables.order_lines, detail["product_id"]
    line_id = detail["pick"]["web_line"]
    evidence = Evidence(rule=LINK, keys=(f"line {line_id}",), candidates=(Candidate(product, ""),))
    database.execute(
        update(lines)
        .where(lines.c.order_id == order_id, lines.c.line_id == line_id)
        .values(product_id=product, product=None, evidence=evidence.as_json())
    )


def _sale_after(order: AnyRow, action: SaleAction, *, removed_all: bool) -> SaleState | None:
    """Return what an act surely made of the sale; of what else it became the POS's feed tells."""
    if action is SaleAction.REMOVE_ITEMS and removed_all and order.sale_state == SaleState.OPEN:
        return SaleState.EMPTIED
    if action is SaleAction.FINISH and order.sale_state == SaleState.EMPTIED:
        return SaleState.CLOSED_EMPTY
    return None


def _do_not_finish(database: Connection, removal: AnyRow) -> None:
    """Set aside what was to follow: a sale finished with its items, or without its payments, is wrong."""
    table = tables.deliveries
    words = Words("The step before it was not done.", "앞 단계가 처리되지 않았습니다.")
    database.execute(
        update(table)
        .where(
            table.c.order_id == removal.order_id,
            table.c.act == removal.act,
            table.c.destination == "pos",
            table.c.state.in_(OPEN_DELIVERIES),
        )
        .values(state=DeliveryState.SET_ASIDE, answer_en=words.en, answer_ko=words.ko)
    )


def _keep_sale(database: Connection, order: AnyRow) -> tuple[dict[str, Any], StatusChanged | None]:
    """The old sale could not be voided (it was finished meanwhile): it stands, and so does the order.

    So it does where undoing the last act would bring back Process Sale, which waits for the void.
    """
    values: dict[str, Any] = {}
    remembered = json.loads(order.undo) if order.undo else {}
    if remembered.get("status") == Status.PROCESS_SALE:
        kept = _status_of_kept_sale(remembered["decision"])
        values["undo"] = json.dumps({**remembered, "status": kept})
    if order.status != Status.PROCESS_SALE:
        return values, None
    after = _status_of_kept_sale(order.decision)
    connections = tables.connections
    name = database.execute(
        select(connections.c.name).where(connections.c.id == order.connection_id)
    ).scalar_one()
    event = StatusChanged(
        order_id=order.id,
        connection=name,
        webstore_id=order.webstore_id,
        before=Status.PROCESS_SALE,
        after=after,
        who=SYSTEM,
    )
    return {**values, "status": after}, event


def _status_of_kept_sale(decision: str | None) -> Status:
    facts = OrderFacts(
        status=Status.PROCESS_SALE, decision=Decision(decision) if decision else None, has_sale=True
    )
    row = system_transition(Act.KEEP_SALE, facts, (Status.NEW, Status.IN_PROCESS))
    if row.target is None:
        raise ValueError("keeping a sale leads to a status")
    return row.target

"""Does at the payment service what was decided, step by step; the outbox calls it and keeps the answer.

The steps are planned on a fresh reading and kept before the first of them. Whoever goes on after a crash
finds them, reads the payment first, and repeats only what it does not show, with the same key; after a day
with another one, since services forget keys. So no amount is taken or given back twice, and none is left out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, update

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import Misconfigured, Rejected, Retryable
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.money import Money, zero
from tillbridge.model.payments import (
    PaymentAct,
    PaymentDelivery,
    PaymentReceipt,
    RefundState,
    WebPayment,
)
from tillbridge.model.words import Words
from tillbridge.orders.order_state import locked
from tillbridge.orders.timeline import SYSTEM, Entry, sign
from tillbridge.paying.looking import Looked, keep_one, look_at
from tillbridge.payments.amounts import card_part
from tillbridge.payments.anew import STEPS, given_before, read_asked, step_key
from tillbridge.payments.asking import refunded_in_favour
from tillbridge.payments.known import Reading
from tillbridge.payments.planning import Asked, NothingLeft, Step, Wish, is_done, plan
from tillbridge.sending import deliveries, given_back
from tillbridge.sending.given_back import GivenBack

KEY_LIFE: Final = timedelta(hours=23)
"""How long an idempotency key is surely kept by a service; an hour short of what they promise."""
_LOST: Final = Words("Another worker has taken this over.", "다른 작업자가 이어서 처리하고 있습니다.")
_NO_SERVICE: Final = Words(
    "No payment service serves this connection any more: tillbridge connection payments",
    "이 연결에 결제 서비스가 더 이상 없습니다: tillbridge connection payments",
)
_NOT_SHOWN: Final = Words(
    "The payment service has taken it up, and does not show it yet.",
    "결제 서비스에서 접수했지만 아직 반영되지 않았습니다.",
)
_DONE: Final = {
    PaymentAct.CAPTURE: Words("taken from the card", "카드 결제 완료"),
    PaymentAct.RELEASE: Words("the hold on the card is released", "카드 승인 보류 해제"),
    PaymentAct.REFUND: Words(
        "refunded; the bank may take up to two weeks", "환불 요청(은행 처리에 최대 2주 소요)"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One delivery at hand, and the run that has claimed it."""

    context: Context
    connection: OpenConnection
    service: OpenConnection
    row: AnyRow
    worker: str

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.row.body)
        return found


def send(context: Context, connection: OpenConnection, row: AnyRow, worker: str) -> Receipt:
    """Do what a delivery to a payment service says; return what came of it.

    Args:
        context: the engine's parts.
        connection: the webstore's, whose order it is.
        row: the delivery, as it was before it was claimed.
        worker: who has claimed it.

    Raises:
        ProviderError, PluginError: of the service: it is not known whether the last step was done.
    """
    service = connection.open_service()
    if service is None:
        raise Misconfigured(_NO_SERVICE)
    work = _Work(context=context, connection=connection, service=service, row=row, worker=worker)
    body = work.body
    fresh = "steps" not in body
    looked = look_at(context, connection, row.order_id) if fresh else None
    if looked is not None:
        body = _note_unheard(work, body, looked)
        try:
            steps = plan(_asked(work, body, looked), looked.payments)
        except NothingLeft as nothing:
            return Receipt(Outcome.REFUSED, nothing.words)
        body = {**body, "steps_at": context.clock.now().isoformat()}
        body = _keep_steps(work, body, steps)
    known = {one.id: one for one in looked.payments} if looked else {}
    return _do_all(work, body, known)


def _asked(work: _Work, body: dict[str, Any], looked: Looked) -> Asked:
    wish, currency = Wish(work.row.action), looked.order.currency
    amount = Money(body["minor"], currency) if body.get("minor") is not None else None
    if wish is Wish.REFUND and amount is not None:
        amount = max(amount - Money(given_before(body), currency), zero(currency))
    stands = card_part(looked.order)
    if wish is Wish.CHARGE and amount is not None:
        stands = min(stands, amount)
    if wish is Wish.SETTLE and amount is not None:
        stands = amount - (looked.order.total - stands)  # the sale has gift cards, too
    if wish is not Wish.CHARGE:
        # What staff had refunded beside is no reason to give less back, or to take it anew.
        with work.context.database.read() as database:
            favour = refunded_in_favour(database, work.row.order_id)
        stands = max(stands - Money(favour, currency), zero(currency))
    return Asked(wish=wish, stands=stands, amount=amount, only_surplus=bool(body.get("only_surplus")))


def _do_all(work: _Work, body: dict[str, Any], known: dict[str, WebPayment]) -> Receipt:
    steps: list[Step] = STEPS.validate_python(body["steps"])
    for place, step in enumerate(steps):
        if step.done:
            continue
        key, payment = _key(work.row, place, step), known.get(step.payment)
        if payment is None:  # it may have been done by somebody who died
            payment = _read(work, step.payment)
            if is_done(step, payment, key):
                if failed := _failed(payment, step, key):
                    return failed
                body = _note_done(work, body, place, payment)
                continue
            body = _renewed(work, body, place)
        wanted: Step = STEPS.validate_python(body["steps"])[place]
        key = _key(work.row, place, wanted)
        receipt = _do(work, wanted, payment, key)
        if receipt.outcome is not Outcome.ACCEPTED:
            return receipt
        assert receipt.payment is not None  # `_do` has read it
        if failed := _failed(receipt.payment, wanted, key):
            return failed
        body = _note_done(work, body, place, receipt.payment)
        if step.payment in known:
            known[step.payment] = receipt.payment
    return Receipt(Outcome.ACCEPTED)


def _do(work: _Work, step: Step, payment: WebPayment, key: str) -> PaymentReceipt:
    """Do one step; accepted is what the payment shows as done, read anew."""
    plugins, service = work.context.plugins, work.service
    delivery = PaymentDelivery(
        key=key,
        order_id=work.row.webstore_id,
        number=work.row.number,
        webstore=work.connection.name,
        reason=work.body.get("reason", ""),
        is_retry=bool(work.row.tries),
    )
    wanted = (payment, Money(step.minor, payment.currency), delivery)
    started = work.context.clock.now()
    try:
        receipt = plugins.payments.do(service.provider.name, service.guest, step.act, wanted)
    except Rejected as error:
        receipt = PaymentReceipt(Outcome.REFUSED, error.words)
    if receipt.outcome is Outcome.ACCEPTED and receipt.payment is not None:
        now = receipt.payment
        _keep_reading(work, now, started)
    else:
        now = _read(work, payment.id)
    if is_done(step, now, key):
        return PaymentReceipt(Outcome.ACCEPTED, payment=now)
    if receipt.outcome is Outcome.ACCEPTED:
        return PaymentReceipt(Outcome.UNKNOWN, _NOT_SHOWN)
    return receipt


def _read(work: _Work, payment_id: str) -> WebPayment:
    started = work.context.clock.now()
    service = work.service
    payment = work.context.plugins.payments.fetch(service.provider.name, service.guest, payment_id)
    _keep_reading(work, payment, started)
    return payment


def _keep_reading(work: _Work, payment: WebPayment, started: datetime) -> None:
    reading = Reading(
        order_id=work.row.order_id,
        service_id=work.service.id,
        payment=payment,
        started=started,
        ended=work.context.clock.now(),
    )
    keep_one(work.context, reading)


def _key(row: AnyRow, place: int, step: Step) -> str:
    """Return a step's idempotency key: of the order, the action, the attempt, and the step."""
    return step_key(row.key, place, step.epoch)


def _renewed(work: _Work, body: dict[str, Any], place: int) -> dict[str, Any]:
    """Give a step another key, where the old one may be forgotten; kept before it is used."""
    since = datetime.fromisoformat(body["steps_at"])
    now = work.context.clock.now()
    if now - since < KEY_LIFE:
        return body
    steps: list[Step] = STEPS.validate_python(body["steps"])
    steps[place] = replace(steps[place], epoch=steps[place].epoch + 1)
    return _keep_steps(work, {**body, "steps_at": now.isoformat()}, steps)


def _keep_steps(work: _Work, body: dict[str, Any], steps: Sequence[Step]) -> dict[str, Any]:
    changed = {**body, "steps": STEPS.dump_python(list(steps), mode="json")}
    work.context.database.unit("payment steps", lambda database: _write_body(database, work, changed))
    return changed


def _note_unheard(work: _Work, body: dict[str, Any], looked: Looked) -> dict[str, Any]:
    """Note, sign and tell what an earlier try did at the service without being heard of."""
    changed, found = read_asked(body, looked.payments)

    def write(database: Connection) -> None:
        for step in found:  # one or two, of one order
            _sign_step(database, work, step, looked.order.currency)
        _write_body(database, work, changed)

    if found:
        work.context.database.unit("payment steps found", write)
    return changed


def _note_done(work: _Work, body: dict[str, Any], place: int, payment: WebPayment) -> dict[str, Any]:
    """Note that a step is done, and sign it."""
    steps: list[Step] = STEPS.validate_python(body["steps"])
    step = steps[place] = replace(steps[place], done=True)
    changed = {**body, "steps": STEPS.dump_python(steps, mode="json")}

    def write(database: Connection) -> None:
        _sign_step(database, work, step, payment.currency)
        _write_body(database, work, changed)

    work.context.database.unit("payment step done", write)
    return changed


def _sign_step(database: Connection, work: _Work, step: Step, currency: str) -> None:
    now, amount = work.context.clock.now(), Money(step.minor, currency)
    said = _DONE[step.act]
    words = Words(f"{amount:en}: {said.en}", f"{amount:ko}: {said.ko}")
    if step.act is PaymentAct.REFUND:
        _tell(database, work, amount, now)
    who = work.body.get("who") or SYSTEM
    sign(database, now, [Entry(work.row.order_id, who, step.act.value, words)])


def _tell(database: Connection, work: _Work, amount: Money, now: datetime) -> None:
    """Let the webstore hear what its payment service gave back for us."""
    locked(database, work.row.order_id)
    one = GivenBack(order_id=work.row.order_id, amount=amount, reason=work.body.get("reason", ""))
    act = deliveries.Act(id=deliveries.new_act(), at=now, provider=work.connection.provider)
    given_back.tell(database, [(one, act)])


def _write_body(database: Connection, work: _Work, body: dict[str, Any]) -> None:
    """Keep a delivery's body, as long as it is claimed by this run.

    Raises:
        Retryable: it is not any more.
    """
    table = tables.deliveries
    mine = update(table).where(
        table.c.id == work.row.id, table.c.state == DeliveryState.CLAIMED, table.c.worker == work.worker
    )
    if not database.execute(mine.values(body=json.dumps(body))).rowcount:
        raise Retryable(_LOST)


def _failed(payment: WebPayment, step: Step, key: str) -> Receipt | None:
    """Return the refusal of a refund that the bank did not take."""
    refund = payment.refund_of(key) if step.act is PaymentAct.REFUND else None
    if refund is None or refund.state is not RefundState.FAILED:
        return None
    return Receipt(
        Outcome.REFUSED,
        Words(
            f"The bank did not take the refund of {refund.amount:en}; the customer has not got it.",
            f"은행에서 환불 {refund.amount:ko}을(를) 받지 않아 고객에게 입금되지 않았습니다.",
        ),
    )

"""A payment service in memory: it holds, takes, releases, gives back, and keeps idempotency keys.

It lets tests of the engine, or of a host, say what a payment service has, without one and without a network.
`wrong` says at any time which of its own rules were broken: an amount taken twice, or more given back than
was taken.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from tillbridge.http import HttpSettings
from tillbridge.model.errors import PayloadError, Rejected
from tillbridge.model.exchange import ConnectionCheck, Outcome
from tillbridge.model.money import Money, zero
from tillbridge.model.payments import (
    EntryKind,
    PaidOrder,
    PaymentDelivery,
    PaymentEntry,
    PaymentReceipt,
    RefundState,
    WebPayment,
    WebPaymentState,
    WebRefund,
)
from tillbridge.model.webhooks import WebhookHint, WebhookRequest, WebhookResult
from tillbridge.model.words import Words
from tillbridge.plugin import hookimpl
from tillbridge.provider import Capability, Connection, Provider

PAYMENTS = "memory_payments"
KEYS_KEPT = timedelta(hours=24)


class PaymentSettings(BaseModel):
    """The settings of the payment service in memory."""

    account: str = Field(default="acct", description="which account it is")


def _refusal(en: str, ko: str) -> Rejected:
    return Rejected(Words(en, ko))


@dataclass(frozen=True, slots=True)
class _Answered:
    """What was answered under a key, with what was asked."""

    asked: tuple[object, ...]
    at: datetime


@dataclass(slots=True)
class MemoryPayments:
    """A payment service in memory; register it as a plugin.

    Attributes:
        now: its own clock, UTC.
        payments: by their IDs.
        keeps_keys: whether refunds show the key that asked for them.
        confirms: whether a refund is done at once; if not, it is pending until `confirm`.
        before: called with the name of a call as it arrives; raise from it to be away.
        after: called once it was done; raise from it to lose the answer.
        moves: what it lists.
        wrong: what must never have happened to it.
    """

    now: Callable[[], datetime]
    payments: dict[str, WebPayment] = field(default_factory=dict)
    keeps_keys: bool = True
    confirms: bool = True
    before: Callable[[str], None] = lambda _: None
    after: Callable[[str], None] = lambda _: None
    moves: list[PaymentEntry] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _keys: dict[str, _Answered] = field(default_factory=dict)
    _guard: threading.RLock = field(default_factory=threading.RLock)

    # What customers and the bank do

    def hold(self, order_id: str, amount: Money, **more: Any) -> WebPayment:
        """Hold an amount on a customer's card for an order ("": for none); return the payment."""
        number = more.pop("id", f"pi_{len(self.payments) + 1}")
        made = WebPayment.of(
            number,
            WebPaymentState.HELD,
            {"authorised": amount},
            amount.currency,
            created_at=self.now(),
            live=False,
            order_id=order_id or None,
            **more,
        )
        self.payments[number] = made
        return made

    def take_part(self, number: str, amount: Money) -> None:
        """Take a part of a hold at the service itself, past tillbridge; the rest stays held."""
        one = self.payments[number]
        self._change(number, captured=one.captured + amount, authorised=one.authorised - amount)
        self._list(EntryKind.CHARGE, number, amount)

    def expire(self, number: str) -> None:
        """Let a hold end by itself; what was taken of it stays taken."""
        taken = self.payments[number].captured
        self._change(number, state=WebPaymentState.CAPTURED if taken else WebPaymentState.EXPIRED)

    def confirm(self, number: str, *, failed: bool = False) -> None:
        """Let the bank confirm, or refuse, every refund of a payment that is pending."""
        one = self.payments[number]
        state = RefundState.FAILED if failed else RefundState.DONE
        refunds = tuple(
            refund.model_copy(update={"state": state}) if refund.state is RefundState.PENDING else refund
            for refund in one.refunds
        )
        done = zero(one.currency) if failed else one.refund_pending
        nothing = zero(one.currency)
        self._change(number, refunds=refunds, refunded=one.refunded + done, refund_pending=nothing)

    def refund_there(self, number: str, amount: Money) -> None:
        """Give some back at the service itself, past tillbridge."""
        self._give_back(number, amount, "")

    # Hooks

    @hookimpl
    def providers(self) -> list[Provider]:
        """Offer one provider."""
        capabilities = (
            Capability.CHECK,
            Capability.PAYMENTS,
            Capability.PAYMENT_ACTS,
            Capability.PAYMENT_LIST,
            Capability.WEBHOOKS,
        )
        return [
            Provider(
                name=PAYMENTS,
                title="Memory Pay",
                settings=PaymentSettings,
                account_key=lambda settings: str(settings.account),
                http=lambda _: HttpSettings(base_url="http://localhost", service="Memory Pay"),
                capabilities=frozenset(capabilities),
            )
        ]

    @hookimpl
    def check_connection(self, connection: Connection) -> ConnectionCheck:
        """Name the account."""
        return ConnectionCheck(account=str(connection.settings.account))

    @hookimpl
    def record_payment(self, connection: Connection, order: PaidOrder) -> Sequence[WebPayment]:  # noqa: ARG002  # the hook's own parameters
        """Return the payments that name the order."""
        self.before("record_payment")
        found = [one for one in self.payments.values() if one.order_id == order.order.id]
        self.after("record_payment")
        return found

    @hookimpl
    def fetch_payment(self, connection: Connection, payment_id: str) -> WebPayment:  # noqa: ARG002  # as above
        """Return one payment."""
        self.before("fetch_payment")
        if payment_id not in self.payments:
            raise _refusal("There is no such payment.", "없는 결제입니다.")
        found = self.payments[payment_id]
        self.after("fetch_payment")
        return found

    @hookimpl
    def capture_payment(
        self,
        connection: Connection,  # noqa: ARG002  # as above
        payment: WebPayment,
        amount: Money,
        delivery: PaymentDelivery,
    ) -> PaymentReceipt:
        """Take some of a hold; the rest is released."""
        with self._acting("capture_payment", delivery.key, ("capture", payment.id, amount)) as is_new:
            if is_new:
                self._capture(payment.id, amount)
        return PaymentReceipt(Outcome.ACCEPTED, payment=self.payments[payment.id])

    @hookimpl
    def release_payment(
        self,
        connection: Connection,  # noqa: ARG002  # as above
        payment: WebPayment,
        amount: Money,  # noqa: ARG002  # as above
        delivery: PaymentDelivery,
    ) -> PaymentReceipt:
        """Give a hold up."""
        with self._acting("release_payment", delivery.key, ("release", payment.id)) as is_new:
            if is_new:
                self._release(payment.id)
        return PaymentReceipt(Outcome.ACCEPTED, payment=self.payments[payment.id])

    @hookimpl
    def refund_payment(
        self,
        connection: Connection,  # noqa: ARG002  # as above
        payment: WebPayment,
        amount: Money,
        delivery: PaymentDelivery,
    ) -> PaymentReceipt:
        """Give some back."""
        with self._acting("refund_payment", delivery.key, ("refund", payment.id, amount)) as is_new:
            if is_new:
                self._give_back(payment.id, amount, delivery.key if self.keeps_keys else "")
        return PaymentReceipt(Outcome.ACCEPTED, payment=self.payments[payment.id])

    @hookimpl
    def list_payments(
        self,
        connection: Connection,  # noqa: ARG002  # as above
        since: datetime,
        until: datetime,
    ) -> Iterator[PaymentEntry]:
        """List what moved."""
        self.before("list_payments")
        yield from [one for one in self.moves if since <= one.at < until]

    @hookimpl
    def receive_webhook(self, connection: Connection, request: WebhookRequest) -> WebhookResult:  # noqa: ARG002  # as above
        """Take the ID of a payment as the whole body."""
        number = request.body.decode("ascii", "replace").strip()
        if not number.startswith("pi_"):
            words = Words("The webhook cannot be read.", "웹훅 내용을 읽을 수 없습니다.")
            raise PayloadError(words, path="body")
        return WebhookResult(hints=[WebhookHint(payment_id=number)])

    # What it does

    @contextmanager
    def _acting(self, hook: str, key: str, asked: tuple[object, ...]) -> Iterator[bool]:
        """Do a hook's act alone, between its two points; what is yielded says whether it is to be done."""
        self.before(hook)
        with self._guard:
            yield self._is_new(key, asked)
        self.after(hook)

    def _is_new(self, key: str, asked: tuple[object, ...]) -> bool:
        """Say whether nothing was done under a key yet; a key that is older than a day is forgotten."""
        kept = self._keys.get(key)
        if kept is not None and self.now() - kept.at < KEYS_KEPT:
            if kept.asked != asked:
                raise _refusal("The key was used for something else.", "다른 요청에 사용된 키입니다.")
            return False
        self._keys[key] = _Answered(asked, self.now())
        return True

    def _capture(self, number: str, amount: Money) -> None:
        one = self.payments[number]
        if one.state is not WebPaymentState.HELD:
            self._forget_last()
            raise _refusal(f"It is {one.state.value}, not held.", "승인 보류 상태가 아닙니다.")
        if amount > one.authorised:
            self._forget_last()
            raise _refusal("More than is held.", "승인된 금액을 초과합니다.")
        whole = one.captured + one.authorised
        self._change(number, state=WebPaymentState.CAPTURED, captured=one.captured + amount, authorised=whole)
        self._list(EntryKind.CHARGE, number, amount)

    def _release(self, number: str) -> None:
        one = self.payments[number]
        if one.state is WebPaymentState.CAPTURED:
            self._forget_last()
            raise _refusal("It was taken.", "이미 결제되었습니다.")
        state = WebPaymentState.CAPTURED if one.captured else WebPaymentState.RELEASED
        self._change(number, state=state)

    def _give_back(self, number: str, amount: Money, key: str) -> None:
        one = self.payments[number]
        if amount > one.kept:
            self._forget_last()
            raise _refusal("More than is left.", "남은 금액을 초과합니다.")
        if key and one.refund_of(key):
            self.wrong.append(f"{number}: refunded twice under {key}")
        state = RefundState.DONE if self.confirms else RefundState.PENDING
        refund = WebRefund(id=f"re_{number}_{len(one.refunds) + 1}", amount=amount, state=state, key=key)
        name = "refunded" if self.confirms else "refund_pending"
        self._change(number, refunds=(*one.refunds, refund), **{name: getattr(one, name) + amount})
        self._list(EntryKind.REFUND, number, amount)

    def _forget_last(self) -> None:
        """Keep no key of what was refused before anything was done."""
        self._keys.pop(next(reversed(self._keys)))

    def _change(self, number: str, **values: Any) -> None:
        one = self.payments[number]
        # Validated anew: numbers that cannot be are a fault of this service.
        self.payments[number] = WebPayment.model_validate({**dict(one), **values})

    def _list(self, kind: EntryKind, number: str, amount: Money) -> None:
        entry = PaymentEntry(
            id=f"txn_{len(self.moves) + 1}",
            kind=kind,
            amount=amount,
            at=self.now(),
            payment_id=number,
            order_id=self.payments[number].order_id or "",
        )
        self.moves.append(
            replace(entry, fee=Money(1, amount.currency)) if kind is EntryKind.CHARGE else entry
        )

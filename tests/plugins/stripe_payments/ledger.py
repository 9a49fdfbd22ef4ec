"""What a double of Stripe holds: payments, refunds and movements, by the rules of `facts/stripe.md`.

Amounts are Stripe's own whole numbers, moments seconds. Nothing here speaks HTTP.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from tillbridge_stripe_payments.moments import seconds

Object = dict[str, Any]
Form = Mapping[str, Any]
LAG = 60
DAY = 86_400
_CANCELLABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action")


class Says(Exception):
    """Stripe's error: its HTTP status, and what stands in the answer."""

    def __init__(self, status: int, *, kind: str = "invalid_request_error", **more: Any) -> None:
        super().__init__(str(more))
        self.status = status
        self.body = {"error": {"type": kind, "message": "as Stripe would say it", **more}}


def missing() -> Says:
    return Says(404, code="resource_missing", param="intent")


class Ledger:
    """One account."""

    def __init__(self, now: Callable[[], datetime], *, account: str = "acct_1") -> None:
        self.account = account
        self.intents: dict[str, Object] = {}
        self.charges: dict[str, Object] = {}
        self.refunds: dict[str, Object] = {}
        self.balance: list[Object] = []
        self.events: list[Object] = []
        self.refunds_wait = False
        self._now = now
        self._count = 0

    def now(self) -> int:
        return seconds(self._now())

    def pay(
        self,
        amount: int,
        currency: str = "krw",
        *,
        status: str = "requires_capture",
        metadata: Mapping[str, str] | None = None,
        hold: timedelta = timedelta(days=7),
        brand: str = "visa",
        error: Object | None = None,
    ) -> Object:
        """Let a customer pay at the webstore; return the payment."""
        number = self._number("pi")
        intent = {
            "id": number,
            "object": "payment_intent",
            "amount": amount,
            "amount_capturable": 0,
            "amount_received": 0,
            "cancellation_reason": None,
            "capture_method": "manual" if status == "requires_capture" else "automatic",
            "created": self.now(),
            "currency": currency,
            "last_payment_error": error,
            "latest_charge": None,
            "livemode": False,
            "metadata": dict(metadata or {}),
            "status": status,
        }
        self.intents[number] = intent
        if status in ("requires_capture", "succeeded"):
            self._charge(intent, self.now() + seconds_of(hold), brand)
        if status == "succeeded":
            self._take(intent, amount)
        elif status == "requires_capture":
            intent["amount_capturable"] = amount
            self.tell("payment_intent.amount_capturable_updated", intent)
        return intent

    def capture(self, number: str, form: Form) -> Object:
        intent = self.intent(number)
        if intent["status"] != "requires_capture":
            raise Says(400, code="payment_intent_unexpected_state")
        amount = int(form.get("amount_to_capture", intent["amount_capturable"]))
        if amount > intent["amount_capturable"]:
            raise Says(400, code="amount_too_large", param="amount_to_capture")
        if amount < 1:
            raise Says(400, code="parameter_invalid_integer", param="amount_to_capture")
        self._take(intent, amount)
        self.tell("charge.captured", self.charges[intent["latest_charge"]])
        return intent

    def take_part(self, number: str, amount: int) -> None:
        """Let the webstore take a part of a hold and keep the rest held, where Stripe lets it."""
        intent = self.intent(number)
        left = intent["amount_capturable"] - amount
        self._take(intent, amount)
        intent.update(status="requires_capture", amount_capturable=left)

    def cancel(self, number: str, reason: str = "requested_by_customer") -> Object:
        intent = self.intent(number)
        if intent["status"] not in _CANCELLABLE:
            raise Says(400, code="payment_intent_unexpected_state")
        return self._end(intent, reason)

    def refund(self, form: Form) -> Object:
        intent = self.intent(form["payment_intent"])
        if intent["status"] != "succeeded":
            raise Says(400, code="payment_intent_unexpected_state")
        left = intent["amount_received"] - self.given_back(intent["id"])
        amount = int(form.get("amount", left))
        if not left:
            raise Says(400, code="charge_already_refunded")
        if amount > left or amount < 1:
            raise Says(400, param="amount")
        refund = {
            "id": self._number("re"),
            "object": "refund",
            "amount": amount,
            "charge": intent["latest_charge"],
            "created": self.now(),
            "currency": intent["currency"],
            "metadata": dict(form.get("metadata", {})),
            "payment_intent": intent["id"],
            "reason": None,
            "status": "pending" if self.refunds_wait else "succeeded",
        }
        self.refunds[refund["id"]] = refund
        self._move("refund", -amount, refund)
        self.tell("refund.created", refund)
        return refund

    def settle_refund(self, number: str, status: str, reason: str | None = None) -> None:
        """Let a refund that waits arrive, or fail."""
        refund = self.refunds[number]
        refund["status"] = status
        if status == "failed":
            refund["failure_reason"] = reason
            self._move("refund_failure", refund["amount"], refund)
        self.tell("refund.failed" if status == "failed" else "refund.updated", refund)

    def intent(self, number: str) -> Object:
        """Return a payment; a hold whose time is over has ended by itself."""
        if number not in self.intents:
            raise missing()
        intent = self.intents[number]
        if intent["status"] == "requires_capture" and self.now() >= self._until(intent):
            self._end(intent, "expired")
            self.tell("charge.expired", self.charges[intent["latest_charge"]])
        return intent

    def expanded(self, intent: Object) -> Object:
        charge = intent["latest_charge"]
        return intent | {"latest_charge": self.charges[charge] if charge else None}

    def noted(self, metadata: Mapping[str, str]) -> Iterator[Object]:
        """Yield what a search finds: nothing that is younger than a minute."""
        for intent in self.newest(self.intents):
            old = intent["created"] <= self.now() - LAG
            if old and all(intent["metadata"].get(name) == value for name, value in metadata.items()):
                yield intent

    @staticmethod
    def newest(objects: dict[str, Object]) -> Iterator[Object]:
        yield from reversed(objects.values())

    def payout(self, amount: int, currency: str = "krw") -> None:
        self._move("payout", -amount, {"id": self._number("po"), "object": "payout", "currency": currency})

    def tell(self, kind: str, about: Object) -> None:
        self.events.append(
            {
                "id": self._number("evt"),
                "object": "event",
                "created": self.now(),
                "livemode": False,
                "type": kind,
                "data": {"object": dict(about)},
            }
        )

    def _end(self, intent: Object, reason: str) -> Object:
        intent.update(status="canceled", cancellation_reason=reason, amount_capturable=0)
        self.tell("payment_intent.canceled", intent)
        return intent

    def _charge(self, intent: Object, until: int, brand: str) -> None:
        number = self._number("ch")
        card = {"brand": brand, "last4": "4242", "exp_month": 12, "exp_year": 2030, "capture_before": until}
        self.charges[number] = {
            "id": number,
            "object": "charge",
            "amount": intent["amount"],
            "amount_captured": 0,
            "currency": intent["currency"],
            "metadata": dict(intent["metadata"]),
            "payment_intent": intent["id"],
            "payment_method_details": {"type": "card", "card": card},
            "billing_details": {"name": "김하늘", "email": "haneul.kim@example.com"},
        }
        intent["latest_charge"] = number

    def _take(self, intent: Object, amount: int) -> None:
        charge = self.charges[intent["latest_charge"]]
        charge["amount_captured"] += amount
        received = intent["amount_received"] + amount
        intent.update(status="succeeded", amount_received=received, amount_capturable=0)
        self._move("charge", amount, charge, fee=amount * 3 // 100)
        self.tell("payment_intent.succeeded", intent)

    def _until(self, intent: Object) -> int:
        until: int = self.charges[intent["latest_charge"]]["payment_method_details"]["card"]["capture_before"]
        return until

    def given_back(self, number: str) -> int:
        mine = (one for one in self.refunds.values() if one["payment_intent"] == number)
        return sum(one["amount"] for one in mine if one["status"] not in ("failed", "canceled"))

    def _move(self, kind: str, amount: int, source: Object, *, fee: int = 0) -> None:
        self.balance.append(
            {
                "id": self._number("txn"),
                "object": "balance_transaction",
                "amount": amount,
                "created": self.now(),
                "currency": source["currency"],
                "fee": fee,
                "net": amount - fee,
                "type": kind,
                "source": source,
            }
        )

    def _number(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}_{self._count:06d}"


def seconds_of(span: timedelta) -> int:
    return span // timedelta(seconds=1)

"""Every request that this plugin can make, as plain data; a test holds each against Stripe's own description.

Nothing here asks Stripe. Amounts are Stripe's own whole numbers (`amounts.to_stripe`), moments are seconds.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import quote

from tillbridge_stripe_payments.form import Params, Value

API_VERSION: Final = "2025-04-30.basil"
"""The version that every request and answer is written in, whatever the account's own version is."""
DELIVERY: Final = "tillbridge_delivery"
"""The metadata of a refund that says which delivery made it."""
PAGE: Final = 100
_LONGEST_KEY: Final = 255
_SHOWN_OF_KEY: Final = 180


@dataclass(frozen=True, slots=True)
class Request:
    """One request to Stripe.

    Attributes:
        path: below Stripe's address, with its IDs in it.
        params: what is sent: as the query of a GET, as the form of a POST.
        key: the idempotency key; a POST without one is never repeated.
        pattern: the path as Stripe describes it: "/v1/refunds/{refund}".
    """

    method: Literal["GET", "POST"]
    path: str
    params: Params = field(default_factory=dict)
    key: str | None = None
    pattern: str = ""


def idempotency_key(delivery: str, action: str, attempt: int = 1) -> str:
    """Return the key of one try at an act: the same for the same delivery, action and attempt.

    Args:
        delivery: the engine's key of the delivery; it names the order.
        action: what is done: "capture", "cancel", "refund".
        attempt: counts on when an earlier one has failed for good.
    """
    key = f"tillbridge:{delivery}:{action}" + (f":{attempt}" if attempt > 1 else "")
    if len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable():
        return key
    short = re.sub(r"[^!-~]", "_", key[:_SHOWN_OF_KEY])
    return f"{short}:{hashlib.sha256(key.encode()).hexdigest()}"


def fetch_intent(intent: str) -> Request:
    """Read one payment, and with it the charge that says until when a hold lasts."""
    return _get("/v1/payment_intents/{intent}", {"expand": ["latest_charge"]}, intent=intent)


def fetch_charge(charge: str) -> Request:
    """Read one charge: which payment it belongs to."""
    return _get("/v1/charges/{charge}", {}, charge=charge)


def search_intents(metadata: Mapping[str, str], *, page: str | None = None) -> Request:
    """Find payments by what the webstore noted on them; what happened in the last minute may be missing."""
    text = " AND ".join(f"metadata[{_quoted(name)}]:{_quoted(value)}" for name, value in metadata.items())
    params: dict[str, Value] = {"query": text, "limit": PAGE}
    if page is not None:
        params["page"] = page
    return _get("/v1/payment_intents/search", params)


def list_intents(*, since: int, until: int, after: str | None = None) -> Request:
    """List the payments that were begun from one moment on and before another, the newest first."""
    return _list("/v1/payment_intents", since, until, after)


def refunds_of(intent: str, *, after: str | None = None) -> Request:
    """List the refunds of one payment, the newest first."""
    params: dict[str, Value] = {"payment_intent": intent, "limit": PAGE}
    if after is not None:
        params["starting_after"] = after
    return _get("/v1/refunds", params)


def list_balance(*, since: int, until: int, after: str | None = None) -> Request:
    """List what moved the account's balance in a span: charges, refunds, fees, payouts, disputes.

    Each comes with what it is of: a charge or a refund says which payment it belongs to, in its own currency.
    """
    return _list("/v1/balance_transactions", since, until, after, expand=["data.source"])


def fetch_account() -> Request:
    """Read whose account the key is of."""
    return _get("/v1/account", {})


def probes() -> Mapping[str, Request]:
    """Return what shows which permissions a key has, by permission; nothing of it changes anything.

    What is written goes to a payment that does not exist: a key that may write hears that it is not there.
    """
    nowhere = "pi_tillbridge_permission_probe"
    return {
        "payment_intent_write": _post(
            "/v1/payment_intents/{intent}/capture", {"amount_to_capture": 1}, None, intent=nowhere
        ),
        "charge_write": _post("/v1/refunds", {"payment_intent": nowhere, "amount": 1}, None),
        "balance_transaction_source_read": _get("/v1/balance_transactions", {"limit": 1}),
        "payout_read": _get("/v1/payouts", {"limit": 1}),
    }


def capture(intent: str, amount: int, *, key: str) -> Request:
    """Take `amount` of what is held; the rest is released."""
    params: Params = {"amount_to_capture": amount}
    return _post("/v1/payment_intents/{intent}/capture", params, key, intent=intent)


def cancel(intent: str, *, key: str) -> Request:
    """Release what is held, or end a payment that the customer has not finished."""
    return _post("/v1/payment_intents/{intent}/cancel", {}, key, intent=intent)


def refund(intent: str, amount: int, *, delivery: str, key: str) -> Request:
    """Give back `amount` of what was taken; the refund says which delivery made it."""
    params: Params = {"payment_intent": intent, "amount": amount, "metadata": {DELIVERY: delivery}}
    return _post("/v1/refunds", params, key)


def _get(pattern: str, params: Params, **ids: str) -> Request:
    return Request("GET", _filled(pattern, ids), params, None, pattern)


def _post(pattern: str, params: Params, key: str | None, **ids: str) -> Request:
    return Request("POST", _filled(pattern, ids), params, key, pattern)


def _list(pattern: str, since: int, until: int, after: str | None, *, expand: Sequence[str] = ()) -> Request:
    params: dict[str, Value] = {"created": {"gte": since, "lt": until}, "limit": PAGE}
    if expand:
        params["expand"] = list(expand)
    if after is not None:
        params["starting_after"] = after
    return _get(pattern, params)


def _filled(pattern: str, ids: Mapping[str, str]) -> str:
    return pattern.format(**{name: quote(one, safe="") for name, one in ids.items()})


def _quoted(text: str) -> str:
    """Return a text as Stripe's search takes it: in quotation marks, its own ones escaped."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"

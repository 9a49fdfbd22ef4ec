"""What a restricted key has to be allowed, by Stripe's own names and as its Dashboard shows them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tillbridge.plugin import Words


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission of a restricted key.

    Attributes:
        shown: how the Dashboard calls it, with what to choose there.
        reason: what it is needed for.
        needed: whether nothing goes without it.
    """

    shown: str
    reason: Words
    needed: bool


PERMISSIONS: Final[Mapping[str, Permission]] = {
    "payment_intent_write": Permission(
        "PaymentIntents: Write",
        Words("to read, capture and release payments", "결제 조회·확정·승인 보류 해제"),
        needed=True,
    ),
    "charge_write": Permission(
        "Charges and Refunds: Write",
        Words("to read charges and to refund", "청구 조회와 환불"),
        needed=True,
    ),
    "balance_transaction_source_read": Permission(
        "Balance Transaction Sources: Read",
        Words("to compare a day with Stripe's own list", "하루 결제를 Stripe 목록과 대조"),
        needed=False,
    ),
    "payout_read": Permission(
        "Payouts: Read",
        Words("to compare payouts to the bank", "은행 정산금 대조"),
        needed=False,
    ),
    "connected_account_read": Permission(
        "Accounts: Read",
        Words("to show the account's name", "계정 이름 표시"),
        needed=False,
    ),
}

_NAMED: Final = re.compile(r"\brak_([a-z0-9_]{3,60})")
_ACCOUNT: Final = re.compile(r"\bacct_[A-Za-z0-9]{1,40}\b")


def lacking(message: str | None) -> str | None:
    """Return which permission Stripe names as lacking ("payout_read"), or None where it names none."""
    found = _NAMED.search(message or "")
    return found.group(1) if found else None


def account_of(message: str | None) -> str | None:
    """Return the account that Stripe names while it refuses a restricted key something, or None."""
    found = _ACCOUNT.search(message or "")
    return found.group() if found else None


def shown(permission: str) -> str:
    """Return how the Dashboard calls a permission, or Stripe's own name of one that is not known."""
    known = PERMISSIONS.get(permission)
    return known.shown if known else permission

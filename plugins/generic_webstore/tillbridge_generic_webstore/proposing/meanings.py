"""What webstores' words for an order's state mean, and the fields in which they stand."""

from collections.abc import Mapping
from typing import Final

from tillbridge_generic_webstore.proposing.names import plain

STATES: Final = (
    ("status", "state", "orderstatus", "orderstate", "phase", "orderphase", "stage"),
    ("financialstatus", "paymentstatus", "paymentstate", "orderpaymentstatus"),
    (
        *("fulfillmentstatus", "fulfilmentstatus", "shippingstatus", "shipmentstate", "shippingstate"),
        *("deliverystatus", "orderfulfillmentstatus"),
    ),
)
_MEANINGS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("pending", "onhold", "awaitingpayment", "pendingpayment", "unpaid", "paymentpending", "notpaid"),
        "unpaid",
    ),
    **dict.fromkeys(
        (
            "processing",
            "paid",
            "open",
            "new",
            "confirmed",
            "accepted",
            "approved",
            "sale",
            "inprogress",
            "created",
            "placed",
            "unfulfilled",
            "paymentsettled",
            "paymentauthorized",
            "authorized",
            "awaitingfulfillment",
            "awaitingpickup",
            "awaitingshipment",
            "awaitingprocessing",
            "processed",
            "preparing",
            "partial",
        ),
        "open",
    ),
    **dict.fromkeys(
        ("completed", "complete", "shipped", "delivered", "done", "fulfilled", "collected", "closed"),
        "fulfilled",
    ),
    **dict.fromkeys(
        ("cancelled", "canceled", "void", "voided", "failed", "rejected", "declined", "expired"), "cancelled"
    ),
    **dict.fromkeys(("refunded", "fullyrefunded"), "refunded"),
}

_MONEY: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("paid", "captured", "settled", "paymentsettled", "charged", "full", "complete", "completed"),
        "charged",
    ),
    **dict.fromkeys(("partiallyrefunded", "overcharged"), "charged"),
    **dict.fromkeys(("refunded", "fullyrefunded"), "refunded"),
    **dict.fromkeys(("authorized", "authorised", "paymentauthorized", "held"), "held"),
    **dict.fromkeys(("void", "voided", "expired", "canceled", "cancelled", "released"), "released"),
    **dict.fromkeys(
        ("pending", "awaiting", "awaitingpayment", "unpaid", "notpaid", "none", "failed", "declined"), "-"
    ),
}


def of_money(value: str) -> str | None:
    """Return what a webstore's word for a payment says of the money; None where nobody can tell."""
    return _MONEY.get(plain(value))


def meaning(value: str) -> str | None:
    """Return what a webstore's word for an order's state means to us; None where nobody can tell."""
    return _MEANINGS.get(plain(value))


def of_goods(value: str) -> str | None:
    """Return what a webstore's word for where the goods are means; "-" says nothing of the order."""
    said = meaning(value)
    return said if said in ("fulfilled", "cancelled") else "-"

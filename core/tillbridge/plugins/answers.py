"""Holds the answers of hooks to what `tillbridge.hookspecs` promises, beyond their class.

What comes from a plugin is `Any`: its own annotations prove nothing at run time.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from tillbridge.model.exchange import OrderPage, Outcome, RawOrder, Receipt
from tillbridge.model.listings import Listing, ListingPage
from tillbridge.model.payments import PaymentEntry, WebPayment
from tillbridge.model.web_hours import WebHours
from tillbridge.model.webhooks import WebhookHint, WebhookResponse
from tillbridge.model.words import Words

LONGEST_ID: Final = 300
"""Signs of a webstore's own ID of anything, as the database keeps it."""


def raw_order_fault(raw: Any) -> Words | None:
    """Return what is wrong with a raw order, or None."""
    if raw.order_id == "" or not isinstance(raw.order_id, str | None):
        given = repr(raw.order_id)
        return Words(
            f"a RawOrder whose order_id is {given}, not a text or None",
            f"RawOrder의 order_id가 {given}임(문자열 또는 None이어야 함)",
        )
    if not isinstance(raw.parts, Mapping) or not raw.parts:
        return Words("a RawOrder without parts", "parts가 없는 RawOrder")
    for name, part in raw.parts.items():
        if not isinstance(name, str) or not isinstance(part, bytes):
            kind = type(part).__name__
            return Words(
                f"a RawOrder whose part {name!r} is {kind}, not bytes",
                f"RawOrder의 {name!r} 부분이 {kind}임(bytes여야 함)",
            )
    return None


def page_fault(page: Any) -> Words | None:
    """Return what is wrong with a page of orders, or None."""
    if fault := _form_fault(page, OrderPage, "orders"):
        return fault
    return next(filter(None, map(_member_fault, page.orders)), None)


def listing_page_fault(page: Any) -> Words | None:
    """Return what is wrong with a page of listings, or None."""
    if fault := _form_fault(page, ListingPage, "listings"):
        return fault
    strange = next((type(one).__name__ for one in page.listings if not isinstance(one, Listing)), None)
    if strange is None:
        return None
    return Words(
        f"a ListingPage with {strange} in its listings", f"listings에 {strange}이(가) 들어 있는 ListingPage"
    )


def entry_fault(entry: Any) -> Words | None:
    """Return what is wrong with a line of a payment service's list, or None."""
    if not isinstance(entry, PaymentEntry):
        given = type(entry).__name__
        return Words(f"{given} in place of a PaymentEntry", f"PaymentEntry 대신 {given}")
    if entry.at.tzinfo is None:
        return Words("a PaymentEntry whose time has no zone", "시간대가 없는 PaymentEntry")
    return None


def _form_fault(page: Any, kind: type[Any], members: str) -> Words | None:
    """Return what is wrong with a page beside its members, or None."""
    name = kind.__name__
    article = "an" if name[0] in "AEIO" else "a"
    if not isinstance(page, kind):
        given = type(page).__name__
        return Words(f"{given} in place of {article} {name}", f"{name} 대신 {given}")
    cursor = page.cursor
    if not isinstance(cursor, str | None):
        given = type(cursor).__name__
        return Words(
            f"{article} {name} whose cursor is {given}, not a text or None",
            f"{name}의 cursor가 {given}임(문자열 또는 None이어야 함)",
        )
    given_members = getattr(page, members)
    if not isinstance(given_members, list | tuple):
        given = type(given_members).__name__
        return Words(
            f"{article} {name} whose {members} are {given}, not a list",
            f"{name}의 {members}가 {given}임(목록이어야 함)",
        )
    return None


def _member_fault(raw: Any) -> Words | None:
    if isinstance(raw, RawOrder):
        return raw_order_fault(raw)
    kind = type(raw).__name__
    return Words(f"an OrderPage with {kind} in its orders", f"orders에 {kind}이(가) 들어 있는 OrderPage")


def _check_fault(check: Any) -> Words | None:
    if isinstance(check.account, str) and check.account:
        return None
    return Words("a ConnectionCheck that names no account", "계정 이름이 없는 ConnectionCheck")


def _receipt_fault(receipt: Any) -> Words | None:
    wanted = {"outcome": Outcome, "words": Words | None, "ticket": str | None}
    for name, kind in wanted.items():
        given = getattr(receipt, name)
        if not isinstance(given, kind):
            allowed = {"outcome": "an Outcome", "words": "Words or None", "ticket": "a text or None"}[name]
            return Words(
                f"a Receipt whose {name} is {given!r}, not {allowed}",
                f"Receipt의 {name}이(가) {given!r}임({allowed}이어야 함)",
            )
    return _left_out_fault(receipt.left_out)


def _left_out_fault(left_out: Any) -> Words | None:
    if isinstance(left_out, Mapping):
        strange = next((one for one in left_out.items() if not _is_reason(*one)), None)
        if strange is None:
            return None
        left_out = dict([strange])
    return Words(
        f"a Receipt whose left_out is {left_out!r:.80}, not Words by Offer.key",
        f"Receipt의 left_out이 {left_out!r:.80}임(Offer.key별 Words여야 함)",
    )


def _is_reason(key: object, words: object) -> bool:
    return isinstance(key, str) and isinstance(words, Words)


def _receipts_fault(receipts: Any) -> Words | None:
    for key, receipt in receipts.items():
        if not isinstance(key, str) or not isinstance(receipt, Receipt):
            given = f"{key!r}: {type(receipt).__name__}"
            return Words(
                f"receipts with {given}; each is a Receipt under a text",
                f"영수 목록에 {given} 항목이 있음(문자열과 Receipt여야 함)",
            )
        if fault := _receipt_fault(receipt):
            return fault
    return None


def _payments_fault(payments: Any) -> Words | None:
    strange = next((type(one).__name__ for one in payments if not isinstance(one, WebPayment)), None)
    if strange is not None:
        return Words(f"{strange} among the payments", f"결제 목록에 {strange}이(가) 있음")
    ids = [one.id for one in payments]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is None:
        return None
    return Words(f"the payment {twice!r} twice", f"결제 {twice!r}이(가) 두 번 있음")


def _payment_receipt_fault(receipt: Any) -> Words | None:
    if isinstance(receipt.payment, WebPayment | None):
        return _receipt_fault(receipt)
    kind = type(receipt.payment).__name__
    return Words(
        f"a PaymentReceipt whose payment is {kind}, not a WebPayment or None",
        f"PaymentReceipt의 payment가 {kind}임(WebPayment 또는 None이어야 함)",
    )


def _url_fault(url: str | None) -> Words | None:
    # It becomes a link that staff click.
    if url is None or url.startswith(("https://", "http://")):
        return None
    return Words(
        "an address that does not begin with https:// or http://",
        "https:// 또는 http://로 시작하지 않는 주소",
    )


def _hours_fault(found: Any) -> Words | None:
    for location, hours in found.items():
        if not isinstance(location, str) or not isinstance(hours, WebHours):
            given = f"{location!r}: {type(hours).__name__}"
            return Words(
                f"hours with {given}; each is a WebHours under a text",
                f"영업시간에 {given} 항목이 있음(문자열과 WebHours여야 함)",
            )
        texts: tuple[Any, ...] = (hours.week, hours.name)
        if not all(isinstance(text, str) for text in texts):
            return Words(
                f"a WebHours of {location!r} whose name or week is no text",
                f"{location!r}의 WebHours에서 name이나 week가 문자열이 아님",
            )
    return None


def _webhook_fault(result: Any) -> Words | None:
    hints: Any = result.hints
    if not isinstance(hints, list | tuple) or not all(map(_is_hint, hints)):
        return Words(
            "a WebhookResult whose hints are not a list of WebhookHint, each with an order_id or a "
            "payment_id",
            "WebhookResult의 hints가 order_id나 payment_id가 있는 WebhookHint의 목록이 아님",
        )
    if not isinstance(result.event_id, str | None) or len(result.event_id or "") > LONGEST_ID:
        return Words(
            f"a WebhookResult whose event_id is no text of at most {LONGEST_ID} signs, nor None",
            f"WebhookResult의 event_id가 {LONGEST_ID}자 이하의 문자열이나 None이 아님",
        )
    response: Any = result.response
    if not isinstance(response, WebhookResponse) or not _is_good(response):
        return Words(
            "a WebhookResult whose response is no WebhookResponse of status 200 to 299",
            "WebhookResult의 response가 상태 200~299의 WebhookResponse가 아님",
        )
    if not isinstance(result.kept, bytes | None):
        return Words(
            "a WebhookResult whose kept is neither bytes nor None",
            "WebhookResult의 kept가 bytes나 None이 아님",
        )
    return None


def _is_hint(one: Any) -> bool:
    ids: list[Any] = [getattr(one, name, None) for name in ("order_id", "payment_id")]
    texts = all(isinstance(number, str) for number in ids)
    return isinstance(one, WebhookHint) and texts and len(list(filter(None, ids))) == 1


def _is_good(response: Any) -> bool:
    return response.status in range(200, 300) and isinstance(response.body, bytes)


# `parse_order` has none: its models hold themselves to it.
FAULTS: Final[Mapping[str, Callable[[Any], Words | None]]] = MappingProxyType(
    {
        "check_connection": _check_fault,
        "fetch_hours": _hours_fault,
        "fetch_order": raw_order_fault,
        "receive_webhook": _webhook_fault,
        "push_status": _receipt_fault,
        "push_snapshot": _receipt_fault,
        "push_inventory": _receipts_fault,
        "push_prices": _receipts_fault,
        "check_export": _receipts_fault,
        "perform_effect": _receipt_fault,
        "order_admin_url": _url_fault,
        "record_payment": _payments_fault,
        "capture_payment": _payment_receipt_fault,
        "release_payment": _payment_receipt_fault,
        "refund_payment": _payment_receipt_fault,
    }
)

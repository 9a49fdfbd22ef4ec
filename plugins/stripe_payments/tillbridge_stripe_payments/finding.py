"""Finds an order's payments: by what its payload names, by what was known, or by what the webstore noted."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from tillbridge.plugin import Connection, PaidOrder, Rejected, WebPayment, Words
from tillbridge_stripe_payments import requests
from tillbridge_stripe_payments.moments import seconds
from tillbridge_stripe_payments.objects import Charge, Intent, Page
from tillbridge_stripe_payments.reading import fetch
from tillbridge_stripe_payments.settings import settings_of
from tillbridge_stripe_payments.transport import Refused, ask, pages

_INTENT: Final = "pi_"
_CHARGES: Final = ("ch_", "py_")
_FRESH: Final = timedelta(minutes=15)
_BEFORE: Final = timedelta(hours=1)
_AFTER: Final = timedelta(days=1)
_MOST_PAGES: Final = 10


def payments_of(connection: Connection, paid: PaidOrder) -> list[WebPayment]:
    """Return every payment of an order as Stripe has it now, the oldest first; none where there is none.

    Raises:
        Rejected: the order names a payment that Stripe does not have, or too many are found.
        Retryable: Stripe is away.
    """
    named = list(_named(connection, paid))
    numbers = dict.fromkeys([*named, *(one.id for one in paid.known)])
    found = {number: fetch(connection, number) for number in numbers}
    if not named:
        # A search may say what a payment was like a while ago: it says which, and each is read.
        for number in _noted(connection, paid):
            if number not in found:
                found[number] = fetch(connection, number)
    return sorted(found.values(), key=lambda one: (one.created_at, one.id))


def _named(connection: Connection, paid: PaidOrder) -> Iterator[str]:
    """Yield the payments that the order's tenders name, by their own ID or by that of a charge."""
    for tender in paid.order.tenders:
        reference = (tender.reference or "").strip()
        if reference.startswith(_INTENT):
            yield reference
        elif reference.startswith(_CHARGES):
            yield _of_charge(connection, reference)


def _of_charge(connection: Connection, number: str) -> str:
    charge = ask(connection, requests.fetch_charge(number), Charge)
    if charge.payment_intent is None:
        raise Rejected(
            Words(
                f"Stripe's charge {number} is of the old kind, without a PaymentIntent. See to this payment "
                "at Stripe.",
                f"Stripe 청구 {number}은(는) PaymentIntent가 없는 이전 방식의 결제입니다. Stripe에서 직접 "
                "처리해 주세요.",
            )
        )
    return charge.payment_intent


def _noted(connection: Connection, paid: PaidOrder) -> Iterator[str]:
    """Yield the payments on which the webstore has noted this order."""
    settings = settings_of(connection)
    value = paid.order.number if settings.order_named_by == "number" else paid.order.id
    metadata = {settings.order_metadata: value, **settings.shop_mark}
    now = connection.now()
    # The search knows nothing yet of what is newer than about a minute: that is always read from the list.
    spans = [(now - _FRESH, now)]
    try:
        found = list(_searched(connection, metadata))
    except Refused:  # an account in a country without it; the list says the same, more slowly
        placed = paid.order.placed_at
        found, spans = [], [*spans, (placed - _BEFORE, min(now, placed + _AFTER))]
    for since, until in spans:
        found += _listed(connection, since, until)
    for intent in found:
        # A search may match more widely than asked: only what says exactly this is this order's.
        if _says(intent, metadata):
            yield intent.id


def _searched(connection: Connection, metadata: Mapping[str, str]) -> Iterator[Intent]:
    page: str | None = None
    for _ in range(_MOST_PAGES):
        answer = ask(connection, requests.search_intents(metadata, page=page), Page[Intent])
        yield from answer.data
        page = answer.next_page
        if not answer.has_more or page is None:
            return
    raise Rejected(
        Words(
            "More than a thousand payments at Stripe name this order. See whether the connection's setting "
            "order_metadata is right.",
            "이 주문을 가리키는 Stripe 결제가 천 건이 넘습니다. 연결 설정의 order_metadata가 맞는지 확인해 "
            "주세요.",
        )
    )


def _listed(connection: Connection, since: datetime, until: datetime) -> Iterator[Intent]:
    """Yield the payments that were begun in a span."""
    first, end = seconds(since), seconds(until) + 1
    return pages(
        connection,
        requests.list_intents(since=first, until=end),
        lambda last: requests.list_intents(since=first, until=end, after=last),
        Intent,
    )


def _says(intent: Intent, metadata: Mapping[str, str]) -> bool:
    return all(intent.metadata.get(name) == value for name, value in metadata.items())

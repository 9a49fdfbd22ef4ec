"""What moved at Stripe in a span, line by line, to hold a day against: charges, refunds, fees, payouts."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from tillbridge.plugin import Connection, EntryKind, Money, PaymentEntry
from tillbridge_stripe_payments import requests
from tillbridge_stripe_payments.amounts import fee_from_stripe, from_stripe
from tillbridge_stripe_payments.moments import seconds
from tillbridge_stripe_payments.objects import BalanceTransaction, Source
from tillbridge_stripe_payments.settings import Settings, settings_of
from tillbridge_stripe_payments.transport import pages

_KINDS: Final[Mapping[str, EntryKind]] = {
    "charge": EntryKind.CHARGE,
    "payment": EntryKind.CHARGE,
    "refund": EntryKind.REFUND,
    "payment_refund": EntryKind.REFUND,
    "refund_failure": EntryKind.REFUND_FAILED,
    "payment_failure_refund": EntryKind.REFUND_FAILED,
    "stripe_fee": EntryKind.FEE,
    "stripe_fx_fee": EntryKind.FEE,
    "tax_fee": EntryKind.FEE,
    "payout": EntryKind.PAYOUT,
}
_DISPUTE: Final = "dispute"
_SECOND: Final = timedelta(seconds=1)


def entries(connection: Connection, since: datetime, until: datetime) -> Iterator[PaymentEntry]:
    """Yield what moved from `since` to before `until`, the newest first; each line once.

    Raises:
        Retryable: Stripe is away.
        Misconfigured: the key may not read the account's balance.
        PayloadError: an amount cannot be read.
    """
    settings = settings_of(connection)
    first, end = seconds(since), seconds(until - timedelta(microseconds=1)) + 1
    listed = pages(
        connection,
        requests.list_balance(since=first, until=end),
        lambda last: requests.list_balance(since=first, until=end, after=last),
        BalanceTransaction,
    )
    for one in listed:
        entry = _entry(one, settings)
        if entry is not None and since - _SECOND < entry.at < until:
            yield entry


def _entry(one: BalanceTransaction, settings: Settings) -> PaymentEntry | None:
    source = one.source if isinstance(one.source, Source) else None
    noted = (source.metadata if source else None) or {}
    if any(noted.get(name, value) != value for name, value in settings.shop_mark.items()):
        return None  # another webstore's, that uses the same account
    amount = _amount(one, source)
    fee = fee_from_stripe(one.fee, one.currency, path="fee") if one.fee else None
    if not amount:
        return None
    return PaymentEntry(
        id=one.id,
        kind=_kind(one, source),
        amount=amount,
        at=datetime.fromtimestamp(one.created, UTC),
        payment_id=(source.payment_intent if source else None) or "",
        order_id=noted.get(settings.order_metadata, ""),
        fee=fee,
        text=one.type,
    )


def _kind(one: BalanceTransaction, source: Source | None) -> EntryKind:
    if source is not None and source.object == _DISPUTE:
        return EntryKind.DISPUTE
    return _KINDS.get(one.type, EntryKind.OTHER)


def _amount(one: BalanceTransaction, source: Source | None) -> Money:
    """Return what moved, above zero: in the customer's currency where the shop is paid in another one."""
    if source is not None and source.currency not in (None, one.currency):
        amount = source.amount_captured if source.amount_captured is not None else source.amount
        if amount is not None:
            return from_stripe(abs(amount), source.currency or one.currency, path="source.amount")
    read = fee_from_stripe if _KINDS.get(one.type) is EntryKind.FEE else from_stripe
    return read(abs(one.amount), one.currency, path="amount")

"""What is read of Stripe's answers, and nothing more: no number of a card, no name and no address is taken.

Whatever is not named here is skipped by the parser and never held: a card's brand is the only thing of it.
"""

from typing import Annotated, Generic, TypeVar

import msgspec

Seconds = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]
"""A moment in UTC."""
T = TypeVar("T")


class Error(msgspec.Struct):
    """Why Stripe did not do something."""

    type: str = ""
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None
    param: str | None = None


class ErrorAnswer(msgspec.Struct):
    """An answer that is an error."""

    error: Error


class Card(msgspec.Struct):
    """What is read of a card: its brand, and until when a hold on it lasts."""

    brand: str | None = None
    capture_before: Seconds | None = None


class Method(msgspec.Struct):
    """How it was paid."""

    type: str = ""
    card: Card | None = None
    card_present: Card | None = None


class Charge(msgspec.Struct):
    """One charge of a payment: a hold, what was taken of it, or a try that failed."""

    id: str
    amount: int
    payment_intent: str | None = None
    payment_method_details: Method | None = None


class Intent(msgspec.Struct):
    """A PaymentIntent: a customer's payment, from its beginning to its end."""

    id: str
    amount: int
    created: Seconds
    currency: str
    livemode: bool
    status: str
    amount_capturable: int
    amount_received: int
    cancellation_reason: str | None = None
    last_payment_error: Error | None = None
    latest_charge: Charge | str | None = None
    metadata: dict[str, str] = {}


class Refund(msgspec.Struct):
    """Money on its way back to a customer."""

    id: str
    amount: int
    currency: str
    status: str | None = None
    reason: str | None = None
    failure_reason: str | None = None
    metadata: dict[str, str] | None = None


class Source(msgspec.Struct):
    """What moved the account's balance: a charge, a refund, a payout, a dispute."""

    id: str
    object: str = ""
    amount: int | None = None
    amount_captured: int | None = None
    currency: str | None = None
    payment_intent: str | None = None
    metadata: dict[str, str] | None = None


class BalanceTransaction(msgspec.Struct):
    """One movement of the account's balance."""

    id: str
    amount: int
    created: Seconds
    currency: str
    fee: int
    type: str
    source: Source | str | None = None


class Business(msgspec.Struct):
    """What customers know of the account."""

    name: str | None = None


class Dashboard(msgspec.Struct):
    """How the account is called at Stripe."""

    display_name: str | None = None


class AccountSettings(msgspec.Struct):
    """The account's settings."""

    dashboard: Dashboard | None = None


class Account(msgspec.Struct):
    """Whose account it is."""

    id: str
    business_profile: Business | None = None
    settings: AccountSettings | None = None


class EventObject(msgspec.Struct):
    """What an event is about; only its IDs are read."""

    id: str | None = None
    object: str = ""
    payment_intent: str | None = None


class EventData(msgspec.Struct):
    """What an event brings."""

    object: EventObject


class Event(msgspec.Struct):
    """An event that Stripe tells by a webhook."""

    id: str
    type: str
    created: Seconds
    livemode: bool
    data: EventData
    account: str | None = None


class Page(msgspec.Struct, Generic[T]):
    """A page of a list: where it goes on stands behind its last one, or in `next_page` of a search."""

    data: list[T]
    has_more: bool = False
    next_page: str | None = None

"""What a plugin offers (a provider), and what its hooks are given to work with (a connection)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from tillbridge.files import Files
from tillbridge.http import HttpClient, HttpSettings
from tillbridge.model.exchange import Said
from tillbridge.model.offers import Exporting
from tillbridge.model.stores import Store


class Capability(StrEnum):
    """What a provider can do. A declared one needs its hooks; a hook is called only if declared."""

    ORDERS = "orders"  # fetch_orders, fetch_order, parse_order
    CHECK = "check"  # check_connection
    HOURS = "hours"  # fetch_hours
    ADMIN_URL = "admin_url"  # order_admin_url
    STATUS = "status"  # push_status
    WEBHOOKS = "webhooks"  # receive_webhook
    INVENTORY = "inventory"  # push_inventory: what changed of stock (and price, where they go together)
    PRICES = "prices"  # push_prices
    SNAPSHOT = "snapshot"  # push_snapshot: the whole of stock and prices, in place of what changed
    EXPORT_CHECK = "export_check"  # check_export: what became of what was pending
    LISTINGS = "listings"  # fetch_listings: what the webstore lists
    PAYMENTS = "payments"  # record_payment: what is held or taken for an order
    PAYMENT_ACTS = "payment_acts"  # fetch_payment, capture_payment, release_payment, refund_payment
    PAYMENT_LIST = "payment_list"  # list_payments: what moved on a day


class FilesUse(StrEnum):
    """Whether a provider delivers files: `tillbridge connect` then asks where they go, and tries it."""

    NONE = "none"
    OPTIONAL = "optional"  # it does what it can without
    REQUIRED = "required"


@dataclass(frozen=True, kw_only=True)
class Provider:
    """What a plugin offers.

    Attributes:
        name: as in `tillbridge connect NAME`; lower case, unique among all plugins.
        title: the service's own name, as people know it.
        settings: a pydantic model of the connection's settings; fields of type SecretStr are
            asked for as secrets and kept encrypted. Every field says in its description what it is.
        account_key: the account that settings belong to; a second connection to it is refused.
        http: how to reach the service with these settings.
        capabilities: what it can do.
        status_is_absolute: whether a later status simply replaces an earlier one at the service,
            so that one not yet sent may be left out.
        hears: what the service can be told by `push_status`; anything else is not sent.
        hears_lines: whether it can be told of single lines (`StatusDelivery.line_ids`). If not, it is told
            of orders as a whole only, and staff are told that they have to see to a single line there.
        charges_on_acceptance: whether it charges the customer of a paid order once that is accepted, so that
            cancelling it afterwards is a refund.
        accept_minutes: of business time, in which the service wants an order to be answered, by its settings;
            None: it does not say. What staff say of a connection comes first.
        reservations_only: whether only reservations are agreed with the service, by its settings, as in
            Korea: any other order is not sold, and shown with what to do. None: every kind is agreed.
        exporting: how it takes stock and prices, where it does.
        files: whether it delivers files, by `Connection.files`.
        sandbox: a module that serves a sandbox of the service (`python -m MODULE`), or "".
    """

    name: str
    title: str
    settings: type[BaseModel]
    account_key: Callable[[Any], str]
    http: Callable[[Any], HttpSettings]
    capabilities: frozenset[Capability]
    status_is_absolute: bool = True
    hears: frozenset[Said] = frozenset({Said.ACCEPTED, Said.REJECTED})
    hears_lines: bool = False
    charges_on_acceptance: bool = False
    accept_minutes: Callable[[Any], int] | None = None
    reservations_only: Callable[[Any], bool] | None = None
    exporting: Exporting = field(default_factory=Exporting)
    files: FilesUse = FilesUse.NONE
    sandbox: str = ""

    @property
    def brings_orders(self) -> bool:
        """Whether it is polled for orders; a payment service is not."""
        return Capability.ORDERS in self.capabilities

    def is_told(self, said: Said) -> bool:
        """Say whether the service is told this at all."""
        return Capability.STATUS in self.capabilities and said in self.hears


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One account at one provider, as a hook sees it.

    Attributes:
        name: what staff call it.
        settings: the provider's settings model, validated; secrets are SecretStr.
        http: a client bound to the service: base URL, credentials, retries, rate limit, deadline.
        orders_from: UTC; orders placed before are not wanted. Where a first fetch starts.
        now: the time, UTC; a plugin asks no other clock.
        store: maps the webstore's location to the store that it is. Rejected, which may be passed on: nobody
            mapped it, and others are mapped. Where none is, all are the default store.
        locations: the webstore's locations that are stores here; none where it has but one.
        files: delivers files to where the connection says; None where it says nowhere.
        log: where a plugin logs.
    """

    name: str
    settings: Any
    http: HttpClient
    orders_from: datetime
    now: Callable[[], datetime]
    store: Callable[[str | None], Store]
    locations: Sequence[str] = ()
    files: Files | None = None
    log: logging.Logger = field(repr=False)

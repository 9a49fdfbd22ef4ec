"""The one module that a plugin imports."""

import pluggy

from tillbridge.events import ExportFinished, OrderImported, StatusChanged
from tillbridge.files import FileReceipt, Files
from tillbridge.http import HttpClient, HttpRejected, HttpResponse, HttpSettings
from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.errors import Misconfigured, PayloadError, Rejected, Retryable, TillbridgeError
from tillbridge.model.exchange import (
    ConnectionCheck,
    Decision,
    EffectDelivery,
    NotAnOrder,
    OrderPage,
    Outcome,
    RawOrder,
    Receipt,
    Said,
    StatusDelivery,
)
from tillbridge.model.identifiers import (
    IdentifierKind,
    normalise_email,
    normalise_name,
    normalise_part_number,
    read_gtin,
)
from tillbridge.model.listings import Listing, ListingPage
from tillbridge.model.money import InexactMoney, Money, MoneyError, parse_decimal, sum_money
from tillbridge.model.offers import Exporting, Offer
from tillbridge.model.orders import (
    Address,
    Amount,
    Charge,
    ChargeKind,
    Consent,
    Discount,
    LineIdentifier,
    ListingRef,
    OrderKind,
    Remitter,
    Standing,
    Tax,
    Tender,
    TenderKind,
    WebCustomer,
    WebLine,
    WebOrder,
)
from tillbridge.model.payments import (
    EntryKind,
    PaidOrder,
    PaymentAct,
    PaymentDelivery,
    PaymentEntry,
    PaymentReceipt,
    RefundState,
    WebPayment,
    WebPaymentState,
    WebRefund,
)
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, Axis, Status, TransitionRule, Wish
from tillbridge.model.stores import Store
from tillbridge.model.totals import split_included_tax, spread_discount
from tillbridge.model.web_hours import WebHours
from tillbridge.model.webhooks import Headers, WebhookHint, WebhookRequest, WebhookResponse, WebhookResult
from tillbridge.model.words import Words
from tillbridge.pos.contract import CustomerKey, CustomerKeyKind, ProductKey
from tillbridge.provider import Capability, Connection, FilesUse, Provider

hookimpl = pluggy.HookimplMarker("tillbridge")

__all__ = [
    "Act",
    "Address",
    "Amount",
    "Axis",
    "Capability",
    "Charge",
    "ChargeKind",
    "Connection",
    "ConnectionCheck",
    "Consent",
    "CustomerKey",
    "CustomerKeyKind",
    "CustomerMatchRule",
    "Decision",
    "Discount",
    "EffectDelivery",
    "EntryKind",
    "ExportFinished",
    "Exporting",
    "FileReceipt",
    "Files",
    "FilesUse",
    "Headers",
    "HttpClient",
    "HttpRejected",
    "HttpResponse",
    "HttpSettings",
    "IdentifierKind",
    "InexactMoney",
    "LineIdentifier",
    "Listing",
    "ListingPage",
    "ListingRef",
    "Misconfigured",
    "Money",
    "MoneyError",
    "NotAnOrder",
    "Offer",
    "OrderImported",
    "OrderKind",
    "OrderPage",
    "Outcome",
    "PaidOrder",
    "PayloadError",
    "PaymentAct",
    "PaymentDelivery",
    "PaymentEntry",
    "PaymentReceipt",
    "ProductKey",
    "ProductMatchRule",
    "Provider",
    "RawOrder",
    "Receipt",
    "RefundState",
    "Rejected",
    "Remitter",
    "Resolution",
    "Retryable",
    "Said",
    "Standing",
    "Status",
    "StatusChanged",
    "StatusDelivery",
    "Store",
    "Tax",
    "Tender",
    "TenderKind",
    "TillbridgeError",
    "TransitionRule",
    "WebCustomer",
    "WebHours",
    "WebLine",
    "WebOrder",
    "WebPayment",
    "WebPaymentState",
    "WebRefund",
    "WebhookHint",
    "WebhookRequest",
    "WebhookResponse",
    "WebhookResult",
    "Wish",
    "Words",
    "hookimpl",
    "normalise_email",
    "normalise_name",
    "normalise_part_number",
    "parse_decimal",
    "read_gtin",
    "split_included_tax",
    "spread_discount",
    "sum_money",
]

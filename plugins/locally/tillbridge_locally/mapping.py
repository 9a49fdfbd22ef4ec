"""Turns one order of Locally's into a web order; pure: the same bytes always give the same answer."""

import re
from collections.abc import Sequence
from typing import Final, TypeVar

from pydantic import ValidationError

from tillbridge.plugin import (
    Address,
    Amount,
    Consent,
    IdentifierKind,
    LineIdentifier,
    ListingRef,
    Money,
    NotAnOrder,
    OrderKind,
    PayloadError,
    RawOrder,
    Standing,
    Tender,
    TenderKind,
    TillbridgeError,
    WebCustomer,
    WebLine,
    WebOrder,
    Words,
)
from tillbridge_locally.amounts import Placed, Sums, sums
from tillbridge_locally.damage import ROOT, damaged, payload_error, shown
from tillbridge_locally.payload import read_json
from tillbridge_locally.settings import Settings
from tillbridge_locally.statuses import ITEMS, NOT_ORDERED, PAYMENTS, STANDINGS, Held, ItemStanding, unknown
from tillbridge_locally.wire import Cart, Item, Order, OrderHead, Wire

PART: Final = "order"
_MADE_UP: Final = re.compile(r"anon-.*@locally\.com", re.IGNORECASE)
_HANGUL: Final = re.compile("[가-힣]+")
_Model = TypeVar("_Model", bound=Wire)


def parse(raw: RawOrder, settings: Settings) -> WebOrder | NotAnOrder:
    """Return the order in tillbridge's words, or why it is none.

    Raises:
        PayloadError: what is damaged, with its path ("cart.items[2].qty"), in words.
    """
    content = raw.parts.get(PART)
    if content is None:
        raise damaged(ROOT, Words(en="The order's data is missing.", ko="주문 데이터가 없습니다."))
    document = read_json(content)
    head = _valid(OrderHead, document).cart
    if raw.order_id is not None and raw.order_id != head.hash:
        raise _another(raw.order_id, head.hash)
    if (reason := NOT_ORDERED.get(head.status)) is not None:
        return reason
    if head.status not in STANDINGS:
        raise unknown("cart.status", head.status, [*NOT_ORDERED, *STANDINGS])
    order = _valid(Order, document)
    try:
        return _web_order(order, settings)
    except ValidationError as error:
        raise payload_error(error, under="cart") from error


def _another(asked: str, came: str) -> PayloadError:
    return damaged(
        "cart.hash",
        Words(
            en=f"This is order {came}, but it came as {shown(asked)}.",
            ko=f"{came} 주문인데 {shown(asked)}(으)로 전달되었습니다.",
        ),
    )


def _valid(model: type[_Model], document: object) -> _Model:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise payload_error(error) from error


def _web_order(order: Order, settings: Settings) -> WebOrder:
    cart = order.cart
    kind = _kind(cart)
    currency = _currency(cart, settings)
    standing, items = _standing(cart)
    added = sums(cart, items, currency=currency, settings=settings)
    held = kind is not OrderKind.ROPIS and _held(cart)
    if kind is not OrderKind.ROPIS and not held:
        standing = _without_money(cart, standing)
    paid = held and standing in {Standing.OPEN, Standing.FULFILLED}
    return WebOrder(
        id=cart.hash,
        number=cart.hash,
        kind=kind,
        standing=standing,
        placed_at=cart.ordered_at,
        updated_at=cart.updated_at,
        currency=currency,
        total=added.total,
        lines=tuple(_line(one.item, amount) for one, amount in zip(items, added.amounts, strict=True)),
        charges=added.charges,
        rounded_amounts=added.rounded,
        customer=_customer(order),
        paid=paid,
        tenders=_tenders(cart, added) if paid else (),
        location=cart.store_id,
        billing_address=_billing(cart),
        shipping_address=_shipping(cart),
        webstore_status=cart.status,
        note="\n".join(item.message for item in cart.items if item.message),
    )


def _kind(cart: Cart) -> OrderKind:
    if cart.for_hold and cart.for_delivery:
        raise damaged(
            "cart.for_delivery",
            Words(
                en="The order is a reservation and to be delivered at once; it can only be one of them.",
                ko="예약이면서 배송이라고 되어 있습니다. 둘 중 하나만 가능합니다.",
            ),
        )
    if cart.for_delivery:
        return OrderKind.SHIPPING
    return OrderKind.ROPIS if cart.for_hold else OrderKind.BOPIS


def _currency(cart: Cart, settings: Settings) -> str:
    try:
        return Money.zero(cart.currency.upper() or settings.currency).currency
    except TillbridgeError as error:
        raise damaged("cart.currency", error.words) from error


def _standing(cart: Cart) -> tuple[Standing, Sequence[Placed]]:
    """Return where the order stands and the items that are bought; what the store denied is not."""
    standing = STANDINGS[cart.status]
    every = [Placed(f"cart.items[{index}]", item) for index, item in enumerate(cart.items)]
    seen: set[str] = set()
    bought = []
    for one in every:
        if one.item.status not in ITEMS:
            raise unknown(f"{one.path}.status", one.item.status, ITEMS)
        if one.item.id in seen:
            raise damaged(
                f"{one.path}.id",
                Words(
                    en=f"Two items have the same ID {one.item.id}.",
                    ko=f"품목 두 개의 ID가 {one.item.id}(으)로 같습니다.",
                ),
            )
        seen.add(one.item.id)
        if ITEMS[one.item.status] is ItemStanding.STANDS:
            bought.append(one)
    if standing not in {Standing.OPEN, Standing.FULFILLED}:
        return standing, bought or every
    return (standing, bought) if bought else (Standing.CANCELLED, every)


def _held(cart: Cart) -> bool:
    if cart.payment_status not in PAYMENTS:
        raise unknown("cart.payment_status", cart.payment_status, PAYMENTS)
    return PAYMENTS[cart.payment_status] is Held.YES


def _without_money(cart: Cart, standing: Standing) -> Standing:
    """Return where an order stands that is bought, and for which no money is there any more, or yet."""
    if PAYMENTS[cart.payment_status] is Held.GIVEN_BACK:
        return Standing.REFUNDED
    return Standing.UNPAID if standing is Standing.OPEN else standing


def _tenders(cart: Cart, added: Sums) -> tuple[Tender, ...]:
    return (
        Tender(kind=TenderKind.CARD, amount=added.total, title="Locally", reference=cart.payment_reference),
    )


def _line(item: Item, amount: Amount) -> WebLine:
    known = ((IdentifierKind.GTIN, item.upc), (IdentifierKind.VPN, item.part_number))
    return WebLine(
        id=item.id,
        title=item.product_title or item.part_number or item.upc or item.id,
        quantity=item.qty,
        amount=amount,
        unit_price=item.price_per_unit,
        listing=ListingRef(item_id=item.product_id) if item.product_id else None,
        identifiers=tuple(LineIdentifier(kind=kind, value=value) for kind, value in known if value),
        vendor=item.vendor or None,
        brand=item.brand or None,
    )


def _customer(order: Order) -> WebCustomer:
    cart = order.cart
    signed_in = order.user.email if order.user else ""
    email = cart.email or signed_in
    # Locally makes a user for every visitor; its number says nothing of who comes back.
    user_id = None if _MADE_UP.fullmatch(signed_in) else cart.user_id
    korean = _HANGUL.fullmatch(cart.last_name) and _HANGUL.fullmatch(cart.first_name)
    return WebCustomer(
        id=user_id,
        first_name=cart.first_name,
        last_name=cart.last_name,
        full_name=f"{cart.last_name}{cart.first_name}" if korean else "",
        email=email or None,
        email_usable=not _MADE_UP.fullmatch(email),
        phone=cart.phone or None,
        consent=Consent(source="Locally", at=cart.mailing_consent_at) if cart.mailing_consent else None,
    )


def _billing(cart: Cart) -> Address | None:
    if not (cart.address or cart.city or cart.zip):
        return None
    return Address(
        name=f"{cart.first_name} {cart.last_name}".strip(),
        street=tuple(part for part in (cart.address, cart.address_2) if part),
        city=cart.city,
        region=cart.state,
        postcode=cart.zip,
        country=cart.country.upper(),
        phone=cart.phone,
    )


def _shipping(cart: Cart) -> Address | None:
    if not (cart.delivery_address or cart.delivery_city or cart.delivery_zip):
        return None
    return Address(
        name=f"{cart.delivery_first_name} {cart.delivery_last_name}".strip(),
        street=tuple(part for part in (cart.delivery_address, cart.delivery_address_2) if part),
        city=cart.delivery_city,
        region=cart.delivery_state,
        postcode=cart.delivery_zip,
        country=cart.delivery_country.upper(),
        phone=cart.delivery_phone,
    )

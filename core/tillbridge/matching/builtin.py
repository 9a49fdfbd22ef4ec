"""The rules that every shop starts with (MISSION S7 and S10)."""

from collections.abc import Iterator

from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.identifiers import (
    IdentifierKind,
    Reading,
    normalise_email,
    normalise_name,
    normalise_part_number,
    read_gtin,
)
from tillbridge.model.orders import WebLine, WebOrder
from tillbridge.model.words import Words
from tillbridge.phones import e164
from tillbridge.pos.contract import CustomerKey, CustomerKeyKind, ProductKey


def _readings(line: WebLine) -> Iterator[Reading]:
    for one in line.identifiers:
        if one.kind is IdentifierKind.GTIN:
            reading = read_gtin(one.value, upc_e=one.upc_e)
            if not reading.restricted:
                yield reading


def _exact_gtins(_: WebOrder, line: WebLine) -> Iterator[ProductKey]:
    for reading in _readings(line):
        if reading.gtin:
            yield ProductKey(IdentifierKind.GTIN, reading.gtin)


def _repaired_gtins(_: WebOrder, line: WebLine) -> Iterator[ProductKey]:
    for reading in _readings(line):
        if reading.gtin:
            yield ProductKey(IdentifierKind.GTIN_REPAIRED, reading.gtin)
        for repair in reading.repairs:
            yield ProductKey(IdentifierKind.GTIN, repair.gtin)
            yield ProductKey(IdentifierKind.GTIN_REPAIRED, repair.gtin)


def _part_numbers(_: WebOrder, line: WebLine) -> Iterator[ProductKey]:
    named = [normalise_name(name) for name in (line.vendor, line.brand) if name]
    scopes = [name for name in named if name] or [""]
    for one in line.identifiers:
        if one.kind in (IdentifierKind.VPN, IdentifierKind.MPN):
            number = normalise_part_number(one.value)
            if number:
                for scope in scopes:
                    yield ProductKey(IdentifierKind.VPN, number, scope)


def _email(order: WebOrder, _: str) -> Iterator[CustomerKey]:
    email = normalise_email(order.customer.email) if order.customer.email_usable else None
    if email:
        yield CustomerKey(CustomerKeyKind.EMAIL, email)


def _phone_and_name(order: WebOrder, country: str) -> Iterator[CustomerKey]:
    name = normalise_name(order.customer.name)
    phone = e164(order.customer.phone, country) if order.customer.phone_usable else None
    if name and phone:
        yield CustomerKey(CustomerKeyKind.PHONE_AND_NAME, phone, name)


PRODUCT_RULES = (
    ProductMatchRule(name="gtin", title=Words("UPC/GTIN", "UPC/GTIN"), rank=100, keys=_exact_gtins),
    ProductMatchRule(
        name="gtin_repaired",
        title=Words("UPC/GTIN, repaired", "UPC/GTIN(보정)"),
        rank=200,
        keys=_repaired_gtins,
    ),
    ProductMatchRule(
        name="part_number",
        title=Words("part number = VPN", "부품 번호 = 공급업체 부품 번호(VPN)"),
        rank=300,
        keys=_part_numbers,
    ),
)
CUSTOMER_RULES = (
    CustomerMatchRule(name="email", title=Words("e-mail", "이메일"), rank=100, keys=_email),
    CustomerMatchRule(
        name="phone_and_name",
        title=Words("phone and name", "전화번호와 이름"),
        rank=200,
        keys=_phone_and_name,
        switched_on=False,
    ),
)

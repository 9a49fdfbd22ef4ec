"""Customers and products that a search found: as data for scripts, and as tables."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from tillbridge.cli.orders_as import money_text, quantity_data
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.words import Language, Words
from tillbridge.pos.cards import FoundBy, FoundCustomer, FoundProduct, ProductCard

_FIELDS: Final = {
    "number": Words("number", "번호"),
    "name": Words("name", "이름"),
    "email": Words("e-mail", "이메일"),
    "phone": Words("phone", "전화번호"),
    "postcode": Words("post code", "우편번호"),
}
_BY: Final = {
    FoundBy.GTIN: Words("UPC/GTIN", "UPC/GTIN"),
    FoundBy.VPN: Words("VPN", "공급업체 부품 번호(VPN)"),
    FoundBy.MPN: Words("MPN", "제조사 부품 번호(MPN)"),
    FoundBy.SKU: Words("ID or SKU", "ID 또는 SKU"),
    FoundBy.DESCRIPTION: Words("description", "제품명"),
}


def customer_data(one: FoundCustomer) -> dict[str, Any]:
    """Return what scripts may rely on."""
    card = one.card
    return {
        "id": card.id,
        "number": card.number,
        "name": card.name,
        "company": card.company,
        "emails": list(card.emails),
        "phones": list(card.phones),
        "postcode": card.address.postcode,
        "city": card.address.city,
        "by": list(one.by),
        "close": one.close,
    }


def customer_table(found: Iterable[FoundCustomer], language: Language) -> Table:
    """Return found customers as a table, with what fitted."""
    table = plain_table(
        (
            Words("ID", "ID"),
            Words("Name", "이름"),
            Words("E-mail", "이메일"),
            Words("Phone", "전화번호"),
            Words("Post code", "우편번호"),
            Words("Fits", "일치"),
        ),
        language,
    )
    near = Words("spelt closely", "비슷한 표기")
    for one in found:
        card = one.card
        fits = ", ".join(_FIELDS[name].say(language) for name in one.by)
        table.add_row(
            Text(card.id),
            Text(" / ".join(part for part in (card.name, card.company) if part)),
            Text(", ".join(card.emails)),
            Text(", ".join(card.phones)),
            Text(card.address.postcode),
            Text(
                f"{fits} ({near.say(language)})" if one.close else fits, style="yellow" if one.close else ""
            ),
        )
    return table


def product_data(one: FoundProduct) -> dict[str, Any]:
    """Return what scripts may rely on."""
    return card_data(one.card) | {"by": one.by.value}


def card_data(card: ProductCard) -> dict[str, Any]:
    """Return a product as data."""
    return {
        "id": card.id,
        "description": card.description,
        "brand": card.brand,
        "vendor": card.vendor,
        "price_minor": card.price.minor if card.price else None,
        "currency": card.price.currency if card.price else None,
        "numbers": [{"kind": kind.value, "number": number} for kind, number in card.numbers],
        "on_hand": {store: quantity_data(pieces) for store, pieces in card.on_hand.items()},
    }


_CARD: Final = (
    Words("ID", "ID"),
    Words("Product", "제품"),
    Words("Brand", "브랜드"),
    Words("Numbers", "번호"),
    Words("Price", "가격"),
    Words("On hand", "재고"),
)


def card_table(cards: Iterable[ProductCard], language: Language) -> Table:
    """Return products as a table."""
    table = plain_table(_CARD, language)
    for card in cards:
        table.add_row(*_card_row(card, language))
    return table


def product_table(found: Sequence[FoundProduct], language: Language) -> Table:
    """Return found products as a table, with by what they were found."""
    table = plain_table((*_CARD, Words("Found by", "검색 기준")), language)
    for one in found:
        table.add_row(*_card_row(one.card, language), _BY[one.by].say(language))
    return table


def _card_row(card: ProductCard, language: Language) -> tuple[Text, ...]:
    """Return a product's cells, as `_CARD` heads them."""
    shown = dict.fromkeys(number for kind, number in card.numbers if kind is not IdentifierKind.GTIN_REPAIRED)
    stock = ", ".join(f"{store} {quantity_data(pieces)}" for store, pieces in card.on_hand.items())
    cells = (
        card.id,
        card.description,
        card.brand,
        ", ".join(shown),
        money_text(card.price, language),
        stock,
    )
    return tuple(Text(cell) for cell in cells)


def plain_table(headings: Sequence[Words], language: Language) -> Table:
    """Return a table without lines, of these columns."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading.say(language))
    return table

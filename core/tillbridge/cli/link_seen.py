"""What a line is linked to, beside what the line says: a wrong product shows by its name and price."""

from typing import Any

from tillbridge.cli.found import card_data
from tillbridge.cli.orders_as import money_text, quantity_data
from tillbridge.model.money import Money
from tillbridge.model.words import Words
from tillbridge.pos.cards import ProductCard
from tillbridge.views import LineView, OrderView


def link_words(order: OrderView, line: LineView, card: ProductCard) -> Words:
    """Return the product with its price, and the line with what it comes to."""
    pieces = quantity_data(line.quantity)
    total = Money(line.total_minor, order.total.currency) if order.total else None
    each_en, each_ko = _price(card)
    return Words(
        f"“{line.title}” → {card.description} ({card.id}){each_en}; the line says {pieces} for "
        f"{money_text(total, 'en') or line.total_minor}.",
        f"‘{line.title}’ → {card.description} ({card.id}){each_ko}. 주문 항목: {pieces}개 "
        f"{money_text(total, 'ko') or line.total_minor}",
    )


def link_data(line: LineView, card: ProductCard) -> dict[str, Any]:
    """Return what scripts may rely on, of a link that is only looked at."""
    return {
        "line": line.line_id,
        "title": line.title,
        "quantity": quantity_data(line.quantity),
        "total_minor": line.total_minor,
        "product": card_data(card),
        "dry_run": True,
    }


def _price(card: ProductCard) -> tuple[str, str]:
    if card.price is None:
        return "", ""
    return f", {money_text(card.price, 'en')} each", f", 개당 {money_text(card.price, 'ko')}"

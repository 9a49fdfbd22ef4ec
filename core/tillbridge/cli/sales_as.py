"""A sale as data for scripts, and as tables for people."""

from collections.abc import Mapping
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from tillbridge.cli.orders_as import money_text, quantity_data
from tillbridge.cli.returns_as import returned_pieces, returned_words
from tillbridge.model.money import Money
from tillbridge.model.words import Language, Words
from tillbridge.pos.details import PAYMENT_WORDS
from tillbridge.pos.sales import ReturnTaken, SaleItem, SaleState, SaleView

STATE_WORDS: Final[Mapping[SaleState, Words]] = {
    SaleState.OPEN: Words("open", "열림"),
    SaleState.EMPTIED: Words("open, without items", "열림(항목 없음)"),
    SaleState.FINISHED: Words("finished as a sale", "판매 종료"),
    SaleState.CLOSED_EMPTY: Words("closed without items", "항목 없이 종료"),
    SaleState.VOID: Words("void", "취소됨"),
}


def sale_data(sale: SaleView) -> dict[str, Any]:
    """Return what scripts may rely on; amounts are in minor units."""
    balance = sale.balance
    return {
        "sale": sale.facts.sale_id,
        "barcode": sale.facts.barcode,
        "state": sale.facts.state.value,
        "revision": sale.revision,
        "kept_open": sale.kept_open,
        "store": sale.store,
        "customer": sale.customer_id,
        "currency": sale.currency,
        "total_minor": balance.total.minor,
        "paid_minor": balance.paid.minor,
        "due_minor": balance.due.minor,
        "refund_minor": balance.refund.minor,
        "items": [_item_data(item) for item in sale.items],
        "payments": [
            {
                "kind": one.payment.kind.value,
                "amount_minor": one.payment.amount.minor,
                "card_type": one.payment.card_type,
                "reference": one.payment.reference,
                "at": one.at.isoformat(),
                "who": one.who,
            }
            for one in sale.payments
        ],
        "comments": list(sale.comments),
        "returns": [_return_data(one) for one in sale.returns],
    }


def _return_data(taken: ReturnTaken) -> dict[str, Any]:
    return {
        "at": taken.at.isoformat(),
        "who": taken.who,
        "reason": taken.reason,
        "items": [
            {
                "item": one.item,
                "quantity": quantity_data(one.quantity),
                "gross_minor": one.gross.minor,
                "to_stock": one.to_stock,
            }
            for one in taken.items
        ],
        "refunds": [
            {
                "kind": one.kind.value,
                "amount_minor": one.amount.minor,
                "card_type": one.card_type,
                "reference": one.reference,
            }
            for one in taken.refunds
        ],
    }


def _item_data(item: SaleItem) -> dict[str, Any]:
    return {
        "item": item.id,
        "kind": item.kind.value,
        "product": item.product_id,
        "description": item.description,
        "quantity": quantity_data(item.quantity),
        "net_minor": item.net.minor,
        "tax_minor": item.tax.minor,
        "gross_minor": item.gross.minor,
        "web_line": item.web_line,
        "added": item.added,
        "removed": item.removed,
    }


def item_table(sale: SaleView, language: Language) -> Table:
    """Return the items; removed ones are crossed out, and of those that came back it is said."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    headings = (
        Words("Item", "항목"),
        Words("Description", "설명"),
        Words("Quantity", "수량"),
        Words("Amount", "금액"),
        Words("", ""),
    )
    for place, heading in enumerate(headings):
        table.add_column(heading.say(language), justify="right" if place in (2, 3) else "left")
    pieces = returned_pieces(sale)
    for item in sale.items:
        table.add_row(
            item.id,
            Text(item.description),
            f"{item.quantity.normalize():f}",
            money_text(item.gross, language),
            ", ".join(mark.say(language) for mark in (_mark(item), returned_words(item, pieces)) if mark),
            style="dim strike" if item.removed else None,
        )
    return table


def _mark(item: SaleItem) -> Words | None:
    if item.removed:
        return Words("removed", "삭제됨")
    return Words("added at the counter", "매장에서 추가") if item.added else None


def balance_table(sale: SaleView, language: Language) -> Table:
    """Return the total, each payment, and what is due."""
    balance = sale.balance
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    _row(table, Words("Total", "합계"), balance.total, language)
    for one in sale.payments:
        words, card = PAYMENT_WORDS[one.payment.kind], one.payment.card_type
        label = Words(f"{words.en} {card}".strip(), f"{words.ko} {card}".strip())
        _row(table, label, one.payment.amount, language)
    _row(table, Words("Due", "받을 금액"), balance.due, language)
    if balance.refund:
        _row(table, Words("The webstore has to give back", "웹스토어 환불 필요"), balance.refund, language)
    return table


def _row(table: Table, label: Words, amount: Money, language: Language) -> None:
    table.add_row(Text(label.say(language), style="bold"), money_text(amount, language))

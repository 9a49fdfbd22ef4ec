"""What came back of a finished sale, as people read it: the sale itself stays as it was."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from tillbridge.cli.orders_as import money_text, quantity_data
from tillbridge.model.words import Language, Words
from tillbridge.pos.details import PAYMENT_WORDS, Payment, PaymentKind
from tillbridge.pos.sales import ReturnTaken, SaleItem, SaleView


def returned_pieces(sale: SaleView | None) -> Mapping[str, Decimal]:
    """Return how many pieces came back, by the sale's item."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for taken in sale.returns if sale else ():
        for one in taken.items:
            found[one.item] += one.quantity
    return found


def returned_of_lines(sale: SaleView | None) -> Mapping[str, Words]:
    """Return what is said of the web order's lines that came back, by the webstore's line IDs."""
    pieces = returned_pieces(sale)
    items = sale.items if sale else ()
    return {
        item.web_line: said
        for item in items
        if item.web_line and (said := returned_words(item, pieces)) is not None
    }


def returned_words(item: SaleItem, pieces: Mapping[str, Decimal]) -> Words | None:
    """Say how much of an item came back; None: nothing."""
    back = pieces.get(item.id)
    if not back:
        return None
    if back >= item.quantity:
        return Words("returned", "반품됨")
    return Words(f"{quantity_data(back)} returned", f"{quantity_data(back)}개 반품됨")


def return_lines(
    sale: SaleView | None, shown: Callable[[datetime], str], language: Language
) -> Iterator[str]:
    """Yield one line for each return, the oldest first; `shown` writes a moment."""
    for taken in sale.returns if sale else ():
        yield f"{shown(taken.at)}  {_said(sale, taken, language).say(language)}"


def _said(sale: SaleView | None, taken: ReturnTaken, language: Language) -> Words:
    names = {item.id: item.description for item in sale.items} if sale else {}
    counted = [(quantity_data(one.quantity), names.get(one.item, one.item)) for one in taken.items]
    money = [_money(one, language) for one in taken.refunds]
    reason = f" ({taken.reason})" if taken.reason else ""
    english = ", ".join(f"{count} × “{name}”" for count, name in counted)
    korean = ", ".join(f"‘{name}’ {count}개" for count, name in counted)
    return Words(
        "; ".join((f"Returned: {english}{reason}", *(one.en for one in money))),
        ". ".join((f"반품: {korean}{reason}", *(one.ko for one in money))),
    )


def _money(refund: Payment, language: Language) -> Words:
    amount, kind = money_text(refund.amount, language), PAYMENT_WORDS[refund.kind]
    card = f" {refund.card_type}" if refund.card_type else ""
    if refund.kind is PaymentKind.ECOMMERCE:
        return Words(f"{amount} is the webstore's to give back", f"{amount} 웹스토어에서 환불")
    return Words(f"handed back {amount}, {kind.en}{card}", f"환불 {amount}, {kind.ko}{card}")

"""What staff ask of a sale, as the change it is and the sentence that the timeline keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.money import Money
from tillbridge.model.orders import OrderKind
from tillbridge.model.resolutions import RESOLUTION_WORDS, Resolution
from tillbridge.model.status import IS_RESERVATION
from tillbridge.model.words import Words
from tillbridge.pos.details import (
    PAYMENT_WORDS,
    Detail,
    ItemPick,
    NewItem,
    NewPrice,
    OtherCustomer,
    Payment,
    PaymentKind,
    Return,
    SaleAction,
    SomeItems,
)
from tillbridge.pos.sales import SaleItem, SaleView


@dataclass(frozen=True, slots=True)
class Plan:
    """One change of a sale.

    Attributes:
        what: what the timeline calls it.
        words: what the timeline says, with before and after.
        outcome: how the reservation has ended once it is done, or None.
    """

    action: SaleAction
    what: str
    words: Words
    detail: Detail | None = None
    outcome: Resolution | None = None


def add_item(sale: SaleView, wanted: NewItem, name: str) -> Plan:
    """Add a product; `name` is what the timeline calls it."""
    count = _count(wanted.quantity)
    words = Words(
        f"Added at the counter: {count} × “{name}” ({wanted.product_id}); the total was {sale.total}",
        f"매장에서 추가: ‘{name}’({wanted.product_id}) {count}개. 이전 합계 {sale.total}",
    )
    return Plan(SaleAction.ADD_ITEM, "item added", words, wanted)


def remove_items(sale: SaleView, picks: Sequence[ItemPick]) -> Plan:
    """Remove some items, or all if `picks` is empty.

    Raises:
        NotFound: the sale has no such item.
    """
    there = [item for item in sale.items if not item.removed]
    named = [(item_of(sale, pick), pick.quantity) for pick in picks] or [(item, None) for item in there]
    texts = [f"{_count(quantity or item.quantity)} × “{item.description}”" for item, quantity in named]
    korean = [f"‘{item.description}’ {_count(quantity or item.quantity)}개" for item, quantity in named]
    words = Words(
        f"Removed from the sale: {', '.join(texts) or '-'}; the total was {sale.total}",
        f"거래에서 삭제: {', '.join(korean) or '-'}. 이전 합계 {sale.total}",
    )
    detail = SomeItems(picks=tuple(picks)) if picks else None
    return Plan(SaleAction.REMOVE_ITEMS, "items removed", words, detail)


def change_price(sale: SaleView, wanted: NewPrice) -> Plan:
    """Set what all pieces of an item cost.

    Raises:
        NotFound: the sale has no such item.
    """
    item = item_of(sale, wanted.pick)
    words = Words(
        f"“{item.description}”: {item.gross} → {wanted.gross}",
        f"‘{item.description}’ 가격: {item.gross} → {wanted.gross}",
    )
    return Plan(SaleAction.SET_PRICE, "price changed", words, wanted)


def change_customer(sale: SaleView, customer_id: str, name: str) -> Plan:
    """Move the sale to another customer; `name` is what the timeline calls them."""
    words = Words(
        f"The sale's customer: {sale.customer_id} → {name} ({customer_id})",
        f"거래 고객: {sale.customer_id} → {name}({customer_id})",
    )
    wanted = OtherCustomer(customer_id=customer_id)
    return Plan(SaleAction.SET_CUSTOMER, "sale's customer", words, wanted)


def comment(text: str) -> Plan:
    """Add a comment."""
    return Plan(SaleAction.COMMENT, "comment", Words(f"Comment: {text}", f"메모: {text}"))


def pay(sale: SaleView, payment: Payment) -> Plan:
    """Note money that came, or went back."""
    kind, due = PAYMENT_WORDS[payment.kind], sale.balance.due
    left = due if payment.kind is PaymentKind.ECOMMERCE else due - payment.amount
    card = f" ({payment.card_type})" if payment.card_type else ""
    owed = f"{due} → {left}" if left != due else f"{due}"
    back = payment.amount.minor < 0
    amount = -payment.amount if back else payment.amount
    words = Words(
        f"{'Handed back' if back else 'Paid'}: {amount}, {kind.en}{card}; due {owed}",
        f"{'환불' if back else '결제'}: {amount}, {kind.ko}{card}. 받을 금액 {owed}",
    )
    return Plan(SaleAction.PAY, "payment", words, payment)


def keep_open() -> Plan:
    """Keep the sale open until it is picked up."""
    words = Words("The sale is kept open", "거래를 열어 둡니다")
    return Plan(SaleAction.KEEP_OPEN, "kept open", words)


def release() -> Plan:
    """Keep the sale open no longer."""
    words = Words("The sale is no longer kept open", "거래의 열어두기를 해제했습니다")
    return Plan(SaleAction.RELEASE, "kept open no longer", words)


def finish(sale: SaleView, outcome: Resolution | None = None) -> Plan:
    """Finish as a sale, or close an empty one.

    Args:
        sale: as it is.
        outcome: how the reservation ended; None: where goods are on the sale, they are picked up.

    Raises:
        NotAllowed: only a reservation has an outcome.
    """
    reserved = sale.kind is OrderKind.ROPIS
    if outcome and not reserved:
        raise NotAllowed(IS_RESERVATION.otherwise)
    if reserved and any(not item.removed for item in sale.items):
        outcome = outcome or Resolution.PICKED_UP
    said = RESOLUTION_WORDS[outcome] if outcome else None
    words = Words(
        f"Finished as a sale: {sale.total}, paid {sale.balance.paid}{f'; {said.en}' if said else ''}",
        f"판매 종료: {sale.total}, 결제 {sale.balance.paid}{f'. {said.ko}' if said else ''}",
    )
    return Plan(SaleAction.FINISH, "finish", words, outcome=outcome)


def take_back(sale: SaleView, wanted: Return) -> Plan:
    """Take items of a finished sale back.

    Raises:
        NotFound: the sale has no such item.
    """
    named = [(item_of(sale, ItemPick(item=one.item)), one) for one in wanted.items]
    counts = [_count(one.quantity or _not_back(sale, item)) for item, one in named]
    texts = [f"{count} × “{item.description}”" for count, (item, _) in zip(counts, named, strict=True)]
    korean = [f"‘{item.description}’ {count}개" for count, (item, _) in zip(counts, named, strict=True)]
    kept = all(one.to_stock for one in wanted.items)
    words = Words(
        f"Returned: {', '.join(texts)}{'' if kept else '; not all to the stock'}",
        f"반품: {', '.join(korean)}{'' if kept else '. 일부는 재고에 넣지 않음'}",
    )
    return Plan(SaleAction.RETURN, "return", words, wanted)


def _not_back(sale: SaleView, item: SaleItem) -> Decimal:
    """Return how many pieces of an item have not come back yet."""
    back = [one.quantity for taken in sale.returns for one in taken.items if one.item == item.id]
    return item.quantity - sum(back, Decimal(0))


def item_of(sale: SaleView, pick: ItemPick) -> SaleItem:
    """Return the item that is meant: the one that is there, before one that was removed.

    Raises:
        NotFound: the sale has none of that ID or line.
    """
    found = [item for item in sale.items if _is(item, pick)]
    if not found:
        shown = pick.item or pick.web_line
        raise NotFound(Words(f"The sale has no item {shown!r}.", f"거래에 {shown!r} 항목이 없습니다."))
    return min(found, key=lambda item: item.removed)


def _is(item: SaleItem, pick: ItemPick) -> bool:
    return item.id == pick.item if pick.item else item.web_line == pick.web_line


def _count(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def amount_of(text: Decimal, sale: SaleView) -> Money:
    """Return an amount in the sale's currency.

    Raises:
        MoneyError: it has more decimals than the currency, or is no amount.
    """
    return Money.exact(text, sale.currency)

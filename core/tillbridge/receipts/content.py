"""What stands on a receipt, before it is text or a page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from tillbridge.model.money import Money, sum_money
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.pos.details import PAYMENT_WORDS, Payment
from tillbridge.pos.sales import SaleState, SaleView

_TIME: Final = "%Y-%m-%d %H:%M"
_TITLE: Final = Words("Receipt", "거래 영수증")
_OPEN: Final = Words("Not paid in full: no proof of payment", "결제 완료 전: 결제 증빙이 아닙니다")
_KEPT: Final = Words("Kept open", "열어두기")


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount with its label; a strong one is what people look for."""

    label: Words
    amount: Money
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt.

    Attributes:
        head: the store's name, then its address.
        facts: labels with what they are about: the order, the customer, the time.
        items: description, how many, and what all of them cost.
        notes: what must be said below.
        barcode: of the sale, as digits.
    """

    title: Words
    head: Sequence[str]
    facts: Sequence[tuple[Words, str]]
    items: Sequence[tuple[str, str, Money]]
    sums: Sequence[Sum]
    notes: Sequence[Words]
    barcode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the order adds to its sale: its number at the webstore, and who ordered."""

    number: str
    customer: str


def make_receipt(sale: SaleView, store: Store, about: About) -> Receipt:
    """Put a receipt together; what was removed from the sale does not stand on it."""
    there = [item for item in sale.items if not item.removed]
    finished = sale.facts.state is SaleState.FINISHED
    moment = sale.changed_at if finished else sale.opened_at
    facts = [
        (Words("Order", "주문"), about.number),
        (Words("Customer", "고객"), about.customer),
        (Words("Time", "시각"), moment.astimezone(store.zone).strftime(_TIME)),
    ]
    paid = [_payment(one.payment) for one in sale.payments]
    if sale.kept_open:
        facts.append((_KEPT, sale.kept_open))
    return Receipt(
        title=_TITLE,
        head=[store.name, *_address(store)],
        facts=[(label, text) for label, text in facts if text],
        items=[(item.description, _count(item.quantity), item.gross) for item in there],
        sums=[*_totals(sale), *paid, *_open_sums(sale), *_returned(sale)],
        notes=[_OPEN] if not finished and sale.balance.due.minor > 0 else [],
        barcode=sale.facts.barcode,
    )


def _address(store: Store) -> list[str]:
    there = store.address
    lines = [*there.street, " ".join(part for part in (there.postcode, there.city) if part)]
    return [line for line in lines if line]


def _count(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _totals(sale: SaleView) -> list[Sum]:
    there = [item for item in sale.items if not item.removed]
    tax = sum_money((item.tax for item in there), sale.currency)
    total = Sum(Words("Total", "합계"), sale.total, strong=True)
    return [total, Sum(Words("Tax in it", "포함된 세금"), tax)] if tax else [total]


def _payment(payment: Payment) -> Sum:
    kind, card = PAYMENT_WORDS[payment.kind], payment.card_type
    label = Words(f"{_capital(kind.en)} {card}".strip(), f"{kind.ko} {card}".strip())
    return Sum(label, payment.amount)


def _returned(sale: SaleView) -> list[Sum]:
    """Say what came back since: each item, and how its money goes back."""
    names = {item.id: item.description for item in sale.items}
    sums: list[Sum] = []
    for taken in sale.returns:
        for one in taken.items:
            named = f"{names[one.item]} × {_count(one.quantity)}"
            sums.append(Sum(Words(f"Returned: {named}", f"반품: {named}"), -one.gross, strong=True))
        sums += [_payment(replace(one, amount=-one.amount)) for one in taken.refunds]
    return sums


def _capital(text: str) -> str:
    """Begin a line with a capital letter; eCommerce keeps its own."""
    return text if text.startswith("eC") else text[:1].upper() + text[1:]


def _open_sums(sale: SaleView) -> list[Sum]:
    due, refund = sale.balance.due, sale.balance.refund
    open_sums = [Sum(Words("Due", "받을 금액"), due, strong=True)] if due else []
    return [*open_sums, *([Sum(Words("Refund due", "환불 예정"), refund)] if refund else [])]

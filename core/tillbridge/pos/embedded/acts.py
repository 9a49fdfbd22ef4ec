"""What each action does to a sale in memory, or why it cannot be done."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tillbridge.model.base import clean_text
from tillbridge.model.drafts import ItemKind
from tillbridge.model.money import Money, spread
from tillbridge.model.stores import TaxMode
from tillbridge.model.words import Words
from tillbridge.pos.contract import SaleChange, SaleState
from tillbridge.pos.details import (
    ItemPick,
    NewItem,
    NewPrice,
    OtherCustomer,
    OtherProduct,
    Payment,
    PaymentKind,
    SaleAction,
    SomeItems,
)
from tillbridge.pos.embedded.numbers import Letter, from_e4, number_of, to_e4
from tillbridge.pos.embedded.refusals import no_customer
from tillbridge.pos.embedded.ruling import OPEN, UNCLEAR, Counter, KnownProduct, Rule, done
from tillbridge.pos.embedded.sheets import Line, Sheet
from tillbridge.pos.embedded.whole import comment, finish, keep_open, release, void

FINISHED: Final = Words(
    "The sale is finished and its goods are gone; it cannot be changed any more.",
    "이미 종료되어 상품이 나간 거래이므로 변경할 수 없습니다.",
)
VOID: Final = Words("The sale is void.", "취소된 거래입니다.")
_CLOSED: Final = Words(
    "The sale is finished without items; it cannot be changed any more.",
    "항목 없이 종료된 거래이므로 변경할 수 없습니다.",
)
CHANGED: Final = Words(
    "The sale was changed meanwhile by somebody else; look at it again.",
    "그사이 다른 사람이 거래를 변경했습니다. 거래를 다시 확인해 주세요.",
)
_ZERO: Final = Words(
    "A payment of nothing is only possible as an eCommerce payment.",
    "금액이 0인 결제는 이커머스 결제로만 등록할 수 있습니다.",
)


def apply(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:
    """Do a change to a sale in memory; return why not, if it cannot be done (it is unchanged then)."""
    if change.expect is not None and change.expect != sheet.revision:
        return CHANGED
    return _barred(sheet, change.action) or _RULES[change.action](sheet, change, counter)


def _barred(sheet: Sheet, action: SaleAction) -> Words | None:
    """Say what the sale's state forbids; what is closed empty may still be emptied, finished and voided."""
    if sheet.state is SaleState.FINISHED:
        return FINISHED
    if sheet.state is SaleState.VOID and action is not SaleAction.VOID:
        return VOID
    again = (SaleAction.REMOVE_ITEMS, SaleAction.FINISH, SaleAction.VOID)
    if sheet.state is SaleState.CLOSED_EMPTY and action not in again:
        return _CLOSED
    return None


# Items


def _remove(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:  # noqa: ARG001  # a Rule
    if change.detail is None:
        found: list[tuple[Line, int]] = [(line, line.quantity_e4) for line in sheet.live]
    elif isinstance(change.detail, SomeItems):
        picked = [_pick(sheet, pick) for pick in change.detail.picks]
        if refused := next((one for one in picked if isinstance(one, Words)), None):
            return refused
        found = [one for one in picked if one is not None and not isinstance(one, Words)]
    else:
        return UNCLEAR
    if len({line.position for line, _ in found}) < len(found):
        return Words("An item is named twice.", "같은 항목을 두 번 지정했습니다.")
    if not found or sheet.state not in OPEN:
        return None
    for line, quantity in found:
        sheet.take_off(line, quantity)
    done(sheet, change)
    return None


def _pick(sheet: Sheet, pick: ItemPick) -> tuple[Line, int] | Words | None:
    """Return an item and how much of it is meant; None if it is removed already."""
    named = [line for line in sheet.lines if _is(line, pick)]
    if not named:
        shown = pick.item or pick.web_line
        return Words(f"The sale has no item {shown!r}.", f"거래에 {shown!r} 항목이 없습니다.")
    line = next((line for line in named if line.removed is None), None)
    if pick.quantity is None:
        return (line, line.quantity_e4) if line else None
    left = line.quantity_e4 if line else 0
    asked = to_e4(pick.quantity) or 0
    if line is None or not 0 < asked <= left:
        return Words(
            f"“{named[0].description}”: {pick.quantity} cannot be taken off, there are {from_e4(left)}.",
            f"‘{named[0].description}’: 거래에 {from_e4(left)}개가 있어 {pick.quantity}개를 뺄 수 없습니다.",
        )
    return line, asked


def _is(line: Line, pick: ItemPick) -> bool:
    if pick.item:
        return str(line.position) == pick.item
    return bool(pick.web_line) and line.web_line == pick.web_line


def _add(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:
    if not isinstance(change.detail, NewItem):
        return UNCLEAR
    line = _new_line(sheet, change.detail, counter)
    if isinstance(line, Words):
        return line
    sheet.add(line)
    done(sheet, change)
    return None


def _new_line(sheet: Sheet, wanted: NewItem, counter: Counter) -> Line | Words:
    product = counter.products.get(number_of(Letter.PRODUCT, wanted.product_id) or 0)
    if product is None:
        return _no_product(wanted.product_id)
    quantity = to_e4(wanted.quantity) or 0
    if quantity <= 0:
        return Words(
            f"{wanted.quantity} is no quantity; it must be above zero, with four decimals at most.",
            f"{wanted.quantity}: 수량은 0보다 크고 소수점 아래 네 자리까지여야 합니다.",
        )
    amounts = _amounts(sheet, wanted, product, counter)
    if isinstance(amounts, Words):
        return amounts
    return Line(
        0,
        ItemKind.PRODUCT.value,
        product.number,
        product.description,
        quantity,
        amounts[0],
        amounts[1],
        added=counter.at,
    )


def _amounts(
    sheet: Sheet, wanted: NewItem, product: KnownProduct, counter: Counter
) -> tuple[Money, Money] | Words:
    """Return net and tax of all pieces."""
    price, store = product.price if wanted.price is None else wanted.price, counter.stores[sheet.store]
    rate = wanted.tax_rate if wanted.tax_rate is not None else store.tax_rate
    if wanted.price is not None and (wanted.price.currency != sheet.currency or wanted.price.minor < 0):
        return _wrong_amount(wanted.price, sheet)
    if price is None or price.currency != sheet.currency or price.minor < 0:
        return Words(
            f"“{product.description}” has no price in {sheet.currency}; name one.",
            f"‘{product.description}’의 {sheet.currency} 판매가가 없습니다. 가격을 지정해 주세요.",
        )
    if rate is None or not 0 <= rate < 100:  # noqa: PLR2004  # percent
        return Words(
            f"The tax rate of the store {store.name} is not known; name one, as in 10 percent.",
            f"{store.name} 매장의 세율이 등록되어 있지 않습니다. 10%처럼 세율을 지정해 주세요.",
        )
    shelf = Money.rounded(price.decimal * wanted.quantity, sheet.currency)
    if store.tax_mode is TaxMode.ADDED:
        return shelf, Money.rounded(shelf.decimal * rate / Decimal(100), sheet.currency)
    tax = Money.rounded(shelf.decimal * rate / (Decimal(100) + rate), sheet.currency)
    return shelf - tax, tax


def _price(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:  # noqa: ARG001  # a Rule
    wanted = change.detail
    if not isinstance(wanted, NewPrice):
        return UNCLEAR
    found = _pick(sheet, wanted.pick)
    if isinstance(found, Words):
        return found
    if found is None:
        return Words("The item was removed.", "삭제된 항목입니다.")
    line, quantity = found
    if quantity != line.quantity_e4:
        return Words("A price is set for all pieces of an item.", "가격은 항목 전체에 대해 바꿉니다.")
    if wanted.gross.currency != sheet.currency or wanted.gross.minor < 0:
        return _wrong_amount(wanted.gross, sheet)
    if line.gross.minor <= 0 and wanted.gross:
        return Words(
            "The item was free, so its tax is not known; remove it and add it with its price.",
            "무료 항목이라 세금을 알 수 없습니다. 항목을 삭제한 뒤 가격을 지정해 다시 추가해 주세요.",
        )
    line.net, line.tax = spread(wanted.gross, [line.net.minor, line.tax.minor])
    line.touched = True
    done(sheet, change)
    return None


def _replace(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:
    """Let an item be another product: the wrong one returns to the stock, the right one leaves it."""
    wanted = change.detail
    if not isinstance(wanted, OtherProduct):
        return UNCLEAR
    product = counter.products.get(number_of(Letter.PRODUCT, wanted.product_id) or 0)
    if product is None:
        return _no_product(wanted.product_id)
    found = _pick(sheet, wanted.pick)
    if isinstance(found, Words):
        return found
    if found is None:
        return Words("The item was removed.", "삭제된 항목입니다.")
    line, quantity = found
    if quantity != line.quantity_e4 or line.kind != ItemKind.PRODUCT.value:
        return Words("Only a whole product item can be another one.", "제품 항목 전체만 바꿀 수 있습니다.")
    if line.product == product.number:
        return None
    right = replace(line, product=product.number, removed=None, fresh=False, touched=False)
    sheet.take_off(line, quantity)
    sheet.add(right)
    done(sheet, change)
    return None


def _customer(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:
    wanted = change.detail
    if not isinstance(wanted, OtherCustomer):
        return UNCLEAR
    number = number_of(Letter.CUSTOMER, wanted.customer_id)
    if number is None or number not in counter.customers:
        return no_customer(wanted.customer_id)
    if number != sheet.customer:
        sheet.customer = number
        done(sheet, change)
    return None


def _no_product(asked: str) -> Words:
    return Words(f"There is no product {asked!r}.", f"제품 {asked!r}을(를) 찾을 수 없습니다.")


# Money


def _pay(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:  # noqa: ARG001  # a Rule
    payment = change.detail
    if not isinstance(payment, Payment):
        return UNCLEAR
    if refused := _wrong_payment(sheet, payment):
        return refused
    done(sheet, change)
    sheet.pay(
        Payment(
            kind=payment.kind,
            amount=payment.amount,
            card_type=clean_text(payment.card_type),
            reference=clean_text(payment.reference),
        ),
        clean_text(change.who),
    )
    return None


def _wrong_payment(sheet: Sheet, payment: Payment) -> Words | None:
    amount, web = payment.amount, payment.kind is PaymentKind.ECOMMERCE
    if amount.currency != sheet.currency:
        return _wrong_amount(amount, sheet)
    if not amount and not web:
        return _ZERO
    paid = sheet.paid_by(payment.kind)
    if amount.minor < 0 and -amount > paid:
        return Words(
            f"{-amount} cannot be handed back this way: {paid} was paid so.",
            f"이 결제 수단으로 받은 금액은 {paid}이므로 {-amount}을(를) 돌려줄 수 없습니다.",
        )
    most = sheet.web_total - paid if web else sheet.balance.due
    if amount.minor > 0 and amount > most:
        return Words(f"{amount} is more than is due ({most}).", f"{amount}: 받을 금액({most})보다 많습니다.")
    return None


def _wrong_amount(amount: Money, sheet: Sheet) -> Words:
    return Words(
        f"{amount} cannot be used: the sale is in {sheet.currency}, and an amount is not below zero.",
        f"{amount}: 사용할 수 없는 금액입니다. 거래 통화는 {sheet.currency}이며 금액은 0 이상이어야 합니다.",
    )


_RULES: Final[Mapping[SaleAction, Rule]] = {
    SaleAction.REMOVE_ITEMS: _remove,
    SaleAction.ADD_ITEM: _add,
    SaleAction.SET_PRICE: _price,
    SaleAction.SET_CUSTOMER: _customer,
    SaleAction.REPLACE_PRODUCT: _replace,
    SaleAction.PAY: _pay,
    SaleAction.COMMENT: comment,
    SaleAction.KEEP_OPEN: keep_open,
    SaleAction.RELEASE: release,
    SaleAction.FINISH: finish,
    SaleAction.VOID: void,
}

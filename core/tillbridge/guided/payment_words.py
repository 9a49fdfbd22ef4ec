"""What an action does to the payments of a sale, in words: before, and once it is done."""

from collections.abc import Iterator, Sequence

from tillbridge.guided.changes import web_due
from tillbridge.guided.consequences import Consequence, Told, changing, of_effect
from tillbridge.guided.scenes import Scene
from tillbridge.model.money import Money
from tillbridge.model.status import Effect
from tillbridge.model.words import Words
from tillbridge.pos.contract import SaleView
from tillbridge.pos.details import PAYMENT_WORDS, Payment, PaymentKind


def payment_words(payment: Payment) -> Told:
    """Say what is given back of a payment, or noted as 0.00 where nothing was paid."""
    kind, amount = PAYMENT_WORDS[payment.kind], payment.amount
    if not amount:
        return of_effect(Effect.BALANCE)
    if payment.kind is PaymentKind.ECOMMERCE:
        return changing(
            Words(
                f"{-amount} of the eCommerce payment is taken off the sale.",
                f"거래의 이커머스 결제 {-amount}을(를) 취소합니다.",
            ),
            Words(
                f"{-amount} of the eCommerce payment was taken off the sale.",
                f"거래의 이커머스 결제 {-amount}을(를) 취소했습니다.",
            ),
        )
    return changing(
        Words(
            f"{-amount} that was paid here is handed back: {kind.en}.",
            f"매장에서 받은 {-amount}을(를) 돌려줍니다: {kind.ko}.",
        ),
        Words(
            f"{-amount} that was paid here was noted as handed back: {kind.en}. Hand it back.",
            f"매장에서 받은 {-amount}을(를) 환불로 등록했습니다: {kind.ko}. 고객에게 돌려주세요.",
        ),
    )


def pick_up_words(scene: Scene, sale: SaleView, payments: Sequence[Payment]) -> Iterator[Told]:
    """Say how a sale is paid at its pick-up; `payments` are those that are noted with it here."""
    web = web_due(scene, sale)
    if web:
        yield changing(
            Words(
                f"{web} that the webstore holds or took is noted as an eCommerce payment.",
                f"웹스토어에서 결제된 {web}을(를) 이커머스 결제로 등록합니다.",
            ),
            Words(
                f"{web} that the webstore holds or took was noted as an eCommerce payment.",
                f"웹스토어에서 결제된 {web}을(를) 이커머스 결제로 등록했습니다.",
            ),
        )
    due = sale.balance.due - web
    if due:
        yield _to_pay_here(due, payments)


def _to_pay_here(amount: Money, payments: Sequence[Payment]) -> Consequence:
    """Say what the customer pays at the counter, and then with what it was noted as paid."""
    ahead = Words(f"{amount} is to be paid here.", f"매장에서 {amount}을(를) 받습니다.")
    return Consequence(ahead, tuple(_noted(one) for one in payments) or (ahead,))


def _noted(payment: Payment) -> Words:
    kind = PAYMENT_WORDS[payment.kind]
    card = f"({payment.card_type})" if payment.card_type else ""
    return Words(
        f"{payment.amount} was noted as paid here: {kind.en} {card}".rstrip() + ".",
        f"매장에서 받은 {payment.amount}을(를) 등록했습니다: {kind.ko}{card}.",
    )

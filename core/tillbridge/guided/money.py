"""What a payment service has of an order's money, as guided actions note it on the sale and say it first."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tillbridge.fulfilment import Move
from tillbridge.guided.scenes import Scene
from tillbridge.guided.views import Doing
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.money import Money, sum_money, zero
from tillbridge.model.payments import Capture, WebPayment
from tillbridge.model.status import Act, Effect
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.payments.amounts import card_part
from tillbridge.payments.asking import Demand
from tillbridge.payments.known import has_ended
from tillbridge.payments.planning import Wish
from tillbridge.pos.contract import SaleView
from tillbridge.pos.details import Payment, PaymentKind

_NOT_THERE = Words(
    "The payment service has no payment for this order; see there (tillbridge payments check), or take the "
    "money here.",
    "결제 서비스에 이 주문의 결제가 없습니다. 확인하거나(tillbridge payments check) 매장에서 결제를 받아 "
    "주세요.",
)


def at_service(scene: Scene, left: Money) -> list[Payment]:
    """Return how `left` of the sale is paid by what the service has, and by gift cards and the like."""
    noted: list[Payment] = []
    favour = Money(scene.favour, left.currency)
    for one in scene.web_payments:
        given = min(favour, one.captured - one.kept)
        part = min(left, one.kept + given + _to_take(one, scene.now) - _noted(scene, one))
        if part.minor > 0:
            left, favour = left - part, favour - given
            kind = PaymentKind.ECOMMERCE
            noted.append(Payment(kind=kind, amount=part, card_type=one.card_type, reference=one.id))
    beside = min(left, _beside(scene))
    if beside.minor > 0:
        noted.append(Payment(kind=PaymentKind.ECOMMERCE, amount=beside))
    return noted


def _to_take(payment: WebPayment, now: datetime) -> Money:
    return zero(payment.currency) if has_ended(payment, now) else payment.held


def _noted(scene: Scene, payment: WebPayment) -> Money:
    """Return what stands on the sale of a payment already."""
    sale = scene.sale
    there = [one.payment for one in sale.payments] if sale else []
    return sum_money((one.amount for one in there if one.reference == payment.id), payment.currency)


def _beside(scene: Scene) -> Money:
    """Return what was paid online by gift cards and the like, and does not stand on the sale yet."""
    order, sale = scene.order, scene.sale
    if order is None or sale is None or not order.tenders:
        return zero(scene.row.currency)
    ids = {one.id for one in scene.web_payments}
    there = [one.payment for one in sale.payments if one.payment.kind is PaymentKind.ECOMMERCE]
    noted = sum_money((one.amount for one in there if one.reference not in ids), sale.currency)
    return max(order.total - card_part(order) - noted, zero(sale.currency))


def paid_here_instead(scene: Scene, sale: SaleView, payments: Sequence[Payment]) -> bool:
    """Say whether all is paid here, and nothing was taken online yet: the hold is let go then."""
    given = sum_money((one.amount for one in payments), sale.currency)
    taken = any(one.kept for one in scene.web_payments)
    return scene.served and not taken and bool(given) and given == sale.balance.due


def demands_at_pick_up(scene: Scene, doing: Doing, signature: Signature) -> list[Demand]:
    """Return what is asked of the payment service beside what the pick-up itself asks."""
    if doing.act is not Act.PICK_UP or scene.sale is None or not scene.web_payments:
        return []
    if not paid_here_instead(scene, scene.sale, doing.payments):
        return []
    return [Demand(row=scene.row, wish=Wish.GIVE_BACK, reason=signature.reason, who=signature.who)]


def pick_up_trouble(scene: Scene) -> Words | None:
    """Say why money that was to come from the payment service is not there, or None."""
    if not scene.served or not scene.paid_online:
        return None
    ended = [one for one in scene.web_payments if has_ended(one, scene.now)]
    if any(one.kept or (one.held and one not in ended) for one in scene.web_payments):
        return None
    if ended:
        amount = sum_money((one.authorised for one in ended), ended[0].currency)
        return Words(
            f"The hold of {amount:en} on the card has ended: nobody has the money. Do not hand the goods "
            f"over before it "
            "is paid here.",
            f"카드 승인 보류 {amount:ko}이(가) 만료되어 결제되지 않았습니다. 매장에서 결제를 받은 뒤 상품을 "
            f"전달해 주세요.",
        )
    return _NOT_THERE


def money_words(move: Move, scene: Scene, doing: Doing) -> Iterator[Words]:
    """Say what becomes of the money at the payment service, and how long giving it back takes."""
    if not scene.served or not scene.paid_online:
        return
    if move.order is not None and (move.order.act in _ENDS or move.decision is Decision.REJECTED):
        yield from _given_back(scene)
    elif move.decision is Decision.ACCEPTED and scene.row.capture == Capture.ACCEPTANCE:
        yield from _taken(scene)
    elif move.lines is not None and Effect.TELL_REJECTED in move.lines.effects:
        yield from _part(move, scene)
    elif doing.act is Act.PICK_UP and scene.sale is not None:
        if trouble := pick_up_trouble(scene):
            yield trouble
        elif paid_here_instead(scene, scene.sale, doing.payments):
            yield from _given_back(scene)
        else:
            yield from _taken(scene)


_ENDS = (Act.REJECT, Act.REJECT_ONLY, Act.CANCEL, Act.NO_SHOW)


def _given_back(scene: Scene) -> Iterator[Words]:
    currency = scene.row.currency
    kept = sum_money((one.kept for one in scene.web_payments), currency)
    held = sum_money((one.held for one in scene.web_payments), currency)
    if kept:
        yield from _refunded(kept, scene)
    if held:
        yield Words(
            f"The hold of {held:en} on the card is released; nothing is charged. The bank may show it for "
            f"up to two weeks.",
            f"카드 승인 보류 {held:ko}을(를) 해제하며 청구되지 않습니다. 은행 표시가 사라지기까지 최대 "
            f"2주가 걸릴 수 있습니다.",
        )


def _refunded(amount: Money, scene: Scene) -> Iterator[Words]:
    """Say what goes back to the customer, and who is told."""
    yield Words(
        f"{amount:en} was taken already: it is refunded to the card, which the bank may take up to two weeks "
        "for.",
        f"이미 결제된 {amount:ko}을(를) 카드로 환불합니다. 은행 처리에 최대 2주가 걸릴 수 있습니다.",
    )
    if scene.provider.is_told(Said.REFUNDED):
        yield Words("The webstore is told of the refund.", "웹스토어에 환불을 알립니다.")


def _taken(scene: Scene) -> Iterator[Words]:
    currency = scene.row.currency
    held = sum_money((_to_take(one, scene.now) for one in scene.web_payments), currency)
    if held and scene.order is not None:
        kept = sum_money((one.captured for one in scene.web_payments), currency)
        part = min(held, max(card_part(scene.order) - kept, zero(currency)))
        yield Words(
            f"{part:en} that is held is taken from the card.",
            f"승인 보류된 {part:ko}을(를) 카드로 결제합니다.",
        )
    elif trouble := pick_up_trouble(scene):
        yield trouble


def _part(move: Move, scene: Scene) -> Iterator[Words]:
    less = scene.amount_of(move.line_ids)
    if any(one.kept for one in scene.web_payments):
        yield from _refunded(less, scene)
    elif any(one.held for one in scene.web_payments):
        yield Words(
            f"{less:en} less is taken from the card; the rest of the hold is released with it.",
            f"카드 결제 금액이 {less:ko} 줄어들고, 나머지 승인 보류는 함께 해제됩니다.",
        )

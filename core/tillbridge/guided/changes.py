"""What a guided action does to the sale, step by step, and to the payments that are noted on it."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from tillbridge.context import Context
from tillbridge.fulfilment import Move
from tillbridge.guided.carrying import carried_over
from tillbridge.guided.money import at_service, paid_here_instead, pick_up_trouble
from tillbridge.guided.scenes import Scene, scene_of
from tillbridge.guided.views import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.money import Money, sum_money, zero
from tillbridge.model.status import HAS_SALE, WITH_GOODS, Effect
from tillbridge.model.stores import written_at
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.payments.wording import card_type_of
from tillbridge.pos.contract import SaleView
from tillbridge.pos.details import (
    ItemPick,
    Payment,
    PaymentKind,
    SaleAction,
    SomeItems,
    nothing_paid,
)
from tillbridge.sending.deliveries import SaleOrder

AT_SALE: Final = frozenset(
    {
        Effect.REMOVE_ITEMS,
        Effect.REMOVE_LINES,
        Effect.BALANCE,
        Effect.TAKE_PAYMENTS,
        Effect.TAKE_OFF,
        Effect.FINISH_SALE,
        Effect.VOID_SALE,
        Effect.KEEP_OPEN,
    }
)
"""What is done to the sale."""
_PICKED_UP: Final = Words("picked up", "수령 완료")
_RESERVED: Final = Words("reserved", "예약")


def changes_of(move: Move, scene: Scene, doing: Doing, signature: Signature) -> list[SaleOrder] | None:
    """Return what is done to the sale, step by step; None where the table alone says it.

    Raises:
        NotAllowed: something is still to be paid.
    """
    if scene.closed_empty:
        return []
    if scene.row.sale_id is None or not AT_SALE.intersection(move.effects):
        return None
    found: list[SaleOrder] = []
    for effect in move.effects:
        found += _of_sale(effect, scene, signature)
        found += _of_lines(effect, move, scene, signature)
        found += _of_money(effect, scene, doing, signature)
    return found


def _of_sale(effect: Effect, scene: Scene, signature: Signature) -> Iterator[SaleOrder]:
    reason, who = signature.reason, signature.who
    if effect is Effect.REMOVE_ITEMS:
        yield SaleOrder(action=SaleAction.REMOVE_ITEMS, reason=reason, who=who)
    elif effect is Effect.VOID_SALE:
        yield _void(scene.sale, signature)
    elif effect is Effect.KEEP_OPEN:
        yield from _keep(scene, signature)
    elif effect is Effect.FINISH_SALE:
        said = reason or written_at(scene.store, _PICKED_UP)
        yield SaleOrder(action=SaleAction.FINISH, reason=said, who=who)


def _keep(scene: Scene, signature: Signature) -> Iterator[SaleOrder]:
    """Yield how a sale is kept open; one that is already stays as it is, unless another reason is said."""
    sale = scene.sale
    kept = sale.kept_open if sale else None
    if kept is not None and not signature.reason:
        return
    back = SaleOrder(action=SaleAction.RELEASE, who=signature.who)
    if kept is not None:
        back = SaleOrder(action=SaleAction.KEEP_OPEN, reason=kept, who=signature.who)
    reason = signature.reason or written_at(scene.store, _RESERVED)
    yield SaleOrder(action=SaleAction.KEEP_OPEN, reason=reason, who=signature.who, counter=back)


def _void(sale: SaleView | None, signature: Signature) -> SaleOrder:
    """Return how a sale is made void; what it leaves to the next one holds for the sale as it was seen."""
    void = SaleOrder(action=SaleAction.VOID, reason=signature.reason, who=signature.who)
    if sale is None:
        return void
    return replace(void, expect=sale.revision, carried=carried_over(sale))


def _of_lines(effect: Effect, move: Move, scene: Scene, signature: Signature) -> Iterator[SaleOrder]:
    reason, who = signature.reason, signature.who
    if effect is Effect.REMOVE_LINES:
        picks = tuple(ItemPick(web_line=one) for one in move.line_ids)
        detail = SomeItems(picks=picks)
        yield SaleOrder(action=SaleAction.REMOVE_ITEMS, detail=detail, reason=reason, who=who)
    elif effect is Effect.TAKE_OFF and scene.sale is not None:
        for payment in taken_off(scene.sale, move.line_ids):
            yield SaleOrder(action=SaleAction.PAY, detail=payment, who=who)


def _of_money(effect: Effect, scene: Scene, doing: Doing, signature: Signature) -> Iterator[SaleOrder]:
    payments: list[Payment] = []
    if effect is Effect.BALANCE:
        payments = given_back(scene, doing)
    elif effect is Effect.TAKE_PAYMENTS and scene.sale is not None:
        payments = taken(scene, scene.sale, doing)
    for payment in payments:
        back = None
        if payment.amount:  # one of 0.00 is a mark in the reports
            back = SaleOrder(action=SaleAction.PAY, detail=replace(payment, amount=-payment.amount))
        yield SaleOrder(action=SaleAction.PAY, detail=payment, who=signature.who, counter=back)


def given_back(scene: Scene, doing: Doing) -> list[Payment]:
    """Return what is noted of a sale that is emptied; of one that the POS does not show, nothing was paid."""
    card = doing.card_type or card_type_of(scene.row, scene.provider)
    if scene.sale is None:
        return [nothing_paid(scene.row.currency, card)]
    return backwards(scene.sale, card)


def backwards(sale: SaleView, card_type: str) -> list[Payment]:
    """Return the payments that bring a sale without items to nothing: what was paid goes the way it came.

    Where nothing was paid it is an eCommerce payment of 0.00, for the reports (MISSION S20).
    """
    back = []
    for kind in PaymentKind:
        of_kind = [one.payment for one in sale.payments if one.payment.kind is kind]
        total = sum_money((one.amount for one in of_kind), sale.currency)
        if total.minor > 0:
            back.append(Payment(kind=kind, amount=-total, card_type=of_kind[-1].card_type))
    return back or [nothing_paid(sale.currency, card_type)]


def taken_off(sale: SaleView, line_ids: Collection[str]) -> list[Payment]:
    """Return what comes off the web payment that is noted already, once these lines are off the sale."""
    web = [one.payment for one in sale.payments if one.payment.kind is PaymentKind.ECOMMERCE]
    # What is left may be less than nothing, where the webstore took something off for a line that goes.
    left = max(sale.balance.web - _gross(sale, line_ids), zero(sale.currency))
    too_much = sale.balance.web_paid - left
    if not web or too_much.minor <= 0:
        return []
    return [Payment(kind=PaymentKind.ECOMMERCE, amount=-too_much, card_type=web[-1].card_type)]


def _gross(sale: SaleView, line_ids: Collection[str]) -> Money:
    """Return what these lines of the web order still cost on the sale."""
    there = (one.gross for one in sale.items if one.web_line in line_ids and not one.removed)
    return sum_money(there, sale.currency)


def too_much_here(sale: SaleView, line_ids: Collection[str]) -> Money:
    """Return what was paid here beyond what is left once these lines are off the sale."""
    there, nothing = sale.balance, zero(sale.currency)
    left = there.counter + max(there.web - _gross(sale, line_ids) - there.web_paid, nothing)
    return max(there.counter_paid - left, nothing)


def taken(scene: Scene, sale: SaleView, doing: Doing) -> list[Payment]:
    """Return the payments of a pick-up: what the webstore took (MISSION S23), and what is paid here.

    Raises:
        NotAllowed: something is still to be paid, or more is paid than is due.
    """
    if all(item.removed for item in sale.items):
        raise NotAllowed(WITH_GOODS.otherwise)  # the order may not have heard of it yet
    web = _web_payments(scene, sale, doing)
    payments = [*web, *doing.payments]
    left = sale.balance.due - sum_money((one.amount for one in payments), sale.currency)
    if left.minor > 0 and scene.payment.not_taken and sale.balance.web > sale.balance.web_paid:
        raise NotAllowed(_not_charged(left))
    if left.minor > 0 and (trouble := pick_up_trouble(scene)):
        raise NotAllowed(trouble)
    if left.minor > 0:
        raise NotAllowed(Words(f"{left} is still to be paid.", f"받을 금액이 {left} 남아 있습니다."))
    if left.minor < 0:
        raise NotAllowed(
            Words(f"{-left} more is paid than is due.", f"받을 금액보다 {-left} 더 많이 받았습니다.")
        )
    return payments


def _web_payments(scene: Scene, sale: SaleView, doing: Doing) -> list[Payment]:
    """Return what is noted of the web payment: of each of the service's payments, or in one sum."""
    due = max(sale.balance.web - sale.balance.web_paid, zero(sale.currency))
    if scene.served:
        return [] if paid_here_instead(scene, sale, doing.payments) else at_service(scene, due)
    web = web_due(scene, sale)
    card = doing.card_type or card_type_of(scene.row, scene.provider)
    return [Payment(kind=PaymentKind.ECOMMERCE, amount=web, card_type=card)] if web else []


def _not_charged(left: Money) -> Words:
    return Words(
        "The webstore did not take that the order is accepted, so it has charged nothing. Send it again "
        f"(tillbridge order send-again), or take {left} here.",
        "웹스토어에서 주문 수락을 받아들이지 않아 결제가 청구되지 않았습니다. 다시 보내거나"
        f"(tillbridge order send-again) 매장에서 {left}을(를) 받아 주세요.",
    )


def due_at_pick_up(context: Context, order_id: int) -> Money:
    """Return what is paid at the counter when an order is picked up now.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it has no sale, or the POS shows its sales itself.
    """
    scene = scene_of(context, order_id)
    if scene.sale is None:
        raise NotAllowed(HAS_SALE.otherwise)
    return scene.sale.balance.due - web_due(scene, scene.sale)


def web_due(scene: Scene, sale: SaleView) -> Money:
    """Return what the webstore holds or took for what is left of the web order, and nobody noted yet."""
    nothing = zero(sale.currency)
    due = max(sale.balance.web - sale.balance.web_paid, nothing)
    if scene.served:
        return sum_money((one.amount for one in at_service(scene, due)), sale.currency)
    if not scene.paid_online or scene.payment.not_taken:
        return nothing
    return due

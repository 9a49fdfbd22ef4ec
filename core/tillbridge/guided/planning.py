"""Plans a guided action: its row of the table, what is done to the sale, and what that means in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tillbridge import wishes
from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.deliveries import SaleOrder
from tillbridge.fulfilment import failed_status
from tillbridge.guided.views import Ask, Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.money import Money, sum_money, zero
from tillbridge.model.orders import OrderKind, WebOrder
from tillbridge.model.status import (
    EFFECT_WORDS,
    HAS_SALE,
    Act,
    Effect,
    Status,
    Transition,
    act_transition,
    staff_transition,
    unarchive_transition,
)
from tillbridge.model.words import Words
from tillbridge.order_state import Signature, facts_of, hears, order_row
from tillbridge.pos.contract import NotOffered, SaleView
from tillbridge.pos.details import PAYMENT_WORDS, Payment, PaymentKind, SaleAction, nothing_paid

_AT_SALE = frozenset(
    {
        Effect.REMOVE_ITEMS,
        Effect.BALANCE,
        Effect.TAKE_PAYMENTS,
        Effect.FINISH_SALE,
        Effect.VOID_SALE,
        Effect.KEEP_OPEN,
    }
)
_PICKED_UP = "수령 완료 (picked up)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An order as it is planned on.

    Attributes:
        order: as the webstore sent it last, where that can be read.
        sale: as the POS has it; None where there is none, or where the POS does not show it.
        charges: whether the webstore charges a paid order's customer once it is accepted.
    """

    row: AnyRow
    order: WebOrder | None
    sale: SaleView | None
    hears: bool
    charges: bool

    @property
    def paid_online(self) -> bool:
        """Whether the webstore holds or took the money."""
        return self.order is not None and self.order.paid


def scene_of(context: Context, order_id: int) -> Scene:
    """Read an order and its sale, outside of any transaction of ours.

    Raises:
        NotFound: there is no such order.
    """
    with context.database.read() as database:
        row = order_row(database, order_id)
        order = wishes.newest(database, order_id)
    try:
        sale = context.pos.sale(row.sale_id) if row.sale_id else None
    except NotOffered:
        sale = None
    charges = context.plugins.provider(row.provider).charges_on_acceptance
    return Scene(row=row, order=order, sale=sale, hears=hears(context, row), charges=charges)


def choose(doing: Doing, row: AnyRow, *, heard: bool) -> Transition:
    """Return the row of the table by which an action is done.

    Raises:
        NeedsAnswer: the webstore is to hear whether the order is accepted or rejected.
        NotAllowed: says why not.
    """
    facts = facts_of(row, hears=heard)
    if doing.act is Act.ARCHIVE:
        return staff_transition(Status.ARCHIVED, facts, doing.answer)
    if doing.act is Act.UNARCHIVE:
        return unarchive_transition(facts, failed_status(row))
    if doing.act is Act.CANCEL and not facts.has_sale:
        return act_transition(Act.REJECT, facts)  # without a sale there is nothing else to cancel
    return act_transition(doing.act, facts)


def changes_of(
    transition: Transition, scene: Scene, doing: Doing, signature: Signature
) -> list[SaleOrder] | None:
    """Return what is done to the sale, step by step; None where the table alone says it.

    Raises:
        NotAllowed: something is still to be paid.
    """
    if scene.row.sale_id is None or not _AT_SALE.intersection(transition.effects):
        return None
    found: list[SaleOrder] = []
    for effect in transition.effects:
        found += _steps(effect, scene, doing, signature)
    return found


def _steps(effect: Effect, scene: Scene, doing: Doing, signature: Signature) -> Iterator[SaleOrder]:
    reason, who = signature.reason, signature.who
    if effect is Effect.REMOVE_ITEMS:
        yield SaleOrder(action=SaleAction.REMOVE_ITEMS, reason=reason, who=who)
    elif effect is Effect.VOID_SALE:
        yield SaleOrder(action=SaleAction.VOID, reason=reason, who=who)
    elif effect is Effect.KEEP_OPEN:
        yield SaleOrder(action=SaleAction.KEEP_OPEN, reason=reason or "예약 (reserved)", who=who)
    elif effect is Effect.FINISH_SALE:
        yield SaleOrder(action=SaleAction.FINISH, reason=reason or _PICKED_UP, who=who)
    elif effect is Effect.BALANCE:
        for payment in given_back(scene, doing):
            yield SaleOrder(action=SaleAction.PAY, detail=payment, who=who)
    elif scene.sale is not None and effect is Effect.TAKE_PAYMENTS:
        for payment in taken(scene, scene.sale, doing):
            yield SaleOrder(action=SaleAction.PAY, detail=payment, who=who)


def given_back(scene: Scene, doing: Doing) -> list[Payment]:
    """Return what is noted of a sale that is emptied; of one that the POS does not show, nothing was paid."""
    if scene.sale is None:
        return [nothing_paid(scene.row.currency, doing.card_type)]
    return backwards(scene.sale, doing.card_type)


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


def taken(scene: Scene, sale: SaleView, doing: Doing) -> list[Payment]:
    """Return the payments of a pick-up: what the webstore took (MISSION S23), and what is paid here.

    Raises:
        NotAllowed: something is still to be paid, or more is paid than is due.
    """
    web = _web_due(scene, sale)
    payments = list(doing.payments)
    if web:
        payments.insert(0, Payment(kind=PaymentKind.ECOMMERCE, amount=web, card_type=doing.card_type))
    left = sale.balance.due - sum_money((one.amount for one in payments), sale.currency)
    if left.minor > 0:
        raise NotAllowed(Words(f"{left} is still to be paid.", f"받을 금액이 {left} 남아 있습니다."))
    if left.minor < 0:
        raise NotAllowed(
            Words(f"{-left} more is paid than is due.", f"받을 금액보다 {-left} 더 많이 받았습니다.")
        )
    return payments


def due_at_pick_up(context: Context, order_id: int) -> Money:
    """Return what is paid at the counter when an order is picked up now.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it has no sale, or the POS shows its sales itself.
    """
    scene = scene_of(context, order_id)
    if scene.sale is None:
        raise NotAllowed(HAS_SALE.otherwise)
    return scene.sale.balance.due - _web_due(scene, scene.sale)


def _web_due(scene: Scene, sale: SaleView) -> Money:
    """Return what the webstore holds or took for what is left of the web order, and nobody noted yet."""
    nothing = zero(sale.currency)
    return max(sale.balance.web - sale.balance.web_paid, nothing) if scene.paid_online else nothing


def consequences(transition: Transition, scene: Scene, doing: Doing) -> list[Words]:
    """Say what an action will do; money that is gone already comes first."""
    said = list(_money_words(transition, scene))
    days = scene.row.pick_up_days
    if transition.act is Act.READY and days and not (doing.pick_up_until or scene.row.pick_up_until):
        said.append(
            Words(f"It waits for its customer for {days} days.", f"고객이 수령할 때까지 {days}일 보관합니다.")
        )
    for effect in transition.effects:
        if effect is Effect.BALANCE:
            said += [_payment_words(one) for one in given_back(scene, doing)]
        elif effect is Effect.TAKE_PAYMENTS and scene.sale is not None:
            said += _pick_up_words(scene, scene.sale)
        elif scene.hears or effect not in (Effect.TELL_ACCEPTED, Effect.TELL_REJECTED):
            said.append(EFFECT_WORDS[effect])
    return said


def _money_words(transition: Transition, scene: Scene) -> Iterator[Words]:
    """Say what becomes of the customer's money where an order is not handed over."""
    ends = Effect.TELL_REJECTED in transition.effects or Effect.BALANCE in transition.effects
    if not ends or not scene.paid_online or scene.order is None:
        return
    total = scene.order.total
    if scene.charges and scene.row.decision == Decision.ACCEPTED:
        yield Words(
            f"The webstore has charged the customer {total}: this is a refund. See that it is made there.",
            f"웹스토어에서 고객에게 {total}을(를) 이미 청구했으므로 환불입니다. 환불을 확인해 주세요.",
        )
    else:
        yield Words(
            "The hold on the customer's card is released by itself; nothing is charged.",
            "고객 카드의 승인 보류는 자동으로 해제되며 청구되지 않습니다.",
        )


def _payment_words(payment: Payment) -> Words:
    kind, amount = PAYMENT_WORDS[payment.kind], payment.amount
    if not amount:
        return EFFECT_WORDS[Effect.BALANCE]
    if payment.kind is PaymentKind.ECOMMERCE:
        return Words(
            f"{-amount} of the eCommerce payment is taken off the sale.",
            f"거래의 이커머스 결제 {-amount}을(를) 취소합니다.",
        )
    return Words(
        f"{-amount} that was paid here is handed back: {kind.en}.",
        f"매장에서 받은 {-amount}을(를) 돌려줍니다: {kind.ko}.",
    )


def _pick_up_words(scene: Scene, sale: SaleView) -> Iterator[Words]:
    web = _web_due(scene, sale)
    if web:
        yield Words(
            f"{web} that the webstore holds or took is noted as an eCommerce payment.",
            f"웹스토어에서 결제된 {web}을(를) 이커머스 결제로 등록합니다.",
        )
    due = sale.balance.due - web
    if due:
        yield Words(f"{due} is to be paid here.", f"매장에서 {due}을(를) 받습니다.")


_ASKS: dict[Act, Sequence[Ask]] = {
    Act.REJECT: (Ask.REASON,),
    Act.CANCEL: (Ask.REASON, Ask.RESOLUTION),
    Act.REJECT_ONLY: (Ask.REASON,),
    Act.RESERVE: (Ask.EXPECTED, Ask.PLACE),
    Act.READY: (Ask.PLACE, Ask.UNTIL),
    Act.PICK_UP: (Ask.PAYMENT, Ask.COLLECTED_BY, Ask.RESOLUTION),
    Act.NO_SHOW: (Ask.REASON, Ask.CONTACT, Ask.RESOLUTION),
    Act.COMPLETE: (Ask.RESOLUTION,),
    Act.RESOLVE: (Ask.RESOLUTION,),
    Act.ARCHIVE: (Ask.ANSWER,),
}


def asks_of(act: Act, scene: Scene) -> list[Ask]:
    """Return what staff are asked for with an action on this order."""
    asks = list(_ASKS.get(act, ()))
    if scene.row.kind != OrderKind.ROPIS and Ask.RESOLUTION in asks:
        asks.remove(Ask.RESOLUTION)
    if act is Act.ARCHIVE and (scene.row.decision or not scene.hears):
        asks.remove(Ask.ANSWER)
    return asks

"""Takes a held payment before goods are handed over, and gives back what staff say: at once."""

from sqlalchemy import Connection, select

from tillbridge import guided, outbox
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.guided import Doing
from tillbridge.guided.money import at_service, paid_here_instead
from tillbridge.guided.scenes import scene_of
from tillbridge.model.errors import InputError, NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.money import Money, sum_money, zero
from tillbridge.model.status import Act
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature, locked
from tillbridge.payments import asking
from tillbridge.payments.known import payments_of
from tillbridge.payments.planning import Wish
from tillbridge.pos.details import PaymentKind
from tillbridge.sending import deliveries
from tillbridge.sending.deliveries import Destination

_NOT_SERVED = Words(
    "No payment service serves this order's connection; what its webstore took is given back there.",
    "이 주문의 연결에는 결제 서비스가 없습니다. 웹스토어에서 환불해 주세요.",
)


def charge_first(
    context: Context, connection: OpenConnection, order_id: int, doing: Doing, signature: Signature
) -> None:
    """Take what is held for an order that is about to be picked up; nothing where that is not so.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it was not taken; says why, and what to do.
    """
    if doing.act is not Act.PICK_UP or connection.paid_by is None:
        return
    scene = scene_of(context, order_id)
    if scene.sale is None or not any(one.held for one in scene.web_payments):
        return
    if not guided.preview(context, order_id, doing).possible:
        return  # the pick-up itself says why not
    sale = scene.sale
    if paid_here_instead(scene, sale, doing.payments):
        return
    due = max(sale.balance.web - sale.balance.web_paid, zero(sale.currency))
    wanted = sum_money(
        (one.amount for one in at_service(scene, due) if one.reference), sale.currency
    ) + sum_money(
        (one.payment.amount for one in sale.payments if one.payment.kind is PaymentKind.ECOMMERCE),
        sale.currency,
    )
    if not wanted:
        return
    key = _queue(context, order_id, doing.seen or scene.row.revision, (wanted, signature))
    _require_done(_sent(context, connection, order_id, key), due)


def _queue(context: Context, order_id: int, seen: int, wanted: tuple[Money, Signature]) -> str:
    amount, signature = wanted

    def write(database: Connection) -> str:
        row = locked(database, order_id)
        if row.revision != seen:
            raise NotAllowed(
                Words(
                    "The order was changed meanwhile; look at it again.",
                    "그사이 주문이 변경되었습니다. 다시 확인해 주세요.",
                )
            )
        act = deliveries.Act(id=deliveries.new_act(), at=context.clock.now())
        one = asking.Demand(row=row, wish=Wish.CHARGE, minor=amount.minor, who=signature.who)
        return asking.demand(database, [one], act)[0]

    return context.database.unit("charge", write)


def _require_done(row: AnyRow, due: Money) -> None:
    why = _kept_by(row)
    if why is None:
        return
    if row.state == DeliveryState.SET_ASIDE:
        raise NotAllowed(
            Words(
                f"The payment was not taken, so the goods are not to be handed over: {why.en} Take {due:en} "
                f"here, or "
                "try again (tillbridge order send-again).",
                f"결제되지 않았으므로 상품을 전달하지 마세요: {why.ko} 매장에서 {due:ko}을(를) 받거나 다시 "
                f"시도해 주세요"
                "(tillbridge order send-again).",
            )
        )
    raise NotAllowed(
        Words(
            f"It is not known yet whether the payment was taken; it is tried again by itself. Wait a "
            f"moment, and pick up "
            f"again: {why.en}",
            f"결제 여부를 아직 알 수 없어 자동으로 다시 시도합니다. 잠시 후 다시 수령 처리해 주세요: "
            f"{why.ko}",
        )
    )


def take(context: Context, connection: OpenConnection, order_id: int, signature: Signature) -> Words | None:
    """Take what is held for an accepted order now, before its goods are handed over; return what keeps it.

    Raises:
        NotFound: there is no such order.
        NotAllowed: nobody accepted it, or no payment service serves it.
    """
    if connection.paid_by is None:
        raise NotAllowed(_NOT_SERVED)

    def write(database: Connection) -> str:
        row = locked(database, order_id)
        if row.decision != Decision.ACCEPTED:
            raise NotAllowed(Words("Accept the order first.", "먼저 주문을 수락해 주세요."))
        act = deliveries.Act(id=deliveries.new_act(), at=context.clock.now(), reason=signature.reason)
        one = asking.Demand(row=row, wish=Wish.CHARGE, who=signature.who, reason=signature.reason)
        return _one(asking.demand(database, [one], act))

    key = context.database.unit("take payment", write)
    return _kept_by(_sent(context, connection, order_id, key))


def _one(keys: list[str]) -> str:
    if not keys:
        raise NotAllowed(_NOT_SERVED)
    return keys[0]


def _sent(context: Context, connection: OpenConnection, order_id: int, key: str) -> AnyRow:
    """Send a delivery to the payment service now; return it as it is since."""
    outbox.deliver(context, connection, order_id, to=Destination.PAYMENT)
    table = tables.deliveries
    with context.database.read() as database:
        return database.execute(select(table).where(table.c.key == key)).one()


def _kept_by(row: AnyRow) -> Words | None:
    """Return what keeps a delivery from being done, or None."""
    return None if row.state == DeliveryState.SENT else Words(row.answer_en or "-", row.answer_ko or "-")


def refund(
    context: Context, connection: OpenConnection, order_id: int, amount: Money, signature: Signature
) -> Words | None:
    """Give some of what was taken back, at once; return what keeps it from being done.

    Raises:
        NotFound: there is no such order.
        NotAllowed: it was not taken, or no payment service serves the order.
        InputError: the amount is nothing, or the reason is missing.
    """
    if connection.paid_by is None:
        raise NotAllowed(_NOT_SERVED)
    if amount.minor <= 0:
        raise InputError(Words("An amount above zero is refunded.", "0보다 큰 금액을 입력해 주세요."))
    if not signature.reason.strip():
        raise InputError(Words("Say why.", "사유를 입력해 주세요."))

    def write(database: Connection) -> str:
        row = locked(database, order_id)
        kept = sum_money((one.kept for one in payments_of(database, [order_id])[order_id]), amount.currency)
        if amount > kept:
            raise NotAllowed(
                Words(
                    f"Only {kept:en} of what was taken is left to be refunded.",
                    f"환불할 수 있는 금액은 {kept:ko}입니다.",
                )
            )
        act = deliveries.Act(id=deliveries.new_act(), at=context.clock.now(), reason=signature.reason)
        one = asking.Demand(
            row=row, wish=Wish.REFUND, minor=amount.minor, who=signature.who, reason=signature.reason
        )
        return _one(asking.demand(database, [one], act))

    key = context.database.unit("refund", write)
    return _kept_by(_sent(context, connection, order_id, key))

"""What the timeline says once a delivery is answered: the signature of what was done, or what was not done.

A change at the counter is signed with its success, in the transaction that notes the answer, so that nothing
stands there as done which the POS refused. Other acts are signed where they are decided.
"""

from collections.abc import Mapping
from typing import Any, Final

from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.model.exchange import Said
from tillbridge.model.words import Words
from tillbridge.orders.timeline import SYSTEM, Entry
from tillbridge.payments.planning import Wish
from tillbridge.pos.details import SaleAction
from tillbridge.sending.deliveries import Destination

_SALE: Final[Mapping[SaleAction, Words]] = {
    SaleAction.REMOVE_ITEMS: Words("remove items", "항목 삭제"),
    SaleAction.FINISH: Words("finish the sale", "판매 종료"),
    SaleAction.VOID: Words("make the sale void", "거래 취소"),
    SaleAction.ADD_ITEM: Words("add an item", "항목 추가"),
    SaleAction.SET_PRICE: Words("change a price", "가격 변경"),
    SaleAction.COMMENT: Words("add a comment", "메모"),
    SaleAction.PAY: Words("note a payment", "결제 등록"),
    SaleAction.SET_CUSTOMER: Words("another customer", "고객 변경"),
    SaleAction.REPLACE_PRODUCT: Words("another product", "제품 변경"),
    SaleAction.KEEP_OPEN: Words("keep the sale open", "열어두기"),
    SaleAction.RELEASE: Words("keep the sale open no longer", "열어두기 해제"),
    SaleAction.RETURN: Words("take back", "반품"),
}
_SAID: Final[Mapping[Said, Words]] = {
    Said.ACCEPTED: Words("accepted", "수락"),
    Said.REJECTED: Words("rejected", "거부"),
    Said.READY: Words("ready for pickup", "수령 준비 완료"),
    Said.RESOLVED: Words("outcome of the reservation", "예약 주문 결과"),
    Said.PICKED_UP: Words("picked up", "수령 완료"),
    Said.REFUNDED: Words("refunded", "환불"),
}
_MONEY: Final[Mapping[Wish, Words]] = {
    Wish.CHARGE: Words("take the payment", "결제"),
    Wish.GIVE_BACK: Words("give the money back", "환불·승인 해제"),
    Wish.LET_GO: Words("release the hold", "승인 보류 해제"),
    Wish.REFUND: Words("refund", "환불"),
    Wish.SETTLE: Words("settle with the sale", "판매와 정산"),
}


def entries(
    row: AnyRow, body: Mapping[str, Any], state: DeliveryState, why: Words | None, *, told: bool
) -> list[Entry]:
    """Return what the timeline says of an answer.

    Args:
        row: the delivery.
        body: what it carries.
        state: what the answer made of it.
        why: the answer in words, if it has any.
        told: whether whoever asked waits for the answer, and is told of a refusal.
    """
    signed = body.get("sign")
    if state is DeliveryState.SENT and signed:
        return [Entry(row.order_id, signed["who"], signed["what"], Words(signed["en"], signed["ko"]))]
    if state is DeliveryState.SET_ASIDE and why and not (told and signed):
        return [Entry(row.order_id, SYSTEM, "set aside", _not_done(row, why))]
    return []


def _not_done(row: AnyRow, why: Words) -> Words:
    if row.destination == Destination.POS:
        what = _SALE[SaleAction(row.action)]
        return Words(
            f"Not done at the point of sale ({what.en}): {why.en}",
            f"POS에서 처리되지 않음({what.ko}): {why.ko}",
        )
    if row.destination == Destination.WEBSTORE:
        what = _SAID[Said(row.action)]
        return Words(
            f"The webstore did not take it ({what.en}): {why.en}",
            f"웹스토어에 전달되지 않음({what.ko}): {why.ko}",
        )
    if row.destination == Destination.PAYMENT:
        what = _MONEY[Wish(row.action)]
        return Words(
            f"The payment service did not do it ({what.en}): {why.en}",
            f"결제 서비스에서 처리되지 않음({what.ko}): {why.ko}",
        )
    return Words(f"Not done ({row.action}): {why.en}", f"처리되지 않음({row.action}): {why.ko}")

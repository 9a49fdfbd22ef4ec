"""Undo as one action among the others: whether the last step can be undone, why not, what will happen."""

from collections.abc import Iterator, Sequence

from tillbridge.context import Context
from tillbridge.fulfilment import Undoing, look_at_undo
from tillbridge.guided.consequences import Told, both_forms, changing
from tillbridge.guided.views import Action
from tillbridge.model.status import ACT_WORDS, STATUS_WORDS, Act, Status
from tillbridge.model.words import Words
from tillbridge.orders.order_state import order_row
from tillbridge.pos.details import PAYMENT_WORDS, Payment, PaymentKind, SaleAction
from tillbridge.sending.deliveries import SaleOrder

_BY_NAME = {act.value: words for act, words in ACT_WORDS.items()}


def undo_action(context: Context, order_id: int) -> Action:
    """Return what undoing the last step leads to.

    Raises:
        NotFound: there is no such order.
    """
    with context.database.read() as database:
        row = order_row(database, order_id)
        seen = look_at_undo(database, row)
    said = [] if seen.why_not else both_forms(_consequences(seen))
    return Action(
        act=Act.UNDO,
        title=_title(seen),
        why_not=seen.why_not,
        consequences=tuple(one.ahead for one in said),
        led_to=tuple(words for one in said for words in one.done),
        asks=(),
        revision=row.revision,
    )


def _title(seen: Undoing) -> Words:
    title, undone = ACT_WORDS[Act.UNDO], _BY_NAME.get(seen.act)
    return Words(f"{title.en}: {undone.en}", f"{title.ko}: {undone.ko}") if undone else title


def _consequences(seen: Undoing) -> Iterator[Told]:
    if isinstance(seen.status, Status):
        now = STATUS_WORDS[seen.status]
        again = f"The order is {now.en} again."
        yield changing(
            Words(again, f"주문이 다시 ‘{now.ko}’ 상태가 됩니다."),
            Words(again, f"주문이 다시 ‘{now.ko}’ 상태가 되었습니다."),
        )
    yield from _at_the_sale(seen.counters)


def _at_the_sale(counters: Sequence[SaleOrder]) -> Iterator[Words]:
    for one in counters:
        if one.action is SaleAction.RELEASE:
            yield Words("The sale is no longer kept open.", "거래의 열어두기를 해제합니다.")
        elif one.action is SaleAction.KEEP_OPEN:
            yield Words(f"The sale stays kept open: {one.reason}.", f"거래를 계속 열어 둡니다: {one.reason}.")
        elif isinstance(one.detail, Payment):
            yield _payment_words(one.detail)


def _payment_words(payment: Payment) -> Words:
    kind, amount = PAYMENT_WORDS[payment.kind], -payment.amount
    if payment.kind is PaymentKind.ECOMMERCE:
        return Words(
            f"{amount} of the eCommerce payment is taken off the sale.",
            f"거래의 이커머스 결제 {amount}을(를) 취소합니다.",
        )
    return Words(
        f"{amount} that was paid here is noted as handed back: {kind.en}. Hand it back.",
        f"매장에서 받은 {amount}({kind.ko})을(를) 환불로 등록합니다. 고객에게 돌려주세요.",
    )

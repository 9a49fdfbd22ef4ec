"""Says what becomes of money that a webstore itself holds or took, by what it says it has done about it."""

from collections.abc import Iterator

from tillbridge.fulfilment import Move, comes_to_nothing, taken_off
from tillbridge.guided.changes import web_due
from tillbridge.guided.naming import titles
from tillbridge.guided.scenes import Scene
from tillbridge.guided.views import Doing
from tillbridge.model.exchange import Decision
from tillbridge.model.money import Money
from tillbridge.model.status import Act, Effect, PaymentFacts, PaymentState, payment_after, payment_state
from tillbridge.model.words import Words
from tillbridge.payments.wording import less_words, released_words, still_held


def of_webstore(move: Move, scene: Scene, doing: Doing) -> Iterator[Words]:
    """Say what becomes of the customer's money, by the rows of the payment's axis."""
    if scene.order is None or not scene.paid_online:
        return
    facts, webstore = scene.payment, scene.row.connection
    before = payment_state(facts)
    after = _after(move, facts)
    charged = before in (PaymentState.CHARGED, PaymentState.PART_REFUND_DUE)
    closed = before is PaymentState.REFUND_DUE and scene.closed_empty
    unsaid = before is PaymentState.PERHAPS_DUE and scene.closed_empty
    if after is PaymentState.REFUND_DUE and (charged or closed):
        yield _refund(scene.order.total, None, webstore)
    elif before is PaymentState.HELD and move.decision is Decision.ACCEPTED and facts.charges:
        yield _charge(move, scene, scene.order.total)
    elif _is_charged_too(move, scene):
        amount, names = scene.amount_of(move.line_ids), titles(scene, move.line_ids)
        yield Words(
            f"The webstore then charges the customer {amount:en} for {names.en}: cancelling later is a "
            "refund.",
            f"수락하면 웹스토어에서 고객에게 {names.ko} 금액 {amount:ko}을(를) 청구합니다. "
            "이후 취소하면 환불이 됩니다.",
        )
    elif (before in _OPEN or unsaid) and after in (PaymentState.RELEASED, PaymentState.PERHAPS_DUE):
        yield released_words(facts, webstore)
    elif taken_off(move, facts):
        yield _refund(scene.amount_of(move.line_ids), titles(scene, move.line_ids), webstore)
    elif before in _OPEN and _takes_off(move):
        amount, names = scene.amount_of(move.line_ids), titles(scene, move.line_ids)
        yield from less_words(facts, webstore, amount, names)
    elif doing.act is Act.PICK_UP and scene.sale is not None:
        yield from still_held(facts, webstore, web_due(scene, scene.sale))


_OPEN = (PaymentState.HELD, PaymentState.UNSAID)


def _after(move: Move, facts: PaymentFacts) -> PaymentState:
    """Return where the money is after a move; what is archived as rejected comes to nothing, too."""
    if move.order is None:
        return payment_state(facts)
    return payment_after(Act.REJECT if comes_to_nothing(move) else move.order.act, facts)


def _takes_off(move: Move) -> bool:
    return move.lines is not None and Effect.TELL_REJECTED in move.lines.effects


def _is_charged_too(move: Move, scene: Scene) -> bool:
    """Say whether an added item is accepted, and its webstore charges item by item."""
    accepted = move.order is None and move.lines is not None and move.lines.act is Act.ACCEPT
    return accepted and scene.payment.charges and scene.provider.hears_lines


def _charge(move: Move, scene: Scene, total: Money) -> Words:
    """Say what a webstore charges that does so once it hears that an order is accepted."""
    gone = move.line_ids if _takes_off(move) else ()
    amount = total - scene.amount_of(gone)
    return Words(
        f"The webstore then charges the customer {amount:en}: cancelling later is a refund.",
        f"수락하면 웹스토어에서 고객에게 {amount:ko}을(를) 청구합니다. 이후 취소하면 환불이 됩니다.",
    )


def _refund(amount: Money, names: Words | None, webstore: str) -> Words:
    of = Words(f" for {names.en}", f"({names.ko})") if names else Words("", "")
    return Words(
        f"{webstore} has charged the customer {amount:en}{of.en}: this is a refund. See that it is made "
        "there.",
        f"{webstore}에서 고객에게 {amount:ko}{of.ko}을(를) 이미 청구했으므로 환불입니다. 환불을 확인해 "
        "주세요.",
    )

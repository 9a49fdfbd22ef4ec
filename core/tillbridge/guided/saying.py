"""Says in words what a guided action will do; what concerns money that is gone comes first."""

from collections.abc import Iterator
from typing import Final

from tillbridge.fulfilment import Move
from tillbridge.guided.carrying import becomes
from tillbridge.guided.changes import AT_SALE, given_back, taken_off, too_much_here
from tillbridge.guided.consequences import Consequence, Told, both_forms, changing, of_effect
from tillbridge.guided.money import money_words
from tillbridge.guided.naming import titles
from tillbridge.guided.payment_words import payment_words, pick_up_words
from tillbridge.guided.planning import others_ready
from tillbridge.guided.scenes import Scene
from tillbridge.guided.views import Doing
from tillbridge.guided.warning import warnings
from tillbridge.guided.web_money import of_webstore
from tillbridge.model.adjusting import TITLE
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.orders import OrderKind
from tillbridge.model.status import (
    EFFECT_WORDS,
    LINE_WORDS,
    Act,
    Actor,
    Effect,
    LineState,
)
from tillbridge.model.status import rows as rows_of
from tillbridge.model.stores import written_at
from tillbridge.model.words import Words
from tillbridge.orders.releasing import adjustment_of
from tillbridge.sending.news import TOLD, News, heard


def consequences(move: Move, scene: Scene, doing: Doing) -> list[Consequence]:
    """Say what an action will do; what the webstore changed and money that is gone already come first."""
    return both_forms(_told(move, scene, doing))


def _told(move: Move, scene: Scene, doing: Doing) -> Iterator[Told]:
    money = money_words(move, scene, doing) if scene.served else of_webstore(move, scene, doing)
    yield from warnings(move, scene)
    yield from money
    yield from _waiting(move, scene, doing)
    yield from _closed_words(move, scene, doing)
    yield from _adjustment_words(move, scene)
    for effect in move.order.effects if move.order else ():
        yield from _of_order(effect, move, scene, doing)
    for effect in move.lines.effects if move.lines else ():
        yield from _of_lines(effect, move, scene)
    if move.order and move.order.act is Act.READY and move.lines:
        yield changing(
            Words("The order becomes Ready for Pickup.", "주문이 ‘수령 준비 완료’ 상태가 됩니다."),
            Words("The order is Ready for Pickup.", "주문이 ‘수령 준비 완료’ 상태가 되었습니다."),
        )


_HANDED_OVER = Words(
    "The webstore is told that the order was picked up.", "웹스토어에 주문 수령 완료를 알립니다."
)


def _closed_words(move: Move, scene: Scene, doing: Doing) -> Iterator[Words]:
    """Say what becomes of an order whose sale was closed without items at the till."""
    if not scene.closed_empty or move.order is None:
        return
    if Effect.TELL_REJECTED in move.effects:
        yield Words(
            "The sale was closed without items already, and stays so.",
            "거래는 이미 항목 없이 종료되었으며 그대로 둡니다.",
        )
    elif move.act is Act.COMPLETE and scene.row.decision == Decision.ACCEPTED and not doing.resolution:
        yield Words(
            "The webstore was told that the order is accepted, and hears nothing else. Where nothing came of "
            "it, cancel the order instead.",
            "웹스토어에는 수락된 주문으로 남습니다. 판매되지 않은 주문이라면 대신 주문을 취소해 주세요.",
        )


def _adjustment_words(move: Move, scene: Scene) -> Iterator[Words]:
    """Say what an order whose sums do not agree is sold for, and what makes up the difference."""
    if move.act is not Act.RELEASE or scene.order is None:
        return
    amount, total = adjustment_of(scene.order), scene.order.total
    title = written_at(scene.store, TITLE)
    yield Words(
        f"The sale gets an item “{title}” of {amount:en} with your reason, which the customer reads on the "
        f"receipt: it comes to {total:en}, as the webstore says. Then the order goes on as any other.",
        f"‘{title}’ 항목 {amount:ko}을(를) 사유와 함께 거래에 추가하며 고객 영수증에도 표시됩니다. "
        f"거래 합계는 웹스토어와 같은 {total:ko}이며 이후 다른 주문과 똑같이 처리됩니다.",
    )


def _waiting(move: Move, scene: Scene, doing: Doing) -> Iterator[Words]:
    """Say how long goods that are ready wait by the connection's rule, where no date is set."""
    days = scene.row.pick_up_days
    ready = move.order is not None and move.order.act is Act.READY
    if ready and days and not (doing.pick_up_until or scene.row.pick_up_until):
        yield Words(
            f"It waits for its customer for {days} days.", f"고객이 수령할 때까지 {days}일 보관합니다."
        )


def _of_order(effect: Effect, move: Move, scene: Scene, doing: Doing) -> Iterator[Told]:
    sale = scene.sale
    if effect in TOLD:
        if effect is Effect.TELL_ACCEPTED and move.lines:
            kept = [line.id for line in scene.standing if line.id not in move.line_ids]
            names = titles(scene, kept)
            yield Words(f"Accepted: {names.en}.", f"수락: {names.ko}.")
        unsaid = effect is Effect.TELL_RESOLVED and doing.act is Act.COMPLETE and doing.resolution is None
        known = effect is Effect.TELL_READY and _was_told_ready(move, scene)
        if _is_told(effect, scene) and not unsaid and not known:
            yield EFFECT_WORDS[effect]
    elif effect in AT_SALE and scene.closed_empty:
        return
    elif effect is Effect.BALANCE:
        for payment in given_back(scene, doing):
            yield payment_words(payment)
    elif effect is Effect.TAKE_PAYMENTS and sale is not None:
        yield from pick_up_words(scene, sale, doing.payments)
    else:
        yield of_effect(effect)
        if effect is Effect.VOID_SALE:
            yield from becomes(scene)
        if effect is Effect.COMPLETE:
            yield from _completion(move, scene)


def _was_told_ready(move: Move, scene: Scene) -> bool:
    """Say whether the webstore has heard of every line that stands after a move that it is ready."""
    gone = move.line_ids if move.act is Act.CANCEL else ()
    return scene.provider.hears_lines and others_ready(scene, gone)


def _completion(move: Move, scene: Scene) -> Iterator[Words]:
    """Say what the order's completion leads to."""
    target = move.order.target if move.order else None
    for row in rows_of(source=target, who=Actor.SYSTEM, act=Act.COMPLETE):
        for effect in row.effects:
            if _is_told(effect, scene):
                yield EFFECT_WORDS[effect]
            elif effect is Effect.TELL_RESOLVED and _is_handed_over(move, scene):
                yield _HANDED_OVER
        return


def _is_handed_over(move: Move, scene: Scene) -> bool:
    """Say whether a paid order is picked up, and its webstore hears of that."""
    picked_up = move.order is not None and move.order.act is Act.PICK_UP
    return picked_up and scene.row.kind == OrderKind.BOPIS and scene.provider.is_told(Said.PICKED_UP)


def _is_told(effect: Effect, scene: Scene) -> bool:
    if effect is Effect.TELL_RESOLVED and scene.row.kind != OrderKind.ROPIS:
        return False
    return scene.provider.is_told(TOLD[effect])


def _of_lines(effect: Effect, move: Move, scene: Scene) -> Iterator[Told]:
    names = titles(scene, move.line_ids)
    if effect is Effect.TELL_REJECTED:
        yield from _line_news(Said.REJECTED, move, scene)
    elif effect is Effect.TELL_ACCEPTED and scene.provider.hears_lines:
        yield from _line_news(Said.ACCEPTED, move, scene)
    elif effect is Effect.TELL_READY and move.order is None:
        yield from _line_news(Said.READY, move, scene)
    elif effect is Effect.REMOVE_LINES and scene.row.sale_id is not None:
        yield changing(
            Words(
                f"{names.en}: removed from the sale; the stock returns.",
                f"{names.ko}: 거래에서 삭제하고 재고를 되돌립니다.",
            ),
            Words(
                f"{names.en}: removed from the sale; the stock is back.",
                f"{names.ko}: 거래에서 삭제하고 재고를 되돌렸습니다.",
            ),
        )
    elif effect is Effect.TAKE_OFF and scene.sale is not None:
        for payment in taken_off(scene.sale, move.line_ids):
            yield payment_words(payment)
        if over := too_much_here(scene.sale, move.line_ids):
            yield Words(
                f"{over} more than is left was paid here; hand it back (tillbridge sale pay).",
                f"매장에서 남은 금액보다 {over} 더 받았으므로 돌려주세요(tillbridge sale pay).",
            )
    elif effect is Effect.JUDGE_AGAIN:
        yield Words(f"The order goes on without {names.en}.", f"{names.ko}을(를) 제외하고 주문을 처리합니다.")


_LINE_NEWS: Final = {
    Said.ACCEPTED: LINE_WORDS[LineState.ACCEPTED],
    Said.REJECTED: LINE_WORDS[LineState.REJECTED],
    Said.READY: LINE_WORDS[LineState.READY],
}


def _line_news(said: Said, move: Move, scene: Scene) -> Iterator[Words]:
    names = titles(scene, move.line_ids)
    rejected = said is Said.REJECTED
    one = News(said=said, lines=move.line_ids, part=True)
    if heard(scene.provider, one) is not None:
        what = _LINE_NEWS[said]
        yield Words(
            f"The webstore is told that this is {what.en}: {names.en}.",
            f"웹스토어에 {what.ko}(으)로 알립니다: {names.ko}.",
        )
    elif rejected:
        yield Words(
            f"This webstore cannot be told of single items; see to it there too: {names.en}.",
            f"이 웹스토어에는 항목별로 알릴 수 없습니다. 웹스토어에서도 직접 처리해 주세요: {names.ko}.",
        )

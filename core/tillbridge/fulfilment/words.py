"""What the timeline says of an act of staff."""

from tillbridge.fulfilment.moves import Move
from tillbridge.model.exchange import Decision
from tillbridge.model.status import ACT_WORDS
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.sending.news import TOLD

_WHY_TOLD = Words(
    "Say why: it stands in the order's timeline, and the webstore hears it.",
    "사유를 입력해 주세요. 주문 기록에 남고 웹스토어에도 전달됩니다.",
)
_WHY = Words("Say why: it stands in the order's timeline.", "사유를 입력해 주세요. 주문 기록에 남습니다.")
_TOLD = {
    Decision.ACCEPTED: Words("the webstore hears that it was accepted", "웹스토어에 수락으로 알림"),
    Decision.REJECTED: Words("the webstore hears that it was rejected", "웹스토어에 거부로 알림"),
}


def why_words(move: Move) -> Words:
    """Return how staff are asked for the reason of a move."""
    return _WHY_TOLD if TOLD.keys() & set(move.effects) else _WHY


def act_words(move: Move, *notes: Words | None) -> Words:
    """Return what an act is called, with what was noted of it."""
    row, words = move.order, ACT_WORDS[move.act]
    parts = [_TOLD[row.answer]] if row and row.answer else [one for one in notes if one]
    if not parts:
        return Words(move.act.value, words.ko)
    more = Words(", ".join(one.en for one in parts), ", ".join(one.ko for one in parts))
    return Words(f"{move.act.value} ({more.en})", f"{words.ko}({more.ko})")


def with_reason(words: Words, signature: Signature, *, end: str = "") -> Words:
    """Return words with what staff gave as the reason."""
    reason = f": {signature.reason}" if signature.reason else end
    return Words(f"{words.en}{reason}", f"{words.ko}{reason}")

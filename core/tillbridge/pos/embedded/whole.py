"""What is done to a sale in memory as a whole: comments, keeping it open, finishing it, making it void."""

from typing import Final

from tillbridge.model.base import clean_text
from tillbridge.model.words import Words
from tillbridge.pos.contract import SaleChange, SaleState
from tillbridge.pos.embedded.ruling import OPEN, Counter, done
from tillbridge.pos.embedded.sheets import Sheet

_NO_COMMENT: Final = Words("The comment is empty.", "메모 내용을 입력해 주세요.")
_WHY: Final = Words(
    "The sale is kept open; finishing it needs a reason, as in “picked up”.",
    "열어둔 거래입니다. 종료하려면 ‘수령 완료’와 같은 사유가 필요합니다.",
)


def comment(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:  # noqa: ARG001  # a Rule
    """Add a comment."""
    if not clean_text(change.reason):
        return _NO_COMMENT
    done(sheet, change)
    return None


def keep_open(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:  # noqa: ARG001  # a Rule
    """Keep it open; what is kept open for that reason already stays as it is."""
    why = clean_text(change.reason)
    if why != sheet.kept_open:
        sheet.kept_open = why
        done(sheet, change)
    return None


def release(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:  # noqa: ARG001  # a Rule
    """Keep it open no longer."""
    if sheet.kept_open is not None:
        sheet.kept_open = None
        done(sheet, change)
    return None


def finish(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:  # noqa: ARG001  # a Rule
    """Finish it as a sale, or close it without items, once it is settled."""
    if sheet.state is SaleState.CLOSED_EMPTY:
        return None
    if refused := unsettled(sheet):
        return refused
    # Emptied, there is nothing left to be kept for anyone.
    if sheet.kept_open is not None and sheet.live and not clean_text(change.reason):
        return _WHY
    sheet.state = SaleState.FINISHED if sheet.live else SaleState.CLOSED_EMPTY
    sheet.kept_open = None
    done(sheet, change)
    return None


def unsettled(sheet: Sheet) -> Words | None:
    """Say what is due, and to whom, if anything is."""
    there = sheet.balance
    if there.refund:
        return Words(
            f"The webstore has to give {there.refund} back first: it holds more than is left of its order.",
            f"웹스토어에서 {there.refund}을(를) 먼저 환불해야 합니다. 결제 금액이 남은 웹 주문보다 많습니다.",
        )
    if there.due.minor > 0:
        return Words(f"{there.due} is still due.", f"받을 금액 {there.due}이(가) 남아 있습니다.")
    if there.due.minor < 0:
        return Words(
            f"{-there.due} has to be handed back first.", f"먼저 {-there.due}을(를) 돌려줘야 합니다."
        )
    return None


def void(sheet: Sheet, change: SaleChange, counter: Counter) -> Words | None:  # noqa: ARG001  # a Rule
    """Make it void; what is on it returns to the stock."""
    if sheet.state is SaleState.VOID:
        return None
    if paid := sheet.balance.counter_paid:
        return Words(
            f"{paid} was paid at the counter; hand it back first.",
            f"매장에서 {paid}을(를) 받았습니다. 먼저 돌려준 뒤 취소해 주세요.",
        )
    if sheet.state in OPEN:
        sheet.bring_back()
    sheet.state = SaleState.VOID
    done(sheet, change)
    return None

"""What commands say of due times that were counted by hours which are others now."""

from contextlib import suppress
from typing import Any, Final

from tillbridge.cli.session import Session
from tillbridge.engine import Engine
from tillbridge.model.errors import TillbridgeError
from tillbridge.model.words import Words

_SHOWN: Final = 10


def after_hours(engine: Engine, store: str) -> list[str]:
    """Look at the due times of a store whose hours were changed; return the orders whose due times stay."""
    engine.watch_deadlines()
    return [one.number for one in engine.kept_deadlines(store=store)]


def say_kept(session: Session, store: str, numbers: list[str]) -> None:
    """Say which orders of a store keep the due time that they had, once, and how to change that."""
    if not numbers or session.as_json:
        return
    shown = ", ".join(numbers[:_SHOWN]) + (", …" if len(numbers) > _SHOWN else "")
    every, one = f"tillbridge store recount {store}", "tillbridge order deadline ID --recount"
    session.say(
        session.words(
            f"Due times that stay as they were counted before ({len(numbers)}): {shown}. "
            f"To let all go by the hours of now: {every}; or one of them: {one}",
            f"전에 계산한 그대로인 수락 기한({len(numbers)}건): {shown}. "
            f"지금 영업시간으로 모두 다시 계산하려면: {every}. 한 건만: {one}",
        )
    )


def kept_due(engine: Engine, order_id: int) -> Words | None:
    """Return what an order's due time would be by the hours of now, where that is another."""
    with suppress(TillbridgeError):  # the order is shown without it
        for one in engine.kept_deadlines(order_id=order_id):
            return one.words
    return None


def kept_due_data(words: Words | None) -> dict[str, Any]:
    """Return the same for scripts."""
    return {"by_new_hours": words.en if words else None, "by_new_hours_ko": words.ko if words else None}

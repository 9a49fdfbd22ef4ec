"""The command that shows what staff must see now."""

from collections.abc import Callable
from typing import Any, Final

import typer
from rich.text import Text

from tillbridge.cli.orders_as import money_text
from tillbridge.cli.session import Session, session_of
from tillbridge.model.messages import Message, MessageCounts, OrderRef
from tillbridge.model.words import Language

_SHOWN: Final = 5


def messages(context: typer.Context) -> None:
    """Show what staff must see now, the most urgent first, each with what mends it."""
    session = session_of(context)
    with session.engine() as engine:
        found, counts = engine.messages(), engine.counts()
    if session.as_json:
        session.give({"counts": counts_data(counts), "messages": [message_data(one) for one in found]})
        return
    if not found:
        session.say(session.words("There is nothing to do.", "처리할 것이 없습니다."))
        return
    session.say(
        session.words(f"Orders that need someone: {counts.to_act}", f"처리가 필요한 주문: {counts.to_act}건"),
        "",
    )
    for message in found:
        _show(session, message)


def _show(session: Session, message: Message) -> None:
    language = session.language
    session.say(Text(message.words.say(language), style="bold"))
    if message.orders:
        first = message.orders[:_SHOWN]
        more = message.count - len(first)
        shown = ", ".join(_order(one, language) for one in first)
        rest = session.words(f" and {more} more", f" 외 {more}건") if more else ""
        session.say(f"  {shown}{rest}")
    command = f" {message.action.command}" if message.action.command else ""
    session.say(f"  → {message.action.words.say(language)}{command}")


def _order(order: OrderRef, language: Language) -> str:
    owed = f", {money_text(order.owed, language)}" if order.owed else ""
    return f"{order.number} (id:{order.id}{owed})"


def message_data(message: Message) -> dict[str, Any]:
    """Return what scripts may rely on."""
    return {
        "cause": message.cause.value,
        "key": message.key,
        "message": message.words.en,
        "message_ko": message.words.ko,
        "count": message.count,
        "since": message.since.isoformat() if message.since else None,
        "action": message.action.words.en,
        "action_ko": message.action.words.ko,
        "command": message.action.command,
        "orders": [
            {
                "id": one.id,
                "number": one.number,
                "connection": one.connection,
                "owed_minor": one.owed.minor if one.owed else None,
                "currency": one.owed.currency if one.owed else None,
            }
            for one in message.orders
        ],
    }


def counts_data(counts: MessageCounts) -> dict[str, Any]:
    """Return the tile's numbers."""
    return {
        "to_act": counts.to_act,
        "to_import": counts.to_import,
        "overdue": counts.overdue,
        "by_cause": {cause.value: count for cause, count in counts.by_cause.items()},
    }


COMMANDS: Final[dict[str, Callable[..., None]]] = {"messages": messages}

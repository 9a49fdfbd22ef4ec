"""Commands of the contact log: who was called or written to about an order, and what came of it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, TypeVar

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.cli.ordering import OrderId
from tillbridge.cli.orders_as import Zones, contact_data, contact_text, time_text
from tillbridge.cli.session import session_of
from tillbridge.cli.signing import WHO, sign
from tillbridge.cli.when import read_ahead
from tillbridge.model.contacts import CHANNEL_WORDS, OUTCOME_WORDS, NewContact
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

_Kind = TypeVar("_Kind", bound=StrEnum)


def contact(  # noqa: PLR0913  # one option for each thing that is known of a contact
    context: typer.Context,
    order_id: OrderId,
    channel: Annotated[str, typer.Argument(help="call, sms, email or webstore-message.")],
    outcome: Annotated[
        str,
        typer.Argument(help="reached, agreed, declined, message-left, sent, no-answer or not-reachable."),
    ],
    *,
    note: Annotated[str, typer.Option(help="What was said.")] = "",
    to: Annotated[str, typer.Option(help="Who or which number; by default the order's customer.")] = "",
    again: Annotated[str, typer.Option(help="When to call again: 2h, 15:00, 2026-11-16T09:00.")] = "",
    who: WHO = "",
) -> None:
    """Write down that an order's customer was called or written to."""
    session = session_of(context)
    how = read_word(channel, CHANNEL_WORDS, Words("way to contact somebody", "연락 방법"))
    what = read_word(outcome, OUTCOME_WORDS, Words("outcome of a contact", "연락 결과"))
    with session.engine() as engine:
        order = engine.order(order_id)
        zone = Zones(engine.pos.stores()).of(order.store)
        now = engine.context.clock.now()
        again_at = read_ahead(again, option="--again", now=now, zone=zone) if again else None
        new = NewContact(channel=how, outcome=what, person=to, note=note, again_at=again_at)
        kept = engine.contact(order.id, new, sign(who, ""))
    if session.as_json:
        session.give(contact_data(kept))
        return
    session.say(f"{order.number}: {contact_text(kept, zone, session.language)}")


def contact_of(channel: str, outcome: str, note: str = "") -> NewContact | None:
    """Return the contact that a command is given with an act; None where nobody was contacted.

    Raises:
        InputError: there is no such way or outcome.
    """
    if not channel:
        return None
    return NewContact(
        channel=read_word(channel, CHANNEL_WORDS, Words("way to contact somebody", "연락 방법")),
        outcome=read_word(outcome, OUTCOME_WORDS, Words("outcome of a contact", "연락 결과")),
        note=note,
    )


def contacts(context: typer.Context, order_id: OrderId) -> None:
    """List who was called or written to about an order, oldest first."""
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(order_id)
        found = engine.contacts(order.id)
        zone = Zones(engine.pos.stores()).of(order.store)
    if session.as_json:
        session.give([contact_data(one) for one in found])
        return
    if not found:
        session.say(
            session.words("Nobody was contacted about this order.", "이 주문에 대한 연락 기록이 없습니다.")
        )
        return
    headings = (
        Words("When", "시각"),
        Words("Who", "직원"),
        Words("To", "상대"),
        Words("How", "방법"),
        Words("Outcome", "결과"),
        Words("Call again", "다시 연락"),
        Words("Note", "메모"),
    )
    language = session.language
    table = Table(*(one.say(language) for one in headings), box=None, pad_edge=False, header_style="bold")
    for one in found:
        table.add_row(
            time_text(one.at, zone, language),
            Text(one.who),
            Text(one.person or order.customer),
            CHANNEL_WORDS[one.channel].say(language),
            OUTCOME_WORDS[one.outcome].say(language),
            time_text(one.again_at, zone, language),
            Text(one.note),
        )
    session.say(table)


def read_word(text: str, known: Mapping[_Kind, Words], what: Words) -> _Kind:
    """Return the word that a person means, in English or Korean and in any case.

    Raises:
        InputError: there is none of that name.
    """
    said = _plain(text)
    for one, words in known.items():
        if said in (_plain(one.value), words.en.casefold().replace("-", " "), words.ko):
            return one
    english = ", ".join(one.value.replace("_", "-") for one in known)
    korean = " / ".join(words.ko for words in known.values())
    raise InputError(
        Words(
            f"There is no {what.en} {text!r}. There are: {english}.",
            f"{text!r}은(는) 없는 {what.ko}입니다. 있는 {what.ko}: {korean}",
        )
    )


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()


def add_to(order_app: typer.Typer) -> None:
    """Add the commands to those of one order."""
    order_app.command("contact")(contact)
    order_app.command("contacts")(contacts)

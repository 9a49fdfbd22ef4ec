"""Commands about by when orders must be answered: how that was counted, and counting it anew."""

from contextlib import suppress
from typing import Annotated, Any

import typer
from rich.text import Text

from tillbridge.cli.kept_dues import kept_due
from tillbridge.cli.orders_as import Zones, order_data, time_text
from tillbridge.cli.session import session_of
from tillbridge.cli.signing import WHO, sign
from tillbridge.deadlines import Recounted
from tillbridge.engine import Engine
from tillbridge.model.errors import TillbridgeError
from tillbridge.model.hours_words import hours_words
from tillbridge.model.words import Words

_WHY = Annotated[str, typer.Option(help="Why; it stands in the order's timeline.")]


def add_to(order_app: typer.Typer, store_app: typer.Typer) -> None:
    """Add these commands to those of an order and of a store."""
    order_app.command("deadline")(deadline)
    store_app.command("recount")(recount)


def deadline(
    context: typer.Context,
    order_id: Annotated[str, typer.Argument(metavar="ID", help="As for `order show`.")],
    *,
    recount: Annotated[
        bool, typer.Option("--recount", help="Count it anew, by the store's hours as they are now.")
    ] = False,
    reason: _WHY = "",
    who: WHO = "",
) -> None:
    """Show by when an order must be accepted or rejected, and how that was counted."""
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(order_id)
        if recount:
            engine.recount_deadline(order.id, sign(who, reason))
            order = engine.order_by_id(order.id)
        why, kept = engine.why_no_deadline(order.id), kept_due(engine, order.id)
        zones = Zones(engine.pos.stores())
    if session.as_json:
        session.give(order_data(order))
        return
    if order.due is None:
        none = Words("Nothing has to be answered.", "응답할 것이 없습니다.")
        session.say((why or none).say(session.language))
        return
    session.say(zones.due(order, session.language))
    session.say(Text(hours_words(order.due.by.hours).say(session.language)))
    if kept:
        session.say(kept.say(session.language))


def recount(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The store's code.")],
    *,
    reason: _WHY = "",
    who: WHO = "",
) -> None:
    """Count the due times of a store's waiting orders anew, by its hours as they are now."""
    session = session_of(context)
    with session.engine() as engine:
        found = engine.recount_deadlines(code, sign(who, reason))
        zone = Zones(engine.pos.stores()).of(code)
    if session.as_json:
        session.give([_data(one) for one in found])
        return
    if not found:
        session.say(session.words("No due time becomes another one.", "바뀌는 수락 기한이 없습니다."))
    for one in found:
        old, new = (
            time_text(moment, zone, session.language) or session.words("none", "없음")
            for moment in (one.before, one.after)
        )
        session.say(f"{one.number} (id:{one.order_id}): {old} → {new}")


def _data(one: Recounted) -> dict[str, Any]:
    return {
        "id": one.order_id,
        "number": one.number,
        "before": one.before.isoformat() if one.before else None,
        "after": one.after.isoformat() if one.after else None,
    }


def why_none(engine: Engine, order_id: int) -> Words | None:
    """Return why an order has no due time, if it should have one and the point of sale can say why."""
    with suppress(TillbridgeError):  # the order is shown without it
        return engine.why_no_deadline(order_id)
    return None

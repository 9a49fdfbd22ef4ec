"""Commands for what other sides have not done: sending it again, and that a webstore gave money back."""

import typer

from tillbridge.cli.order_detail import payment_data
from tillbridge.cli.ordering import OrderId
from tillbridge.cli.session import session_of
from tillbridge.cli.signing import REASON, WHO, sign


def send_again(context: typer.Context, order_id: OrderId, *, who: WHO = "") -> None:
    """Try anew what was set aside of an order."""
    session = session_of(context)
    with session.engine() as engine:
        count = engine.send_again(engine.order(order_id).id, sign(who, ""))
    if session.as_json:
        session.give({"sent_again": count})
    else:
        session.say(session.words(f"Tried anew: {count}", f"다시 시도: {count}건"))


def refunded(context: typer.Context, order_id: OrderId, *, reason: REASON = "", who: WHO = "") -> None:
    """Say that the webstore gave back what it had to, where it does not say so itself."""
    session = session_of(context)
    with session.engine() as engine:
        view = engine.refunded(engine.order(order_id).id, sign(who, reason))
    if session.as_json:
        session.give(payment_data(view))
    else:
        session.say(view.words.say(session.language))


def add_to(app: typer.Typer) -> None:
    """Add these commands to those of an order."""
    app.command("send-again")(send_again)
    app.command("refunded")(refunded)

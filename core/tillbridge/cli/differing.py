"""Commands about what the webstore changed since an order was sold."""

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.cli.ordering import OrderId
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import WHO, sign
from tillbridge.differences import OrderDifference
from tillbridge.model.differences import Difference
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status.guards import CHANGED
from tillbridge.model.words import Words


def show_difference(context: typer.Context, order_id: OrderId) -> None:
    """Show what the webstore changed since the sale was made, before and after."""
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(order_id)
        found = engine.difference(order.id)
    if session.as_json:
        session.give(difference_data(found) if found else None)
        return
    if found is None:
        session.say(
            session.words("The order is as it was.", "주문은 그대로입니다."),
        )
        return
    say_difference(session, found)
    for hint in hints(found):
        session.say(hint.say(session.language))


def leave_as_sold(
    context: typer.Context,
    order_id: OrderId,
    *,
    reason: Annotated[str, typer.Option(help="Why; it stands in the order's timeline.")] = "",
    who: WHO = "",
) -> None:
    """Say that the sale stays as it is, although the webstore changed the order."""
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(order_id)
        found = engine.difference(order.id)
        if found is None:
            raise NotAllowed(CHANGED.otherwise)
        engine.leave_as_sold(order.id, found.version, sign(who, reason))
    if session.as_json:
        session.give(difference_data(found) | {"to_decide": False})
        return
    say_difference(session, found)
    session.say(session.words("The sale stays as it is.", "거래를 그대로 둡니다."))


def say_difference(session: Session, found: OrderDifference) -> None:
    """Print what differs as a table."""
    before = Words("Sold", "거래") if found.sold else Words("Before", "이전")
    headings = (Words("Changed", "변경"), before, Words("Now at the webstore", "현재 웹스토어"))
    language = session.language
    table = Table(*(one.say(language) for one in headings), box=None, pad_edge=False, header_style="bold")
    for one in found.changes:
        texts = (side.say(language) if side else "-" for side in (one.before, one.after))
        table.add_row(Text(one.label.say(language)), *(Text(text) for text in texts))
    session.say(table)


def hints(found: OrderDifference) -> list[Words]:
    """Return what staff can do about a difference that is to be decided."""
    if not found.to_decide:
        return []
    number = f"id:{found.order_id}"
    return [
        Words(
            f'Make the sale anew: tillbridge order status {number} "Process Sale"; '
            f"take it back: tillbridge order status {number} Rejected --reason TEXT; "
            f"leave it: tillbridge order as-sold {number}",
            f'거래 다시 만들기: tillbridge order status {number} "판매 처리", '
            f"주문 취소: tillbridge order status {number} 거부 --reason 사유, "
            f"그대로 두기: tillbridge order as-sold {number}",
        )
    ]


def difference_data(found: OrderDifference) -> dict[str, Any]:
    """Return what scripts may rely on."""
    return {
        "version": found.version,
        "sold": found.sold,
        "to_decide": found.to_decide,
        "standing": found.standing.value,
        "seen_at": found.seen_at.isoformat(),
        "changes": [_change_data(one) for one in found.changes],
    }


def _change_data(one: Difference) -> dict[str, Any]:
    return {
        "path": one.path,
        "label": one.label.en,
        "label_ko": one.label.ko,
        "before": one.before.en if one.before else None,
        "before_ko": one.before.ko if one.before else None,
        "after": one.after.en if one.after else None,
        "after_ko": one.after.ko if one.after else None,
    }


def add_to(order_app: typer.Typer) -> None:
    """Add the commands to those of one order."""
    order_app.command("difference")(show_difference)
    order_app.command("as-sold")(leave_as_sold)

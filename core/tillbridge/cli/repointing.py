"""The command that mends a wrong match after its sale: shows what follows, then does it."""

from typing import Annotated, Any, Final

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.cli.orders_as import quantity_data, status_text
from tillbridge.cli.repairing import LineId, OrderId, line_of
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import REASON, WHO, sign
from tillbridge.engine import Engine
from tillbridge.model.errors import NotFound
from tillbridge.model.words import Words
from tillbridge.repair import Follows, Repointing

_FOLLOWS: Final = {
    Follows.MOVES: Words("its sale gets the right product", "거래의 제품이 바뀝니다"),
    Follows.COULD_MOVE: Words("its sale is open too: --all", "열려 있는 거래입니다. 함께 바꾸려면 --all"),
    Follows.STAYS: Words("its sale is not altered", "거래를 변경하지 않습니다"),
    Follows.HEALS: Words("it is processed again", "다시 처리됩니다"),
}


def repoint(  # noqa: PLR0913  # what a person is asked, as options
    context: typer.Context,
    order_id: OrderId,
    line: LineId,
    product: Annotated[
        str, typer.Argument(metavar="PRODUCT", help="The point of sale's ID of the right one.")
    ],
    *,
    everywhere: Annotated[
        bool, typer.Option("--all", help="Also in the other open sales of that item.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what follows.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Mend a wrong match of a sold order: stock moves, prices stay, later orders get it right."""
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(order_id)
        chosen = line_of(order, line).line_id
        seen = engine.preview_repointing(order.id, chosen, product, everywhere=everywhere)
        _show(session, seen, _called(engine, seen.before))
        asks = session.interactive and not yes and not dry_run
        if asks and not typer.confirm(session.words("Re-point it?", "바로잡을까요?")):
            raise typer.Exit(1)
        if not dry_run:
            seen = engine.repoint(order.id, chosen, product, sign(who, reason), everywhere=everywhere)
    if session.as_json:
        session.give(_data(seen) | {"dry_run": dry_run})
    elif not dry_run:
        session.say(session.words("It is re-pointed.", "바로잡았습니다."))


def _called(engine: Engine, product_id: str) -> str:
    """Return what staff call a product, with its ID; the ID alone where the point of sale has it no more."""
    try:
        card = engine.product_card(product_id)
    except NotFound:
        card = None
    return f"{card.description} ({card.id})" if card else product_id


def _show(session: Session, seen: Repointing, before: str) -> None:
    pieces = quantity_data(seen.pieces)
    session.say(
        session.words(
            f"“{seen.title}”: {before} → {seen.name}. {pieces} return to the stock of {seen.before} and "
            f"leave that of {seen.after}.",
            f"‘{seen.title}’: {before} → {seen.name}. {seen.before} 재고에 {pieces}개가 돌아가고 "
            f"{seen.after} 재고에서 {pieces}개가 빠집니다.",
        )
    )
    if seen.remembered:
        session.say(session.words("Later orders of the item get it too.", "이후 주문에도 적용됩니다."))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for one in seen.orders:
        table.add_row(
            Text(one.number),
            status_text(one.status, session.language),
            str(quantity_data(one.quantity)),
            _FOLLOWS[one.follows].say(session.language),
        )
    session.say(table)


def _data(seen: Repointing) -> dict[str, Any]:
    return {
        "title": seen.title,
        "before": seen.before,
        "after": seen.after,
        "remembered": seen.remembered,
        "pieces": quantity_data(seen.pieces),
        "orders": [
            {
                "id": one.order_id,
                "number": one.number,
                "status": one.status.value if one.status else None,
                "quantity": quantity_data(one.quantity),
                "follows": one.follows.value.replace(" ", "_"),
            }
            for one in seen.orders
        ],
    }


def add_to(app: typer.Typer) -> None:
    """Add this command to those about one order."""
    app.command("repoint")(repoint)

"""Commands that repair: which product a line is, who the customer is, and what is remembered of it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.cli.healed import said_healed
from tillbridge.cli.orders_as import Zones, order_data, status_text, time_text, why
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import REASON, WHO, sign
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.words import Words
from tillbridge.repair import Binding, BindingKind
from tillbridge.views import LineView, OrderView

binding_app = typer.Typer(help="What a connection remembers: its items and customers.", no_args_is_help=True)

OrderId = Annotated[
    str, typer.Argument(metavar="ORDER", help="Its ID (12 or id:12), webstore ID, number or sale barcode.")
]
LineId = Annotated[
    str, typer.Argument(metavar="LINE", help="The line's ID at the webstore, or #1, #2, … from the top.")
]
_REMEMBERED: Final = {
    BindingKind.PRODUCT: Words(
        "It is remembered for later orders of this item.", "이 상품의 이후 주문에도 적용됩니다."
    ),
    BindingKind.NUMBERS: Words(
        "It is remembered for later orders with the same numbers.", "번호가 같은 이후 주문에도 적용됩니다."
    ),
    None: Words(
        "It holds for this order only: the webstore gives no number to remember it by.",
        "이 주문에만 적용됩니다. 웹스토어에서 기억할 번호를 주지 않았습니다.",
    ),
}
KINDS: Final = {
    BindingKind.PRODUCT: Words("product", "제품"),
    BindingKind.NUMBERS: Words("numbers", "번호"),
    BindingKind.CUSTOMER: Words("customer", "고객"),
}


def line_of(order: OrderView, said: str) -> LineView:
    """Return the line that is meant: by its ID, or by its place as in "#2".

    Raises:
        NotFound: the order has no such line; those it has are named.
    """
    for place, line in enumerate(order.lines, start=1):
        if said in (line.line_id, f"#{place}"):
            return line
    known = ", ".join(f"#{place} {line.title}" for place, line in enumerate(order.lines, start=1)) or "-"
    raise NotFound(
        Words(
            f"Order {order.number} has no line {said!r}. It has: {known}.",
            f"주문 {order.number}에 {said!r} 항목이 없습니다. 있는 항목: {known}",
        )
    )


def tell_linked(session: Session, engine: Engine, order_id: int, line_id: str, healed: int) -> None:
    """Tell as `tell_healed` does, and whether the link is remembered for later orders."""
    kind = engine.remembered_by(order_id, line_id)
    tell_healed(session, engine, order_id, healed, {"remembered_by": kind.value if kind else None})
    if not session.as_json:
        session.say(_REMEMBERED[kind].say(session.language))


def tell_healed(
    session: Session,
    engine: Engine,
    order_id: int,
    healed: int,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Tell what became of the order at hand, and how many others were processed again."""
    order = engine.order_by_id(order_id)
    if session.as_json:
        session.give(order_data(order) | {"healed": healed, **more})
        return
    session.say(Text.assemble(f"{order.number}: ", status_text(order.status, session.language)))
    if reasons := why(order, session.language):
        session.say(reasons)
    session.say(said_healed(healed).say(session.language))


@binding_app.command("list")
def list_bindings(
    context: typer.Context,
    *,
    connection: Annotated[str, typer.Option(help="Only of this connection.")] = "",
    automatic: Annotated[
        bool, typer.Option("--all", help="Also the customers that were found by a rule.")
    ] = False,
) -> None:
    """List what was linked by hand and is remembered for later orders."""
    session = session_of(context)
    with session.engine() as engine:
        found = engine.bindings(connection or None, automatic=automatic)
        zone = Zones(engine.pos.stores()).of(None)
    if session.as_json:
        session.give([binding_data(one) for one in found])
        return
    if not found:
        session.say(session.words("Nothing is linked by hand.", "직접 연결한 항목이 없습니다."))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in (
        Words("Connection", "연결"),
        Words("What", "종류"),
        Words("Its number there", "웹스토어 번호"),
        Words("Called", "이름"),
        Words("Is", "연결된 대상"),
        Words("By", "담당"),
        Words("Since", "연결 시각"),
        Words("Orders", "주문"),
    ):
        table.add_column(heading.say(session.language))
    for one in found:
        table.add_row(
            Text(one.connection),
            KINDS[one.kind].say(session.language),
            *(Text(part) for part in (one.key, one.title, one.target, one.by)),
            time_text(one.at, zone, session.language),
            str(one.orders),
        )
    session.say(table)


def binding_data(one: Binding) -> dict[str, Any]:
    """Return what scripts may rely on."""
    return {
        "connection": one.connection,
        "kind": one.kind.value,
        "key": one.key,
        "title": one.title,
        "target": one.target,
        "by": one.by,
        "at": one.at.isoformat() if one.at else None,
        "orders": one.orders,
    }


@binding_app.command("undo")
def undo_binding(
    context: typer.Context,
    connection: Annotated[str, typer.Argument(help="The connection's name.")],
    kind: Annotated[str, typer.Argument(help="product, numbers or customer.")],
    key: Annotated[str, typer.Argument(help="The webstore's number of it, as `binding list` shows it.")],
    *,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Take a link back; waiting orders are matched again without it, sales stay as they are."""
    session = session_of(context)
    with session.engine() as engine:
        healed = engine.forget(connection, _kind(kind), key, sign(who, reason))
    if session.as_json:
        session.give({"healed": healed})
        return
    session.say(
        session.words("It is no longer linked.", "연결을 해제했습니다."),
        said_healed(healed).say(session.language),
    )


def _kind(said: str) -> BindingKind:
    for kind, words in KINDS.items():
        if said.casefold() in (kind.value, words.ko):
            return kind
    raise InputError(
        Words(
            f"{said!r} is not known: product, numbers or customer.",
            f"{said!r}은(는) 지원하지 않습니다: product(제품), numbers(번호), customer(고객) 중 하나입니다.",
        )
    )


def heal(
    context: typer.Context,
    *,
    connection: Annotated[str, typer.Option(help="Only orders of this connection.")] = "",
    who: WHO = "",
) -> None:
    """Process every waiting order again whose customer or products are found otherwise by now."""
    session = session_of(context)
    with session.engine() as engine:
        healed = engine.heal(sign(who, ""), connection or None)
    if session.as_json:
        session.give({"healed": healed})
    else:
        session.say(said_healed(healed).say(session.language))


COMMANDS: Final[dict[str, Callable[..., None]]] = {"heal": heal}

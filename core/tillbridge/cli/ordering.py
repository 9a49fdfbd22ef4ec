"""Commands about orders: the list, one order with everything known of it, and what staff decide."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.cli.answering import why_none
from tillbridge.cli.kept_dues import kept_due, kept_due_data
from tillbridge.cli.names import known_names, named
from tillbridge.cli.order_detail import (
    customer_data,
    customer_rows,
    decided,
    decision_data,
    ended,
    for_support,
    handover_rows,
    mend,
    news_rows,
    outdated,
    payment_data,
    still_waits,
    why_none_data,
)
from tillbridge.cli.orders_as import (
    KINDS,
    Zones,
    contact_data,
    contact_text,
    detail_data,
    money_text,
    order_data,
    order_table,
    quantity_data,
    status_text,
    time_text,
    why,
)
from tillbridge.cli.payload_out import give_out
from tillbridge.cli.returns_as import return_lines, returned_of_lines
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import REASON, WHO, sign
from tillbridge.cli.timeline_as import timeline_lines
from tillbridge.engine import Engine, OrderQuery
from tillbridge.guided import Doing
from tillbridge.model.errors import InputError, NeedsAnswer, TillbridgeError
from tillbridge.model.exchange import Decision
from tillbridge.model.hours_words import hours_words
from tillbridge.model.money import Money
from tillbridge.model.status import LINE_WORDS, STATUS_WORDS, Act, LineState, Status
from tillbridge.model.words import Words
from tillbridge.pos.guarded import PosAway
from tillbridge.pos.sales import SaleState, SaleView
from tillbridge.sending.telling import told
from tillbridge.views import OrderView

order_app = typer.Typer(help="One order: look at it, decide it.", no_args_is_help=True)

_ORDER_ID_HELP = "Its ID (12 or id:12), webstore ID, number or sale barcode."
OrderId = Annotated[str, typer.Argument(metavar="ID", help=_ORDER_ID_HELP)]


def orders(
    context: typer.Context,
    *,
    status: Annotated[list[str], typer.Option(help="Only with this status; may come several times.")] = [],  # noqa: B006  # typer copies it
    connection: Annotated[str, typer.Option(help="Only of this connection.")] = "",
    open_only: Annotated[bool, typer.Option("--open", help="Without what is Completed or Archived.")] = False,
) -> None:
    """List the orders with their status and why, in the sequence in which they came."""
    session = session_of(context)
    statuses = [read_status(one) for one in status]
    wanted = OrderQuery(statuses=statuses, connection=connection or None, open_only=open_only)
    with session.engine() as engine:
        found = engine.orders(wanted)
        zones = Zones(engine.pos.stores())
        if connection and not found:
            _require_connection(engine, connection)
    if session.as_json:
        session.give([order_data(order) for order in found])
    elif found:
        session.say(order_table(found, zones, session.language))
    else:
        session.say(session.words("There are no such orders.", "해당하는 주문이 없습니다."))


def _require_connection(engine: Engine, name: str) -> None:
    known = [one.name for one in engine.connections()]
    if name not in known:
        raise InputError(
            Words(
                f"There is no connection named {name!r}. There are: {', '.join(known) or '-'}.",
                f"{name!r} 연결이 없습니다. 있는 연결: {', '.join(known) or '-'}",
            )
        )


def read_status(text: str) -> Status:
    """Return the status that a person means: its English or Korean word, in any case.

    Raises:
        InputError: there is none of that name.
    """
    said = " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()
    for status, words in STATUS_WORDS.items():
        if said in (status.value.casefold(), words.ko):
            return status
    english = ", ".join(Status)
    korean = ", ".join(words.ko for words in STATUS_WORDS.values())
    raise InputError(
        Words(
            f"There is no status {text!r}. There are: {english}.",
            f"{text!r} 상태가 없습니다. 있는 상태: {korean}",
        )
    )


@order_app.command("show")
def show(context: typer.Context, order_id: OrderId) -> None:
    """Show one order: its lines and what they were found to be, why it waits, and what happened to it."""
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(order_id)
        timeline = engine.timeline(order.id)
        address = None
        with suppress(TillbridgeError):  # a link is a help; the order is shown without it
            address = engine.admin_url(order.id)
        zones = Zones(engine.pos.stores())
        document, known = engine.document(order.id), told(engine.context, order.id)
        contacts = engine.contacts(order.id)
        undated, kept = why_none(engine, order.id), kept_due(engine, order.id)
        payment = engine.payment_view(order.id)
        news = engine.told(order.id)
        names = known_names(engine.context.pos, order)
        sale = _finished_sale(engine, order)
    if session.as_json:
        more = customer_data(document) | decision_data(known, news)
        more |= why_none_data(undated) | kept_due_data(kept)
        more |= payment_data(payment if order.kind else None)
        more["contacts"] = [contact_data(one) for one in contacts]
        session.give(detail_data(order, timeline, address) | more)
        return
    language, zone = session.language, zones.of(order.store)
    heading = _heading(session, order, zones, names)
    for label, value in customer_rows(document):
        _row(heading, label.say(language), value)
    _row(
        heading,
        session.words("Last contact", "최근 연락"),
        contact_text(order.last_contact, zone, language),
    )
    answer_by = Text(undated.say(language)) if undated else zones.due(order, language)
    _row(heading, session.words("Answer by", "수락 기한"), answer_by)
    counted = hours_words(order.due.by.hours).say(language) if order.due else ""
    _row(heading, session.words("Counted by", "기준 영업시간"), counted)
    _row(heading, "", kept.say(language) if kept else "")
    for label, value in handover_rows(order, lambda moment: time_text(moment, zone, language)):
        _row(heading, label.say(language), value)
    _row(heading, session.words("Outcome", "예약 주문 결과"), ended(order).say(language))
    decision = decided(order, known)
    _row(heading, session.words("Decision", "결정"), decision.say(language) if decision else "")
    for said in news_rows(order, news):
        _row(heading, session.words("Webstore", "웹스토어"), said.say(language))
    _row(heading, session.words("Payment", "결제"), payment.words.say(language) if order.kind else "")
    _row(heading, session.words("For support", "담당자용"), for_support(order, language))
    session.say(heading)
    for hint in mend(order):
        session.say(hint.say(language))
    if address:
        session.say(session.words(f"In the webstore: {address}", f"웹스토어에서 보기: {address}"))
    session.say("", _lines(session, order, names, returned_of_lines(sale)), "")
    back = list(return_lines(sale, lambda moment: time_text(moment, zone, language), language))
    session.say(*back, *([""] if back else []))
    for text in timeline_lines(timeline, lambda moment: time_text(moment, zone, language), language):
        session.say(text)


def _finished_sale(engine: Engine, order: OrderView) -> SaleView | None:
    """Return an order's sale where something of it may have come back; None where nobody can show it."""
    if order.sale_state is SaleState.FINISHED:
        with suppress(TillbridgeError):  # the order is shown without it
            return engine.sale(order.id)
    return None


def _heading(session: Session, order: OrderView, zones: Zones, names: Mapping[str, str]) -> Table:
    language = session.language
    kind = KINDS.get(order.kind or "", Words.of(order.kind or "-"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    candidates = order.customer_evidence.candidates if order.customer_evidence else ()
    known = named(candidates, names, ", ")
    rows = (
        (session.words("Order", "주문"), Text(f"{order.number}  ({order.id}, {order.connection})")),
        (session.words("eCommerce order ID", "이커머스 주문 ID"), Text(order.webstore_id)),
        (session.words("Kind", "유형"), Text(kind.say(language))),
        (session.words("Status", "상태"), status_text(order.status, language)),
        (session.words("Why", "사유"), Text(why(order, language))),
        (session.words("Out of date", "이전 내용"), Text(outdated(order).say(language), style="yellow")),
        (
            session.words("Placed", "주문 시각"),
            Text(time_text(order.placed_at, zones.of(order.store), language)),
        ),
        (session.words("Store", "매장"), Text(order.store or "")),
        (session.words("Customer", "고객"), Text(order.customer)),
        (session.words("Customer found", "확인된 고객"), Text(known)),
        (session.words("Total", "합계"), Text(money_text(order.total, language))),
        (session.words("Barcode", "판매 바코드"), Text(order.barcode or "")),
        (
            session.words("Possible now", "지금 가능한 상태"),
            Text(", ".join(STATUS_WORDS[one].say(language) for one in order.choices)),
        ),
        *(
            (
                session.words("Not now", "지금 불가"),
                Text(f"{STATUS_WORDS[one].say(language)}: {why_not.say(language)}"),
            )
            for one, why_not in order.not_now.items()
        ),
    )
    for label, value in rows:
        _row(table, label, value)
    return table


def _row(table: Table, label: str, value: Text | str) -> None:
    text = Text(value) if isinstance(value, str) else value
    if text.plain:
        table.add_row(Text(label, style="bold"), text)


def _lines(session: Session, order: OrderView, names: Mapping[str, str], back: Mapping[str, Words]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("#", justify="right")
    table.add_column(session.words("Quantity", "수량"), justify="right")
    for heading in (
        Words("Item", "품목"),
        Words("Barcode", "바코드"),
        Words("Part number", "부품 번호"),
    ):
        table.add_column(heading.say(session.language))
    table.add_column(session.words("Amount", "금액"), justify="right")
    table.add_column(session.words("Product", "제품"))
    table.add_column(session.words("State", "상태"))
    currency = order.total.currency if order.total else None
    for place, line in enumerate(order.lines, start=1):
        gone = line.state is LineState.REJECTED
        found = line.evidence.candidates
        product = named(found, names, " / ")
        unsold = gone or line.state is LineState.ADDED
        product = product or ("" if unsold else session.words("not found", "없음"))
        amount = Money(line.total_minor, currency) if currency else None
        table.add_row(
            str(place),
            str(quantity_data(line.quantity)),
            Text(line.title),
            Text(line.gtin or ""),
            Text(line.sku or ""),
            money_text(amount, session.language),
            Text(product, style="" if len(found) == 1 else "yellow"),
            ", ".join(
                one.say(session.language) for one in (LINE_WORDS[line.state], back.get(line.line_id)) if one
            ),
            style="dim" if gone else None,
        )
    return table


@order_app.command("status")
def set_status(
    context: typer.Context,
    order_id: OrderId,
    status: Annotated[str, typer.Argument(help='For example "In Process", or 처리 중.')],
    *,
    tell: Annotated[
        Decision | None,
        typer.Option(help="What the webstore is to hear of an undecided order that is archived."),
    ] = None,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Set an order's status, with everything that follows from it."""
    session = session_of(context)
    asked = read_status(status)
    with session.engine() as engine:
        order = engine.order(order_id)
        try:
            follows = _follows(engine, order.id, asked)
            after = engine.set_status(order.id, asked, sign(who, reason), answer=tell)
        except NeedsAnswer as question:
            raise NeedsAnswer(_with_option(question), answers=question.answers) from question
        _tell(session, engine, order.id, after)
    for words in () if session.as_json else follows:
        session.say(f"  {words.say(session.language)}")


def _follows(engine: Engine, order_id: int, asked: Status) -> Sequence[Words]:
    """Say what goes with a sale that is made anew; a point of sale that is away shows none."""
    if asked is Status.PROCESS_SALE:
        with suppress(PosAway):
            return engine.preview_act(order_id, Doing(act=Act.REMAKE_SALE)).consequences
    return ()


def _with_option(question: NeedsAnswer) -> Words:
    options = " / ".join(f"--tell {answer}" for answer in question.answers)
    return Words(f"{question.words.en} ({options})", f"{question.words.ko} ({options})")


@order_app.command("unarchive")
def unarchive(context: typer.Context, order_id: OrderId, *, reason: REASON = "", who: WHO = "") -> None:
    """Bring an archived order back to where it stood."""
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(order_id)
        after = engine.unarchive(order.id, sign(who, reason))
        _tell(session, engine, order.id, after)


@order_app.command("check")
def check(context: typer.Context, order_id: OrderId) -> None:
    """Fetch an order anew from the webstore."""
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(order_id)
        after = engine.check_again(order.id)
        _tell(session, engine, order.id, after)


@order_app.command("payload")
def payload(
    context: typer.Context,
    order_id: OrderId,
    *,
    part: Annotated[str, typer.Option(help="Which part, where the order came in several answers.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write it to this new file.", dir_okay=False)] = None,
) -> None:
    """Give out what the webstore sent, byte for byte; the customer's data is in it."""
    session = session_of(context)
    with session.engine() as engine:
        kept = engine.payload(order_id)
    give_out(session, kept, part=part, out=out)


def _tell(session: Session, engine: Engine, order_id: int, after: Status | None) -> None:
    order = engine.order_by_id(order_id)
    if session.as_json:
        session.give(order_data(order))
        return
    session.say(Text.assemble(f"{order.number}: ", status_text(after, session.language)))
    known = told(engine.context, order.id)
    if said := still_waits(order, known) or decided(order, known):
        session.say(said.say(session.language))
    if reasons := why(order, session.language):
        session.say(reasons)


COMMANDS: Final[dict[str, Callable[..., None]]] = {"orders": orders}

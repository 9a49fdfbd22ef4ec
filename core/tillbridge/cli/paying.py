"""Web payments by command: reading, taking, refunding, and comparing a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.cli.ordering import OrderId
from tillbridge.cli.orders_as import Zones, money_text, time_text
from tillbridge.cli.paid_by import connection_payments
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import REASON, WHO, sign
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError, NotAllowed
from tillbridge.model.money import Money, parse_decimal
from tillbridge.model.payments import WEB_PAYMENT_WORDS, EntryKind, WebPayment
from tillbridge.model.words import Words
from tillbridge.paying.reconciling import Reconciled
from tillbridge.views import OrderView

payments_app = typer.Typer(help="The money for web orders, at the payment service.", no_args_is_help=True)
_KINDS: Final = {
    EntryKind.CHARGE: Words("charges", "결제"),
    EntryKind.REFUND: Words("refunds", "환불"),
    EntryKind.REFUND_FAILED: Words("refunds that failed", "환불 실패"),
    EntryKind.FEE: Words("fees", "수수료"),
    EntryKind.PAYOUT: Words("payouts", "정산 입금"),
    EntryKind.DISPUTE: Words("disputes", "이의 제기"),
    EntryKind.OTHER: Words("other", "기타"),
}


@payments_app.command("show")
def show(context: typer.Context, order_id: OrderId) -> None:
    """Show what is known of an order's payments, and what does not add up."""
    session = session_of(context)
    with _opened(session, order_id) as (engine, order):
        _give(session, engine, order, engine.web_payments(order.id))


@payments_app.command("check")
def check(context: typer.Context, order_id: OrderId) -> None:
    """Read an order's payments at the payment service now."""
    session = session_of(context)
    with _opened(session, order_id) as (engine, order):
        _give(session, engine, order, engine.check_payments(order.id))


@payments_app.command("take")
def take(context: typer.Context, order_id: OrderId, *, who: WHO = "", reason: REASON = "") -> None:
    """Take what is held for an accepted order now, before its goods are handed over."""
    session = session_of(context)
    with _opened(session, order_id) as (engine, order):
        _refuse(engine.take_payment(order.id, sign(who, reason)))
        _give(session, engine, order, engine.web_payments(order.id))


@payments_app.command("refund")
def refund(
    context: typer.Context,
    order_id: OrderId,
    amount: Annotated[str, typer.Argument(help="How much.")],
    *,
    who: WHO = "",
    reason: REASON = "",
) -> None:
    """Give some of what was taken back to the customer's card; the bank may take up to two weeks."""
    session = session_of(context)
    with _opened(session, order_id) as (engine, order):
        found = engine.web_payments(order.id)
        if not found:
            raise NotAllowed(
                Words("Nothing was taken for this order.", "이 주문에는 결제된 금액이 없습니다.")
            )
        given = Money.exact(parse_decimal(amount, path="AMOUNT"), found[0].currency)
        _refuse(engine.refund_payment(order.id, given, sign(who, reason)))
        _give(session, engine, order, engine.web_payments(order.id))


@payments_app.command("reconcile")
def reconcile(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The payment service's connection.")],
    *,
    day: Annotated[str, typer.Option(help="The day, as in 2026-11-26; by default yesterday.")] = "",
) -> None:
    """Compare a day of the payment service's own list with what is known here; nothing is changed.

    It ends with exit code 1 where something differs.
    """
    session = session_of(context)
    with session.engine() as engine:
        zone = Zones(engine.pos.stores()).of(None)
        found = engine.reconcile(name, _day(day, engine.context.clock.now(), zone))
    if session.as_json:
        session.give(_reconciled_data(found))
    else:
        _say_reconciled(session, found)
    if found.differences:
        raise typer.Exit(1)


def add_to(app: typer.Typer, connection_app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(payments_app, name="payments")
    connection_app.command("payments")(connection_payments)


@contextmanager
def _opened(session: Session, order_id: str) -> Iterator[tuple[Engine, OrderView]]:
    with session.engine() as engine:
        yield engine, engine.order(order_id)


def _refuse(why: Words | None) -> None:
    if why is not None:
        raise NotAllowed(why)


def _give(session: Session, engine: Engine, order: OrderView, found: list[WebPayment]) -> None:
    differs = engine.payment_difference(order.id)
    if session.as_json:
        session.give(
            {
                "order": order.id,
                "payments": [_payment_data(one) for one in found],
                "difference": differs.en if differs else None,
                "difference_ko": differs.ko if differs else None,
            }
        )
        return
    if not found:
        session.say(
            session.words("No payment is known of this order.", "이 주문에 대해 확인된 결제가 없습니다.")
        )
    else:
        zone = Zones(engine.pos.stores()).of(order.store)
        session.say(_payment_table(session, found, zone))
    if differs:
        session.say(Text(differs.say(session.language), style="yellow"))


def _payment_data(one: WebPayment) -> dict[str, Any]:
    return {
        "payment": one.id,
        "state": one.state.value,
        "currency": one.currency,
        "authorised_minor": one.authorised.minor,
        "captured_minor": one.captured.minor,
        "refunded_minor": one.refunded.minor,
        "refund_pending_minor": one.refund_pending.minor,
        "capture_before": one.capture_before.isoformat() if one.capture_before else None,
        "card_type": one.card_type,
        "card_brand": one.card_brand,
        "live": one.live,
        "created_at": one.created_at.isoformat(),
    }


def _payment_table(session: Session, found: list[WebPayment], zone: ZoneInfo) -> Table:
    language = session.language
    headings = (
        Words("Payment", "결제"),
        Words("State", "상태"),
        Words("Held or allowed", "승인 금액"),
        Words("Taken", "결제 금액"),
        Words("Refunded", "환불"),
        Words("Under way", "환불 진행"),
        Words("To be taken before", "결제 가능 기한"),
    )
    table = Table(*(one.say(language) for one in headings), box=None, pad_edge=False, header_style="bold")
    for one in found:
        test = "" if one.live else session.words(" (test)", "(테스트)")
        table.add_row(
            Text(f"{one.id}{test}"),
            WEB_PAYMENT_WORDS[one.state].say(language),
            money_text(one.authorised, language),
            money_text(one.captured, language),
            money_text(one.refunded, language),
            money_text(one.refund_pending, language),
            time_text(one.capture_before, zone, language),
        )
    return table


def _day(text: str, now: datetime, zone: ZoneInfo) -> date:
    if not text:
        return now.astimezone(zone).date() - timedelta(days=1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Words(
                f"--day {text!r} is no day, as in 2026-11-26.",
                f"--day {text!r}은(는) 날짜가 아닙니다. 예: 2026-11-26",
            )
        ) from None


def _reconciled_data(found: Reconciled) -> dict[str, Any]:
    return {
        "service": found.service,
        "day": found.day.isoformat(),
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "sums": [
            {"kind": kind.value, "amount_minor": amount.minor, "currency": currency}
            for (kind, currency), amount in found.sums.items()
        ],
        "fees": [
            {"amount_minor": amount.minor, "currency": currency} for currency, amount in found.fees.items()
        ],
        "differences": [
            {
                "payment": one.payment_id,
                "order": one.order,
                "order_id": one.order_id,
                "connection": one.connection,
                "en": one.words.en,
                "ko": one.words.ko,
            }
            for one in found.differences
        ],
        "others": [
            {"payment": one.payment_id, "moved_minor": one.moved.minor, "currency": one.moved.currency}
            for one in found.others
        ],
    }


def _say_reconciled(session: Session, found: Reconciled) -> None:
    language = session.language
    for (kind, _), amount in found.sums.items():
        session.say(f"{_KINDS[kind].say(language)}: {money_text(amount, language)}")
    for amount in found.fees.values():
        session.say(
            session.words(
                f"fees among them: {money_text(amount, language)}",
                f"그중 수수료: {money_text(amount, language)}",
            )
        )
    if found.others:
        many = len(found.others)
        session.say(
            session.words(
                f"payments among them that name no order of a webstore here: {many}",
                f"그중 이곳 웹스토어의 주문과 관련 없는 결제: {many}건",
            )
        )
    for one in found.differences:
        whose = session.words(f"Order {one.order}" if one.order else "No order", one.order or "주문 없음")
        words = f"{whose}, {one.payment_id}: {one.words.say(language)}"
        session.say(Text(words, style="yellow"))
    if not found.differences:
        session.say(
            session.words(
                f"{found.day}: {found.service} has what is known here.",
                f"{found.day}: {found.service}의 내역과 일치합니다.",
            )
        )

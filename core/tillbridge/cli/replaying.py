"""The command that replays kept payloads: it shows what today's code makes of them, and then does it."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from tillbridge.cli.orders_as import reason_data, status_text
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import WHO, sign
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError
from tillbridge.model.reasons import ReasonCode
from tillbridge.model.status import STATUS_WORDS
from tillbridge.model.words import Words
from tillbridge.replay import FieldChange, ReplayAct, ReplayQuery, ReplaySummary, ReplayView

_SHOWN: Final = 60
# More fields of one order are no help on a screen; --json has them all.
_FIELDS: Final = 12


def replay(  # noqa: PLR0913  # one option for each way of choosing
    context: typer.Context,
    *,
    order: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ORDER]...", help="Orders by ID, webstore ID, number or barcode."),
    ] = None,
    reason: Annotated[str, typer.Option(help="All that wait for this reason: payload_damaged, …")] = "",
    all_failed: Annotated[
        bool, typer.Option("--all-failed", help="All that wait for a customer, a product or a repair.")
    ] = False,
    connection: Annotated[str, typer.Option(help="Only of this connection.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change; nothing is done.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    note: Annotated[str, typer.Option(help="Why; it stands in the orders' timelines.")] = "",
    who: WHO = "",
) -> None:
    """Read kept payloads again with today's code: show what that changes, and then do it."""
    session = session_of(context)
    wanted = ReplayQuery(
        orders=order or (),
        reason=_read_reason(reason) if reason else None,
        failed=all_failed,
        connection=connection or None,
    )
    with session.engine() as engine:
        summary, told = _show(session, engine, wanted)
        done = not dry_run and summary.differ > summary.refused
        if done:
            if session.interactive and not yes:
                typer.confirm(session.words("Replay these?", "이 주문들을 다시 처리할까요?"), abort=True)
            summary, told = _do(session, engine, wanted, (who, note))
    if session.as_json:
        session.give(_summary_data(summary, told, dry_run=dry_run))
    for name, trouble in summary.troubles.items():
        session.say(f"{name}: {trouble.say(session.language)}")
    if summary.troubles:
        raise typer.Exit(1)


def _read_reason(text: str) -> ReasonCode:
    try:
        return ReasonCode(text.strip().lower().replace("-", "_"))
    except ValueError:
        known = ", ".join(ReasonCode)
        raise InputError(
            Words(
                f"There is no reason {text!r}. There are: {known}.",
                f"{text!r} 사유 코드가 없습니다. 있는 코드: {known}",
            )
        ) from None


def _show(session: Session, engine: Engine, wanted: ReplayQuery) -> tuple[ReplaySummary, list[ReplayView]]:
    kept: list[ReplayView] = []

    def tell(view: ReplayView) -> None:
        if session.as_json:
            kept.append(view)
        elif view.differs or wanted.orders:
            session.say(*_preview(session, view))

    summary = engine.replay(wanted, tell=tell)
    session.say(_shown_words(summary).say(session.language))
    return summary, kept


def _do(
    session: Session, engine: Engine, wanted: ReplayQuery, signed: tuple[str, str]
) -> tuple[ReplaySummary, list[ReplayView]]:
    kept: list[ReplayView] = []

    def tell(view: ReplayView) -> None:
        if session.as_json:
            kept.append(view)
        elif view.done:
            session.say(_became(session, view))

    summary = engine.replay(wanted, sign(*signed), tell)
    session.say(_done_words(summary).say(session.language))
    return summary, kept


def _preview(session: Session, view: ReplayView) -> Iterator[Text]:
    language = session.language
    yield Text.assemble(_named(view), ": ", *_way(session, view))
    for reason in view.reasons_gone:
        yield Text(f"  - {reason.words.say(language)}")
    for reason in view.reasons_new:
        yield Text(f"  + {reason.words.say(language)}")
    for change in view.fields[:_FIELDS]:
        yield Text(f"  {change.path}: {_value(change.before)} → {_value(change.after)}")
    if len(view.fields) > _FIELDS:
        more = len(view.fields) - _FIELDS
        yield Text(session.words(f"  … and {more} more; see --json", f"  … 외 {more}건. --json 참고"))
    if view.differs and view.why_not:
        yield Text(f"  {_left_alone(view).say(language)}")


def _left_alone(view: ReplayView) -> Words:
    why = view.why_not or Words("", "")
    if view.act is ReplayAct.COMPARE:
        return Words(
            f"It is not sold again, only compared: {why.en}", f"다시 판매하지 않고 비교만 합니다: {why.ko}"
        )
    return Words(f"Nothing is done: {why.en}", f"처리하지 않습니다: {why.ko}")


def _named(view: ReplayView) -> str:
    own = f"{view.order_id}, " if view.order_id else ""
    return f"{view.number} ({own}{view.connection})"


def _way(session: Session, view: ReplayView) -> Iterator[Text | str]:
    if not view.differs:
        yield session.words("nothing would change", "변경되는 것이 없습니다")
        return
    yield _status(session, view)
    if view.status is not view.status_then:
        yield " → "
        yield _then(session, view)


def _status(session: Session, view: ReplayView) -> Text:
    if view.order_id is None:
        return Text(session.words("no order", "주문 아님"))
    return status_text(view.status, session.language)


def _then(session: Session, view: ReplayView) -> Text:
    if view.no_order is not None:
        return Text(f"{session.words('no order', '주문 아님')}: {view.no_order.say(session.language)}")
    return status_text(view.status_then, session.language)


def _became(session: Session, view: ReplayView) -> Text:
    said: list[Text | str] = [_named(view), ": ", _then(session, view)]
    if view.changed_after_sale:
        said.append(session.words("; differs from its sale", "; 거래와 다름"))
    reasons = " ".join(one.words.say(session.language) for one in view.reasons)
    return Text.assemble(*said, f"  {reasons}" if reasons else "")


def _value(value: Any) -> str:
    text = "-" if value is None else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _shown_words(summary: ReplaySummary) -> Words:
    if not summary.looked:
        return Words("There is nothing to replay.", "다시 처리할 것이 없습니다.")
    would = summary.differ - summary.refused
    en = f"{summary.looked} looked at: {would} would change, {summary.same} would stay as they are"
    ko = f"{summary.looked}건 확인: {would}건 변경, {summary.same}건 그대로"
    if summary.refused:
        en += f", {summary.refused} are left alone"
        ko += f", {summary.refused}건 처리하지 않음"
    return Words(f"{en}.", ko)


def _done_words(summary: ReplaySummary) -> Words:
    en = ", ".join(f"{count} {status.value}" for status, count in summary.statuses.items())
    ko = ", ".join(f"{STATUS_WORDS[status].ko} {count}건" for status, count in summary.statuses.items())
    return Words(
        f"{summary.done} replayed{f': {en}' if en else ''}.",
        f"{summary.done}건 처리{f': {ko}' if ko else ''}",
    )


def _summary_data(summary: ReplaySummary, told: list[ReplayView], *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "looked": summary.looked,
        "same": summary.same,
        "differ": summary.differ,
        "refused": summary.refused,
        "done": summary.done,
        "statuses": {status.value: count for status, count in summary.statuses.items()},
        "troubles": {name: words.en for name, words in summary.troubles.items()},
        "orders": [_view_data(view) for view in told],
    }


def _view_data(view: ReplayView) -> dict[str, Any]:
    return {
        "id": view.order_id,
        "connection": view.connection,
        "webstore_id": view.webstore_id,
        "number": view.number,
        "status": view.status.value if view.status else None,
        "status_then": view.status_then.value if view.status_then else None,
        "differs": view.differs,
        "act": view.act.value,
        "done": view.done,
        "why_not": view.why_not.en if view.why_not else None,
        "why_not_ko": view.why_not.ko if view.why_not else None,
        "no_order": view.no_order.en if view.no_order else None,
        "no_order_ko": view.no_order.ko if view.no_order else None,
        "changed_after_sale": view.changed_after_sale,
        "reasons_gone": [reason_data(one) for one in view.reasons_gone],
        "reasons_new": [reason_data(one) for one in view.reasons_new],
        "fields": [_field_data(one) for one in view.fields],
    }


def _field_data(change: FieldChange) -> dict[str, Any]:
    return {"path": change.path, "before": change.before, "after": change.after}


COMMANDS: Final[dict[str, Callable[..., None]]] = {"replay": replay}

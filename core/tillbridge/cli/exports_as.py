"""How the eCommerce export is shown: results, offers and settings, as tables and as data for scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.text import Text

from tillbridge.cli.found import plain_table
from tillbridge.cli.orders_as import money_text
from tillbridge.cli.session import Session
from tillbridge.exports import ExportItem, ExportResult, ExportSettings, ExportState
from tillbridge.model.money import Money
from tillbridge.model.words import Words

_TOLD: Final[Mapping[str, Words]] = {
    "accepted": Words("Accepted", "반영"),
    "refused": Words("Refused", "거부"),
    "pending": Words("Pending", "대기"),
    "unknown": Words("No answer", "응답 없음"),
}


def say_results(session: Session, results: Sequence[ExportResult]) -> None:
    """Show what came of exports, and say of which nothing had changed."""
    if not results:
        session.say(session.words("No connection is exported yet.", "재고·가격을 전달하는 연결이 없습니다."))
        return
    headings = (
        Words("Connection", "연결"),
        Words("Due", "전달 예정"),
        *_TOLD.values(),
        Words("Held", "보류"),
    )
    table = plain_table((*headings, Words("Trouble", "문제")), session.language)
    busy = session.words("another program is at it", "다른 프로그램에서 처리 중입니다")
    for one in results:
        trouble = one.trouble.say(session.language) if one.trouble else busy if one.busy else ""
        told = [str(getattr(one.told, name)) for name in _TOLD]
        table.add_row(Text(one.connection), str(one.due), *told, str(one.held), Text(trouble))
    session.say(table)
    for one in results:
        is_news = one.due or one.held or any(asdict(one.told).values())
        if not (is_news or one.trouble or one.busy):
            session.say(
                session.words(
                    f"{one.connection}: nothing changed since it was told last.",
                    f"{one.connection}: 마지막 전달 이후 바뀐 내용이 없습니다.",
                )
            )


def say_what_would_be_told(
    session: Session, result: ExportResult, found: Sequence[ExportItem], which: str
) -> None:
    """Show what a dry run found: the offers themselves, as far as they are listed."""
    if not found:
        return
    say_items(session, found)
    left = result.due - len(found)
    if left > 0:
        way = f"tillbridge export items {result.connection} --which {which} --limit {result.due}"
        session.say(session.words(f"And {left} more: `{way}`.", f"그 밖에 {left}개가 더 있습니다: `{way}`"))


_NONE: Final[Mapping[str, Words]] = {
    "due": Words(
        "{0}: nothing is left to tell since it was looked at last. To look again: "
        "`tillbridge export run {0} --dry-run`.",
        "{0}: 마지막 확인 이후 전달할 내용이 없습니다. 다시 확인: `tillbridge export run {0} --dry-run`",
    ),
    "refused": Words("{0}: no product is refused.", "{0}: 거부된 제품이 없습니다."),
    "held": Words("{0}: no product is held.", "{0}: 보류된 제품이 없습니다."),
    "pending": Words("{0}: no answer is pending.", "{0}: 응답을 기다리는 제품이 없습니다."),
    "all": Words(
        "{0}: no product was looked at yet. To look: `tillbridge export run {0} --dry-run`.",
        "{0}: 아직 확인한 제품이 없습니다. 확인하려면: `tillbridge export run {0} --dry-run`",
    ),
}


def say_none(session: Session, name: str, which: str) -> None:
    """Say that a connection has no offer of the kind that was asked for."""
    session.say(_NONE[which].say(session.language).format(name))


def say_items(session: Session, found: Sequence[ExportItem]) -> None:
    """Show offers as a table."""
    headings = (
        Words("ID", "ID"),
        Words("Product", "제품"),
        Words("Shows", "표시"),
        Words("Should show", "반영할 값"),
        Words("Why", "사유"),
    )
    table = plain_table(headings, session.language)
    for one in found:
        why = one.why.say(session.language) if one.why else ""
        table.add_row(
            Text(one.product_id),
            Text(one.title),
            _shown(session, one.shown),
            _shown(session, one.wanted),
            Text(why),
        )
    session.say(table)


def _shown(session: Session, offer: tuple[int | None, Money | None]) -> str:
    pieces, price = offer
    parts = [] if pieces is None else [str(pieces)]
    parts += [money_text(price, session.language)] if price is not None else []
    return " · ".join(parts) or "-"


def result_data(one: ExportResult, items: Sequence[ExportItem] | None) -> dict[str, Any]:
    """Return what scripts may rely on of a result, with the offers of a dry run."""
    data = {
        "due": one.due,
        **{name: getattr(one.told, name) for name in _TOLD},
        "held": one.held,
        "trouble": one.trouble.en if one.trouble else None,
        "trouble_ko": one.trouble.ko if one.trouble else None,
        "busy": one.busy,
    }
    return data if items is None else {**data, "items": [item_data(item) for item in items]}


def item_data(one: ExportItem) -> dict[str, Any]:
    """Return what scripts may rely on of an offer."""
    return {
        "connection": one.connection,
        "what": one.what,
        "location": one.location,
        "store": one.store,
        "product": one.product_id,
        "title": one.title,
        "wanted": _offer_data(one.wanted),
        "shown": _offer_data(one.shown),
        "state": one.state,
        "why": one.why.en if one.why else None,
        "why_ko": one.why.ko if one.why else None,
    }


def _offer_data(offer: tuple[int | None, Money | None]) -> dict[str, Any]:
    pieces, price = offer
    return {
        "pieces": pieces,
        "price_minor": price.minor if price is not None else None,
        "currency": price.currency if price is not None else None,
    }


def state_data(one: ExportState) -> dict[str, Any]:
    """Return what scripts may rely on of a connection's export."""
    return {
        "connection": one.connection,
        **settings_data(one.settings),
        **{name: getattr(one, name) for name in ("shown", "due", "refused", "pending", "held")},
        "told_at": one.told_at.isoformat() if one.told_at else None,
        "whole_at": one.whole_at.isoformat() if one.whole_at else None,
        "due_at": one.due_at.isoformat() if one.due_at else None,
    }


def settings_data(settings: ExportSettings) -> dict[str, Any]:
    """Return what scripts may rely on of how a connection is exported."""
    every = settings.every
    return {
        "every_minutes": round(every.total_seconds() / 60) if every else 0,
        "rules": settings.rules.model_dump(mode="json"),
    }


def settings_words(name: str, settings: ExportSettings) -> Words:
    """Say how a connection is exported."""
    if settings.every is None:
        return Words(
            f"{name} is exported by hand only: `tillbridge export run {name}`.",
            f"{name}: 수동으로만 전달합니다(`tillbridge export run {name}`).",
        )
    minutes = round(settings.every.total_seconds() / 60)
    return Words(
        f"{name} is told of changes at once, and looked at every {minutes} minutes, "
        "while `tillbridge run` runs.",
        f"{name}: `tillbridge run` 실행 중에는 바뀐 내용을 바로 전달하고 {minutes}분마다 확인합니다.",
    )

"""The command that checks what a webstore lists, before any order of it comes."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from tillbridge.cli.found import plain_table
from tillbridge.cli.session import Session, session_of
from tillbridge.exports import ListingCheck, ListingProblem
from tillbridge.model.listings import ListingFault
from tillbridge.model.words import Words

_FAULTS: Final[Mapping[ListingFault, Words]] = {
    ListingFault.UNMATCHED: Words("no match", "제품 없음"),
    ListingFault.SEVERAL: Words("several match", "여러 제품"),
    ListingFault.TWICE: Words("listed twice", "중복 등록"),
    ListingFault.NOT_LISTED: Words("not listed", "미등록"),
    ListingFault.REFUSED: Words("refused", "거부"),
    ListingFault.SHARED: Words("same barcode", "바코드 중복"),
}


def add_to(app: typer.Typer) -> None:
    """Add this command to those of the export."""
    app.command("check")(check)


def check(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The connection's name.")],
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many problems are shown at most.")] = 100,
) -> None:
    """Read what a webstore lists, and say what would not match here, or twice, and how to mend it."""
    session = session_of(context)
    with session.engine() as engine:
        found = engine.check_listings(name, limit)
    if session.as_json:
        session.give(_data(found))
        return
    _say(session, found)


def _say(session: Session, found: ListingCheck) -> None:
    if found.checked_at is None:
        session.say(
            session.words(
                f"{found.connection} has no product list to read: this is what it refused, and what is held.",
                f"{found.connection}: 읽을 제품 목록이 없어 거부되거나 보류된 내용만 표시합니다.",
            )
        )
    else:
        session.say(
            session.words(
                f"{found.connection} lists {found.listed} items that can be ordered.",
                f"{found.connection}: 주문할 수 있는 항목 {found.listed}개",
            )
        )
    if not found.problems:
        session.say(_well(found).say(session.language))
        return
    counted = [f"{_FAULTS[fault].say(session.language)}: {many}" for fault, many in found.counts.items()]
    session.say(", ".join(counted))
    headings = (
        Words("Problem", "문제"),
        Words("Item", "항목"),
        Words("Name", "이름"),
        Words("What is wrong", "내용"),
        Words("What to do", "해결 방법"),
    )
    table = plain_table(headings, session.language)
    for one in found.problems:
        table.add_row(
            _FAULTS[one.fault].say(session.language),
            Text(one.item_id or ", ".join(one.product_ids)),
            Text(one.title),
            Text(one.words.say(session.language)),
            Text(_fix(session, one)),
        )
    session.say(table)


def _well(found: ListingCheck) -> Words:
    """Say that nothing is wrong, and no more than is known."""
    if found.checked_at is not None:
        return Words("All is well.", "문제가 없습니다.")
    if found.told_at is None:
        way = f"tillbridge export run {found.connection}"
        return Words(
            f"It was told no stock and prices yet, so nothing is known: `{way}`.",
            f"아직 재고와 가격을 전달하지 않아 확인할 수 없습니다: `{way}`",
        )
    return Words(
        "It refused nothing, and no two products have one barcode. What it lists itself is not known.",
        "거부된 제품도, 바코드가 겹치는 제품도 없습니다. 웹스토어의 등록 항목 자체는 확인할 수 없습니다.",
    )


def _fix(session: Session, one: ListingProblem) -> str:
    fix = one.fix.say(session.language)
    return f"{fix} ({one.command})" if one.command else fix


def _data(found: ListingCheck) -> dict[str, Any]:
    return {
        "connection": found.connection,
        "checked_at": found.checked_at.isoformat() if found.checked_at else None,
        "told_at": found.told_at.isoformat() if found.told_at else None,
        "listed": found.listed,
        "counts": {fault.value: many for fault, many in found.counts.items()},
        "problems": [
            {
                "fault": one.fault.value,
                "item": one.item_id or None,
                "title": one.title,
                "products": list(one.product_ids),
                "what": one.words.en,
                "what_ko": one.words.ko,
                "fix": one.fix.en,
                "fix_ko": one.fix.ko,
                "command": one.command or None,
            }
            for one in found.problems
        ],
    }

"""Commands on vendors: when each one's product file came, and how soon it is expected again."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.cli.local_pos import embedded
from tillbridge.cli.orders_as import Zones
from tillbridge.cli.session import session_of
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

if TYPE_CHECKING:
    from tillbridge.pos.contract import VendorFile

_NEVER: Final = "never"


def list_vendors(context: typer.Context) -> None:
    """List the vendors: their last product file, its age, and whose is overdue."""
    session = session_of(context)
    with session.engine() as engine:
        found = embedded(engine).vendor_files()
        now = engine.context.clock.now()
        zone = Zones(engine.pos.stores()).of(None)
    if session.as_json:
        session.give([_data(one, now) for one in found])
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for en, ko in (
        ("Vendor", "공급업체"),
        ("Products", "제품"),
        ("Last file", "마지막 파일"),
        ("Lines", "줄"),
        ("Imported", "가져온 날"),
        ("Age in days", "경과일"),
        ("Expected", "주기"),
        ("", ""),
    ):
        table.add_column(session.words(en, ko))
    for one in found:
        age = one.age_days(now)
        every = session.words(f"every {one.every_days} days", f"{one.every_days}일마다")
        table.add_row(
            Text(one.vendor),
            str(one.products),
            Text(one.file_name or "-"),
            str(one.lines or "-"),
            one.imported_at.astimezone(zone).strftime("%Y-%m-%d") if one.imported_at else "-",
            "-" if age is None else str(age),
            every if one.every_days else session.words("never", "안 함"),
            Text(session.words("overdue", "새 파일 필요"), style="bold red") if one.is_due(now) else "",
        )
    session.say(table)


def expect(
    context: typer.Context,
    vendor: Annotated[str, typer.Argument(help="The vendor's name.")],
    *,
    every: Annotated[
        str, typer.Option(metavar="DAYS", help="Remind after so many days without a new file; or never.")
    ],
) -> None:
    """Set how soon a vendor's product file is expected again."""
    session = session_of(context)
    days = _days(every)
    with session.engine() as engine:
        pos = embedded(engine)
        pos.expect_file(vendor, days)
        now = engine.context.clock.now()
        found = {one.vendor: one for one in pos.vendor_files()}
    if session.as_json:
        session.give([_data(one, now) for one in found.values()])
    elif days is None:
        session.say(
            session.words(
                f"No file is expected of {vendor}.", f"{vendor}의 파일은 더 이상 요청하지 않습니다."
            )
        )
    else:
        session.say(
            session.words(
                f"A file of {vendor} is expected every {days} days.",
                f"{vendor}의 파일을 {days}일마다 요청합니다.",
            )
        )


def _days(every: str) -> int | None:
    text = every.strip().lower()
    if text == _NEVER:
        return None
    digits = text.removesuffix("d")
    if digits.isascii() and digits.isdigit():
        return int(digits)
    raise InputError(
        Words(
            f"--every {every!r} is no number of days: 30, for example, or never.",
            f"--every {every!r}: 일수를 지정해 주세요. 예: 30 또는 never",
        )
    )


def _data(one: "VendorFile", now: datetime) -> dict[str, Any]:
    return {
        "vendor": one.vendor,
        "products": one.products,
        "file": one.file_name or None,
        "lines": one.lines,
        "imported_at": one.imported_at.isoformat() if one.imported_at else None,
        "age_days": one.age_days(now),
        "every_days": one.every_days,
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "overdue": one.is_due(now),
    }

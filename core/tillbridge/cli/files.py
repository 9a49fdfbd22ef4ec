"""Commands that keep the built-in point of sale's catalogue and customers, from files."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from tillbridge.cli.local_pos import embedded
from tillbridge.cli.orders_as import money_text, quantity_data
from tillbridge.cli.session import Session, session_of
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.customers import import_customers
from tillbridge.pos.embedded.imports.products import import_products

if TYPE_CHECKING:
    from tillbridge.pos.embedded import EmbeddedPos, ProductView
    from tillbridge.pos.embedded.imports.report import ImportReport, LineNote

catalogue_app = typer.Typer(help="The products that the shop sells.", no_args_is_help=True)
customers_app = typer.Typer(help="The shop's customers.", no_args_is_help=True)

# More are in the report file; a screen of them helps nobody.
_SHOWN = 20
_File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with a line of column names.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen; nothing is kept.")]
_Report = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write every refused line here.")]


@catalogue_app.command("import")
def import_catalogue(
    context: typer.Context,
    file: _File,
    *,
    vendor: Annotated[str, typer.Option(help="Whose file it is; it updates only what is this vendor's.")],
    store: Annotated[str, typer.Option(help="Whose stock it counts; needed where there are several.")] = "",
    dry_run: _DryRun = False,
    report: _Report = None,
) -> None:
    """Import a vendor's product file; a second time it changes nothing."""
    session = session_of(context)
    _refuse_absent(file)
    with session.engine() as engine, _progress(session, file) as progress:
        pos = embedded(engine)
        where = store or _only_store(pos)
        done = import_products(pos, file, vendor=vendor, store=where, dry_run=dry_run, progress=progress)
    _tell(session, done, report, dry_run=dry_run)


@customers_app.command("import")
def import_people(
    context: typer.Context, file: _File, *, dry_run: _DryRun = False, report: _Report = None
) -> None:
    """Import a customer file; a second time it changes nothing."""
    session = session_of(context)
    _refuse_absent(file)
    with session.engine() as engine, _progress(session, file) as progress:
        done = import_customers(embedded(engine), file, dry_run=dry_run, progress=progress)
    _tell(session, done, report, dry_run=dry_run)


@catalogue_app.command("show")
def show_product(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="Its ID, barcode number (in any form), part number or SKU.")],
) -> None:
    """Show one product: its numbers, and what is on hand in each store."""
    session = session_of(context)
    with session.engine() as engine:
        found = embedded(engine).catalogue(code)
        stores = [store.code for store in engine.pos.stores()]
    if found is None:
        raise NotFound(Words(f"No product has the number {code!r}.", f"{code!r} 번호의 제품이 없습니다."))
    on_hand = dict.fromkeys(stores, 0) | {
        store: quantity_data(pieces) for store, pieces in found.on_hand.items()
    }
    if session.as_json:
        session.give(_product_data(found, on_hand))
        return
    session.say(Text(f"{found.description}  ({found.id})", style="bold"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_row(session.words("Brand", "브랜드"), Text(found.brand))
    table.add_row(session.words("Vendor", "공급업체"), Text(found.vendor or "-"))
    table.add_row(session.words("Price", "가격"), money_text(found.price, session.language))
    for one in found.identifiers:
        scope = f"  ({one.scope})" if one.scope else ""
        table.add_row(one.kind.value.upper().replace("_", " "), Text(f"{one.raw or one.value}{scope}"))
    for store, pieces in on_hand.items():
        table.add_row(session.words(f"On hand, {store}", f"재고, {store}"), str(pieces))
    session.say(table)


def _product_data(found: "ProductView", on_hand: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": found.id,
        "description": found.description,
        "brand": found.brand,
        "vendor": found.vendor,
        "price_minor": found.price.minor if found.price else None,
        "currency": found.price.currency if found.price else None,
        "identifiers": [
            {"kind": one.kind.value, "value": one.value, "scope": one.scope, "raw": one.raw}
            for one in found.identifiers
        ],
        "on_hand": on_hand,
    }


def _only_store(pos: "EmbeddedPos") -> str | None:
    """Return the store whose stock a file can only mean; None where there are several."""
    stores = pos.stores()
    return stores[0].code if len(stores) == 1 else None


def _refuse_absent(file: Path) -> None:
    if file.is_dir():
        raise InputError(
            Words(
                f"{file} is a folder; say which file in it.",
                f"{file}은(는) 폴더입니다. 파일을 지정해 주세요.",
            )
        )
    if not file.is_file():
        raise InputError(Words(f"There is no file {file}.", f"{file} 파일이 없습니다."))


@contextmanager
def _progress(session: Session, file: Path) -> Iterator[Callable[[int, int | None], None]]:
    """Show how far it is; silent where nobody looks."""
    if session.as_json or not sys.stdout.isatty():
        yield lambda *_: None
        return
    with Progress(console=session.console, transient=True) as shown:
        task = shown.add_task(file.name, total=None)
        yield lambda line, lines: shown.update(task, completed=line, total=lines)


def _tell(session: Session, done: "ImportReport", report: Path | None, *, dry_run: bool) -> None:
    if report is not None:
        _write_report(session, report, done)
    if session.as_json:
        session.give(_report_data(done, dry_run=dry_run))
    else:
        _show_report(session, done, dry_run=dry_run)
    if done.refused:
        raise typer.Exit(1)


def _report_data(done: "ImportReport", *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "rows": done.rows,
        "added": done.added,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "refused": [_line_data(one) for one in done.refused],
        "notes": [_line_data(one) for one in done.notes],
        "unknown_columns": list(done.unknown_columns),
    }


def _line_data(one: "LineNote") -> dict[str, Any]:
    return {
        "line": one.line_number,
        "field": one.field,
        "value": one.value,
        "reason": one.reason.en,
        "reason_ko": one.reason.ko,
    }


def _show_report(session: Session, done: "ImportReport", *, dry_run: bool) -> None:
    if dry_run:
        session.say(session.words("Nothing is kept; this would happen:", "저장하지 않았습니다. 예상 결과:"))
    session.say(
        session.words(
            f"{done.rows} lines: {done.added} added, {done.updated} updated, {done.unchanged} unchanged, "
            f"{len(done.refused)} refused.",
            f"{done.rows}줄: 추가 {done.added}, 변경 {done.updated}, 그대로 {done.unchanged}, "
            f"거절 {len(done.refused)}.",
        )
    )
    if not done.rows:
        session.say(
            session.words("The file has no lines beside its column names.", "파일에 열 이름만 있습니다.")
        )
    if done.unknown_columns:
        names = ", ".join(done.unknown_columns)
        session.say(session.words(f"Columns that were not read: {names}.", f"읽지 않은 열: {names}"))
    for one in done.refused[:_SHOWN]:
        session.say(f"  {_line_text(session, one)}")
    for note in done.notes[:_SHOWN] if done.rows else ():
        taken = session.words("(taken)", "(가져옴)")
        session.say(Text(f"  {_line_text(session, note)} {taken}", style="dim"))
    if len(done.refused) > _SHOWN:
        session.say(
            session.words(
                f"  … and {len(done.refused) - _SHOWN} more; --report FILE.csv writes them all.",
                f"  … 외 {len(done.refused) - _SHOWN}건. --report FILE.csv로 모두 저장할 수 있습니다.",
            )
        )


def _line_text(session: Session, one: "LineNote") -> str:
    where = session.words(f"line {one.line_number}", f"{one.line_number}번째 줄")
    field = f", {one.field}" if one.field else ""
    return f"{where}{field}: {one.reason.say(session.language)}"


def _write_report(session: Session, path: Path, done: "ImportReport") -> None:
    try:
        done.write_refused(path, session.language)
    except OSError as error:
        raise InputError(
            Words(
                f"The report cannot be written to {path} ({type(error).__name__}); the import is done.",
                f"보고서를 {path}에 저장하지 못했습니다({type(error).__name__}). 가져오기는 완료되었습니다.",
            )
        ) from error

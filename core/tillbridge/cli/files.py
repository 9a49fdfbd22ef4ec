"""Commands that keep the built-in point of sale's catalogue and customers, from files."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer
from rich.markup import escape
from rich.progress import Progress, TaskID
from rich.table import Table
from rich.text import Text

from tillbridge.cli.counting import count
from tillbridge.cli.file_reports import tell
from tillbridge.cli.given import read_pairs
from tillbridge.cli.local_pos import embedded
from tillbridge.cli.mapping import ask_customers, ask_products
from tillbridge.cli.orders_as import money_text, quantity_data
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import sign
from tillbridge.cli.vendors import expect, list_vendors
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.customers import import_customers, open_customers
from tillbridge.pos.embedded.imports.options import FileOptions
from tillbridge.pos.embedded.imports.products import import_products, open_products
from tillbridge.pos.embedded.imports.reading.table import Stage

if TYPE_CHECKING:
    from tillbridge.pos.embedded import EmbeddedPos, ProductView
    from tillbridge.pos.embedded.imports import ImportReport

_STAGES: Final = {Stage.READING: ("Reading", "읽는 중"), Stage.IMPORTING: ("Importing", "가져오는 중")}
catalogue_app = typer.Typer(help="The products that the shop sells.", no_args_is_help=True)
customers_app = typer.Typer(help="The shop's customers.", no_args_is_help=True)
catalogue_app.command("vendors")(list_vendors)
catalogue_app.command("expect")(expect)
catalogue_app.command("count")(count)

_File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A CSV or XLSX file with a line of column names.")
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen; nothing is kept.")]
_Report = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write every refused line here.")]
_Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="TITLE=FIELD",
        help="What a column is, for titles that are not understood; - to leave it out. It is remembered.",
    ),
]
_Forget = Annotated[
    bool, typer.Option("--forget-mapping", help="Forget first what was remembered of earlier files' columns.")
]
_Sheet = Annotated[
    str, typer.Option("--sheet", help="Which sheet of a workbook; by default the one in front.")
]
_Encoding = Annotated[str, typer.Option(help="Of a CSV file: utf-8, cp949, utf-16, …; by default found out.")]
_Delimiter = Annotated[
    str, typer.Option(help="Of a CSV file: one sign, or comma, semicolon, tab, pipe; by default found out.")
]
_Decimal = Annotated[str, typer.Option(help="The sign before decimals, . or , where the file does not tell.")]


@catalogue_app.command("import")
def import_catalogue(  # noqa: PLR0913  # one option for each thing that a file may not tell itself
    context: typer.Context,
    file: _File,
    *,
    vendor: Annotated[str, typer.Option(help="Whose file it is; it updates only what is this vendor's.")],
    store: Annotated[str, typer.Option(help="Whose stock it counts; needed where there are several.")] = "",
    dry_run: _DryRun = False,
    report: _Report = None,
    mapped: _Map = None,
    forget: _Forget = False,
    sheet: _Sheet = "",
    encoding: _Encoding = "",
    delimiter: _Delimiter = "",
    decimal: _Decimal = "",
) -> None:
    """Import a vendor's product file; a second time it changes nothing."""
    session = session_of(context)
    _refuse_absent(file)
    options = FileOptions(
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        decimal=_decimal_sign(decimal),
        mapping=read_pairs(mapped or (), option="--map"),
        forget=forget,
    )
    with session.engine() as engine:
        pos = embedded(engine)
        where = store or _only_store(pos)
        options = ask_products(
            session, options, lambda options: open_products(pos, file, vendor=vendor, options=options)
        )
        with _progress(session, file, options) as told:
            done = import_products(pos, file, vendor=vendor, store=where, dry_run=dry_run, options=told)
        healed = _heal(engine, done)
    tell(session, done, report, healed=healed)


@customers_app.command("import")
def import_people(  # noqa: PLR0913  # one option for each thing that a file may not tell itself
    context: typer.Context,
    file: _File,
    *,
    dry_run: _DryRun = False,
    report: _Report = None,
    mapped: _Map = None,
    forget: _Forget = False,
    sheet: _Sheet = "",
    encoding: _Encoding = "",
    delimiter: _Delimiter = "",
) -> None:
    """Import a customer file; a second time it changes nothing."""
    session = session_of(context)
    _refuse_absent(file)
    options = FileOptions(
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        mapping=read_pairs(mapped or (), option="--map"),
        forget=forget,
    )
    with session.engine() as engine:
        pos = embedded(engine)
        options = ask_customers(session, options, lambda options: open_customers(pos, file, options=options))
        with _progress(session, file, options) as told:
            done = import_customers(pos, file, dry_run=dry_run, options=told)
        healed = _heal(engine, done)
    tell(session, done, report, healed=healed)


def _heal(engine: Engine, done: "ImportReport") -> int:
    """Let the waiting orders be processed again that what came in concerns; return how many."""
    if done.dry_run or not done.added + done.updated:
        return 0
    return engine.heal(sign("", ""))


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
        "aliases": list(found.aliases),
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
def _progress(session: Session, file: Path, options: FileOptions) -> Iterator[FileOptions]:
    """Show how far it is; silent where nobody looks."""
    if session.as_json or not sys.stdout.isatty():
        yield options
        return
    with Progress(console=session.console, transient=True) as shown:
        tasks: dict[Stage, TaskID] = {}

        def told(stage: Stage, line: int, lines: int | None) -> None:
            if stage not in tasks:
                words = session.words(*_STAGES[stage])
                tasks[stage] = shown.add_task(f"{words} {escape(file.name)}", total=lines)
            shown.update(tasks[stage], completed=line, total=lines)

        yield replace(options, progress=told)


def _decimal_sign(given: str) -> Literal["", ".", ","]:
    if given in ("", ".", ","):
        return given  # type: ignore[return-value]  # one of the three: the line above
    raise InputError(
        Words(f"--decimal {given!r} is none: . or ,", f"--decimal {given!r}: . 또는 , 중에서 지정해 주세요.")
    )

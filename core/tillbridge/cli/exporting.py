"""Commands of the eCommerce export: what the webstores show, what they should, and telling them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Final

import typer
from rich.text import Text

from tillbridge.cli.exports_as import (
    item_data,
    result_data,
    say_items,
    say_none,
    say_results,
    say_what_would_be_told,
    settings_data,
    settings_words,
    state_data,
)
from tillbridge.cli.found import plain_table
from tillbridge.cli.given import read_pairs
from tillbridge.cli.orders_as import Zones, time_text
from tillbridge.cli.session import session_of
from tillbridge.exports import ExportRules, ExportSettings, ExportWay
from tillbridge.model.errors import InputError
from tillbridge.model.offers import Buffers, Limits
from tillbridge.model.words import Words

export_app = typer.Typer(
    help="Stock and prices to the webstores (the eCommerce export).", no_args_is_help=True
)
_Name = Annotated[str, typer.Argument(help="The connection's name.")]
_WHICH: Final = ("due", "refused", "held", "pending", "all")


@export_app.command("run")
def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Only this connection.")] = "",
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Tell everything, and not only what changed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be told.")] = False,
    believe: Annotated[
        bool, typer.Option("--believe", help="Also where much would be sold out or gone at once.")
    ] = False,
) -> None:
    """Tell the webstores what changed of stock and prices; orders are checked first."""
    session = session_of(context)
    way = ExportWay(everything=everything, dry_run=dry_run, believe=believe)
    with session.engine() as engine:
        results = engine.export(name or None, way)
        which = "all" if everything else "due"
        seen = results if dry_run else []
        items = {one.connection: engine.export_items(one.connection, which) for one in seen}
    if session.as_json:
        session.give({one.connection: result_data(one, items.get(one.connection)) for one in results})
    else:
        say_results(session, results)
        for one in seen:
            say_what_would_be_told(session, one, items[one.connection], which)
    if any(one.trouble for one in results):
        raise typer.Exit(1)


@export_app.command("set")
def set_(  # noqa: PLR0913  # one option for each thing that can be set
    context: typer.Context,
    name: _Name,
    *,
    every: Annotated[
        int | None, typer.Option(help="Minutes between two looks; 0: only by hand. Changes go out at once.")
    ] = None,
    buffer: Annotated[int | None, typer.Option(help="Pieces of each product that are kept back.")] = None,
    category_buffer: Annotated[
        list[str], typer.Option(help="CATEGORY=PIECES kept back; goes before --buffer.")
    ] = [],  # noqa: B006  # typer copies it
    product_buffer: Annotated[
        list[str], typer.Option(help="PRODUCT=PIECES kept back; goes before both.")
    ] = [],  # noqa: B006  # typer copies it
    price_limit: Annotated[
        int | None, typer.Option(help="Percent by which a price may move at once; 0: any.")
    ] = None,
    stock_limit: Annotated[
        int | None, typer.Option(help="Pieces from which a leap of the stock is held; 0: none.")
    ] = None,
    empty_limit: Annotated[
        int | None, typer.Option(help="Percent of the products that may be sold out at once; 0: all.")
    ] = None,
) -> None:
    """Set how a connection is exported; what is not given stays."""
    session = session_of(context)
    with session.engine() as engine:
        old = engine.export_settings(name)
        buffers = _buffers(old.rules.buffers, buffer, category_buffer, product_buffer)
        limits = _limits(old.rules.limits, price_limit, stock_limit, empty_limit)
        minutes = old.every if every is None else timedelta(minutes=every) if every else None
        settings = ExportSettings(every=minutes, rules=ExportRules(buffers=buffers, limits=limits))
        engine.set_export(name, settings)
    if session.as_json:
        session.give({"connection": name, **settings_data(settings)})
        return
    session.say(settings_words(name, settings).say(session.language))


def _buffers(old: Buffers, every: int | None, categories: Sequence[str], products: Sequence[str]) -> Buffers:
    return Buffers(
        every=old.every if every is None else every,
        categories={**old.categories, **_pieces(categories, "--category-buffer")},
        products={**old.products, **_pieces(products, "--product-buffer")},
    )


def _pieces(given: Sequence[str], option: str) -> dict[str, int]:
    found = {}
    for key, text in read_pairs(given, option=option).items():
        if not (text.isascii() and text.isdigit()):
            raise InputError(
                Words(
                    f"{option} {key}={text}: how many pieces? A whole number from 0 on.",
                    f"{option} {key}={text}: 개수를 0 이상의 정수로 지정해 주세요.",
                )
            )
        found[key] = int(text)
    return found


def _limits(old: Limits, price: int | None, stock: int | None, empty: int | None) -> Limits:
    said = {"price_percent": price, "pieces": stock, "emptied_percent": empty}
    return replace(old, **{name: value for name, value in said.items() if value is not None})


@export_app.command("status")
def status(
    context: typer.Context, name: Annotated[str, typer.Argument(help="Only this connection.")] = ""
) -> None:
    """Show how far each webstore is: what it shows, what it is still to be told, and since when."""
    session = session_of(context)
    with session.engine() as engine:
        states = engine.exports(name or None)
        zone = Zones(engine.pos.stores()).of(None)
    if session.as_json:
        session.give([state_data(one) for one in states])
        return
    if not states:
        session.say(
            session.words(
                "No connection is exported yet. See `tillbridge export set --help`.",
                "재고·가격을 전달하는 연결이 없습니다. `tillbridge export set --help`를 확인해 주세요.",
            )
        )
        return
    headings = (
        Words("Connection", "연결"),
        Words("Shows", "표시"),
        Words("Due", "전달 예정"),
        Words("Refused", "거부"),
        Words("Held", "보류"),
        Words("Pending", "대기"),
        Words("Up to date", "최신 상태"),
    )
    table = plain_table(headings, session.language)
    for one in states:
        numbers = [str(count) for count in (one.shown, one.due, one.refused, one.held, one.pending)]
        told = time_text(one.told_at, zone, session.language) or session.words("never", "없음")
        table.add_row(Text(one.connection), *numbers, told)
    session.say(table)


@export_app.command("items")
def items(
    context: typer.Context,
    name: _Name,
    *,
    which: Annotated[str, typer.Option(help="due, refused, held, pending or all.")] = "due",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
) -> None:
    """List a connection's products that are still to be told, were refused, or are held."""
    session = session_of(context)
    if which not in _WHICH:
        known = ", ".join(_WHICH)
        raise InputError(
            Words(f"--which {which!r}: {known}.", f"--which {which!r}: {known} 중에서 지정해 주세요.")
        )
    with session.engine() as engine:
        found = engine.export_items(name, which, limit)
    if session.as_json:
        session.give([item_data(one) for one in found])
        return
    if found:
        say_items(session, found)
    else:
        say_none(session, name, which)


@export_app.command("release")
def release(
    context: typer.Context,
    name: _Name,
    products: Annotated[list[str], typer.Argument(help="Their IDs; none: all that are held.")] = [],  # noqa: B006  # typer copies it
) -> None:
    """Say that held products are right: they are told with the next export."""
    session = session_of(context)
    with session.engine() as engine:
        count = engine.release_export(name, products)
    if session.as_json:
        session.give({"connection": name, "released": count})
        return
    session.say(
        session.words(
            f"{count} of {name}'s products are told with the next export.",
            f"{name}: 제품 {count}개를 다음 전달 때 반영합니다.",
        )
    )

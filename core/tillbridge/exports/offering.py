"""Makes what is told of an item: what it should show, and what is gone by the numbers that it had."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import and_, select

from tillbridge import listed
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables
from tillbridge.db.types import AnyRow
from tillbridge.exports.sharing import taken
from tillbridge.exports.wanting import GONE, Number, What, items_of, numbers_of, parts_of, read
from tillbridge.model.listings import Listing
from tillbridge.model.offers import Offer
from tillbridge.model.orders import LineIdentifier


class Telling(NamedTuple):
    """What is told of one item (a row of `export_items`, with what the shelf says of its product).

    Attributes:
        text: what it is to show.
        offers: the same for the webstore, for each of its items where it is told by these; none: there is
            nothing to say, since nobody shows it.
        gone: by the numbers that the webstore knew it by and that nobody has any more, or by its items.
    """

    row: AnyRow
    text: str
    offers: tuple[Offer, ...] = ()
    gone: tuple[Offer, ...] = ()


def with_shelf() -> Any:
    """Return the query of items with what the shelf says of their products."""
    items, shelf = export_tables.export_items, export_tables.shelf
    same = and_(shelf.c.store == items.c.store, shelf.c.product_id == items.c.product_id)
    return select(items, shelf.c.title).join(shelf, same)


def text_of(row: AnyRow) -> str:
    """Return what may be told of an item now."""
    return str(row.wanted if row.part is None else row.part)


def tellings(
    context: Context, connection: OpenConnection, what: What, rows: Sequence[AnyRow]
) -> list[Telling]:
    """Return what is to be told of these items, in their sequence."""
    if connection.provider.exporting.by_listing:
        return by_item(context, connection, what, rows)
    lost = {_name(row): _lost(row, text_of(row)) for row in rows}
    free = _free(context, {_name(row): row for row in rows}, lost)
    return [_telling(connection, what, row, free[_name(row)]) for row in rows]


_Name = tuple[str, str]


def _name(row: AnyRow) -> _Name:
    return row.location, row.product_id


def _lost(row: AnyRow, text: str) -> list[Number]:
    """Return the numbers that the webstore may know an item by, and that it is told by no more.

    Of each kind only where nothing of that kind is left: by what is left the webstore finds the same item.
    """
    known = [one for told in (row.shown, row.sent) if told for one in numbers_of(parts_of(told).numbers)]
    if not known:
        return []
    now = set(numbers_of(parts_of(text).numbers)) if text else set()
    kept = {kind for kind, _ in now.intersection(known)}
    return [one for one in dict.fromkeys(known) if one not in now and one[0] not in kept]


def _free(
    context: Context, rows: Mapping[_Name, AnyRow], lost: Mapping[_Name, Collection[Number]]
) -> dict[_Name, list[Number]]:
    """Leave out the numbers that another product carries now: the webstore's item of it is that one."""
    asked = {
        (rows[name].store, name[1]): [_key(one) for one in numbers]
        for name, numbers in lost.items()
        if numbers
    }
    if not asked:
        return {name: [] for name in lost}
    with context.database.read() as database:
        others = taken(database, asked)
    return {
        name: [one for one in numbers if (rows[name].store, _key(one)) not in others]
        for name, numbers in lost.items()
    }


def _key(number: Number) -> str:
    kind, value = number
    return f"{kind.value} {value}"


def _telling(connection: OpenConnection, what: What, row: AnyRow, lost: Sequence[Number]) -> Telling:
    text = text_of(row)
    if text == GONE:
        # A price that is to be shown no more is none that could be told: the stock says it.
        silent = what is What.PRICE or not lost
        return Telling(row, text, () if silent else (offer_of(connection, what, row, GONE, lost),))
    main = offer_of(connection, what, row, text, numbers_of(parts_of(text).numbers))
    if what is What.PRICE or not lost:
        return Telling(row, text, (main,))
    gone = offer_of(connection, what, row, GONE, lost)
    return Telling(row, text, (main,), (replace(gone, key=f"{gone.key}/gone"),))


# By the webstore's own items

_Listed = Mapping[str, tuple[str | None, Listing]]


def by_item(
    context: Context, connection: OpenConnection, what: What, rows: Sequence[AnyRow]
) -> list[Telling]:
    """Return what is to be told of products by the webstore's items of them, in their sequence."""
    told = [_items_in(text_of(row)) for row in rows]
    lost = [_lost_items(row, items) for row, items in zip(rows, told, strict=True)]
    with context.database.read() as database:
        known = listed.as_listed(
            database, connection.id, {item for items in (*told, *lost) for item in items}
        )
    return [
        _by_item(connection, what, row, known, (items, gone))
        for row, items, gone in zip(rows, told, lost, strict=True)
    ]


def _items_in(text: str | None) -> list[str]:
    return items_of(parts_of(text).items) if text else []


def _lost_items(row: AnyRow, told: Collection[str]) -> list[str]:
    """Return the items that may show this product, and that are told of it by no more."""
    known = dict.fromkeys([*_items_in(row.shown), *_items_in(row.sent)])
    return [item for item in known if item not in told]


def _by_item(
    connection: OpenConnection, what: What, row: AnyRow, known: _Listed, items: tuple[list[str], list[str]]
) -> Telling:
    text, (told, lost) = text_of(row), items
    # What another product is by now is that one's; of what is listed no more there is nobody to tell.
    free = [item for item in lost if item in known and known[item][0] in (None, row.product_id)]
    none = [_of_item(connection, what, row, GONE, known[item][1]) for item in free if what is not What.PRICE]
    if text == GONE:
        return Telling(row, text, tuple(none))
    main = [_of_item(connection, what, row, text, known[item][1]) for item in told if item in known]
    return Telling(row, text, tuple(main), tuple(replace(one, key=f"{one.key}/gone") for one in none))


def _of_item(connection: OpenConnection, what: What, row: AnyRow, text: str, listing: Listing) -> Offer:
    shows = text or row.shown or row.sent
    offer = offer_of(connection, what, row, text, numbers_of(parts_of(shows).numbers) if shows else [])
    return replace(offer, key=f"{offer.key}/{listing.id}", listing=listing)


def offer_of(
    connection: OpenConnection,
    what: What,
    row: AnyRow,
    text: str,
    numbers: Sequence[Number],
) -> Offer:
    """Return an item as a text tells it, by these numbers."""
    quantity, price = read(what, text)
    return Offer(
        key=f"{row.location}/{row.product_id}",
        location=row.location,
        # What is gone since its location is another store now is told as of that one.
        store=connection.stores.get(row.location) or connection.stores[""],
        product_id=row.product_id,
        title=row.title,
        identifiers=tuple(LineIdentifier(kind=kind, value=value) for kind, value in numbers),
        quantity=quantity,
        price=price,
    )

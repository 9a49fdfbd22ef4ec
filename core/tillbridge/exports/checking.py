"""What is wrong with what a webstore lists, said before an order of it comes, each with its fix."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Join, and_, func, select

from tillbridge import connections
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, listing_tables, waiting
from tillbridge.db.sets import among
from tillbridge.db.states import OfferState
from tillbridge.db.types import AnyRow
from tillbridge.exports.listing import not_listed
from tillbridge.model.listings import Listing, ListingFault
from tillbridge.model.words import Words
from tillbridge.provider import Capability

_ITEMS: Final = listing_tables.listed
_CHECKS: Final = listing_tables.listing_checks


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingProblem:
    """One thing that is wrong with what a webstore lists.

    Attributes:
        item_id: the webstore's item, or "" for a product that it does not list.
        product_ids: ours that it is about; none, one, or those that compete.
        words: what is wrong.
        fix: what to do.
        command: the command that helps, or "".
    """

    fault: ListingFault
    item_id: str
    title: str
    product_ids: tuple[str, ...]
    words: Words
    fix: Words
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingCheck:
    """What is wrong with what one webstore lists.

    Attributes:
        checked_at: UTC; when its list was last read to its end; None: never, or it has none to read.
        told_at: UTC; when it was last up to date with stock and prices; None: never.
        listed: items that can be ordered.
        counts: how many problems there are, by kind.
        problems: the first of them.
    """

    connection: str
    checked_at: datetime | None
    told_at: datetime | None
    listed: int
    counts: Mapping[ListingFault, int] = field(default_factory=dict)
    problems: Sequence[ListingProblem] = ()


_FIXES: Final[Mapping[ListingFault, tuple[Words, str]]] = {
    ListingFault.UNMATCHED: (
        Words(
            "Correct its numbers there, or the product's here; or add the product.",
            "웹스토어나 매장의 번호를 고치거나, 제품을 추가해 주세요.",
        ),
        "tillbridge product search",
    ),
    ListingFault.SEVERAL: (
        Words(
            "Make them one (Remove Duplicate In-Store Products), or correct their numbers.",
            "매장 내 중복 제품 제거로 합치거나 번호를 고쳐 주세요.",
        ),
        "tillbridge product duplicates",
    ),
    ListingFault.TWICE: (
        Words(
            "Take one of them off in the webstore, or correct its numbers there.",
            "웹스토어에서 하나를 내리거나 번호를 고쳐 주세요.",
        ),
        "",
    ),
    ListingFault.NOT_LISTED: (
        Words(
            "Add it to the webstore; or say that it is not for webstores (column ecommerce: no).",
            "웹스토어에 등록하거나, 웹스토어에 올리지 않는 제품으로 표시해 주세요(ecommerce 열: no).",
        ),
        "",
    ),
    ListingFault.REFUSED: (
        Words("Correct the product, here or there.", "매장이나 웹스토어의 제품 정보를 고쳐 주세요."),
        "",
    ),
    ListingFault.SHARED: (
        Words(
            "Make them one (Remove Duplicate In-Store Products), or correct the barcode.",
            "매장 내 중복 제품 제거로 합치거나 바코드를 고쳐 주세요.",
        ),
        "tillbridge product duplicates",
    ),
}


_UNLISTED: Final = Words(
    "It is for webstores, and this one does not list it.",
    "웹스토어용 제품이지만 이 웹스토어에 등록되어 있지 않습니다.",
)
_UNTOLD: Final = Words(
    "It is for webstores, and this one does not list it: it is told neither its stock nor its price.",
    "웹스토어용 제품이지만 이 웹스토어에 등록되어 있지 않아 재고와 가격을 전달하지 않습니다.",
)


def listing_check(context: Context, connection: OpenConnection, limit: int) -> ListingCheck:
    """Return what is wrong, as it was read last, and the first `limit` problems."""
    number = connection.id
    reads = Capability.LISTINGS in connection.provider.capabilities
    with context.database.read() as database:
        check = database.execute(select(_CHECKS).where(_CHECKS.c.connection_id == number)).first()
        exports = export_tables.exports
        told_at = database.execute(
            select(exports.c.told_at).where(exports.c.connection_id == number)
        ).scalar()
        counts = _counts(database, connection, reads=reads)
        problems: list[ListingProblem] = []
        for some in (_of_items, _of_products, _of_offers) if reads else (_of_offers,):
            if len(problems) < limit:
                problems += some(database, connection, limit - len(problems))
    return ListingCheck(
        connection=connection.name,
        checked_at=check.checked_at if check and reads else None,
        told_at=told_at,
        listed=check.listed if check and reads else 0,
        counts={fault: counts[fault] for fault in ListingFault if counts.get(fault)},
        problems=tuple(problems),
    )


def listing_counts(context: Context) -> dict[str, tuple[int, datetime]]:
    """Return by connection how much is wrong with what its webstore lists, and since when that is known."""
    with context.database.read() as database:
        checks = database.execute(select(_CHECKS).where(_CHECKS.c.checked_at.is_not(None))).all()
        by_connection = (
            select(_ITEMS.c.connection_id, func.count())
            .where(waiting.LISTING_PROBLEM)
            .group_by(_ITEMS.c.connection_id)
        )
        wrong = {number: int(count) for number, count in database.execute(by_connection)}
    found = {one.connection_id: wrong.get(one.connection_id, 0) + one.not_listed for one in checks}
    if not any(found.values()):
        return {}
    names = {row.id: row.name for row in connections.rows(context)}
    return {
        names[one.connection_id]: (found[one.connection_id], one.checked_at)
        for one in checks
        if found[one.connection_id]
    }


def _counts(database: Connection, connection: OpenConnection, *, reads: bool) -> dict[ListingFault, int]:
    counts: dict[ListingFault, int] = {}
    if reads:
        mine = and_(_ITEMS.c.connection_id == connection.id, waiting.LISTING_PROBLEM)
        by_kind = select(_ITEMS.c.problem, func.count()).where(mine).group_by(_ITEMS.c.problem)
        counts |= {ListingFault(kind): count for kind, count in database.execute(by_kind)}
        missing = select(func.count()).select_from(export_tables.shelf).where(not_listed(connection))
        counts[ListingFault.NOT_LISTED] = int(database.execute(missing).scalar_one())
    for fault, wanted in _offers(connection).items():
        rows = select(func.count()).select_from(_offered()).where(wanted)
        counts[fault] = int(database.execute(rows).scalar_one())
    return counts


def _offered() -> Join:
    items, table = export_tables.export_items, export_tables.shelf
    same = and_(table.c.store == items.c.store, table.c.product_id == items.c.product_id)
    return items.join(table, same)


def _offers(connection: OpenConnection) -> dict[ListingFault, ColumnElement[bool]]:
    """Return by fault the conditions of offers that say so."""
    items, table = export_tables.export_items, export_tables.shelf
    mine = and_(items.c.connection_id == connection.id, waiting.OFFER_STATE)
    return {
        ListingFault.REFUSED: and_(mine, items.c.state == OfferState.REFUSED),
        ListingFault.SHARED: and_(mine, items.c.state == OfferState.HELD, table.c.shared.is_not(None)),
    }


def _of_items(database: Connection, connection: OpenConnection, limit: int) -> Iterator[ListingProblem]:
    mine = and_(_ITEMS.c.connection_id == connection.id, waiting.LISTING_PROBLEM)
    rows = database.execute(
        select(_ITEMS).where(mine).order_by(_ITEMS.c.problem.desc(), _ITEMS.c.item_id).limit(limit)
    ).all()
    twins = _twins(database, connection.id, [row for row in rows if row.problem == ListingFault.TWICE])
    for row in rows:
        fault = ListingFault(row.problem)
        ours = tuple(json.loads(row.rivals or "[]")) or ((row.product_id,) if row.product_id else ())
        others = [one for one in twins.get(row.product_id, ()) if one != row.item_id]
        yield _problem(fault, row.item_id, row.title, ours, _words(fault, row, ours, others))


def _twins(database: Connection, number: int, rows: Sequence[AnyRow]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if rows:
        wanted = among(database, _ITEMS.c.product_id, sorted({row.product_id for row in rows}))
        query = select(_ITEMS.c.product_id, _ITEMS.c.item_id).where(
            _ITEMS.c.connection_id == number, wanted, _ITEMS.c.active
        )
        for product, item in database.execute(query.order_by(_ITEMS.c.item_id)):
            found.setdefault(product, []).append(item)
    return found


def _words(fault: ListingFault, row: AnyRow, ours: Sequence[str], others: Sequence[str]) -> Words:
    if fault is ListingFault.SEVERAL:
        named = ", ".join(ours)
        return Words(f"Its numbers lead to {named}.", f"번호에 해당하는 제품이 여러 개입니다: {named}")
    if fault is ListingFault.TWICE:
        named = ", ".join(others)
        return Words(
            f"It is {ours[0]}, and so is the webstore's {named}.",
            f"{ours[0]} 제품이며, 웹스토어의 {named}도 같은 제품입니다.",
        )
    numbers = ", ".join(one.value for one in Listing.model_validate_json(row.document).identifiers)
    if not numbers:
        return Words(
            "It has no number by which its product could be found.", "제품을 찾을 수 있는 번호가 없습니다."
        )
    return Words(f"No product has its numbers: {numbers}.", f"이 번호의 제품이 없습니다: {numbers}")


def _of_products(database: Connection, connection: OpenConnection, limit: int) -> Iterator[ListingProblem]:
    table = export_tables.shelf
    query = select(table.c.product_id, table.c.title).where(not_listed(connection))
    for row in database.execute(query.order_by(table.c.product_id, table.c.store).limit(limit)):
        words = _UNTOLD if connection.provider.exporting.by_listing else _UNLISTED
        yield _problem(ListingFault.NOT_LISTED, "", row.title, (row.product_id,), words)


def _of_offers(database: Connection, connection: OpenConnection, limit: int) -> Iterator[ListingProblem]:
    items, table = export_tables.export_items, export_tables.shelf
    for fault, wanted in _offers(connection).items():
        query = select(items.c.product_id, items.c.en, items.c.ko, table.c.title).select_from(_offered())
        found = query.where(wanted).order_by(items.c.location, items.c.product_id, items.c.what).limit(limit)
        for row in database.execute(found):
            limit -= 1
            words = Words(row.en or "", row.ko or row.en or "")
            yield _problem(fault, "", row.title, (row.product_id,), words)


def _problem(
    fault: ListingFault, item_id: str, title: str, ours: tuple[str, ...], words: Words
) -> ListingProblem:
    fix, command = _FIXES[fault]
    return ListingProblem(
        fault=fault, item_id=item_id, title=title, product_ids=ours, words=words, fix=fix, command=command
    )

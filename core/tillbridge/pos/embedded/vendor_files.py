"""When each vendor's product file came last, and when the next one is due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, func, select, update

from tillbridge.db.database import Database
from tillbridge.db.upsert import upsert
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.identifiers import normalise_name
from tillbridge.model.words import Words
from tillbridge.pos.contract import VendorFile
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.adding import vendor_numbers

EVERY_DAYS: Final = 30
"""How soon a file is expected again where nobody said."""

_MOST_DAYS: Final = 3_650


def read_vendor_files(database: Connection) -> Sequence[VendorFile]:
    """Return every vendor with its last file, by name."""
    vendors, files, products = tables.vendors, tables.vendor_files, tables.products
    counted = (
        select(products.c.vendor_id, func.count().label("products"))
        .where(products.c.vendor_id.is_not(None))
        .group_by(products.c.vendor_id)
        .subquery()
    )
    query = (
        select(
            vendors.c.name,
            files.c.vendor_id,
            files.c.every_days,
            files.c.imported_at,
            files.c.file_name,
            files.c.lines,
            counted.c.products,
        )
        .outerjoin(files, files.c.vendor_id == vendors.c.id)
        .outerjoin(counted, counted.c.vendor_id == vendors.c.id)
        .order_by(vendors.c.name_key)
    )
    return [
        VendorFile(
            vendor=row.name,
            file_name=row.file_name or "",
            lines=row.lines or 0,
            products=row.products or 0,
            imported_at=row.imported_at,
            every_days=EVERY_DAYS if row.vendor_id is None else row.every_days,
        )
        for row in database.execute(query)
    ]


def read_dated_files(database: Connection) -> Sequence[VendorFile]:
    """Return the vendors whose file came and is expected again; cheap enough for every beat."""
    vendors, files = tables.vendors, tables.vendor_files
    query = (
        select(vendors.c.name, files.c.every_days, files.c.imported_at, files.c.file_name, files.c.lines)
        .join(files, files.c.vendor_id == vendors.c.id)
        .where(and_(files.c.imported_at.is_not(None), files.c.every_days.is_not(None)))
        .order_by(vendors.c.name_key)
    )
    return [
        VendorFile(
            vendor=row.name,
            file_name=row.file_name,
            lines=row.lines,
            imported_at=row.imported_at,
            every_days=row.every_days,
        )
        for row in database.execute(query)
    ]


def note_file(database: Database, vendor: str, name: str, lines: int, at: datetime) -> None:
    """Keep that a vendor's file was imported, in a unit of its own."""

    def write(connection: Connection) -> None:
        number = vendor_numbers(connection, [vendor])[vendor]
        files = tables.vendor_files
        first = {"vendor_id": number, "every_days": EVERY_DAYS}
        upsert(connection, files, [first], keys=("vendor_id",), keep_old=True)
        said = {"imported_at": at, "file_name": name, "lines": lines}
        connection.execute(update(files).where(files.c.vendor_id == number).values(said))

    database.unit("pos.vendor_file", write)


def expect_file(database: Connection, vendor: str, every_days: int | None) -> None:
    """Set how soon a vendor's file is expected again; None: never.

    Raises:
        NotFound: there is no such vendor.
        InputError: it is no such number of days.
    """
    if every_days is not None and not 1 <= every_days <= _MOST_DAYS:
        raise InputError(
            Words(
                f"{every_days} days cannot be: from 1 to {_MOST_DAYS}.",
                f"{every_days}일은 쓸 수 없습니다. 1일부터 {_MOST_DAYS}일까지 지정해 주세요.",
            )
        )
    vendors = tables.vendors
    query = select(vendors.c.id).where(vendors.c.name_key == normalise_name(vendor))
    number = database.execute(query).scalar()
    if number is None:
        known = ", ".join(database.execute(select(vendors.c.name).order_by(vendors.c.name_key)).scalars())
        raise NotFound(
            Words(
                f"There is no vendor {vendor!r}; there are: {known or '-'}.",
                f"공급업체 {vendor!r}이(가) 없습니다. 등록된 공급업체: {known or '-'}",
            )
        )
    row = {"vendor_id": number, "every_days": every_days}
    upsert(database, tables.vendor_files, [row], keys=("vendor_id",))

"""Remembers what a vendor's own titles mean, so that it is asked once; and so for the customers' files."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from tillbridge.db.database import Database
from tillbridge.model.errors import InputError
from tillbridge.model.identifiers import normalise_name
from tillbridge.model.words import Words
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.imports.options import FileOptions
from tillbridge.pos.embedded.imports.reading.header import Header, listed, title_key

CUSTOMERS: Final = "customers"
"""Whose titles those of the customers' files are."""


def vendor_files(vendor: str) -> str:
    """Return whose titles those of a vendor's product files are."""
    return f"vendor:{normalise_name(vendor)}"


def remembered(database: Database, whose: str, options: FileOptions) -> dict[str, str]:
    """Return what titles of earlier files mean, by title as it was written."""
    if options.forget:
        return {}
    titles = tables.file_titles
    with database.read() as connection:
        found = connection.execute(
            select(titles.c.title, titles.c.field).where(titles.c.whose == whose).order_by(titles.c.title)
        )
        return {row.title: row.field for row in found}


def refuse_vanished(header: Header) -> None:
    """Refuse a file that lacks a remembered column, unless another one says the same.

    Raises:
        InputError: one is missing; it names it, the columns that came, and what to do.
    """
    lost = {title: name for title, name in header.vanished.items() if name not in header.columns}
    if not lost:
        return
    came = listed(header.titles)
    en = ", ".join(f"“{title}” ({name})" for title, name in lost.items())
    first = next(iter(lost.values()))
    raise InputError(
        Words(
            f"The file no longer has a column that was remembered: {en}. It has: {came}. Say which one it is "
            f'now with --map "TITLE={first}", that there is none with --map "{next(iter(lost))}=-", or begin '
            "anew with --forget-mapping.",
            f"기억해 둔 열이 파일에 없습니다: {en}. 파일에 있는 열: {came}. "
            f'--map "열 이름={first}"(으)로 새 열을 지정하거나, --map "{next(iter(lost))}=-"(으)로 없다고 '
            "알려 주거나, --forget-mapping으로 처음부터 다시 지정해 주세요.",
        )
    )


def remember(database: Database, whose: str, header: Header, options: FileOptions) -> None:
    """Keep what the titles of this file mean for the next one."""
    if not options.mapping and not options.forget and not header.vanished:
        return
    said = {title_key(title): (title, name) for title, name in header.mapped.items()}
    database.unit("pos.file_titles", lambda connection: _write(connection, whose, said))


def _write(connection: Connection, whose: str, said: Mapping[str, tuple[str, str]]) -> None:
    titles = tables.file_titles
    connection.execute(delete(titles).where(titles.c.whose == whose))
    if said:
        connection.execute(
            insert(titles),
            [
                {"whose": whose, "title_key": key, "title": title, "field": name}
                for key, (title, name) in sorted(said.items())
            ],
        )

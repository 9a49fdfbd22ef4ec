"""Imports the shop's customers from a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tillbridge.pos.embedded.imports.columns import CUSTOMER_FIELDS
from tillbridge.pos.embedded.imports.customer_rows import read_customer
from tillbridge.pos.embedded.imports.customer_writes import CustomerFile, write_customers
from tillbridge.pos.embedded.imports.options import FileOptions
from tillbridge.pos.embedded.imports.reading.sheet import Sheet, open_sheet
from tillbridge.pos.embedded.imports.remembering import CUSTOMERS, refuse_vanished, remember, remembered
from tillbridge.pos.embedded.imports.report import ImportReport
from tillbridge.pos.embedded.imports.running import Importer, run_import
from tillbridge.pos.embedded.pos import EmbeddedPos


def import_customers(
    pos: EmbeddedPos, path: Path, *, dry_run: bool = False, options: FileOptions | None = None
) -> ImportReport:
    """Import customers from a file, a thousand rows a transaction.

    A customer is known by number; a row without one, or with a new one, by an e-mail that leads to
    a single customer who has no number yet. Two customers may share an e-mail: it is noted, and
    then matches neither. Empty cells say nothing; e-mails and phones are added, never taken away;
    the address that web orders brought stays apart. "No" to mailings takes back only what an import
    had ticked. Importing the same file again changes nothing.

    Args:
        pos: where to.
        path: of the file: text with a delimiter (CSV), or XLSX.
        dry_run: do everything but commit, and report the same.
        options: how to read the file, where it should not be found out.

    Raises:
        InputError: the file cannot be read as a whole, or a column is missing. Nothing was imported then.
    """
    options = options or FileOptions()
    stores = pos.stores()
    known = remembered(pos.database, CUSTOMERS, options)
    with open_sheet(path, CUSTOMER_FIELDS, options, known) as sheet:
        refuse_vanished(sheet.header)
        sheet.require(CUSTOMER_FIELDS, "number", "email")
        sheet.require(CUSTOMER_FIELDS, "name", "first", "last", "company")
        importer = Importer(
            name="pos.import_customers",
            read=partial(read_customer, country=stores[0].country if stores else ""),
            write=partial(write_customers, file=CustomerFile(name=path.name, at=pos.clock.now())),
        )
        if not dry_run:
            remember(pos.database, CUSTOMERS, sheet.header, options)
        return run_import(pos.database, sheet, importer, dry_run=dry_run, progress=options.progress)


@contextmanager
def open_customers(pos: EmbeddedPos, path: Path, *, options: FileOptions) -> Iterator[Sheet]:
    """Open a customers' file to see what its columns are taken for; nothing is imported.

    Raises:
        InputError: the file cannot be read as a whole.
    """
    known = remembered(pos.database, CUSTOMERS, options)
    with open_sheet(path, CUSTOMER_FIELDS, options, known, head_only=True) as sheet:
        yield sheet

"""Imports the shop's customers from a file."""

from functools import partial
from pathlib import Path

from tillbridge.pos.embedded.imports.columns import CUSTOMER_FIELDS
from tillbridge.pos.embedded.imports.customer_rows import read_customer
from tillbridge.pos.embedded.imports.customer_writes import CustomerFile, write_customers
from tillbridge.pos.embedded.imports.reading.sheet import open_sheet
from tillbridge.pos.embedded.imports.report import ImportReport
from tillbridge.pos.embedded.imports.running import Importer, Progress, run_import
from tillbridge.pos.embedded.pos import EmbeddedPos


def import_customers(
    pos: EmbeddedPos, path: Path, *, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import customers from a CSV file, a thousand rows a transaction.

    A customer is known by number; a row without one, or with a new one, by an e-mail that leads to
    a single customer who has no number yet. Two customers may share an e-mail: it is noted, and
    then matches neither. Empty cells say nothing; e-mails and phones are added, never taken away;
    the address that web orders brought stays apart. "No" to mailings takes back only what an import
    had ticked. Importing the same file again changes nothing.

    Args:
        pos: where to.
        path: of the file, CSV in UTF-8.
        dry_run: do everything but commit, and report the same.
        progress: called after each chunk with the line that was reached, and the lines of the file.

    Raises:
        InputError: the file cannot be read as a whole, or a column is missing.
            Chunks before a line that is not UTF-8 stay imported.
    """
    stores = pos.stores()
    with open_sheet(path, CUSTOMER_FIELDS) as sheet:
        sheet.require(CUSTOMER_FIELDS, "number", "email")
        sheet.require(CUSTOMER_FIELDS, "name", "first", "last", "company")
        importer = Importer(
            name="pos.import_customers",
            read=partial(read_customer, country=stores[0].country if stores else ""),
            write=partial(write_customers, file=CustomerFile(name=path.name, at=pos.clock.now())),
        )
        return run_import(pos.database, sheet, importer, dry_run=dry_run, progress=progress)

"""Imports a vendor's product file (MISSION S24): it updates only what that vendor owns."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tillbridge.model.base import clean_text
from tillbridge.model.errors import InputError
from tillbridge.model.identifiers import normalise_name
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.ahead import read_ahead
from tillbridge.pos.embedded.imports.columns import PRODUCT_FIELDS
from tillbridge.pos.embedded.imports.options import FileOptions
from tillbridge.pos.embedded.imports.product_rows import ProductFile, ProductRow, read_product
from tillbridge.pos.embedded.imports.product_writes import write_products
from tillbridge.pos.embedded.imports.reading.sheet import Sheet, open_sheet
from tillbridge.pos.embedded.imports.remembering import refuse_vanished, remember, remembered, vendor_files
from tillbridge.pos.embedded.imports.report import ImportReport
from tillbridge.pos.embedded.imports.running import Importer, run_import
from tillbridge.pos.embedded.imports.seen import Seen
from tillbridge.pos.embedded.imports.values import Points
from tillbridge.pos.embedded.pos import EmbeddedPos
from tillbridge.pos.embedded.vendor_files import note_file


def import_products(
    pos: EmbeddedPos,
    path: Path,
    *,
    vendor: str,
    store: str | None = None,
    dry_run: bool = False,
    options: FileOptions | None = None,
) -> ImportReport:
    """Import a vendor's products from a file, a thousand rows a transaction.

    A product is known by the vendor's part number (VPN) and its barcode, which must not lead to two
    products; an SKU stands in the place of the VPN where a line has none. A product of another vendor's
    gets this vendor's VPN and cost, and nothing else. Empty cells say nothing. The barcodes of a line
    replace those of a product that the vendor owns; other numbers are added, never taken away. A number
    that a spreadsheet has damaged is never guessed: its line changes what its other numbers lead to, and
    adds nothing. Importing the same file again changes nothing.

    Args:
        pos: where to.
        path: of the file: text with a delimiter (CSV), or XLSX.
        vendor: whose file it is; one that is new is added.
        store: whose currency prices are in, and whose opening stock `on_hand` is; it is taken only
            where the product has no movement in that store yet. None: the default store's
            currency, and no `on_hand` column.
        dry_run: do everything but commit, and report the same.
        options: how to read the file, where it should not be found out.

    Raises:
        InputError: the file cannot be read as a whole, a column is missing, or the store is unknown.
            Nothing was imported then.
    """
    options = options or FileOptions()
    name = _vendor(vendor)
    selling = _store(pos, store)
    whose = vendor_files(name)
    known = remembered(pos.database, whose, options)
    with open_sheet(path, PRODUCT_FIELDS, options, known) as sheet, Seen() as parts:
        refuse_vanished(sheet.header)
        _check_columns(sheet, store)
        points = read_ahead(sheet, parts, currency=selling.currency, options=options)
        file = ProductFile(
            vendor=name,
            store=selling.code,
            currency=selling.currency,
            at=pos.clock.now(),
            title=sheet.title,
            ahead=parts.lines,
            repeated=parts.repeated,
        )
        if not dry_run:
            remember(pos.database, whose, sheet.header, options)
        report = run_import(
            pos.database, sheet, _importer(file, points), dry_run=dry_run, progress=options.progress
        )
    if report.taken and not dry_run:
        note_file(pos.database, name, path.name, report.taken, file.at)
    return report


def _importer(file: ProductFile, points: Points) -> Importer[ProductRow]:
    return Importer(
        name="pos.import_products",
        read=partial(read_product, vendor_key=file.vendor_key, currency=file.currency, points=points),
        write=partial(write_products, file=file),
    )


@contextmanager
def open_products(pos: EmbeddedPos, path: Path, *, vendor: str, options: FileOptions) -> Iterator[Sheet]:
    """Open a vendor's product file to see what its columns are taken for; nothing is imported.

    Raises:
        InputError: the file cannot be read as a whole.
    """
    known = remembered(pos.database, vendor_files(_vendor(vendor)), options)
    with open_sheet(path, PRODUCT_FIELDS, options, known, head_only=True) as sheet:
        yield sheet


def _vendor(vendor: str) -> str:
    name = clean_text(vendor)
    if not normalise_name(name):
        raise InputError(Words("Say whose file it is: --vendor.", "--vendor로 공급업체를 지정해 주세요."))
    return name


def _store(pos: EmbeddedPos, code: str | None) -> Store:
    stores = pos.stores()
    if not stores:
        raise InputError(
            Words(
                "There is no store yet, so prices have no currency. Add one first.",
                "등록된 매장이 없어 가격의 통화를 알 수 없습니다. 매장을 먼저 등록해 주세요.",
            )
        )
    if code is None:
        return stores[0]
    found = next((one for one in stores if one.code == code), None)
    if found is None:
        known = ", ".join(one.code for one in stores)
        raise InputError(
            Words(
                f"There is no store {code!r}; there are: {known}.",
                f"매장 {code!r}이(가) 없습니다. 등록된 매장: {known}",
            )
        )
    return found


def _check_columns(sheet: Sheet, store: str | None) -> None:
    sheet.require(PRODUCT_FIELDS, "vpn", "gtin", "sku")
    sheet.require(PRODUCT_FIELDS, "description")
    if sheet.has("on_hand") and store is None:
        raise InputError(
            Words(
                "The file has a column of stock; say with --store in which store it lies.",
                "파일에 재고 열이 있습니다. --store로 어느 매장의 재고인지 지정해 주세요.",
            )
        )

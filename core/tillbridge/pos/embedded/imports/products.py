"""Imports a vendor's product file (MISSION S24): it updates only what that vendor owns."""

from functools import partial
from pathlib import Path

from tillbridge.model.base import clean_text
from tillbridge.model.errors import InputError
from tillbridge.model.identifiers import IdentifierKind, normalise_name
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.pos.embedded.identifying import part_identifiers
from tillbridge.pos.embedded.imports.columns import PRODUCT_FIELDS
from tillbridge.pos.embedded.imports.product_rows import ProductFile, part_key, read_product
from tillbridge.pos.embedded.imports.product_writes import write_products
from tillbridge.pos.embedded.imports.reading.fields import SheetRow
from tillbridge.pos.embedded.imports.reading.sheet import Sheet, open_sheet
from tillbridge.pos.embedded.imports.report import ImportReport
from tillbridge.pos.embedded.imports.running import Importer, Progress, run_import
from tillbridge.pos.embedded.imports.seen import Seen
from tillbridge.pos.embedded.pos import EmbeddedPos


def import_products(
    pos: EmbeddedPos,
    path: Path,
    *,
    vendor: str,
    store: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a vendor's products from a CSV file, a thousand rows a transaction.

    A product is known by the vendor's part number (VPN) and its barcode, which must not lead to two
    products; without both, by its SKU. A product of another vendor's gets this vendor's VPN and
    cost, and nothing else. Empty cells say nothing. The barcodes of a line replace those of a product
    that the vendor owns; other numbers are added, never taken away. Importing the same file again
    changes nothing.

    Args:
        pos: where to.
        path: of the file, CSV in UTF-8.
        vendor: whose file it is; one that is new is added.
        store: whose currency prices are in, and whose opening stock `on_hand` is; it is taken only
            where the product has no movement in that store yet. None: the default store's
            currency, and no `on_hand` column.
        dry_run: do everything but commit, and report the same.
        progress: called after each chunk with the line that was reached, and the lines of the file.

    Raises:
        InputError: the file cannot be read as a whole, a column is missing, or the store is unknown.
            Nothing was imported then.
    """
    name = clean_text(vendor)
    if not normalise_name(name):
        raise InputError(Words("Say whose file it is: --vendor.", "--vendor로 공급업체를 지정해 주세요."))
    selling = _store(pos, store)
    with open_sheet(path, PRODUCT_FIELDS) as sheet, Seen() as parts:
        _check_columns(sheet, store)
        _read_ahead(path, parts)
        file = ProductFile(
            vendor=name,
            store=selling.code,
            currency=selling.currency,
            at=pos.clock.now(),
            title=sheet.title,
            ahead=parts.lines,
        )
        importer = Importer(
            name="pos.import_products",
            read=partial(read_product, vendor_key=file.vendor_key, currency=file.currency),
            write=partial(write_products, file=file),
        )
        return run_import(pos.database, sheet, importer, dry_run=dry_run, progress=progress)


def _read_ahead(path: Path, parts: Seen) -> None:
    """Remember where each part number stands, so that no other line gets its product."""
    with open_sheet(path, PRODUCT_FIELDS) as sheet:
        for row in sheet.rows:
            if isinstance(row, SheetRow):
                numbers = part_identifiers(IdentifierKind.VPN, row.get("vpn"), "")
                parts.add({part_key(one): row.line for one in numbers})


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
    if "on_hand" in sheet.columns and store is None:
        raise InputError(
            Words(
                "The file has a column of stock; say with --store in which store it lies.",
                "파일에 재고 열이 있습니다. --store로 어느 매장의 재고인지 지정해 주세요.",
            )
        )

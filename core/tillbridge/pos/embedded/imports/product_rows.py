"""Reads one row of a vendor's product file: what it says, and by what the product is known."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tillbridge.model.identifiers import (
    IdentifierKind,
    Reading,
    Repair,
    RepairCode,
    normalise_name,
    read_gtin,
)
from tillbridge.model.words import Words
from tillbridge.pos.embedded.identifying import (
    Identifier,
    barcode_identifiers,
    part_identifiers,
    sku_identifiers,
    unique,
)
from tillbridge.pos.embedded.imports.reading.fields import SheetRow
from tillbridge.pos.embedded.imports.report import Key, LineNote, LineRefusal
from tillbridge.pos.embedded.imports.values import checked_key, read_amount, read_quantity

_REPAIRS: Final[dict[RepairCode, Words]] = {
    "leading_zero_lost": Words("a leading zero was lost", "앞자리 0 누락"),
    "check_digit_lost": Words("the check digit was lost", "검증 숫자 누락"),
    "leading_zero_and_check_digit_lost": Words(
        "a leading zero and the check digit were lost", "앞자리 0과 검증 숫자 누락"
    ),
    "upc_e": Words("a UPC-E", "UPC-E"),
    "upc_e_or_gtin_8": Words("a UPC-E or a GTIN-8", "UPC-E 또는 GTIN-8"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFile:
    """What holds for every row of a file.

    Attributes:
        title: returns what the file calls a field.
        ahead: returns the first line of each part number's key, wherever in the file it stands.
    """

    vendor: str
    store: str
    currency: str
    at: datetime
    title: Callable[[str], str]
    ahead: Callable[[Collection[str]], dict[str, int]]

    @property
    def vendor_key(self) -> str:
        """The vendor's name in the form that is compared."""
        return normalise_name(self.vendor)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """What a row says of a product; None and "" where it says nothing.

    Attributes:
        identifiers: every number of the product, each once.
        vpn: the vendor's part number as it is written.
        price_minor, cost_minor: in minor units of the file's currency.
        on_hand_e4: pieces in ten-thousandths.
        own_keys: the keys by which it is known, with their fields.
        other_keys: what a row that is known by more has of damaged barcodes and SKUs.
        notes: what there is to know about it if it is taken.
    """

    line: int
    description: str
    brand: str
    vpn: str
    identifiers: Sequence[Identifier]
    price_minor: int | None
    cost_minor: int | None
    on_hand_e4: int | None
    own_keys: Sequence[Key]
    other_keys: Sequence[str]
    notes: Sequence[LineNote]

    def of(self, kind: IdentifierKind) -> list[Identifier]:
        """Return its identifiers of one kind."""
        return [one for one in self.identifiers if one.kind is kind]


def read_product(row: SheetRow, *, vendor_key: str, currency: str) -> ProductRow:
    """Read a row.

    Raises:
        LineRefusal: a value cannot be read, or nothing tells which product it is.
    """
    readings = [_read_barcode(text) for text in row.all("gtin")]
    brand = row.get("brand")
    identifiers = unique(_identifiers(row, readings, vendor_key))
    own, other = _keys(identifiers)
    if not own:
        raise LineRefusal(
            Words(
                "The line has neither part number (VPN) nor barcode nor SKU, so it is about no product.",
                "부품 번호(VPN), 바코드, SKU가 모두 없어 어떤 제품인지 알 수 없습니다.",
            )
        )
    return ProductRow(
        line=row.line,
        description=row.get("description"),
        brand=brand,
        vpn=row.get("vpn"),
        identifiers=identifiers,
        price_minor=read_amount(row.get("price"), field="price", currency=currency),
        cost_minor=read_amount(row.get("cost"), field="cost", currency=currency),
        on_hand_e4=read_quantity(row.get("on_hand"), field="on_hand"),
        own_keys=own,
        other_keys=other,
        notes=[_note(row.line, reading) for reading in readings if reading.repairs or reading.restricted],
    )


def _read_barcode(text: str) -> Reading:
    reading = read_gtin(checked_key(text, field="gtin"))
    if reading.refusal and not reading.restricted:
        raise LineRefusal(reading.refusal, field="gtin", value=text)
    return reading


def _identifiers(row: SheetRow, readings: Sequence[Reading], vendor_key: str) -> Iterator[Identifier]:
    for reading in readings:
        yield from barcode_identifiers(reading, vendor_key)
    vpn, mpn, sku = (checked_key(row.get(field), field=field) for field in ("vpn", "mpn", "sku"))
    yield from part_identifiers(IdentifierKind.VPN, vpn, vendor_key)
    yield from part_identifiers(IdentifierKind.MPN, mpn, normalise_name(row.get("brand")))
    yield from sku_identifiers(sku, vendor_key)


def _keys(identifiers: Sequence[Identifier]) -> tuple[list[Key], list[str]]:
    """Return the keys by which a row is known, and its lesser ones.

    VPN and GTIN come first; a damaged barcode as it is written only without them, an SKU last.
    """
    kinds = {
        IdentifierKind.VPN: "vpn",
        IdentifierKind.GTIN: "gtin",
    }
    sure = [Key(part_key(one), kinds[one.kind], one.raw) for one in identifiers if one.kind in kinds]
    damaged = dict.fromkeys(
        Key(f"{one.kind}:{one.raw}", "gtin", one.raw)
        for one in identifiers
        if one.kind is IdentifierKind.GTIN_REPAIRED
    )
    skus = [Key(part_key(one), "sku", one.raw) for one in identifiers if one.kind is IdentifierKind.SKU]
    ranks = [sure, list(damaged), skus]
    own = next((rank for rank in ranks if rank), [])
    return own, [one.key for rank in ranks if rank is not own for one in rank]


def part_key(one: Identifier) -> str:
    """Return the key of a number among the keys of a file."""
    return f"{one.kind}:{one.value}"


def _note(line: int, reading: Reading) -> LineNote:
    if reading.restricted and reading.refusal:
        words = Words(
            f"{reading.refusal.en} It is kept as an SKU.", f"{reading.refusal.ko} SKU로 저장했습니다."
        )
        return LineNote(line, "gtin", reading.raw, words)
    en = " or ".join(_repair(one, "en") for one in reading.repairs)
    ko = " 또는 ".join(_repair(one, "ko") for one in reading.repairs)
    words = Words(
        f"{reading.raw!r} is damaged; it may be {en}. It counts only where it leads to one product.",
        f"{reading.raw!r}: 손상된 바코드입니다. 가능한 번호: {ko}. 제품 하나만 가리킬 때에만 사용합니다.",
    )
    return LineNote(line, "gtin", reading.raw, words)


def _repair(repair: Repair, language: str) -> str:
    words = _REPAIRS[repair.what]
    return f"{repair.gtin} ({words.ko if language == 'ko' else words.en})"

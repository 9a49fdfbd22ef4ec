"""Reads one row of a vendor's product file: what it says, and by what the product is known."""

from collections.abc import Callable, Collection, Sequence
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
from tillbridge.pos.embedded.imports.damage import (
    Damaged,
    damage_of,
    is_error,
    unwrapped,
    unwrapped_words,
)
from tillbridge.pos.embedded.imports.notes import LineNote
from tillbridge.pos.embedded.imports.reading.fields import SheetRow
from tillbridge.pos.embedded.imports.report import Key, LineRefusal
from tillbridge.pos.embedded.imports.values import (
    Points,
    checked_key,
    read_amount,
    read_quantity,
    read_yes_no,
)

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
        repeated: returns those of these keys of SKUs that stand on more than one line.
    """

    vendor: str
    store: str
    currency: str
    at: datetime
    title: Callable[[str], str]
    ahead: Callable[[Collection[str]], dict[str, int]]
    repeated: Callable[[Collection[str]], set[str]]

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
        category: the shop's own.
        ecommerce, active: whether webstores may show it, and whether it is still sold at all.
        own_keys: the keys by which it is known, with their fields.
        other_keys: what a row that is known by more has of damaged barcodes and SKUs.
        notes: what there is to know about it if it is taken.
        damaged: numbers that are lost; with one, the row may change a product but never adds one.
    """

    line: int
    description: str
    brand: str
    vpn: str
    identifiers: Sequence[Identifier]
    price_minor: int | None
    cost_minor: int | None
    on_hand_e4: int | None
    category: str
    ecommerce: bool | None
    active: bool | None
    own_keys: Sequence[Key]
    other_keys: Sequence[str]
    notes: Sequence[LineNote]
    damaged: Sequence[Damaged] = ()

    @property
    def part_kind(self) -> IdentifierKind:
        """By what the vendor knows the product: its part number, or its SKU where it has none."""
        return IdentifierKind.VPN if self.of(IdentifierKind.VPN) else IdentifierKind.SKU

    def lost(self, field: str) -> bool:
        """Tell whether a number of this field is lost."""
        return any(one.field == field for one in self.damaged)

    def of(self, kind: IdentifierKind) -> list[Identifier]:
        """Return its identifiers of one kind."""
        return [one for one in self.identifiers if one.kind is kind]


def read_product(row: SheetRow, *, vendor_key: str, currency: str, points: Points) -> ProductRow:
    """Read a row.

    Args:
        row: of the file.
        vendor_key: the vendor's name in the form that is compared.
        currency: of its prices.
        points: by field the sign before decimals.

    Raises:
        LineRefusal: a value cannot be read, or nothing tells which product it is.
    """
    numbers = _Numbers(row)
    readings = [_read_barcode(text) for text in numbers.whole("gtin")]
    vpn, mpn, sku = (next(iter(numbers.whole(name)), "") for name in ("vpn", "mpn", "sku"))
    brand, description, category = (
        _said(row, name, numbers.notes) for name in ("brand", "description", "category")
    )
    identifiers = unique(
        [
            *(one for reading in readings for one in barcode_identifiers(reading, vendor_key)),
            *part_identifiers(IdentifierKind.VPN, vpn, vendor_key),
            *part_identifiers(IdentifierKind.MPN, mpn, normalise_name(brand)),
            *sku_identifiers(sku, vendor_key),
        ]
    )
    own, other = _keys(identifiers)
    if not own:
        raise _nothing_tells(numbers.damaged)
    repaired = [_note(row.line, reading) for reading in readings if reading.repairs or reading.restricted]
    return ProductRow(
        line=row.line,
        description=description,
        brand=brand,
        vpn=vpn,
        identifiers=identifiers,
        price_minor=read_amount(row.get("price"), field="price", currency=currency, point=points["price"]),
        cost_minor=read_amount(row.get("cost"), field="cost", currency=currency, point=points["cost"]),
        on_hand_e4=read_quantity(row.get("on_hand"), field="on_hand", point=points["on_hand"]),
        category=category,
        ecommerce=_flag(row, "ecommerce", numbers.notes),
        active=_flag(row, "active", numbers.notes),
        own_keys=own,
        other_keys=other,
        notes=[*numbers.notes, *repaired],
        # A maker's number tells no product; without it the row is whole.
        damaged=[one for one in numbers.damaged if one.field != "mpn"],
    )


class _Numbers:
    """The numbers of a row, without what spreadsheets put around them; those that are lost stand apart."""

    def __init__(self, row: SheetRow) -> None:
        self._row = row
        self.notes: list[LineNote] = []
        self.damaged: list[Damaged] = []

    def whole(self, field: str) -> list[str]:
        """Return the numbers of a field that are not lost, and note what was done to them."""
        found = []
        for raw in self._row.all(field):
            text = unwrapped(checked_key(raw, field=field))
            damaged = damage_of(field, text)
            if damaged:
                self.damaged.append(damaged)
                if field == "mpn":
                    self.notes.append(LineNote(self._row.line, field, raw, damaged.words))
                continue
            if text != raw:
                self.notes.append(LineNote(self._row.line, field, raw, unwrapped_words(raw, text)))
            found.append(text)
        return found


def _said(row: SheetRow, field: str, notes: list[LineNote]) -> str:
    """Return a text; a formula's error says nothing, and is noted."""
    text = row.get(field)
    if not is_error(text):
        return text
    words = Words(
        f"{text} is an error of a spreadsheet's formula; it is taken for an empty cell.",
        f"{text}: 스프레드시트의 수식 오류라 빈 칸으로 처리했습니다.",
    )
    notes.append(LineNote(row.line, field, text, words))
    return ""


def _flag(row: SheetRow, field: str, notes: list[LineNote]) -> bool | None:
    """Return yes or no; what is neither says nothing, and is noted: the product is taken without it."""
    text = row.get(field)
    try:
        return read_yes_no(text, field=field)
    except LineRefusal as refusal:
        notes.append(LineNote(row.line, field, text, refusal.words))
    return None


def _nothing_tells(damaged: Sequence[Damaged]) -> LineRefusal:
    if damaged:
        return LineRefusal(damaged[0].words, field=damaged[0].field, value=damaged[0].raw)
    return LineRefusal(
        Words(
            "The line has neither part number (VPN) nor barcode nor SKU, so it is about no product.",
            "부품 번호(VPN), 바코드, SKU가 모두 없어 어떤 제품인지 알 수 없습니다.",
        )
    )


def _read_barcode(text: str) -> Reading:
    reading = read_gtin(text)
    if reading.refusal and not reading.restricted:
        raise LineRefusal(reading.refusal, field="gtin", value=text)
    return reading


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

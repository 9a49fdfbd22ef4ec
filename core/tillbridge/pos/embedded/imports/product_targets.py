"""Finds which product each row of a chunk is about.

A barcode that the chunk takes from a product no longer leads to it, so within a chunk the order of the
lines does not matter. Where the line that gives a barcode up comes in a later chunk or is refused, the
line that wants it is refused and says what it waits for: which of the two is right cannot be told yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.words import Words
from tillbridge.pos.embedded.identifying import Identifier
from tillbridge.pos.embedded.imports.product_chunk import BARCODES, Chunk, Given, Known
from tillbridge.pos.embedded.imports.product_rows import ProductRow, part_key
from tillbridge.pos.embedded.imports.report import LineRefusal

_KIND = IdentifierKind


@dataclass(slots=True)
class _Leads:
    """To which products the numbers of a row lead."""

    part: set[int] = field(default_factory=set)
    barcode: set[int] = field(default_factory=set)
    sku: set[int] = field(default_factory=set)
    repaired: set[int] = field(default_factory=set)
    by_sku: bool = True


def find_targets(chunk: Chunk) -> dict[int, int | LineRefusal | None]:
    """Return by line the product that a row is about, None for a new one, or why it cannot be taken."""
    giving = {row.line: _given_up(row, chunk) for row in chunk.rows}
    while True:
        gone = chunk.gone.union(*giving.values())
        targets = _targets(chunk, gone)
        # A refused line gives nothing up, so those that counted on it have to be looked at again.
        kept = [line for line, given in giving.items() if given and isinstance(targets[line], LineRefusal)]
        if not kept:
            return targets
        for line in kept:
            giving[line] = []


def _given_up(row: ProductRow, chunk: Chunk) -> list[Given]:
    found = _leads(row, chunk, set()).part
    if len(found) != 1:
        return []
    number = next(iter(found))
    return chunk.known[number].replaced_by(row, chunk.vendor, chunk.file.vendor_key)


def _targets(chunk: Chunk, gone: set[Given]) -> dict[int, int | LineRefusal | None]:
    lines = dict(chunk.lines)
    targets: dict[int, int | LineRefusal | None] = {}
    for row in chunk.rows:
        try:
            number = _target(row, chunk, gone, lines)
        except LineRefusal as refusal:
            targets[row.line] = refusal
            continue
        targets[row.line] = number
        if number is not None:
            lines[number] = row.line
    return targets


def _leads(row: ProductRow, chunk: Chunk, gone: set[Given]) -> _Leads:
    leads = _Leads()
    for one in row.identifiers:
        hits = chunk.hits.get((one.kind.value, one.value), ())
        hits = [hit for hit in hits if (hit.id, hit.kind, hit.value) not in gone]
        if one.kind is _KIND.SKU:
            leads.sku.update(hit.id for hit in hits if hit.scope == one.scope)
            # Where there is no part number, an SKU that stands on one line only is the vendor's.
            if row.part_kind is _KIND.SKU and part_key(one) not in chunk.shared_skus:
                leads.part.update(
                    hit.id for hit in hits if hit.scope == one.scope and hit.vendor_id == chunk.vendor
                )
        elif one.kind is _KIND.VPN:
            leads.by_sku = False
            leads.part.update(hit.id for hit in hits if hit.scope == one.scope)
        elif one.kind is _KIND.GTIN:
            leads.by_sku = False
            leads.barcode.update(hit.id for hit in hits)
        elif one.kind is _KIND.GTIN_REPAIRED:
            _lead_repaired(leads, row, one, chunk, gone)
    return leads


def _lead_repaired(leads: _Leads, row: ProductRow, one: Identifier, chunk: Chunk, gone: set[Given]) -> None:
    # The same damage of the same vendor is no guess; the only number of a line, it is as good as a whole one.
    hits = chunk.hits.get((one.kind.value, one.value), ())
    same = {
        hit.id
        for hit in hits
        if hit.vendor_id == chunk.vendor and hit.raw == one.raw and (hit.id, hit.kind, hit.value) not in gone
    }
    if row.own_keys[0].key.startswith(_KIND.GTIN_REPAIRED):
        leads.by_sku = False
        leads.barcode |= same
    whole = chunk.hits.get((_KIND.GTIN.value, one.value), ())
    leads.repaired |= same | {hit.id for hit in whole if (hit.id, hit.kind, hit.value) not in gone}


def _target(row: ProductRow, chunk: Chunk, gone: set[Given], lines: Mapping[int, int]) -> int | None:
    leads = _leads(row, chunk, gone)
    number = _one(row, leads, chunk.known)
    if number is None:
        _check_new(row, chunk)
        return None
    _, name, value = row.own_keys[0]
    if number in lines:
        raise LineRefusal(chunk.before.repeats(row.line, lines[number]), field=name, value=value)
    if number not in leads.part or row.part_kind is _KIND.SKU:
        _check_place(row, chunk.known[number], chunk)
    _check_barcodes(row, chunk.known[number], chunk)
    return number


def _check_new(row: ProductRow, chunk: Chunk) -> None:
    """Refuse a row that would add a product which may be there already, or which nobody could recognise."""
    if row.damaged:
        lost = row.damaged[0]
        raise LineRefusal(
            Words(
                f"{lost.words.en} Without it the line may be about a product that is there already, so none "
                "was added.",
                f"{lost.words.ko} 이미 등록된 제품일 수 있어 새로 추가하지 않았습니다.",
            ),
            field=lost.field,
            value=lost.raw,
        )
    for one in row.of(_KIND.VPN):
        if hit := chunk.unzeroed.get(one.value):
            raise LineRefusal(
                Words(
                    f"{one.raw} is new, but {hit.description} has the part number {hit.raw}, which is not in "
                    "this file: a spreadsheet has probably taken the zeros away. Format the column as text "
                    "and export again.",
                    f"{one.raw}은(는) 새 번호이지만, {hit.description}의 부품 번호 {hit.raw}이(가) 이 파일에 "
                    "없습니다. 스프레드시트가 앞자리 0을 지운 것 같습니다. 해당 열을 텍스트 서식으로 바꾼 뒤 "
                    "다시 내보내 주세요.",
                ),
                field="vpn",
                value=one.raw,
            )
    if not row.description:
        raise LineRefusal(
            Words(
                "The product is new, and the line has no description.",
                "새 제품인데 제품명이 비어 있습니다.",
            ),
            field="description",
        )


def _one(row: ProductRow, leads: _Leads, known: Mapping[int, Known]) -> int | None:
    # The part number decides among products that share a barcode, but never against it.
    found = (leads.part & leads.barcode or leads.part | leads.barcode) if leads.part else leads.barcode
    if leads.by_sku and not leads.part:
        found = leads.sku
    if not found:
        found = leads.repaired
    if len(found) <= 1:
        return next(iter(found), None)
    named = ", ".join(str(known[number]) for number in sorted(found))
    numbers = ", ".join(dict.fromkeys(one.raw for one in row.identifiers if one.kind is not _KIND.MPN))
    raise LineRefusal(
        Words(
            f"The numbers of this line lead to different products: {named}.",
            f"이 줄의 번호들이 서로 다른 제품을 가리킵니다: {named}",
        ),
        field=row.own_keys[0].field,
        value=numbers,
    )


def _check_place(row: ProductRow, known: Known, chunk: Chunk) -> None:
    """Refuse a row that only a barcode leads to a product whose part number has a line of its own."""
    for value, raw in sorted(known.part_numbers(chunk.file.vendor_key).items()):
        line = chunk.part_lines.get(f"{_KIND.VPN}:{value}", row.line)
        if line == row.line:
            continue
        barcode = next((one.raw for one in row.identifiers if one.kind in BARCODES), "")
        raise LineRefusal(
            Words(
                f"This is still a number of {raw}, which has a line of its own ({line}). Once that line was "
                "taken with another number, import the file again.",
                f"아직 {raw}의 번호이며, {raw}은(는) {line}번째 줄에 따로 있습니다. 그 줄이 다른 번호로 "
                "반영된 뒤 파일을 다시 가져와 주세요.",
            ),
            field="gtin" if barcode else row.own_keys[0].field,
            value=barcode or row.own_keys[0].value,
        )


def _check_barcodes(row: ProductRow, known: Known, chunk: Chunk) -> None:
    """Refuse to take from a product the barcode by which another vendor's item may have come to it."""
    replaced = known.replaced_by(row, chunk.vendor, chunk.file.vendor_key)
    exact = [value for _, kind, value in replaced if kind == _KIND.GTIN]
    if not exact or not known.others:
        return
    old, others, owner = ", ".join(exact), ", ".join(known.others), known.row.owner
    raise LineRefusal(
        Words(
            f"{owner} would replace {old}, but {others} has {known} too, perhaps by that barcode. "
            "Whose it is cannot be told, so nothing was changed.",
            f"{owner} 파일이 바코드 {old}을(를) 바꾸려 하지만, {others}도 {known}을(를) 취급하며 "
            "이 바코드로 연결되었을 수 있습니다. 어느 쪽이 맞는지 알 수 없어 변경하지 않았습니다.",
        ),
        field="gtin",
        value=next((one.raw for one in row.identifiers if one.kind in BARCODES), ""),
    )

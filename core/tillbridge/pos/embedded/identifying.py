"""The identifiers by which the catalogue knows a product: how each kind is kept and compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tillbridge.model.identifiers import (
    IdentifierKind,
    Reading,
    normalise_name,
    normalise_part_number,
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """One number of a product.

    Attributes:
        kind: what number it is.
        value: in the form in which it is compared.
        scope: of a VPN or SKU its vendor, of an MPN its brand, normalised; "" if it has none.
        raw: as it was written.
    """

    kind: IdentifierKind
    value: str
    scope: str
    raw: str

    def row(self, product: int) -> dict[str, Any]:
        """Return it as a row of the table."""
        return {
            "product_id": product,
            "kind": self.kind.value,
            "value": self.value,
            "scope": self.scope,
            "raw": self.raw,
        }


def barcode_identifiers(reading: Reading, vendor_key: str) -> Iterator[Identifier]:
    """Yield what a barcode field's reading is kept as.

    An exact GTIN; or each GTIN that it may have been, as repaired; or, for an in-store code, an SKU
    of the vendor: two companies use the same one for different things, so it is never a GTIN.
    """
    raw = reading.raw.strip()
    if reading.gtin:
        yield Identifier(IdentifierKind.GTIN, reading.gtin, "", raw)
    for repair in reading.repairs:
        yield Identifier(IdentifierKind.GTIN_REPAIRED, repair.gtin, "", raw)
    if reading.restricted:
        yield from sku_identifiers(raw, vendor_key)


def part_identifiers(kind: IdentifierKind, raw: str, scope: str) -> Iterator[Identifier]:
    """Yield a VPN or MPN, if anything of it is left to compare."""
    value = normalise_part_number(raw)
    if value:
        yield Identifier(kind, value, scope, raw)


def sku_identifiers(raw: str, vendor_key: str) -> Iterator[Identifier]:
    """Yield an SKU; unlike in part numbers, signs in it count."""
    value = normalise_name(raw)
    if value:
        yield Identifier(IdentifierKind.SKU, value, vendor_key, raw)


def unique(identifiers: Iterable[Identifier]) -> list[Identifier]:
    """Return identifiers without those that are compared the same; the first spelling stays."""
    found: dict[tuple[str, str, str], Identifier] = {}
    for one in identifiers:
        found.setdefault((one.kind, one.value, one.scope), one)
    return list(found.values())

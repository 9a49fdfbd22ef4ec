"""Finds products that share an identifier: two of one number compete, and an order finds neither."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, func, select, tuple_

from tillbridge.db.sets import among
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.words import Words
from tillbridge.pos.cards import ProductCard
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.searching import product_cards

_KIND = IdentifierKind
_STRONG: Final = frozenset({_KIND.GTIN, _KIND.VPN})
INVENTORY_ONLY: Final = Words(
    "Inventory only leaves out products without stock, but those compete too: orders may still not find "
    "their product. Leave it off for web orders to match.",
    "‘재고 있는 제품만’은 재고 없는 제품을 제외합니다. 재고가 없어도 번호가 겹치면 주문의 제품이 확인되지 "
    "않습니다. 웹 주문이 확인되게 하려면 꺼 두세요.",
)
_VARIANTS: Final = Words(
    "They have different barcode numbers: these may be sizes or colours of one model.",
    "바코드 번호가 서로 다릅니다. 같은 모델의 다른 사이즈나 색상일 수 있습니다.",
)
_WEAK: Final = Words(
    "They share neither a barcode nor a vendor's part number: that number may be a model's.",
    "바코드나 공급업체 부품 번호가 겹치지 않습니다. 겹치는 번호가 모델 번호일 수 있습니다.",
)


@dataclass(frozen=True, slots=True)
class SharedNumber:
    """A number that several products have."""

    kind: IdentifierKind
    value: str
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateGroup:
    """Products that share numbers, directly or by one between them.

    Attributes:
        products: the one first that would be kept: a vendor's, with more numbers, then the older.
        shared: the numbers that they share.
        doubts: why they may be different products after all.
    """

    products: tuple[ProductCard, ...]
    shared: tuple[SharedNumber, ...]
    doubts: tuple[Words, ...]


def find_duplicates(
    database: Connection, *, inventory_only: bool = False, among_numbers: Sequence[int] | None = None
) -> list[DuplicateGroup]:
    """Return groups of products that share an identifier, each product in one group.

    Args:
        database: is read.
        inventory_only: leave out products without stock.
        among_numbers: only among these products; None: among all.
    """
    found = list(_shared(database, inventory_only=inventory_only, wanted=among_numbers))
    numbers = {number for _, _, products in found for number in products}
    cards = product_cards(database, numbers)
    return [group_of([cards[number] for number in group], found, group) for group in _joined(found)]


_Shared = tuple[IdentifierKind, str, tuple[int, ...]]


def group_of(
    cards: Iterable[ProductCard], found: Iterable[_Shared], numbers: Iterable[int]
) -> DuplicateGroup:
    """Return products as a group, the one first that would be kept."""
    inside = set(numbers)
    own = [one for one in found if inside & set(one[2])]
    products = sorted(cards, key=lambda card: (card.vendor is None, -len(card.numbers), int(card.id[1:])))
    return DuplicateGroup(
        products=tuple(products),
        shared=tuple(SharedNumber(kind, value, tuple(f"P{n}" for n in at)) for kind, value, at in own),
        doubts=tuple(_doubts(products, own)),
    )


def _doubts(products: Sequence[ProductCard], shared: Sequence[_Shared]) -> Iterator[Words]:
    barcodes = [{value for kind, value in card.numbers if kind is _KIND.GTIN} for card in products]
    common = {kind for kind, _, _ in shared}
    if _KIND.GTIN not in common and sum(bool(one) for one in barcodes) > 1:
        yield _VARIANTS
    if not common & _STRONG:
        yield _WEAK


def _shared(database: Connection, *, inventory_only: bool, wanted: Sequence[int] | None) -> Iterator[_Shared]:
    """Yield each number that several products have, with the products."""
    known, stock = tables.identifiers, tables.stock
    key = (known.c.kind, known.c.value, known.c.scope)
    rows = select(*key, known.c.product_id)
    if inventory_only:
        held = (
            select(stock.c.product_id).group_by(stock.c.product_id).having(func.sum(stock.c.on_hand_e4) > 0)
        )
        rows = rows.where(known.c.product_id.in_(held))
    if wanted is not None:
        rows = rows.where(among(database, known.c.product_id, list(wanted)))
    narrowed = rows.subquery()
    same = (narrowed.c.kind, narrowed.c.value, narrowed.c.scope)
    several = select(*same).group_by(*same).having(func.count() > 1)
    query = select(narrowed).where(tuple_(*same).in_(several)).order_by(*same, narrowed.c.product_id)
    for (kind, value, _), group in groupby(
        database.execute(query), key=lambda row: (row.kind, row.value, row.scope)
    ):
        yield _KIND(kind), value, tuple(row.product_id for row in group)


def _joined(found: Iterable[_Shared]) -> list[list[int]]:
    """Return products that are joined by numbers, each group in the sequence of its IDs."""
    leader: dict[int, int] = {}

    def top(number: int) -> int:
        while leader.setdefault(number, number) != number:
            number = leader[number]
        return number

    for _, _, products in found:
        first = top(products[0])
        for other in products[1:]:
            leader[top(other)] = first
            first = top(first)
    groups: dict[int, list[int]] = {}
    for number in sorted(leader):
        groups.setdefault(top(number), []).append(number)
    return [groups[key] for key in sorted(groups, key=lambda key: groups[key][0])]

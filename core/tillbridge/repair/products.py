"""Looks for the product of an order's line, and adds it from the line where the catalogue has none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tillbridge.context import Context
from tillbridge.model.errors import NotAllowed
from tillbridge.model.identifiers import IdentifierKind, read_gtin
from tillbridge.model.money import Money
from tillbridge.model.orders import WebLine, WebOrder
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.cards import FoundBy, FoundProduct, NewProduct, ProductQuery
from tillbridge.repair.linking import link_product
from tillbridge.repair.orders import order_and_store, web_line

_KIND = IdentifierKind
_SIMILAR: Final = 5
_SEQUENCE: Final = (_KIND.GTIN, _KIND.VPN, _KIND.MPN, _KIND.SKU)
# What leads to one product: a shop's own number or a description may belong to several.
_SURE: Final = (FoundBy.GTIN, FoundBy.VPN, FoundBy.MPN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSearch:
    """What a search for a line's product came to.

    Attributes:
        asked: the line's own numbers and title unless something else was asked.
        found: by number first, each kind in its turn, then by words.
    """

    asked: ProductQuery
    found: Sequence[FoundProduct]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductProposal:
    """The product that a line would add.

    Attributes:
        notes: what was left out, and why, in words.
        similar: what is there already and may be the same.
    """

    product: NewProduct
    notes: Sequence[Words]
    similar: Sequence[FoundProduct]


def search_products(
    context: Context, order_id: int, line_id: str, text: str = "", *, limit: int = 20
) -> ProductSearch:
    """Look for a line's product: by its own numbers and title, or by what is asked.

    Raises:
        NotFound: there is no such order, or it has no such line.
        NotAllowed: nothing readable came of it yet; or the point of sale searches by itself.
    """
    order, _ = order_and_store(context, order_id)
    asked = ProductQuery.of(text) if text.strip() else _query(web_line(order, line_id))
    return ProductSearch(asked=asked, found=context.pos.search_products(asked, limit))


def propose_product(context: Context, order_id: int, line_id: str) -> ProductProposal:
    """Return the product that a line would add, with what to look at before it is done.

    Raises:
        NotFound: there is no such order, or it has no such line.
        NotAllowed: nothing readable came of it yet; or the point of sale searches by itself.
    """
    order, store = order_and_store(context, order_id)
    line = web_line(order, line_id)
    product, notes = _new(order, line, store)
    similar = context.pos.search_products(_query(line), _SIMILAR)
    return ProductProposal(product=product, notes=notes, similar=similar)


def create_product(
    context: Context,
    order_id: int,
    line_id: str,
    product: NewProduct,
    signature: Signature,
    *,
    anyway: bool = False,
) -> tuple[str, int]:
    """Add a product and link the line to it; return the ID and how many waiting orders it heals.

    Should the program die in between, the product is there and is found by its numbers.

    Args:
        context: the engine's parts.
        order_id: whose line it is.
        line_id: the webstore's ID of the line.
        product: as proposed, or as staff corrected it.
        signature: who adds it, and why.
        anyway: also where another product has one of its numbers: the two would compete.

    Raises:
        NotFound: there is no such order, or it has no such line.
        NotAllowed: another product has that number; or the point of sale adds by itself.
        InputError: a number of it cannot be read.
    """
    order, _ = order_and_store(context, order_id)
    web_line(order, line_id)
    if not anyway:
        refuse_the_same(context, product)
    product_id = context.pos.add_product(product)
    context.probe("after pos add_product")
    return product_id, link_product(context, order_id, line_id, product_id, signature)


def refuse_the_same(context: Context, product: NewProduct) -> None:
    """Refuse to add a product of which another has a number that leads to one product.

    Raises:
        NotAllowed: says which; or the point of sale searches by itself.
    """
    numbers = (product.gtin, *product.vpns.values(), product.mpn)
    given = tuple(number for number in numbers if number)
    if not given:
        return
    for one in context.pos.search_products(ProductQuery(numbers=given), 1):
        if one.by in _SURE:
            raise NotAllowed(
                Words(
                    f"{one.card.description} ({one.card.id}) has that number already: two products of one "
                    "number compete, and no order finds either. Take that one, or add another with --anyway.",
                    f"{one.card.description}({one.card.id}) 제품이 이미 그 번호를 사용합니다. 같은 번호의 "
                    "제품이 둘이면 주문에서 어느 쪽도 확인되지 않습니다. 그 제품을 쓰거나, 그래도 추가하려면 "
                    "--anyway를 붙여 주세요.",
                )
            )


def _query(line: WebLine) -> ProductQuery:
    numbers = [value for kind in _SEQUENCE for value in line.values(kind)]
    return ProductQuery(numbers=tuple(dict.fromkeys(numbers)), words=line.title)


def _new(order: WebOrder, line: WebLine, store: Store | None) -> tuple[NewProduct, list[Words]]:
    notes: list[Words] = []
    gtin = ""
    for value in line.values(_KIND.GTIN):
        reading = read_gtin(value)
        if reading.gtin:
            gtin = gtin or value
        else:
            notes.append(
                Words(
                    f"The barcode number {value} is damaged; it is left out.",
                    f"바코드 번호 {value}이(가) 올바르지 않아 제외합니다.",
                )
            )
    vpn = next(iter(line.values(_KIND.VPN)), "")
    mpn = next(iter(line.values(_KIND.MPN)), "")
    vpns = {line.vendor: vpn} if line.vendor and vpn else {}
    if vpn and not vpns:
        # Without its vendor a part number is known within the brand only.
        mpn = mpn or vpn
    price = _price(order, line)
    if price is None or (store and price.currency != store.currency):
        price = None
        notes.append(Words("The price has to be set by hand.", "판매가는 직접 입력해야 합니다."))
    product = NewProduct(
        description=" ".join(part for part in (line.title, line.options) if part),
        gtin=gtin,
        vpns=vpns,
        mpn=mpn,
        sku=next(iter(line.values(_KIND.SKU)), ""),
        brand=line.brand or "",
        price=price,
    )
    return product, notes


def _price(order: WebOrder, line: WebLine) -> Money | None:
    """Return what one piece sells for, where the line tells it exactly and without a discount."""
    amount = line.amount
    if line.discount is not None or order.discounts or (amount.taxes and not amount.tax_included):
        return None
    gross = amount.gross
    each = gross.minor / line.quantity
    return Money(int(each), gross.currency) if each == int(each) else None

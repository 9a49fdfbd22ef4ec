"""What of a change is not told, and why: it is too much to be believed, or contradicts other data. Pure.

Only the part that is in doubt is held: a held price hides no sell-out.
"""

import json
from typing import Final, NamedTuple

from tillbridge.exports.wanting import (
    GONE,
    OnShelf,
    Shown,
    What,
    numbers_of,
    parts_of,
    price_of,
    written,
)
from tillbridge.model.money import Money
from tillbridge.model.offers import Limits
from tillbridge.model.words import Words

_HUNDRED: Final = 100


class Hold(NamedTuple):
    """Why something is held, and what may be told meanwhile.

    Attributes:
        part: as `wanted` returns it; `GONE` where nothing may be told.
        may_release: whether staff can say that it is right; what contradicts itself is corrected instead.
    """

    part: str
    words: Words
    may_release: bool


def hold(
    what: What, change: tuple[str | None, str], shelf: OnShelf, currency: str, limits: Limits
) -> Hold | None:
    """Return why a change is held, or None; what shall be gone is believed.

    Args:
        what: what of the product is told.
        change: what the webstore shows (None: it was never told), and what it should show.
        shelf: the product.
        currency: the store's.
        limits: what is too much.
    """
    shown, new = change
    if new == GONE:
        return None
    if shelf.shared:
        return Hold(_as_shown(shown, new), _shared_words(shelf.shared), may_release=False)
    had_pieces, had_price = shown.split("|", 2)[:2] if shown else ("", "")
    pieces, price = new.split("|", 2)[:2]
    found = _of_price(had_price, price, currency, limits)
    stock = _stock_leap(had_pieces, pieces, limits)
    if found is None and stock is None:
        return None
    price = had_price if found else price
    pieces = had_pieces if stock else pieces
    part = (
        GONE if what is What.PRICE and not price else parts_of(new)._replace(pieces=pieces, price=price).text
    )
    words, may_release = found or (stock or Words("", ""), True)
    return Hold(part, words, may_release)


def _as_shown(shown: str | None, new: str) -> str:
    """Return what may be told of a product whose number is another's too: fewer pieces, and nothing else.

    It is told by those numbers only that the webstore knows it by and that it still has.
    """
    if not shown:
        return GONE
    had, has = parts_of(shown), parts_of(new)
    carried = set(numbers_of(had.numbers)) & set(numbers_of(has.numbers))
    if not carried:
        return GONE
    pieces = str(min(int(had.pieces), int(has.pieces))) if had.pieces else ""
    return Shown(pieces, had.price, written(carried), has.items).text


def _shared_words(shared: str) -> Words:
    number, others = json.loads(shared)
    named = ", ".join(others)
    return Words(
        f"Its barcode {number} is also that of {named}, so the webstore cannot tell them apart. Make them "
        "one (Remove Duplicate In-Store Products: `tillbridge product duplicates`), or correct the barcode.",
        f"바코드 {number}이(가) {named}와(과) 같아 웹스토어에서 구별할 수 없습니다. "
        "매장 내 중복 제품 제거(`tillbridge product duplicates`)로 합치거나 바코드를 고쳐 주세요.",
    )


def _of_price(shown: str, new: str, currency: str, limits: Limits) -> tuple[Words, bool] | None:
    if new and not new.endswith(currency):
        given = new.partition(" ")[2]
        words = Words(
            f"The price is in {given}, and the store sells in {currency}: correct it.",
            f"가격의 통화는 {given}이고 매장의 통화는 {currency}입니다. 가격을 고쳐 주세요.",
        )
        return words, False
    leap = None if shown == new else _price_leap(price_of(shown), price_of(new), limits)
    return (leap, True) if leap else None


def _price_leap(cost: Money | None, costs: Money | None, limits: Limits) -> Words | None:
    if not cost or not costs or cost.currency != costs.currency:
        return None
    if not _leaps(cost.minor, costs.minor, limits):
        return None
    return Words(
        f"The price would go from {cost} to {costs} at once.",
        f"가격이 한 번에 {cost}에서 {costs}(으)로 바뀝니다.",
    )


def _leaps(before: int, after: int, limits: Limits) -> bool:
    if not limits.price_percent or before == after:
        return False
    return abs(after - before) * _HUNDRED > limits.price_percent * max(before, 1)


def _stock_leap(shown: str, new: str, limits: Limits) -> Words | None:
    if not limits.pieces or not shown or not new or shown == new:
        return None
    had, has = int(shown), int(new)
    if has < limits.pieces or has <= max(had, 1) * limits.times:
        return None
    return Words(
        f"The stock would go from {had} to {has} at once.",
        f"재고가 한 번에 {had}개에서 {has}개로 늘어납니다.",
    )

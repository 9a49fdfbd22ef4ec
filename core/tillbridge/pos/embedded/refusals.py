"""Why a draft cannot become a sale, in words for staff."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tillbridge.model.drafts import DraftItem, ItemKind, SaleDraft
from tillbridge.model.money import Money
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.pos.embedded.numbers import Letter, number_of, to_e4

SOLD_BEFORE = Words(
    "This order has a sale already, from another attempt.",
    "이 주문에는 다른 시도에서 만든 거래가 이미 있습니다.",
)


@dataclass(frozen=True, slots=True)
class Shop:
    """What the POS knows of what a batch of drafts names.

    Attributes:
        stores: by code.
        customers, products: numbers of those that exist.
    """

    stores: Mapping[str, Store]
    customers: Collection[int]
    products: Collection[int]


def refusal(draft: SaleDraft, shop: Shop) -> Words | None:
    """Return why `draft` cannot be opened, or None. Too little stock is no reason (MISSION S30)."""
    store = shop.stores.get(draft.store)
    if store is None:
        return Words(f"There is no store {draft.store!r}.", f"매장 {draft.store!r}이(가) 없습니다.")
    if number_of(Letter.CUSTOMER, draft.customer_id) not in shop.customers:
        return no_customer(draft.customer_id)
    return _wrong_currency(draft, store) or _wrong_item(draft, shop) or _wrong_total(draft)


def items_of(draft: SaleDraft) -> tuple[DraftItem, ...]:
    """Return all that a sale is opened with: what its order brought, and what is carried over."""
    return (*draft.items, *(draft.carried.items if draft.carried else ()))


def no_customer(asked: str) -> Words:
    """Say that there is no such customer."""
    return Words(f"There is no customer {asked!r}.", f"고객 {asked!r}을(를) 찾을 수 없습니다.")


def _wrong_currency(draft: SaleDraft, store: Store) -> Words | None:
    others = sorted({draft.currency, *_currencies(draft)} - {store.currency})
    if not others:
        return None
    named = ", ".join(others)
    return Words(
        f"The sale has amounts in {named}; the store {store.name} sells in {store.currency}.",
        f"거래에 {named} 금액이 있습니다. {store.name} 매장의 통화는 {store.currency}입니다.",
    )


def _currencies(draft: SaleDraft) -> Iterator[str]:
    yield draft.total.currency
    for item in items_of(draft):
        yield item.net.currency
        yield item.tax.currency


def _wrong_item(draft: SaleDraft, shop: Shop) -> Words | None:
    for item in items_of(draft):
        if item.kind is ItemKind.PRODUCT and _product(item) not in shop.products:
            return Words(
                f"“{item.description}”: there is no product {item.product_id!r}.",
                f"‘{item.description}’: 제품 {item.product_id!r}을(를) 찾을 수 없습니다.",
            )
        if (to_e4(item.quantity) or 0) <= 0:
            return Words(
                f"“{item.description}”: {item.quantity} is no quantity; it must be above zero, "
                "with four decimals at most.",
                f"‘{item.description}’: {item.quantity}은(는) 수량이 될 수 없습니다. "
                "0보다 크고 소수점 아래 네 자리까지여야 합니다.",
            )
    return None


def _product(item: DraftItem) -> int | None:
    return number_of(Letter.PRODUCT, item.product_id or "")


def _wrong_total(draft: SaleDraft) -> Words | None:
    parts = sum(item.net.minor + item.tax.minor for item in draft.items)
    if parts == draft.total.minor:
        return None
    added = Money(parts, draft.currency)
    return Words(
        f"The sale's total is {draft.total}, but its items add up to {added}.",
        f"거래 합계는 {draft.total}인데 항목의 합은 {added}입니다.",
    )

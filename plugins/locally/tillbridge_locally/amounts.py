"""The money of a cart: lines, tax and totals held against each other; nothing is made to fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Final

from tillbridge.plugin import (
    Amount,
    Charge,
    ChargeKind,
    Money,
    PayloadError,
    Remitter,
    Tax,
    TillbridgeError,
    Words,
)
from tillbridge_locally.damage import damaged
from tillbridge_locally.settings import Settings
from tillbridge_locally.statuses import ITEMS, ItemStanding
from tillbridge_locally.wire import Cart, Item

# A host's own decimal context must not be able to round a product or a sum.
_EXACT: Final = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Placed:
    """An item, and its place in the payload for what is said about it."""

    path: str
    item: Item


@dataclass(frozen=True, slots=True)
class Sums:
    """A cart's amounts: one per item, in their order; `rounded` counts those that had to be rounded."""

    amounts: tuple[Amount, ...]
    charges: tuple[Charge, ...]
    total: Money
    rounded: int


def sums(cart: Cart, items: Sequence[Placed], *, currency: str, settings: Settings) -> Sums:
    """Add up the items that are bought; of an order of which nothing is, all of them.

    Args:
        cart: the cart, for its totals.
        items: those that are added up.
        currency: the currency of every number in the cart.
        settings: whose country says who remits the tax.

    Raises:
        PayloadError: the items do not add up to `subtotal`, their tax not to `tax_total`, or an amount has
            a part that the currency does not have. A `grand_total` that does not fit is left to the
            engine, which shows the sum and lets staff release the order.
    """
    with localcontext(_EXACT):
        return _sums(cart, items, currency=currency, settings=settings)


def _sums(cart: Cart, items: Sequence[Placed], *, currency: str, settings: Settings) -> Sums:
    total = _money(cart.grand_total, currency, path="cart.grand_total")
    included = _tax_is_inside(cart, settings)
    amounts = []
    rounded = 0
    for placed in items:
        amount, times = _amount(placed, currency=currency, included=included, remitter=settings.remitter)
        amounts.append(amount)
        rounded += times
    unit = Money(1, currency).decimal * rounded
    if any(ITEMS.get(one.item.status) is ItemStanding.STANDS for one in items):
        # Of an order of which nothing is bought any more, nobody says what its totals are of.
        _hold(_worth(items), cart.subtotal, path="cart.subtotal", within=unit)
        _hold(_taxes(items), cart.tax_total, path="cart.tax_total", within=unit)
    return Sums(
        amounts=tuple(amounts),
        charges=_charges(cart, currency, included=included),
        total=total,
        rounded=rounded,
    )


def _tax_is_inside(cart: Cart, settings: Settings) -> bool:
    """Say whether prices hold their tax: the cart's own sum tells, and the country where it does not."""
    if not cart.tax_total:
        return settings.prices_include_tax
    without = cart.subtotal + cart.shipping_cost_total
    if cart.grand_total == without:
        return True
    if cart.grand_total == without + cart.tax_total:
        return False
    return settings.prices_include_tax


def _amount(placed: Placed, *, currency: str, included: bool, remitter: Remitter) -> tuple[Amount, int]:
    item = placed.item
    price, price_rounded = _rounded(
        item.price_per_unit * item.qty, currency, path=f"{placed.path}.price_per_unit"
    )
    tax, tax_rounded = _rounded(item.tax_per_unit * item.qty, currency, path=f"{placed.path}.tax_per_unit")
    if included and tax.minor > price.minor:
        raise damaged(
            f"{placed.path}.tax_per_unit",
            Words(
                en=f"The tax {item.tax_per_unit} is more than the price that includes it.",
                ko=f"세금({item.tax_per_unit})이 세금을 포함한 가격보다 큽니다.",
            ),
        )
    taxes = (Tax(amount=tax, remitter=remitter),) if tax.minor else ()
    net = price - tax if included else price
    return Amount(net=net, taxes=taxes, tax_included=included), int(price_rounded) + int(tax_rounded)


def _charges(cart: Cart, currency: str, *, included: bool) -> tuple[Charge, ...]:
    if not cart.shipping_cost_total:
        return ()
    net = _money(cart.shipping_cost_total, currency, path="cart.shipping_cost_total")
    return (
        Charge(kind=ChargeKind.SHIPPING, title="Shipping", amount=Amount(net=net, tax_included=included)),
    )


def _worth(items: Sequence[Placed]) -> Decimal:
    return sum((one.item.price_per_unit * one.item.qty for one in items), Decimal(0))


def _taxes(items: Sequence[Placed]) -> Decimal:
    return sum((one.item.tax_per_unit * one.item.qty for one in items), Decimal(0))


def _hold(found: Decimal, told: Decimal, *, path: str, within: Decimal) -> None:
    if abs(found - told) <= within:
        return
    raise damaged(
        path,
        Words(
            en=f"The order says {told:f}, but its items add up to {found:f}.",
            ko=f"주문에는 {told:f}(으)로 되어 있지만 품목을 더하면 {found:f}입니다.",
        ),
    )


def _money(value: Decimal, currency: str, *, path: str) -> Money:
    try:
        return Money.exact(value, currency)
    except TillbridgeError as error:
        raise _at(path, error) from error


def _rounded(value: Decimal, currency: str, *, path: str) -> tuple[Money, bool]:
    try:
        return Money.rounding(value, currency)
    except TillbridgeError as error:
        raise _at(path, error) from error


def _at(path: str, error: TillbridgeError) -> PayloadError:
    return damaged(path, error.words)

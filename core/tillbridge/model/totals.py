"""Numbers add up: a web order's total against its parts, and order discounts spread over lines.

Total = Σ gross of lines and charges after all discounts + tip + rounding; Σ tenders = total where
paid. A difference is rounding only up to one minor unit per amount that was rounded.
"""

from collections.abc import Sequence
from decimal import Decimal

from tillbridge.model.errors import TillbridgeError
from tillbridge.model.money import Money, MoneyError, spread, sum_money
from tillbridge.model.orders import Amount, WebOrder
from tillbridge.model.words import Words


class TotalsMismatch(TillbridgeError):
    """The order's numbers do not add up; the words show the sum."""


def balanced(order: WebOrder) -> WebOrder:
    """Return the order with its rounding line set, so that its total is the sum of its parts.

    Raises:
        TotalsMismatch: the difference is more than rounding, currencies are mixed, or what was
            paid is not the total.
    """
    _one_currency(order)
    try:
        return _with_rounding(order)
    except MoneyError as error:
        raise TotalsMismatch(error.words) from error


def missing(order: WebOrder) -> Money:
    """Return what an order's parts lack of its total; below zero where they are more.

    Raises:
        MoneyError: currencies are mixed.
    """
    given = order.rounding or Money(0, order.currency)
    return order.total - (_parts(order) + given)


def _parts(order: WebOrder) -> Money:
    # One currency it is, so that whole numbers can be added.
    gross = Money(sum(_gross_minor(amount) for amount in order.amounts), order.currency)
    return gross + (order.tip or Money(0, order.currency))


def _with_rounding(order: WebOrder) -> WebOrder:
    given, lacks = order.rounding or Money(0, order.currency), missing(order)
    if abs((given + lacks).minor) > _tolerance(order):
        raise TotalsMismatch(_mismatch(order, _parts(order)))
    _tenders_cover(order)
    if not lacks.minor:
        return order
    return order.model_copy(update={"rounding": given + lacks})


def _gross_minor(amount: Amount) -> int:
    return amount.net.minor + _tax_minor(amount)


def _tax_minor(amount: Amount) -> int:
    return sum(tax.amount.minor for tax in amount.taxes)


def _tolerance(order: WebOrder) -> int:
    """Count the amounts that the webstore or the parser may have rounded: one minor unit each."""
    split = sum(1 for charge in order.charges if _tax_minor(charge.amount))
    parts = sum(1 for line in order.lines if line.may_be_rounded)
    # A parser rounds net and tax of an amount at most, the tip and the total: more is no rounding.
    most = 2 * sum(1 for _ in order.amounts) + 2
    return split + parts + min(order.rounded_amounts, most)


def _one_currency(order: WebOrder) -> None:
    found = {order.total.currency}
    found.update(one.amount.currency for one in order.tenders)
    found.update(money.currency for money in (order.tip, order.rounding) if money)
    for amount in order.amounts:
        found.add(amount.net.currency)
        found.update(tax.amount.currency for tax in amount.taxes)
    others = sorted(found - {order.currency})
    if others:
        raise TotalsMismatch(
            Words(
                f"The order is in {order.currency}, but has amounts in {', '.join(others)}.",
                f"주문 통화는 {order.currency}인데 {', '.join(others)} 금액이 섞여 있습니다.",
            )
        )


def _tenders_cover(order: WebOrder) -> None:
    if not order.paid or not order.tenders:
        return
    paid = sum_money((tender.amount for tender in order.tenders), order.currency)
    if paid != order.total:
        raise TotalsMismatch(
            Words(
                f"The order's total is {order.total}, but its payments add up to {paid}.",
                f"주문 합계는 {order.total}인데 결제 금액의 합은 {paid}입니다.",
            )
        )


def _mismatch(order: WebOrder, parts: Money) -> Words:
    shown = " + ".join(str(amount.gross.decimal) for amount in order.amounts) or "0"
    if order.tip:
        shown += f" + {order.tip.decimal}"
    return Words(
        f"The order's total is {order.total}, but its parts add up to {parts} ({shown}).",
        f"주문 합계는 {order.total}인데 항목의 합은 {parts}입니다 ({shown}).",
    )


def spread_discount(amounts: Sequence[Amount], discount: Money) -> list[Amount]:
    """Take an order discount off untaxed or tax-included amounts, by largest remainder.

    Args:
        amounts: the lines' amounts before the order discount; each has its tax still to be split
            off, so its net is its price.
        discount: what the whole order is reduced by, positive.

    Returns:
        the amounts after it, in the same order; their nets fall by exactly `discount`.
    """
    shares = spread(discount, [amount.net.minor for amount in amounts])
    return [
        amount.model_copy(update={"net": amount.net - share})
        for amount, share in zip(amounts, shares, strict=True)
    ]


def split_included_tax(gross: Money, rate: Decimal) -> tuple[Money, Money]:
    """Split a price with tax in it into net and tax.

    Args:
        gross: the price, tax included.
        rate: 0.1 for ten percent.

    Returns:
        net and tax; they add up to `gross` exactly, the tax is rounded half up.
    """
    tax = Money.rounded(gross.decimal * rate / (1 + rate), gross.currency)
    return gross - tax, tax

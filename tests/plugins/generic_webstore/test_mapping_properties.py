"""Whatever a webstore's amounts are, what the mapper makes of them adds up to the cent."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plugins.generic_webstore.shop import ORDER, mapper_of, raw
from tillbridge.model.totals import balanced
from tillbridge.plugin import WebOrder

CENTS = st.integers(0, 10**7)
LINES = st.lists(st.tuples(CENTS, CENTS, st.integers(1, 9)), min_size=1, max_size=8)
SPREADING = mapper_of(
    order={
        "charges": [
            {"kind": "shipping", "net": "post", "tax": "post_tax"},
            {"kind": "discount", "sign": -1, "spread": True, "gross": "less"},
            {"kind": "tip", "gross": "tip"},
        ]
    }
)
TAXING = mapper_of(
    lines={"net": None, "tax": None, "amount": "net", "includes_tax": "_order.included"},
    order={"charges": [{"kind": "tax", "gross": "tax"}]},
)
MINOR = mapper_of(defaults={"money": "minor"}, lines={"net": "mul(price, quantity)"})


def major(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):f}"


def order_of(lines, **fields):
    items = [
        {"id": place, "title": "x", "quantity": count, "net": major(net), "tax": major(tax)}
        for place, (net, tax, count) in enumerate(lines)
    ]
    return {**ORDER, "items": items, **fields}


def whole(mapper, order) -> WebOrder:
    """Read an order that has to be whole; the engine holds its sums too and finds nothing to round."""
    found = mapper.parse(raw(order), {})
    assert isinstance(found, WebOrder)
    assert found == balanced(found)
    assert found.rounding is None
    return found


@given(lines=LINES, post=CENTS, post_tax=CENTS, tip=CENTS, share=st.integers(0, 100))
def test_a_discount_is_spread_to_the_cent(lines, post, post_tax, tip, share):
    """Each line bears a part of its own sign, and no part is lost."""
    gross, tax = sum(net + tax for net, tax, _ in lines), sum(tax for _, tax, _ in lines)
    less = gross * share // 100
    total = gross - less + post + post_tax + tip
    amounts = {
        "post": post,
        "post_tax": post_tax,
        "tip": tip,
        "less": less,
        "total": total,
        "tax": tax + post_tax,
    }
    found = whole(SPREADING, order_of(lines, **{name: major(cents) for name, cents in amounts.items()}))

    assert less == sum(line.discount.minor for line in found.lines if line.discount)
    assert gross - less == sum(line.amount.gross.minor for line in found.lines)
    assert all(line.discount is None or line.discount.minor >= 0 for line in found.lines)


@given(lines=LINES, tax=CENTS, included=st.booleans())
def test_a_tax_of_the_whole_order_is_spread_to_the_cent(lines, tax, included):
    gross = sum(net for net, _, _ in lines) + (0 if included else tax)
    found = whole(TAXING, order_of(lines, included=included, tax=major(tax), total=major(gross)))

    assert tax == sum(line.amount.tax.minor for line in found.lines)
    assert gross == sum(line.amount.gross.minor for line in found.lines)


@given(lines=LINES)
def test_cents_times_pieces_are_cents(lines):
    items = [
        {"id": place, "title": "x", "quantity": count, "price": price, "tax": tax}
        for place, (price, tax, count) in enumerate(lines)
    ]
    tax = sum(tax for _, tax, _ in lines)
    total = sum(price * count for price, _, count in lines) + tax
    found = whole(MINOR, {**ORDER, "items": items, "total": total, "tax": tax})

    assert total == found.total.minor

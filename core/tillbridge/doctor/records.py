"""Looks whether what is stored agrees with itself: a few questions, whatever they find."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Select, exists, func, select, union_all

from tillbridge.db import tables
from tillbridge.db.states import AttemptState
from tillbridge.doctor.findings import Finding, Kind, Said, Standing
from tillbridge.doctor.measures import some
from tillbridge.doctor.site import Site
from tillbridge.model.words import Words

# One more than is shown, so that it can be seen that there are more.
_ASKED: Final = 6
_REPORT: Final = Words(
    "Keep a copy of the database as it is now, and report it; go on meanwhile.",
    "현재 데이터베이스의 사본을 보관하고 알려 주세요. 그동안 업무는 계속할 수 있습니다.",
)
STOCK = Kind(
    code="records.stock",
    standing=Standing.BROKEN,
    wrong=Words(
        "For {count:product|products} in a store the stock on hand is not the sum of its movements: "
        "{examples}.",
        "매장 재고가 입출고 합계와 다른 제품이 {count}건 있습니다: {examples}.",
    ),
    means=Words(
        "Something other than tillbridge changed it: the stock of these products cannot be trusted; sales go "
        "on.",
        "다른 프로그램이 재고를 변경했습니다. 해당 제품의 재고를 믿을 수 없습니다. 판매는 계속할 수 "
        "있습니다.",
    ),
    remedy=Words(
        "Count these products in the shop, keep a copy of the database as it is now, and report it.",
        "해당 제품의 실제 재고를 세어 보고, 현재 데이터베이스의 사본을 보관한 뒤 알려 주세요.",
    ),
)
SALE_GONE = Kind(
    code="records.sale_gone",
    standing=Standing.BROKEN,
    wrong=Words(
        "{count:order names|orders name} a sale that the point of sale does not have: {orders}.",
        "POS에 없는 거래를 가리키는 주문이 {count}건 있습니다: {orders}.",
    ),
    means=Words(
        "These orders look sold, but nobody will find their sale at pick-up.",
        "판매된 것으로 보이지만 수령할 때 거래를 찾을 수 없는 주문입니다.",
    ),
    remedy=_REPORT,
)
ATTEMPT_GONE = Kind(
    code="records.attempt_gone",
    standing=Standing.BROKEN,
    wrong=Words(
        "{count:order counts|orders count} as sold by an attempt that was never opened: {orders}.",
        "열린 적 없는 시도로 판매 처리된 주문이 {count}건 있습니다: {orders}.",
    ),
    means=Words(
        "What staff see of these orders may not be what happened.",
        "해당 주문의 표시 내용이 실제와 다를 수 있습니다.",
    ),
    remedy=_REPORT,
)


def check(site: Site) -> Said:
    """Ask what must never be."""
    database = site.ready()
    with database.read() as reading:
        yield from _attempts(reading)
        if site.embedded:
            yield from _stock(reading)
            yield from _sales(reading)
        count = reading.execute(select(func.count()).select_from(tables.orders)).scalar_one()
    yield Words("1 order" if count == 1 else f"{count} orders", f"주문 {count}건")


def _attempts(reading: Connection) -> Iterator[Finding]:
    orders, attempts = tables.orders, tables.attempts
    opened = exists().where(
        attempts.c.order_id == orders.c.id,
        attempts.c.number == orders.c.sold_attempt,
        attempts.c.state == AttemptState.OPENED,
    )
    astray = select(orders.c.number).where(orders.c.sold_attempt.is_not(None), ~opened)
    yield from _orders(reading, ATTEMPT_GONE, astray)


def _sales(reading: Connection) -> Iterator[Finding]:
    # A host with a POS of its own loads nothing of the built-in one.
    from tillbridge.pos.embedded import tables as till  # noqa: PLC0415  # see above

    orders = tables.orders
    there = exists().where(till.sales.c.barcode == orders.c.barcode)
    yield from _orders(
        reading, SALE_GONE, select(orders.c.number).where(orders.c.barcode.is_not(None), ~there)
    )


def _orders(reading: Connection, kind: Kind, astray: Select[Any]) -> Iterator[Finding]:
    count = reading.execute(select(func.count()).select_from(astray.subquery())).scalar_one()
    if count:
        shown = reading.execute(astray.order_by(tables.orders.c.id).limit(_ASKED)).scalars()
        yield kind.found(count=count, orders=some(str(one) for one in shown))


def _stock(reading: Connection) -> Iterator[Finding]:
    # A host with a POS of its own loads nothing of the built-in one.
    from tillbridge.pos.embedded import tables as till  # noqa: PLC0415  # see above
    from tillbridge.pos.embedded.numbers import Letter, from_e4, readable  # noqa: PLC0415  # see above

    stock, moves = till.stock, till.stock_movements
    both = union_all(
        select(stock.c.store, stock.c.product_id, stock.c.on_hand_e4.label("e4")),
        select(moves.c.store, moves.c.product_id, -moves.c.quantity_e4),
    ).subquery()
    wrong = (
        select(both.c.store, both.c.product_id, func.sum(both.c.e4).label("e4"))
        .group_by(both.c.store, both.c.product_id)
        .having(func.sum(both.c.e4) != 0)
        .subquery()
    )
    count = reading.execute(select(func.count()).select_from(wrong)).scalar_one()
    if count:
        shown = reading.execute(select(wrong).order_by(wrong.c.store, wrong.c.product_id).limit(_ASKED))
        examples = [
            f"{row.store} {readable(Letter.PRODUCT, row.product_id)} ({from_e4(int(row.e4)):+f})"
            for row in shown
        ]
        yield STOCK.found(count=count, examples=some(examples))

"""`tillbridge profile new` tells a list whose rows are the lines of orders from an order's own lines."""

import json
from pathlib import Path
from typing import Any

import pytest

from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.proposing.proposal import Axis, Proposal, propose
from tillbridge_generic_webstore.proposing.writing import About, write_profile
from tillbridge_generic_webstore.trying import read_payload, try_order


def row(order: str, line: int, total: str, **more: Any) -> dict[str, Any]:
    usual = {"order_id": order, "line_no": f"{order}-{line}", "order_date": "2026-03-01T09:00:00Z"}
    usual |= {
        "changed_at": "2026-03-01T10:00:00Z",
        "status": "paid",
        "currency": "EUR",
        "product_name": "Bell",
    }
    amounts = {"quantity": 2, "unit_price": "5.00", "line_total": "10.00", "shipping_fee": "3.00"}
    return {**usual, "sku": f"B-{line}", **amounts, "order_total": total, **more}


ROWS = [row("A", 1, "23.00"), row("A", 2, "23.00"), row("B", 1, "13.00", status="cancelled")]


def proposed(payload: Any) -> Proposal:
    found = propose(payload)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("payload", "rows"),
    [(ROWS, "[]"), ({"data": ROWS}, "data[]"), ({"result": {"total": 3, "rows": ROWS}}, "result.rows[]")],
)
def test_rows_are_put_together_by_the_number_of_their_order(payload: Any, rows: str) -> None:
    found = proposed(payload)

    assert (found.rows, found.group_by, found.count, found.lines_from) == (rows, "order_id", 2, "rows")
    assert found.standing == [Axis("rows[].status", {"paid": "open", "cancelled": "cancelled"}, every=True)]


def test_the_proposal_reads_its_own_sample(tmp_path: Path) -> None:
    payload = {"data": ROWS}
    text = write_profile(About(title="Flat", since="since", page="page"), proposed(payload))
    (tmp_path / "rows.json").write_text(json.dumps(payload), "utf-8")
    compiled = load_profile(text, "flat.toml")

    tried = [
        try_order(compiled, raw, {}) for raw in read_payload(tmp_path / "rows.json", compiled, {}).orders
    ]

    assert [
        (one.order.id, len(one.order.lines), str(one.order.total.decimal)) for one in tried if one.order
    ] == [
        ("A", 2, "23.00"),
        ("B", 1, "13.00"),
    ]
    assert "how are all rows of one order asked for?" in text


@pytest.mark.parametrize("page", ["", "page"])
@pytest.mark.parametrize("since", ["", "since"])
@pytest.mark.parametrize("changed", [True, False])
def test_whatever_is_said_of_the_list_the_proposal_has_no_mistake(
    page: str, since: str, *, changed: bool
) -> None:
    rows = [{key: one for key, one in row.items() if changed or key != "changed_at"} for row in ROWS]

    load_profile(write_profile(About(title="Flat", since=since, page=page), proposed(rows)), "flat.toml")


@pytest.mark.parametrize("around", ["", "order"])
def test_lines_that_name_their_order_are_its_own_where_it_is_around_them(around: str) -> None:
    order = {
        "id": "A",
        "created_at": "2026-03-01T09:00:00Z",
        "total": "20.00",
        "currency": "EUR",
        "items": ROWS[:2],
    }

    found = proposed({around: order} if around else order)

    assert (found.group_by, found.count, found.lines_from) == ("", 1, "items")

"""What the sandbox's Locally keeps beside its orders: shelves, money, and stores with their hours."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from plugins.locally.samples import CATALOGUE, CUSTOMERS
from tillbridge_locally.sandbox.process import Sandbox, start

# 38,500 won.
PEDALS = "736745040314"
# 9,000 won.
TUBE = "727602259178"
Decide = Callable[..., None]


@pytest.fixture
def decide(sandbox: Sandbox) -> Decide:
    """A function that says something of an order's item, as a point of sale would."""

    def decided(order_hash: str, verdict: str, *, place: int = 0) -> None:
        item = sandbox.order(order_hash)["order"]["cart"]["items"][place]["id"]
        answer = httpx.post(
            f"{sandbox.url}/api/v2/cart/{order_hash}/items/{item}/{verdict}",
            headers={"Locally-Api-Token": sandbox.secrets["api_token"]},
            json={"message": ""},
            trust_env=False,
        )
        assert 200 == answer.status_code

    return decided


def money(sandbox: Sandbox, order_hash: str) -> dict[str, Any]:
    return dict(sandbox.order(order_hash)["money"])


def moves(sandbox: Sandbox, order_hash: str) -> list[tuple[str, int]]:
    return [(one["kind"], one["amount"]) for one in sandbox.order(order_hash)["payments"]]


def pieces(sandbox: Sandbox, upc: str) -> int:
    return int(sandbox.do("GET", "/sandbox/shelf")["stores"]["20301"][upc.lstrip("0")]["qty"])


def test_a_paid_order_is_held_and_charged_when_the_store_confirms(sandbox: Sandbox, decide: Decide) -> None:
    placed = sandbox.place(lines=[{"product": PEDALS, "qty": 2}], kind="bopis")
    assert {"held": 77_000, "charged": 0, "released": 0, "refunded": 0} == money(sandbox, placed)

    decide(placed, "confirm")

    assert {"held": 0, "charged": 77_000, "released": 0, "refunded": 0} == money(sandbox, placed)
    assert "captured" == sandbox.order(placed)["payment_status"]


def test_a_denied_order_is_released_and_back_on_the_shelf(sandbox: Sandbox, decide: Decide) -> None:
    placed = sandbox.place(lines=[{"product": PEDALS, "qty": 2}], kind="bopis")
    assert 8 == pieces(sandbox, PEDALS)

    decide(placed, "deny")

    assert [("held", 77_000), ("released", 77_000)] == moves(sandbox, placed)
    assert (10, "released") == (pieces(sandbox, PEDALS), sandbox.order(placed)["payment_status"])


def test_what_is_denied_after_its_charge_is_refunded(sandbox: Sandbox, decide: Decide) -> None:
    placed = sandbox.place(lines=[{"product": PEDALS}], kind="bopis")
    decide(placed, "confirm")

    decide(placed, "deny")

    assert [("held", 38_500), ("charged", 38_500), ("refunded", 38_500)] == moves(sandbox, placed)
    assert "refunded" == sandbox.order(placed)["payment_status"]


def test_each_item_has_its_own_money(sandbox: Sandbox, decide: Decide) -> None:
    placed = sandbox.place(lines=[{"product": PEDALS}, {"product": TUBE, "qty": 3}], kind="bopis")

    decide(placed, "confirm", place=1)
    decide(placed, "deny", place=0)

    assert {"held": 0, "charged": 27_000, "released": 38_500, "refunded": 0} == money(sandbox, placed)
    assert (10, 7) == (pieces(sandbox, PEDALS), pieces(sandbox, TUBE))


def test_a_reservation_moves_no_money(sandbox: Sandbox, decide: Decide) -> None:
    placed = sandbox.place(lines=[{"product": PEDALS}], kind="ropis")

    decide(placed, "confirm")

    assert [] == moves(sandbox, placed)
    assert 9 == pieces(sandbox, PEDALS)


def test_an_edited_order_holds_what_it_costs_now(sandbox: Sandbox) -> None:
    placed = sandbox.place(lines=[{"product": TUBE, "qty": 3}], kind="bopis")

    sandbox.change(placed, items=[{"qty": 5}])
    assert (45_000, 5) == (money(sandbox, placed)["held"], pieces(sandbox, TUBE))
    sandbox.change(placed, items=[{"qty": 1}])

    assert (9_000, 9) == (money(sandbox, placed)["held"], pieces(sandbox, TUBE))


def test_a_cancelled_order_gives_everything_back(sandbox: Sandbox, decide: Decide) -> None:
    placed = sandbox.place(lines=[{"product": PEDALS}, {"product": TUBE}], kind="bopis")
    decide(placed, "confirm")

    sandbox.change(placed, cart={"status": "cancelled"})

    assert {"held": 0, "charged": 38_500, "released": 9_000, "refunded": 38_500} == money(sandbox, placed)
    assert (10, 10) == (pieces(sandbox, PEDALS), pieces(sandbox, TUBE))


def test_damaged_orders_hold_nothing(sandbox: Sandbox) -> None:
    """Whatever the damage is: the sandbox serves it, and does not fall over it."""
    cart = {"status": ["?"], "payment_status": "authorized", "items": [{"id": 1, "qty": "2", "upc": {}}]}

    placed = sandbox.place(order={"cart": cart})

    assert [] == moves(sandbox, placed)


def test_what_the_shop_tells_takes_the_place_of_what_was(sandbox: Sandbox) -> None:
    sandbox.place(lines=[{"product": TUBE}])

    told = {"items": [{"upc": TUBE, "qty": 4}, {"upc": "605284574539", "qty": 1, "price": 100}]}
    sandbox.do("PUT", "/sandbox/shelf", told)

    assert (4, 1) == (pieces(sandbox, TUBE), pieces(sandbox, "605284574539"))


def test_stores_tell_their_hours_and_close(sandbox: Sandbox) -> None:
    def store() -> dict[str, Any]:
        answer = httpx.get(
            f"{sandbox.url}/api/v2/company/4711",
            headers={"Locally-Api-Token": sandbox.secrets["api_token"]},
            trust_env=False,
        )
        return dict(answer.json()["data"]["stores"][0])

    usual = store()
    week = ["Closed", *["12:30am-11:59pm"] * 6]
    sandbox.do("PATCH", "/sandbox/stores/20301", {"week": week, "closed": True})
    changed = store()

    assert {"bil_hrs": "10am-8pm", "label": "Monday", "day_index": 0} == usual["display_dow"][0]
    assert (0, 1) == (usual["is_tmp_closed"], changed["is_tmp_closed"])
    assert (0, week[0]) == (changed["is_open"], changed["display_dow"][0]["bil_hrs"])


@pytest.fixture
def files(tmp_path: Any) -> dict[str, Any]:
    """The shop's files."""
    catalogue, customers = tmp_path / "catalogue.csv", tmp_path / "customers.csv"
    lines = CATALOGUE.splitlines()
    stocked = [f"{lines[0]},stock", *(f"{line},{place}" for place, line in enumerate(lines[1:]))]
    catalogue.write_text("\n".join(stocked), encoding="utf-8")
    customers.write_text(CUSTOMERS, encoding="utf-8")
    return {"catalogue": catalogue, "customers": customers}


def test_another_store_and_the_stock_of_the_catalogue(files: dict[str, Any]) -> None:
    options = ["--orders", "0", "--store", "20302=둘째 점|새길 2|수원시|16490"]
    with start(**files, options=options) as sandbox:
        shelf = sandbox.do("GET", "/sandbox/shelf")["stores"]

    assert ["20301", "20302"] == sandbox.settings["store_ids"]
    assert (0, 5) == (shelf["20301"]["36000291452"]["qty"], shelf["20302"][PEDALS]["qty"])


@pytest.mark.parametrize(
    ("option", "said"), [("--store=20302", "is no store"), ("--timezone=Mars/Olympus", "Mars/Olympus")]
)
def test_a_store_that_cannot_be_is_refused_in_words(files: dict[str, Any], option: str, said: str) -> None:
    program = [sys.executable, "-m", "tillbridge_locally.sandbox", "--catalogue", str(files["catalogue"])]
    ended = subprocess.run(
        [*program, "--customers", str(files["customers"]), option],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )

    assert 1 == ended.returncode
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr

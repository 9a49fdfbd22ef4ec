"""The headless API over plain HTTP: what the JavaScript SDK has no call for, and what it hides (statuses)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from plugins.locally.samples import CATALOGUE, CUSTOMERS
from plugins.locally.sdk_shopper import ROOT, SESSION
from tillbridge_locally.sandbox.process import Sandbox, start

PEDALS, TUBE = "736745040314", "727602259178"
WHO = {"full_name": "김하늘", "email": "haneul.kim@example.com"}
ADD = {"store_id": "20301", "upc": TUBE, "host_domain": "www.example.com"}


@contextmanager
def opened(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """Open a shopper's session."""
    key = {"Locally-Api-Token": sandbox.secrets["api_token"]}
    with httpx.Client(base_url=sandbox.url + ROOT, headers=key, trust_env=False) as client:
        client.headers[SESSION] = client.get("/session/id").json()["data"]["session"]["id"]
        yield client


@pytest.fixture
def shopper(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """Somebody who has just come in; the sandbox has no orders."""
    with opened(sandbox) as client:
        yield client


def data(answer: httpx.Response) -> Any:
    assert 200 == answer.status_code, answer.text
    return answer.json()["data"]


def refused(answer: httpx.Response) -> tuple[int, int]:
    said = answer.json()
    assert said["success"] is False
    assert said["msg"]
    return answer.status_code, said["error_code"]


def whole(**more: Any) -> dict[str, Any]:
    """A cart that is submitted as a whole."""
    items = [{"upc": PEDALS, "qty": 2, "price_per_unit": 38_500, "tax_per_unit": 3_500}]
    return {
        "card_token": "seti_1",
        "host_domain": "www.example.com",
        "path_to_purchase": "bopis",
        "store_id": 20301,
        "items": items,
        **more,
    }


def test_a_card_is_held_first_and_the_cart_ordered_then(sandbox: Sandbox, shopper: httpx.Client) -> None:
    order_hash = data(shopper.get("/cart/items/add", params=ADD))["cart_hash"]
    data(shopper.post("/cart/auth", json={"card_token": "seti_1"}))
    # What is held stays held, whatever becomes of the payment processor.
    sandbox.behave(processor="down")

    data(shopper.post("/cart/commit", json={"hash": order_hash, **WHO}))

    assert 9_000 == sandbox.order(order_hash)["money"]["held"]


def test_a_changed_cart_is_held_anew(sandbox: Sandbox, shopper: httpx.Client) -> None:
    order_hash = data(shopper.get("/cart/items/add", params=ADD))["cart_hash"]
    data(shopper.post("/cart/auth", json={"card_token": "seti_1"}))
    data(shopper.post("/cart/items/add", params=ADD))
    sandbox.behave(processor="declines")

    said = shopper.post("/cart/order", params={"hash": order_hash, **WHO})

    assert (402, 1328) == refused(said)


def test_a_whole_cart_is_checked_held_and_ordered(sandbox: Sandbox, shopper: httpx.Client) -> None:
    checked = data(shopper.post("/cart/validate", json=whole()))
    assert (1, 77_000) == (checked["authorized"], checked["cart_content"]["cart"]["grand_total"])

    data(shopper.post("/cart/order", json={"hash": checked["cart_hash"], **WHO}))

    (order,) = sandbox.do("GET", "/sandbox/orders")["orders"]
    assert ("ordered", 77_000) == (order["status"], order["money"]["held"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"path_to_purchase": "ropis"}, (403, 1101)),
        ({"store_id": 7}, (404, 1329)),
        ({"card_token": "seti_declined"}, (402, 1328)),
        ({"items": [{"upc": PEDALS, "qty": 11}]}, (402, 1327)),
        ({"items": [{"upc": PEDALS, "qty": 1, "price_per_unit": 10}]}, (400, 1000)),
        ({"items": [{"upc": PEDALS, "qty": 1, "tax_per_unit": 7}]}, (400, 1335)),
        ({"items": [{"upc": PEDALS, "qty": "some"}]}, (400, 1000)),
        ({"items": []}, (402, 1327)),
    ],
)
def test_a_whole_cart_that_will_not_do_says_why(
    sandbox: Sandbox, shopper: httpx.Client, change: dict[str, Any], said: tuple[int, int]
) -> None:
    assert said == refused(shopper.post("/cart/validate", json=whole(**change)))
    assert [] == sandbox.do("GET", "/sandbox/orders")["orders"]


@pytest.mark.parametrize(
    ("path", "params", "said"),
    [
        ("/cart/items/add", ADD | {"store_id": "7"}, (404, 1329)),
        ("/cart/items/add", ADD | {"qty": "0"}, (400, 1000)),
        ("/cart/items/add", ADD | {"upc": ""}, (402, 1327)),
        ("/cart/checkout", {}, (402, 1327)),
        ("/conversion/start", {"upc": "0"}, (402, 1327)),
        ("/conversion/store_data", {"upc": TUBE, "only_store_id": "7"}, (404, 1329)),
        (
            "/conversion/store_data",
            {"upc": TUBE, "map_center_lat": "nan", "map_center_lng": "1"},
            (400, 1000),
        ),
        ("/location/switch/91/0", {}, (400, 1000)),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    shopper: httpx.Client, path: str, params: dict[str, str], said: tuple[int, int]
) -> None:
    assert said == refused(shopper.get(path, params=params))


def test_an_order_needs_a_name_and_an_address_that_is_one(shopper: httpx.Client) -> None:
    order_hash = data(shopper.get("/cart/items/add", params=ADD))["cart_hash"]

    assert (400, 1000) == refused(shopper.post("/cart/order", json={"hash": order_hash}))
    assert (400, 1000) == refused(shopper.post("/cart/validate_email", params={"email": "nobody"}))


def test_a_cart_is_for_one_store_and_one_kind(shopper: httpx.Client) -> None:
    data(shopper.get("/cart/items/add", params=ADD))

    assert (400, 1000) == refused(shopper.get("/cart/items/add", params=ADD | {"hold": "true"}))


def test_a_body_that_is_no_json_is_refused(shopper: httpx.Client) -> None:
    assert (400, 1000) == refused(shopper.post("/cart/billing", content=b"{"))


def test_nobody_enters_without_the_key(sandbox: Sandbox) -> None:
    assert (401, 1102) == refused(httpx.get(f"{sandbox.url}{ROOT}/session/id", trust_env=False))


def test_sessions_know_nothing_of_each_other(sandbox: Sandbox, shopper: httpx.Client) -> None:
    order_hash = data(shopper.get("/cart/items/add", params=ADD))["cart_hash"]

    with opened(sandbox) as other:
        assert None is data(other.get("/cart"))["cart_content"]
        assert (402, 1327) == refused(other.post("/cart/order", json={"hash": order_hash, **WHO}))


def test_faults_happen_to_shoppers_too(sandbox: Sandbox, shopper: httpx.Client) -> None:
    sandbox.fault("status", status=429, path="/cart")

    assert [429, 200] == [shopper.get("/cart").status_code for _ in range(2)]


def test_an_order_whose_answer_is_lost_is_there_once(sandbox: Sandbox, shopper: httpx.Client) -> None:
    order_hash = data(shopper.get("/cart/items/add", params=ADD))["cart_hash"]
    sandbox.fault("drop", when="after", path="/cart/order")
    with pytest.raises(httpx.RemoteProtocolError):
        shopper.post("/cart/order", json={"hash": order_hash, **WHO})

    again = data(shopper.post("/cart/order", json={"hash": order_hash, **WHO}))

    assert order_hash == again["cart_hash"]
    assert [9_000] == [one["money"]["held"] for one in sandbox.do("GET", "/sandbox/orders")["orders"]]


def test_the_last_piece_is_sold_once(sandbox: Sandbox, shopper: httpx.Client) -> None:
    sandbox.do("PUT", "/sandbox/shelf", {"items": [{"upc": TUBE, "qty": 1}]})
    order_hash = data(shopper.get("/cart/items/add", params=ADD))["cart_hash"]
    with opened(sandbox) as other:
        faster = data(other.get("/cart/items/add", params=ADD))["cart_hash"]
        data(other.post("/cart/order", json={"hash": faster, **WHO}))

    assert (402, 1327) == refused(shopper.post("/cart/order", json={"hash": order_hash, **WHO}))


def test_a_browser_on_another_site_may_ask(sandbox: Sandbox) -> None:
    """As it does before the SDK's own requests: with credentials, and with the SDK's headers."""
    headers = ["locally-api-token", "locally-sdk-version", "locally-api-session-id"]
    asked = {"Origin": "https://shop.example.com", "Access-Control-Request-Method": "GET"}

    answer = httpx.options(
        f"{sandbox.url}{ROOT}/cart",
        headers=asked | {"Access-Control-Request-Headers": ",".join(headers)},
        trust_env=False,
    )

    assert (200, "https://shop.example.com", "true") == (
        answer.status_code,
        answer.headers["access-control-allow-origin"],
        answer.headers["access-control-allow-credentials"],
    )
    assert set(headers) <= set(answer.headers["access-control-allow-headers"].split(","))


@pytest.mark.parametrize(("processor", "status"), [("declines", 402), ("down", 500)])
def test_a_card_that_cannot_be_charged_is_said_to_the_shop(
    sandbox: Sandbox, shopper: httpx.Client, processor: str, status: int
) -> None:
    """A refusal stays one under its key; a processor that is down may be asked again."""
    order_hash = data(shopper.get("/cart/items/add", params=ADD))["cart_hash"]
    ordered = data(shopper.post("/cart/order", json={"hash": order_hash, **WHO}))
    item = ordered["cart_content"]["cart"]["items"][0]["id"]
    path = f"{sandbox.url}/api/v2/cart/{order_hash}/items/{item}/confirm"

    def say() -> int:
        return shopper.post(path, json={"message": ""}, headers={"Idempotency-Key": "k-1"}).status_code

    sandbox.behave(processor=processor)
    first = say()
    sandbox.behave()

    assert (status, 402 if status == 402 else 200) == (first, say())


def test_shoppers_see_what_the_shop_fed_until_it_is_too_old(tmp_path: Path) -> None:
    """Pieces and prices of the feed, the catalogue's price where it has none, and nothing after 72 hours."""
    catalogue, customers, inbox = (tmp_path / name for name in ("catalogue.csv", "customers.csv", "inbox"))
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    customers.write_text(CUSTOMERS, encoding="utf-8")
    inbox.mkdir()
    options = ["--orders", "0", "--feeds", str(inbox)]
    with (
        start(catalogue=catalogue, customers=customers, options=options) as sandbox,
        opened(sandbox) as client,
    ):
        (inbox / "inventory-20301.csv").write_text(f"upc,qty,price\n{TUBE},3,8500\n601842495575,1,\n")

        def shown(upc: str) -> tuple[Any, Any]:
            found = data(client.get("/conversion/store_data", params={"upc": upc}))["markers"][0]
            return found["qoh"], found["price"]

        fed = [shown(TUBE), shown("601842495575"), shown(PEDALS)]
        order_hash = data(client.get("/cart/items/add", params=ADD))["cart_hash"]
        ordered = data(client.post("/cart/order", json={"hash": order_hash, **WHO}))
        after = shown(TUBE)
        sandbox.behave(hours_ahead=73)
        too_old = client.get("/cart/items/add", params=ADD)

    assert [(3, 8_500), (1, 120_000), (0, None)] == fed
    assert (8_500, (2, 8_500)) == (ordered["cart_content"]["cart"]["grand_total"], after)
    assert (402, 1327) == refused(too_old)


def test_a_shop_of_reservations_only_sells_nothing_by_card(tmp_path: Path) -> None:
    catalogue, customers = tmp_path / "catalogue.csv", tmp_path / "customers.csv"
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    customers.write_text(CUSTOMERS, encoding="utf-8")
    options = ["--orders", "0", "--reservations-only"]
    with (
        start(catalogue=catalogue, customers=customers, options=options) as sandbox,
        opened(sandbox) as client,
    ):
        found = data(client.get("/conversion/store_data", params={"upc": TUBE}))
        bought = client.get("/cart/items/add", params=ADD)
        reserved = data(client.get("/cart/items/add", params=ADD | {"hold": "true"}))

    assert {"bopis": 0, "ropis": 1} == found["markers"][0]["acquisition_options"]
    assert (403, 1101) == refused(bought)
    assert 1 == reserved["cart_content"]["cart"]["for_hold"]

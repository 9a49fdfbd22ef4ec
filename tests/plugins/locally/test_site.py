"""The sandbox's own pages: a person orders as a shopper would, changes their mind, and breaks things."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet

from plugins.locally.bad_days import OPENING, STAFF, TUBE, BadDay
from tillbridge.guided import Doing
from tillbridge.model.status import Act, Status
from tillbridge_locally.sandbox.process import Sandbox

WHO = {"full_name": "김하늘", "email": "haneul.kim@example.com", "phone": "010-0000-1001"}
ORDER = {"upc": TUBE, "store": "20301", "qty": "2", "kind": "bopis", "card": "works", **WHO}


@pytest.fixture
def browser(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """A browser that reads English; the sandbox has no orders."""
    with httpx.Client(base_url=sandbox.url, trust_env=False, follow_redirects=True) as client:
        client.headers["Accept-Language"] = "en"
        yield client
    sandbox.recover()


def text(answer: httpx.Response) -> str:
    """What a page says, without its tags."""
    assert answer.headers["content-type"].startswith("text/html")
    body = answer.text.partition("<main>")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def place(browser: httpx.Client, **change: str) -> str:
    """Order, and return the hash that the browser is led to."""
    answer = browser.post("/order", data=ORDER | change)
    assert 200 == answer.status_code, text(answer)
    return str(answer.url).rpartition("/")[2]


def decide(sandbox: Sandbox, order_hash: str, verdict: str, message: str = "") -> None:
    item = sandbox.order(order_hash)["order"]["cart"]["items"][0]["id"]
    httpx.post(
        f"{sandbox.url}/api/v2/cart/{order_hash}/items/{item}/{verdict}",
        headers={"Locally-Api-Token": sandbox.secrets["api_token"]},
        json={"message": message},
        trust_env=False,
    ).raise_for_status()


def item_of(sandbox: Sandbox, order_hash: str) -> dict[str, Any]:
    return dict(sandbox.order(order_hash)["order"]["cart"]["items"][0])


def test_the_shop_window_shows_what_each_store_has(sandbox: Sandbox, browser: httpx.Client) -> None:
    sandbox.do("PUT", "/sandbox/shelf", {"items": [{"upc": TUBE, "qty": 0}]})

    said = text(browser.get("/"))

    assert "6 of 6 products" in said
    assert "페달 시마루 · 736745040314 10 in stock ₩38,500 Choose" in said
    assert "튜브 700C 슈발로 · 727602259178 Sold out ₩9,000" in said


def test_a_product_is_found_by_name_or_number(browser: httpx.Client) -> None:
    assert "2 of 2 products" in text(browser.get("/", params={"q": "헬멧"}))
    assert "1 of 1 products" in text(browser.get("/", params={"q": TUBE}))


@pytest.mark.parametrize(
    ("asked", "accepted", "said"),
    [
        ("", "ko-KR,ko;q=0.9", "쇼핑"),
        ("", "fr", "Shop"),
        ("?lang=ko", "en", "쇼핑"),
        ("?lang=xx", "en", "Shop"),
    ],
)
def test_a_page_speaks_the_readers_language(
    browser: httpx.Client, asked: str, accepted: str, said: str
) -> None:
    answer = browser.get(f"/{asked}", headers={"Accept-Language": accepted})

    assert f"<h2>{said}</h2>" in answer.text


def test_the_chosen_language_stays(browser: httpx.Client) -> None:
    browser.get("/?lang=ko")

    assert '<html lang="ko">' in browser.get("/orders").text


def test_the_form_leads_to_an_order_that_waits_with_its_card_held(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    """Everything that the form asked for is in the order."""
    form = browser.get("/order", params={"upc": TUBE, "store": "20301"}).text
    names = set(re.findall(r'name="(\w+)"', form))
    assert {"upc", "store", "kind", "qty", "full_name", "email", "phone", "mailing_consent"} <= names

    order_hash = place(browser, mailing_consent="1")

    cart = sandbox.order(order_hash)["order"]["cart"]
    assert ("김", "하늘", "010-0000-1001", True, 2) == (
        *(cart[name] for name in ("last_name", "first_name", "phone", "mailing_consent")),
        cart["items"][0]["qty"],
    )
    said = text(browser.get(f"/orders/{order_hash}"))
    assert "Waiting for the store" in said
    assert "held 튜브 700C ₩18,000" in said


def test_a_reservation_is_paid_in_the_store(sandbox: Sandbox, browser: httpx.Client) -> None:
    order_hash = place(browser, kind="ropis")

    assert 1 == sandbox.order(order_hash)["order"]["cart"]["for_hold"]
    assert "Nothing: it is paid in the store." in text(browser.get(f"/orders/{order_hash}"))


def test_a_form_sent_twice_is_one_order(sandbox: Sandbox, browser: httpx.Client) -> None:
    form = browser.get("/order", params={"upc": TUBE}).text
    session = re.search(r'name="session" value="(\w+)"', form)
    assert session

    first, second = (place(browser, session=session[1]) for _ in range(2))

    assert first == second
    assert 1 == len(sandbox.do("GET", "/sandbox/orders")["orders"])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"qty": "11"}, "This item is no longer available in this quantity."),
        ({"qty": "-1"}, "A quantity must be a whole number, and at most 99."),
        ({"email": "nobody"}, "This is no e-mail address."),
        ({"full_name": " "}, "A name and an e-mail address are needed to order."),
        ({"card": "declined"}, "the card was declined"),
    ],
)
def test_what_cannot_be_ordered_says_why_and_keeps_what_was_said(
    sandbox: Sandbox, browser: httpx.Client, change: dict[str, str], why: str
) -> None:
    answer = browser.post("/order", data=ORDER | change)

    assert (400, []) == (answer.status_code, sandbox.do("GET", "/sandbox/orders")["orders"])
    assert why in text(answer)
    assert 'value="010-0000-1001"' in answer.text
    assert 200 == browser.get(f"/order?upc={TUBE}&store=20301&lang=ko").status_code
    assert f'href="/order?upc={TUBE}&amp;store=20301&amp;lang=ko"' in answer.text


def test_what_was_refused_can_be_sent_again(browser: httpx.Client) -> None:
    """The form that comes back has the same session, and the cart of the first try is not in it twice."""
    answer = browser.post("/order", data=ORDER | {"card": "declined"})
    session = re.search(r'name="session" value="(\w+)"', answer.text)
    assert session

    order_hash = place(browser, session=session[1])

    assert "held 튜브 700C ₩18,000" in text(browser.get(f"/orders/{order_hash}"))


def test_an_order_tells_what_the_store_said(sandbox: Sandbox, browser: httpx.Client) -> None:
    order_hash = place(browser)
    decide(sandbox, order_hash, "confirm", "선반 3에 있습니다.")
    decide(sandbox, order_hash, "ready")

    said = text(browser.get(f"/orders/{order_hash}"))

    assert "Ready for pick-up" in said
    assert "charged 튜브 700C ₩18,000" in said
    assert "accepted 튜브 700C 선반 3에 있습니다." in said


def test_every_order_is_listed_even_a_damaged_one(sandbox: Sandbox, browser: httpx.Client) -> None:
    sandbox.reset()

    said = text(browser.get("/orders"))

    assert 24 == len(re.findall(r"/orders/[A-Z0-9]+\"", browser.get("/orders").text))
    assert "Picked up" in said


def test_every_order_has_its_pages_even_a_damaged_one(sandbox: Sandbox, browser: httpx.Client) -> None:
    sandbox.reset()
    damaged = sandbox.place(order={"cart": {"status": ["?"], "items": [{"id": 1, "qty": "<b>"}, 7]}})
    hashes = [one["hash"] for one in sandbox.do("GET", "/sandbox/orders")["orders"]]

    pages = [browser.get(f"/orders/{one}{more}") for one in hashes for more in ("", "/change")]

    assert {200} == {answer.status_code for answer in pages}
    assert "damaged on purpose" in text(browser.get(f"/orders/{damaged}"))
    assert 400 == browser.post(f"/orders/{damaged}/cancel").status_code


def test_the_shopper_edits_an_order_that_waits(sandbox: Sandbox, browser: httpx.Client) -> None:
    order_hash = place(browser)
    item = str(item_of(sandbox, order_hash)["id"])

    said = text(browser.post(f"/orders/{order_hash}/change", data={item: "5"}))

    assert "₩45,000" in said
    assert 45_000 == sandbox.order(order_hash)["money"]["held"]
    assert "no longer available" in text(browser.post(f"/orders/{order_hash}/change", data={item: "11"}))


def test_taking_out_every_item_cancels_the_order(sandbox: Sandbox, browser: httpx.Client) -> None:
    order_hash = place(browser)

    browser.post(f"/orders/{order_hash}/change", data={str(item_of(sandbox, order_hash)["id"]): "0"})

    order = sandbox.order(order_hash)
    assert ("cancelled", 18_000) == (order["status"], order["money"]["released"])


def test_what_the_store_has_decided_on_is_not_edited(sandbox: Sandbox, browser: httpx.Client) -> None:
    order_hash = place(browser)
    decide(sandbox, order_hash, "confirm")
    item = str(item_of(sandbox, order_hash)["id"])

    answer = browser.post(f"/orders/{order_hash}/change", data={item: "1"})

    assert "The store has decided on this item already." in text(answer)
    assert "Change the order" not in text(browser.get(f"/orders/{order_hash}"))


@pytest.mark.parametrize(("decisions", "given_back"), [([], "released"), (["confirm"], "refunded")])
def test_the_shopper_cancels(
    sandbox: Sandbox, browser: httpx.Client, decisions: list[str], given_back: str
) -> None:
    order_hash = place(browser)
    for verdict in decisions:
        decide(sandbox, order_hash, verdict)

    said = text(browser.post(f"/orders/{order_hash}/cancel"))

    assert "Cancelled" in said
    assert 18_000 == sandbox.order(order_hash)["money"][given_back]
    assert "The order is over" in text(browser.post(f"/orders/{order_hash}/cancel"))


def api(sandbox: Sandbox) -> int:
    return httpx.get(
        f"{sandbox.url}/api/v2/company/4711",
        headers={"Locally-Api-Token": sandbox.secrets["api_token"]},
        trust_env=False,
    ).status_code


@pytest.mark.parametrize(("button", "status"), [("busy", 429), ("broken", 500), ("key", 401)])
def test_a_button_lets_things_go_wrong_and_another_lets_them_be_well(
    sandbox: Sandbox, browser: httpx.Client, button: str, status: int
) -> None:
    """The pages themselves stay well."""
    browser.post("/faults", data={"do": button})
    assert status == api(sandbox)
    assert 200 == browser.get("/faults").status_code

    browser.post("/faults", data={"do": "well"})

    assert 200 == api(sandbox)


def test_every_button_does_something_and_a_switch_takes_it_back(browser: httpx.Client) -> None:
    page = browser.get("/faults").text
    buttons = [name for name in re.findall(r'name="do" value="(\w+)"', page) if name != "well"]
    assert {"busy", "broken", "slow", "cut", "repeats", "restless", "key", "clock"} <= set(buttons)

    for button in buttons:
        before = browser.get("/faults").text
        assert before != browser.post("/faults", data={"do": button}).text, button
    for button in ("repeats", "restless", "key", "clock", "down"):
        browser.post("/faults", data={"do": button})

    assert "Switch off" not in text(browser.get("/faults"))


@pytest.fixture
def listener(sandbox: Sandbox) -> Iterator[str]:
    """Where the sandbox's webhooks go: nobody is there, which is answered 0."""
    sandbox.hook(url="http://127.0.0.1:9/", waits=[])
    yield sandbox.url
    sandbox.hook(url="")


def test_without_an_address_for_webhooks_there_are_no_buttons_for_them(browser: httpx.Client) -> None:
    assert "Webhooks go nowhere yet" in text(browser.get("/faults"))


@pytest.mark.usefixtures("listener")
@pytest.mark.parametrize("button", ["lost", "doubled", "disordered", "wrong_token"])
def test_webhooks_go_wrong_at_a_click(browser: httpx.Client, button: str) -> None:
    assert "3 waiting" in text(browser.post("/faults", data={"do": button}))
    place(browser)
    assert "2 waiting" in text(browser.get("/faults"))

    assert "waiting" not in text(browser.post("/faults", data={"do": "well"}))


def test_another_site_cannot_press_the_buttons(sandbox: Sandbox, browser: httpx.Client) -> None:
    answer = browser.post("/faults", data={"do": "key"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert (403, 200) == (answer.status_code, api(sandbox))


def test_what_was_typed_is_shown_as_it_was_typed(browser: httpx.Client) -> None:
    order_hash = place(browser, full_name='<script>"&')

    page = browser.get(f"/orders/{order_hash}")

    assert '<script>"&' in text(page)
    assert "<script>" not in page.text


@pytest.mark.parametrize("path", ["/orders/NONE", "/orders/NONE/change", "/order?upc=0"])
def test_a_page_that_there_is_not_says_so(browser: httpx.Client, path: str) -> None:
    answer = browser.get(path)

    assert 404 == answer.status_code
    assert "<h2>" in answer.text


@pytest.fixture
def day(sqlite_url: str, sandbox: Sandbox) -> Iterator[BadDay]:
    """A shop that is connected to the sandbox; nothing is bad on this day."""
    day = BadDay(sqlite_url, sandbox, key=Fernet.generate_key().decode())
    yield day
    day.close()


@pytest.mark.row("S5")
def test_what_is_ordered_on_the_page_is_sold_and_its_state_comes_back(
    day: BadDay, browser: httpx.Client
) -> None:
    order_hash = place(browser)
    day.poll()
    (order,) = day.engine.orders()
    assert (Status.NEW, OPENING - 2) == (order.status, day.on_hand())

    day.engine.act(order.id, Doing(act=Act.ACCEPT), STAFF)
    day.engine.deliver()

    said = text(browser.get(f"/orders/{order_hash}"))
    assert "Confirmed" in said
    assert "charged 튜브 700C ₩18,000" in said


def test_a_cancellation_on_the_page_reaches_the_shop(day: BadDay, browser: httpx.Client) -> None:
    order_hash = place(browser)
    day.poll()
    browser.post(f"/orders/{order_hash}/cancel")

    day.poll()
    day.engine.deliver()
    day.poll()

    (order,) = day.engine.orders()
    assert (Status.ARCHIVED, "cancelled", OPENING) == (order.status, order.standing, day.on_hand())

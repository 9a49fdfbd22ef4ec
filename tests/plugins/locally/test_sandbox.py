"""The sandbox itself: every situation once, the same by seed, and never longer alive than who started it."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

import tillbridge_locally
from plugins.locally.samples import CATALOGUE, CUSTOMERS
from tillbridge.model.totals import TotalsMismatch, balanced
from tillbridge.plugin import (
    Connection,
    IdentifierKind,
    NotAnOrder,
    PayloadError,
    Standing,
    WebOrder,
    read_gtin,
)
from tillbridge_locally.sandbox.process import Sandbox, SandboxError, start
from tillbridge_locally.sandbox.scenarios import SITUATIONS

Connect = Callable[..., Connection]


@pytest.fixture
def full(locally_sandbox: Sandbox) -> Sandbox:
    """The sandbox with one order of each situation."""
    locally_sandbox.reset()
    return locally_sandbox


@pytest.fixture
def answers(full: Sandbox, connected: Connect) -> dict[str, Any]:
    """What the parser makes of each situation."""
    connection = connected()
    full.reset()
    situations = {one["hash"]: one["situation"] for one in full.do("GET", "/sandbox/orders")["orders"]}
    found: dict[str, Any] = {}
    for page in tillbridge_locally.fetch_orders(connection, None):
        for raw in page.orders:
            try:
                answer: Any = tillbridge_locally.parse_order(connection, raw)
            except PayloadError as error:
                answer = error
            found[situations[str(raw.order_id)]] = answer
    return found


def test_every_situation_is_there(answers: dict[str, Any]) -> None:
    assert set(SITUATIONS) == set(answers)
    assert {"quantity_as_text", "cut_off"} == {
        name for name, answer in answers.items() if isinstance(answer, PayloadError)
    }
    assert {"not_ordered"} == {name for name, answer in answers.items() if isinstance(answer, NotAnOrder)}


def test_the_numbers_add_up_but_where_they_must_not(answers: dict[str, Any]) -> None:
    """The engine's own check passes on every order but the one made wrong."""
    wrong = set()
    for name, order in answers.items():
        if isinstance(order, WebOrder):
            try:
                balanced(order)
            except TotalsMismatch:
                wrong.add(name)

    assert {"wrong_total"} == wrong


def test_situations_are_what_they_say(answers: dict[str, Any]) -> None:
    """A look at those whose point is in one field."""
    short = answers["upc_without_check_digit"].lines[0].values(IdentifierKind.GTIN)[0]
    standings = {name: answers[name].standing for name in ("unpaid", "cancelled", "picked_up")}

    assert {
        "unpaid": Standing.UNPAID,
        "cancelled": Standing.CANCELLED,
        "picked_up": Standing.FULFILLED,
    } == standings
    assert read_gtin(short).gtin is None
    assert (False, None) == (
        answers["anonymous_email"].customer.email_usable,
        answers["anonymous_email"].customer.id,
    )
    assert "family@example.com" == answers["shared_email"].customer.email
    assert ("HL-200",) == answers["shared_part_number"].lines[0].values(IdentifierKind.VPN)
    assert () == answers["part_number_only"].lines[0].values(IdentifierKind.GTIN)
    assert answers["consent"].customer.consent is not None
    assert "04386" == answers["store_address"].shipping_address.postcode


def test_initial_orders_are_of_the_last_three_hours(answers: dict[str, Any]) -> None:
    placed = [order.placed_at for order in answers.values() if isinstance(order, WebOrder)]

    assert min(placed) > datetime.now(UTC) - timedelta(hours=3, minutes=1)
    assert max(placed) < datetime.now(UTC)


def test_the_same_seed_makes_the_same_orders(full: Sandbox) -> None:
    def made(seed: int) -> list[Any]:
        full.reset(seed=seed)
        timeless = full.do("GET", "/sandbox/orders")["orders"]
        for one in timeless:
            one["order"]["cart"].pop("ordered_at")
            one["order"]["cart"].pop("updated_at")
            one["order"]["cart"].pop("payments", None)
            one.pop("payments")
            one.pop("updated_at")
        return list(timeless)

    assert made(5) == made(5)
    assert made(5) != made(6)


def test_a_whole_order_stands_as_it_was_given(sandbox: Sandbox) -> None:
    """Damage and all; only a hash and times that are missing are added."""
    order_hash = sandbox.place(
        order={"cart": {"hash": "ABC123", "qty": "none", "updated_at": "2026-03-02T10:00:00Z"}}
    )

    assert "ABC123" == order_hash
    assert "none" == sandbox.order("ABC123")["order"]["cart"]["qty"]


@pytest.mark.parametrize("hours", [0, 5, -5])
@pytest.mark.parametrize("path", ["/api/v2/orders", "/api/v2/nowhere", "/sandbox/orders"])
def test_its_answers_are_dated_by_its_own_clock(sandbox: Sandbox, hours: int, path: str) -> None:
    """Once each: a second date would be the computer's."""
    sandbox.behave(hours_ahead=hours)

    answer = httpx.get(f"{sandbox.url}{path}", trust_env=False)

    (date,) = answer.headers.get_list("date")
    ahead = parsedate_to_datetime(date) - datetime.now(UTC)
    assert abs(ahead - timedelta(hours=hours)) < timedelta(minutes=1)


def test_the_client_finds_that_its_clock_is_hours_off(sandbox: Sandbox, connected: Connect) -> None:
    """It is what the doctor asks."""
    sandbox.behave(hours_ahead=5)
    connection = connected()

    tillbridge_locally.check_connection(connection)

    ahead = connection.http.service_ahead
    assert ahead is not None
    assert abs(ahead - timedelta(hours=5)) < timedelta(minutes=1)


def test_half_a_sign_is_served_as_it_was_given(sandbox: Sandbox) -> None:
    """A lone surrogate is no text for UTF-8, but JSON can say it; the amounts keep their digits beside it."""
    body = rb'{"order": {"cart": {"hash": "HALF01", "note\ud800": "\ud800", "total": 12.50}}}'
    assert 201 == sandbox.control.post("/sandbox/orders", content=body).status_code

    headers = {"Locally-Api-Token": sandbox.secrets["api_token"]}
    served = httpx.get(f"{sandbox.url}/api/v2/cart/HALF01", headers=headers, trust_env=False)

    assert 200 == served.status_code
    assert rb'"note\ud800": "\ud800", "total": 12.50' in served.content


def test_an_impossible_wish_is_refused_in_words(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="no product '000'"):
        sandbox.place(lines=[{"upc": "000"}])
    with pytest.raises(SandboxError, match="no situation 'storm'"):
        sandbox.place(situation="storm")


def test_a_new_customer_and_a_delivery_address(sandbox: Sandbox) -> None:
    """The short form takes a person by fields, and an address to deliver to."""
    order_hash = sandbox.place(
        lines=[{"upc": "727602259178", "qty": 2}],
        customer={"name": "오솔길", "email": "solgil@example.com"},
        delivery={"address": "새길 1", "city": "수원시", "zip": "16490"},
        kind="bopis",
    )
    cart = sandbox.order(order_hash)["order"]["cart"]

    assert ("오", "솔길", 18_000, "새길 1") == (
        cart["last_name"],
        cart["first_name"],
        cart["grand_total"],
        cart["delivery_address"],
    )


def test_the_control_door_wants_its_token(sandbox: Sandbox) -> None:
    bare = httpx.get(f"{sandbox.url}/sandbox/orders", trust_env=False)
    with_api_token = httpx.get(
        f"{sandbox.url}/sandbox/orders",
        headers={"Authorization": f"Bearer {sandbox.secrets['api_token']}"},
        trust_env=False,
    )

    assert (401, 401) == (bare.status_code, with_api_token.status_code)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """The shop's product file."""
    file = tmp_path / "catalogue.csv"
    file.write_text(CATALOGUE, encoding="utf-8")
    return file


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """The shop's customer file."""
    file = tmp_path / "customers.csv"
    file.write_text(CUSTOMERS, encoding="utf-8")
    return file


def test_it_ends_with_who_started_it(catalogue: Path, customers: Path) -> None:
    """Its standard input closes: the process ends by itself, without an error."""
    with start(catalogue=catalogue, customers=customers) as sandbox:
        process = sandbox.process

    assert 0 == process.returncode


def test_a_korean_shop_with_reservations_only(catalogue: Path, customers: Path) -> None:
    """No paid order exists, and the situations that need one are said to be impossible."""
    with start(catalogue=catalogue, customers=customers, options=["--reservations-only"]) as sandbox:
        shown = sandbox.do("GET", "/sandbox/orders")

    assert {"unpaid", "shipping"} == set(shown["impossible"])
    assert {1} == {one["order"]["cart"].get("for_hold", 1) for one in shown["orders"]}
    assert sandbox.settings["reservations_only"]


def test_what_goes_wrong_can_be_said_on_the_command_line(catalogue: Path, customers: Path) -> None:
    options = ["--fault", "status:status=429,retry_after=Wed, 21 Oct 2026 07:28:00 GMT", "--quirk", "repeats"]
    with start(catalogue=catalogue, customers=customers, options=options) as sandbox:
        token = {"Locally-Api-Token": sandbox.secrets["api_token"]}
        answers = [
            httpx.get(f"{sandbox.url}/api/v2/company/4711", headers=token, trust_env=False) for _ in range(2)
        ]

    assert [429, 200] == [answer.status_code for answer in answers]
    assert "Wed, 21 Oct 2026 07:28:00 GMT" == answers[0].headers["retry-after"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fault", "storm"], "Invalid value 'storm'"),
        (["--fault", "drop:often=2"], "unknown field `often`"),
        (["--quirk", "sleepy"], "unknown field `sleepy`"),
    ],
)
def test_a_fault_that_there_is_not_is_refused_with_those_that_there_are(
    catalogue: Path, customers: Path, options: list[str], said: str
) -> None:
    program = [sys.executable, "-m", "tillbridge_locally.sandbox"]
    ended = subprocess.run(
        [*program, "--catalogue", str(catalogue), "--customers", str(customers), *options],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )

    assert 1 == ended.returncode
    assert said in ended.stderr
    assert "There are: " in ended.stderr


def test_a_closed_port_refuses_connections_until_it_is_opened(sandbox: Sandbox) -> None:
    with httpx.Client(base_url=sandbox.url, trust_env=False) as kept_alive:
        assert 401 == kept_alive.get("/api/v2/orders").status_code
        sandbox.turn(open_=False)
        with pytest.raises(httpx.ConnectError):
            kept_alive.get("/api/v2/orders")
        sandbox.turn(open_=True)

        assert 401 == kept_alive.get("/api/v2/orders").status_code


def test_orders_arrive_and_one_changes_by_itself(catalogue: Path, customers: Path) -> None:
    with start(
        catalogue=catalogue,
        customers=customers,
        options=["--orders", "0", "--arrive", "0.05", "--change-after", "0.05"],
    ) as sandbox:
        until = datetime.now(UTC) + timedelta(seconds=10)
        while not (arrived := sandbox.do("GET", "/sandbox/orders")["orders"]) and datetime.now(UTC) < until:
            pass

    assert "known_ropis" == arrived[0]["situation"]


def test_a_file_that_cannot_be_used_is_named(catalogue: Path, customers: Path) -> None:
    catalogue.write_text("sku,price\n1,2\n", encoding="utf-8")
    program = [sys.executable, "-m", "tillbridge_locally.sandbox"]
    ended = subprocess.run(
        [*program, "--catalogue", str(catalogue), "--customers", str(customers)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )

    assert 1 == ended.returncode
    assert "catalogue.csv: the columns description, upc, vpn are missing" in ended.stderr

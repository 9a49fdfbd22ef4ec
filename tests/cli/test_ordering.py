"""The main job by command: poll, look, decide, and mend."""

import pytest

from orders import HELMET, line
from tillbridge.engine import Engine
from tillbridge.model.errors import Retryable
from tillbridge.model.orders import WebCustomer
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer

STRANGER = WebCustomer(full_name="이영희", email="who@example.com")
ORDER_KEYS = {
    "id", "connection", "webstore_id", "number", "kind", "status", "reason", "reasons", "customer", "barcode",
    "currency", "total_minor", "lines",
}  # fmt: skip


@pytest.mark.row("S5")
def test_a_poll_sells_what_is_known(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()

    answer = shop("poll", "--json")

    assert 0 == answer.code
    numbers = {"fetched": 1, "new": 1, "changed": 0, "sold": 1, "waiting": 0, "failed": 0, "trouble": None}
    assert numbers.items() <= answer.data["web"].items()
    (order,) = shop("orders", "--json").data
    assert ("New", None, []) == (order["status"], order["reason"], order["reasons"])
    assert order["barcode"]
    assert 9 == shop("catalogue", "show", HELMET, "--json").data["on_hand"]["seoul"]


def test_orders_as_json_have_the_keys_that_scripts_rely_on(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")

    (order,) = shop("orders", "--json").data

    assert order.keys() >= ORDER_KEYS
    expected = {
        "id": 1, "connection": "web", "webstore_id": "A1", "number": "A1", "kind": "ropis", "customer": "C1",
        "customer_name": "김민수", "currency": "KRW", "total_minor": 50_000,
    }  # fmt: skip
    assert expected.items() <= order.items()
    (item,) = order["lines"]
    assert {"gtin": HELMET, "quantity": 1, "total_minor": 50_000, "product": "P1"}.items() <= item.items()
    assert "sku" in item


@pytest.mark.row("S6")
def test_an_order_says_everything_that_it_waits_for(shop, lately):
    shop.webstore.offer(lately("A1", line(gtin="00605284574539", title="자물쇠"), customer=STRANGER))
    shop.connect()

    assert 1 == shop("poll", "--json").data["web"]["waiting"]

    (order,) = shop("orders", "--json").data
    assert "Customer ID Required" == order["status"]
    assert 2 == len(order["reasons"])
    assert order["reason"] == order["reasons"][0]
    assert (None, None) == (order["customer"], order["barcode"])
    assert "자물쇠" in shop("orders").text


@pytest.mark.row("S12")
def test_after_the_customer_was_added_process_sale_sells_the_order(shop, lately):
    shop.webstore.offer(lately("A1", customer=STRANGER))
    shop.connect()
    shop("poll")
    with Engine("sqlite:///tillbridge.db") as engine:
        assert isinstance(engine.pos, EmbeddedPos)
        engine.pos.add_customer(NewCustomer(name="이영희", emails=("who@example.com",)))

    answer = shop("order", "status", "A1", "Process Sale", "--who", "지은", "--json")

    assert (0, "New") == (answer.code, answer.data["status"])
    timeline = shop("order", "show", "A1", "--json").data["timeline"]
    assert "지은" in [entry["who"] for entry in timeline]


def test_statuses_are_taken_in_korean_and_in_any_case(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")

    assert 1 == len(shop("orders", "--status", "신규", "--json").data)
    assert 1 == len(shop("orders", "--status", "new", "--status", "archived", "--json").data)
    assert [] == shop("orders", "--status", "Sale_Processing_Failed", "--json").data


def test_what_the_status_table_does_not_allow_is_code_3_and_says_what_is_possible(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")

    answer = shop("order", "status", "A1", "Ready for Pickup")

    assert 3 == answer.code
    assert "Possible now: In Process, Rejected." in answer.err


def test_a_decision_is_undone_while_nothing_was_sent(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")
    shop("order", "status", "A1", "In Process")

    assert "New" == shop("order", "undo", "A1", "--json").data["status"]
    assert [] == shop.webstore.told


def test_a_poll_sends_what_was_decided(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")
    shop("order", "status", "A1", "Rejected", "--reason", "품절")

    shop("poll")

    assert ["품절"] == [one.reason for one in shop.webstore.told]
    assert 10 == shop("catalogue", "show", HELMET, "--json").data["on_hand"]["seoul"]
    assert 3 == shop("order", "undo", "A1").code


@pytest.mark.row("S25")
def test_an_order_is_fetched_again_by_command(shop, lately):
    shop.webstore.offer(lately("A1", customer=STRANGER))
    shop.connect()
    shop("poll")
    shop.webstore.offer(lately("A1"))

    assert "New" == shop("order", "check", "A1", "--json").data["status"]


def test_an_order_is_named_by_its_id_its_number_or_its_barcode(shop, lately):
    shop.webstore.offer(lately("A1", number="W-1001"))
    shop.connect()
    shop("poll")
    barcode = shop("orders", "--json").data[0]["barcode"]

    assert {1} == {
        shop("order", "show", name, "--json").data["id"] for name in ("1", "A1", "W-1001", barcode)
    }


def test_an_order_that_does_not_exist_is_code_2(shop):
    answer = shop("order", "show", "99", "--json")

    assert (2, "not_found") == (answer.code, answer.data["error"]["code"])


def test_an_order_is_shown_with_its_lines_and_what_happened(shop, lately):
    shop.webstore.offer(lately("A1", line(title="헬멧 L")))
    shop.connect()
    shop("poll")

    english, korean = shop("order", "show", "A1").text, shop("order", "show", "A1", "--lang", "ko").text

    for part in ("헬멧 L", "₩50,000", "New", "Possible now In Process, Rejected"):
        assert part in english
    for part in ("헬멧 L", "₩50,000", "신규", "지금 가능한 상태 처리 중, 거부"):
        assert part in korean


def test_times_are_the_stores(shop, lately):
    placed = lately("A1").placed_at
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")

    assert f"{(placed.hour + 9) % 24:02}:{placed.minute:02}" in shop("orders").text


def test_a_name_from_outside_is_no_markup(shop, lately):
    shop.webstore.offer(lately("A1", customer=WebCustomer(full_name="[red]이[/red]", email="x@example.com")))
    shop.connect()
    shop("poll")

    assert "[red]이[/red]" in shop("orders").text


@pytest.mark.row("S1")
def test_a_dry_run_keeps_nothing(shop, lately):
    shop.webstore.offer(lately("A1"))
    shop.connect()

    answer = shop("poll", "--dry-run", "--json")

    assert {"New": 1} == answer.data["web"]["would_be"]
    assert "1 would be sold" in shop("poll", "--dry-run").text
    assert [] == shop("orders", "--json").data


def test_a_connection_in_trouble_is_code_1_and_does_not_stop_the_others(shop, lately):
    shop.connect()
    shop("connect", "memory", "--name", "other", "--set", "shop=s2")
    shop.webstore.offer(lately("A1"))
    calls = []

    def away_at_first(call: str) -> None:
        calls.append(call)
        if calls == ["fetch_orders"]:
            raise Retryable("The webstore is away.")

    shop.webstore.before = away_at_first

    answer = shop("poll", "--json")

    assert 1 == answer.code
    assert ["The webstore is away.", None] == [one["trouble"] for one in answer.data.values()]


def test_one_connection_alone_is_polled(shop):
    shop.connect()
    shop("connect", "memory", "--name", "other", "--set", "shop=s2")

    assert ["other"] == list(shop("poll", "--connection", "other", "--json").data)
    assert 2 == shop("poll", "--connection", "third").code
    assert 2 == shop("orders", "--connection", "third").code


def test_no_orders_are_said_in_words(shop):
    assert "There are no such orders." in shop("orders").text
    assert "해당하는 주문이 없습니다." in shop("orders", "--lang", "ko").text


def test_a_poll_without_a_connection_says_how_to_connect(shop):
    assert "tillbridge connect --help" in shop("poll").text


@pytest.mark.row("S18")
def test_what_is_completed_or_archived_leaves_the_list_of_open_orders(shop, lately):
    for number in ("A1", "A2", "A3"):
        shop.webstore.offer(lately(number, customer=STRANGER))
    shop.connect()
    shop("poll")
    shop("order", "status", "A2", "Archived", "--tell", "rejected", "--reason", "sold out")

    assert ["A1", "A3"] == [one["number"] for one in shop("orders", "--open", "--json").data]
    assert ["A1", "A2", "A3"] == [one["number"] for one in shop("orders", "--json").data]


def test_a_narrow_table_breaks_its_sentences_and_leaves_nothing_out(shop, lately, monkeypatch):
    shop.webstore.offer(lately("A1", line("1", gtin="00605284574539", title="자물쇠")))
    shop.connect()
    shop("poll")
    monkeypatch.setenv("COLUMNS", "70")
    shown = shop("orders", "--lang", "ko").out

    assert "…" not in shown
    assert all(part in "".join(shown.split()) for part in ("0060", "4539"))

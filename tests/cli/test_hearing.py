"""Webhooks by command: the address is shown, made anew, taken away; `run --listen` takes what comes."""

import builtins
import json

import httpx
import pytest

from tillbridge.cli import working
from tillbridge.runtime.embedded import Runner

pytestmark = pytest.mark.row("S1")
GOOD = {"Memory-Token": "open sesame"}


@pytest.fixture
def connected(shop):
    shop.connect()
    return shop


def test_the_address_is_made_once_and_shown_again(connected):
    one, two = (connected("connection", "webhook", "web", "--json").data for _ in range(2))

    assert one["address"].startswith("/webhooks/")
    assert (one["address"], None, 0) == (two["address"], two["heard_at"], two["waiting"])


def test_how_its_webhooks_are_stands_with_the_connection_for_scripts(connected):
    (before,) = connected("connections", "--json").data
    connected("connection", "webhook", "web")
    (after,) = connected("connections", "--json").data

    assert before["webhook"] is None
    assert ("not heard yet", None, 0, 0, 0, None) == tuple(
        after["webhook"][name] for name in ("standing", "heard_at", "waiting", "missed", "refused", "why")
    )
    assert after["webhook"]["opened_at"]


def test_the_address_stands_behind_the_one_of_this_computer(connected):
    answer = connected("connection", "webhook", "web", "--at", "https://shop.example/")

    assert answer.out.startswith("https://shop.example/webhooks/")
    assert "No webhook came yet" in answer.text


def test_a_new_address_ends_the_old_one(connected):
    old = connected("connection", "webhook", "web", "--json").data["address"]
    new = connected("connection", "webhook", "web", "--rotate", "--json").data["address"]

    assert old != new


def test_the_address_is_taken_away(connected):
    connected("connection", "webhook", "web")

    assert "has no webhook address any more" in connected("connection", "webhook", "web", "--off").text
    assert 2 == connected("connection", "webhook", "web", "--off").code


def test_only_one_thing_can_be_done_to_it(connected):
    assert 2 == connected("connection", "webhook", "web", "--off", "--rotate").code


def test_run_takes_webhooks_and_fetches_what_they_name(connected, lately, monkeypatch):
    """The order is not in the webstore's list: nothing but the webhook leads to it."""
    path = connected("connection", "webhook", "web", "--json").data["address"]
    connected("poll")
    urls: list[str] = []

    class Ending(Runner):
        def __init__(self, *values, on_event, stop, **more):
            def tell(event):
                on_event(event)
                if event.what == "heard":
                    stop.set()

            super().__init__(*values, on_event=tell, stop=stop, **more)

        def run(self):
            answer = httpx.post(urls[0] + path, json={"orders": ["A1"]}, headers=GOOD, trust_env=False)
            assert 200 == answer.status_code
            super().run()

    data_of = working._event_data

    def noted(event):
        if event.what == "listening":
            urls.append(event.words.en.split()[-1].removesuffix("/webhooks/…"))
        return data_of(event)

    monkeypatch.setattr(working, "Runner", Ending)
    monkeypatch.setattr(working, "_event_data", noted)
    connected.webstore.offer(lately("A1"))

    answer = connected("run", "--listen", "127.0.0.1:0", "--json")

    happened = [json.loads(line)["event"] for line in answer.out.splitlines()]
    assert (0, "listening") == (answer.code, happened[0])
    assert "heard" in happened
    assert "New" == connected("order", "show", "A1", "--json").data["status"]


def test_what_cannot_be_listened_at_is_told_in_words(connected):
    answer = connected("run", "--listen", "here")

    assert (2, True) == (answer.code, "no address to listen at" in answer.err)


def test_a_web_server_that_is_not_installed_is_told_in_words(connected, monkeypatch):
    usual = builtins.__import__

    def lacking(name, *values, **more):
        if name == "tillbridge.api.serving":
            raise ModuleNotFoundError("No module named 'uvicorn'", name="uvicorn")
        return usual(name, *values, **more)

    monkeypatch.setattr(builtins, "__import__", lacking)

    answer = connected("run", "--listen", "127.0.0.1:0")

    assert (2, True) == (answer.code, "pip install 'tillbridge[web]'" in answer.err)

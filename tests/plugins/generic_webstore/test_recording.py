"""`tillbridge profile record` keeps a live webstore's orders as a test, without its people and secrets."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk_profile import PROFILE
from plugins.generic_webstore.woo.server import WooServer, serving_today
from tillbridge.cli.running import run
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.recording.redacting import Redactor

KIOSK = load_profile(
    PROFILE.replace("[lines]", '[order.customer]\nname = "who"\nemail = "mail"\nphone = "call"\n[lines]'),
    "shop.toml",
).profile


def redacted(payload: Any, *secrets: str) -> str:
    redactor = Redactor(KIOSK, secrets)
    redactor.learn(payload)
    return redactor.redact(json.dumps(payload, ensure_ascii=False).encode()).decode()


def test_the_profiles_own_people_are_replaced_wherever_they_stand():
    said = redacted({"who": "김민수", "mail": "minsu@shop.kr", "memo": "김민수님, minsu@shop.kr 로 연락"})

    assert "minsu" not in said
    assert json.loads(said)["who"] == "Person 1"
    assert json.loads(said)["memo"] == "Person 1님, person1@mail.example 로 연락"


def test_a_short_value_may_be_a_part_of_any_word():
    said = json.loads(redacted({"who": "Ann", "memo": "Annual sale", "greeting": "Ann"}))

    assert {"who": "Person 1", "memo": "Annual sale", "greeting": "Person 1"} == said


def test_people_are_found_in_lists_by_what_their_rows_are_and_the_kinds_of_rows_stay():
    """An address and a number of one list; what is only compared tells of nobody."""
    contacts = load_profile(
        PROFILE.replace(
            "[lines]",
            "[order.customer]\nemail = \"contact[?kind=='mail'].value | [0]\"\n"
            "phone = \"contact[?kind=='tel'].value | [0]\"\n[lines]",
        ),
        "shop.toml",
    ).profile
    rows = [{"kind": "mail", "value": "ann@shop.example"}, {"kind": "tel", "value": "+49 30 1234"}]
    redactor = Redactor(contacts, ())
    redactor.learn({"contact": rows})

    said = json.loads(redactor.redact(json.dumps({"contact": rows}).encode()))

    assert said["contact"] == [
        {"kind": "mail", "value": "person1@mail.example"},
        {"kind": "tel", "value": "010-0000-0001"},
    ]


def of_order(more: str, order: Any, **parts: Any) -> dict[str, Any]:
    """Redact what came of an order by a profile that says more of it, and return it."""
    redactor = Redactor(load_profile(PROFILE.replace("[lines]", f"{more}\n[lines]"), "shop.toml").profile, ())
    came = {name: json.dumps(value).encode() for name, value in {"order": order, **parts}.items()}
    redactor.learn_order(came)
    return {name: json.loads(redactor.redact(content)) for name, content in came.items()}


@pytest.mark.parametrize(
    "buyer", ["parties[0]", "parties[?kind == 'buyer'] | [0]", "first(parties[?kind == 'buyer'], parties)[0]"]
)
def test_people_are_replaced_who_are_read_by_a_value_that_is_worked_out_first(buyer):
    """Its name stands in no payload: the buyer would be recorded as he is."""
    more = f'[order.let]\nbuyer = "{buyer}"\n[order.customer]\nname = "_buyer.who"'

    said = of_order(more, {"parties": [{"kind": "buyer", "who": "김민수"}]})

    assert said["order"] == {"parties": [{"kind": "buyer", "who": "Person 1"}]}


def test_people_are_replaced_who_come_by_a_second_call():
    said = of_order('[order.customer]\nname = "_parts.items[0].engraved"', {}, items=[{"engraved": "김민수"}])

    assert said["items"] == [{"engraved": "Person 1"}]


def test_what_only_chooses_a_person_is_kept():
    """A state that is replaced makes another order of it."""
    more = """[order.customer]\nname = "if(gift, find(parties, 'number', buyer).who)\""""

    said = of_order(
        more, {"gift": "opened", "buyer": "10001", "parties": [{"number": "10001", "who": "Kim"}]}
    )

    assert said["order"] == {
        "gift": "opened",
        "buyer": "10001",
        "parties": [{"number": "10001", "who": "Person 1"}],
    }


def test_the_same_value_has_the_same_stand_in():
    said = json.loads(redacted([{"mail": "a@b.kr"}, {"email": "c@d.kr"}, {"email": "a@b.kr"}]))

    assert [one.get("mail") or one["email"] for one in said] == [
        "person1@mail.example",
        "person2@mail.example",
        "person1@mail.example",
    ]


def test_what_webstores_call_people_and_secrets_is_replaced_too():
    payload = {
        "billing": {"name": "Ann Lee", "phone": 1012345678, "address_1": "Hill Road 5", "city": "Leeds"},
        "order_key": "wc_order_abc",
        "customer_ip_address": "203.0.113.9",
        "line": {"name": "Bell", "city": "x"},
    }

    said = json.loads(redacted(payload))

    assert said["billing"] == {
        "name": "Person 1",
        "phone": 9999999999,
        "address_1": "Street 1",
        "city": "City 1",
    }
    assert (said["order_key"], said["customer_ip_address"]) == ("secret-1", "text 1")
    assert said["line"] == {"name": "Bell", "city": "x"}


def test_numbers_and_everything_else_stay_as_they_were_written():
    content = b'{ "total" : 10.50, "rate":1E-1,\n "name":"Bell", "who": "Ann" }'
    redactor = Redactor(KIOSK, [])
    redactor.learn(json.loads(content))

    assert redactor.redact(content) == b'{ "total" : 10.50, "rate":1E-1,\n "name":"Bell", "who": "Person 1" }'


def test_a_house_number_is_no_quantity():
    payload = {"billing": {"address_1": "12", "address_2": "Hill Road"}, "quantity": 12, "total": "12"}

    assert json.loads(redacted(payload)) == payload | {
        "billing": {"address_1": "12", "address_2": "Street 1"}
    }


def test_a_secret_stands_nowhere():
    assert "s3cret-key" not in redacted({"url": "https://shop/?k=s3cret-key"}, "s3cret-key")


@pytest.fixture
def woo() -> Iterator[WooServer]:
    with serving_today() as server:
        yield server


def test_a_recording_is_a_test_that_passes(woo, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WOO_KEY", woo.settings["key"])
    monkeypatch.setenv("WOO_SECRET", woo.settings["secret"])

    code = run(
        (
            *("profile", "record", "woocommerce", "recorded", "--set", f"url={woo.settings['url']}"),
            *("--secret", "key=env:WOO_KEY", "--secret", "secret=env:WOO_SECRET", "--json"),
        )
    )

    told = json.loads(capsys.readouterr().out)
    assert (code, len(told["orders"])) == (0, 3)
    assert all("line" in one for one in told["orders"].values())
    everything = "".join(one.read_text("utf-8") for one in Path("recorded").iterdir())
    assert [one for one in woo.settings.values() if one in everything] == []
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "recorded"],
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "3 passed" in done.stdout) == (0, True), done.stdout + done.stderr

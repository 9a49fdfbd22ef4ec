"""`tillbridge profile check` and `schema`, as they are typed."""

import json
from pathlib import Path

import pytest

from kiosk_profile import PROFILE
from tillbridge.cli.running import run

UNSAID = (
    "order.money is not said: whether the webstore has charged a paid order that is cancelled is then left "
    "to staff to find out.\n"
)

FAULTY = PROFILE.replace('number = "number"', 'numbr = "number"').replace("Asia/Seoul", "Seoul")


class Program:
    """Runs commands as `main` does."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        told = self._capsys.readouterr()
        return code, told.out, told.err


@pytest.fixture
def program(capsys, tmp_path, monkeypatch) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("TILLBRIDGE_PROFILES", raising=False)
    Path("profiles").mkdir()
    Path("profiles/kiosk.toml").write_text(PROFILE)
    Path("shop.toml").write_text(FAULTY)
    return Program(capsys)


def test_check_says_every_mistake_with_its_line(program):
    code, out, err = program("profile", "check", "shop.toml")

    assert (code, err) == (1, "")
    assert out == (
        'shop.toml:2 defaults.zone: "Seoul" is no time zone (Asia/Seoul?)\n'
        "shop.toml:28 order.numbr: there is no such key here; did you mean number?\n"
        "shop.toml: 2 mistakes.\n"
    )


def test_check_speaks_korean(program):
    _, out, _ = program("profile", "check", "shop.toml", "--lang", "ko")

    assert out == (
        'shop.toml:2 defaults.zone: "Seoul"은 시간대가 아닙니다 (Asia/Seoul?)\n'
        "shop.toml:28 order.numbr: 여기에는 이런 키가 없습니다. 혹시 number인가요?\n"
        "shop.toml: 문제 2건.\n"
    )


def test_check_finds_ones_own_profiles_by_name(program):
    assert program("profile", "check", "kiosk") == (0, f"profiles/kiosk.toml: no mistake.\n{UNSAID}", "")


def test_a_profile_that_says_what_was_done_about_the_money_leaves_nothing_open(program):
    Path("shop.toml").write_text(PROFILE.replace("[lines]", 'money = "charged"\n\n[lines]', 1))

    assert program("profile", "check", "shop.toml") == (0, "shop.toml: no mistake.\n", "")


def test_check_gives_data(program):
    code, out, _ = program("profile", "check", "--json", "kiosk", "shop.toml")

    assert code == 1
    first, second = json.loads(out)
    (note,) = first.pop("notes")
    assert UNSAID == f"{note['message']}\n"
    assert first == {"file": "profiles/kiosk.toml", "mistakes": [], "more": False, "guesses": []}
    assert second["mistakes"][1] == {
        "line": 28,
        "path": "order.numbr",
        "message": "there is no such key here; did you mean number?",
        "message_ko": "여기에는 이런 키가 없습니다. 혹시 number인가요?",
    }


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "shop.toml: 1 mistake; more may follow once this is mended.\n"),
        ("ko", "shop.toml: 문제 1건. 고친 뒤에 다른 문제가 더 나올 수 있습니다.\n"),
    ],
)
def test_check_says_where_a_mistake_keeps_it_from_looking_at_the_rest(program, language, said):
    """Nothing can be looked at in a file that is no TOML, nor in a table that stands where none may."""
    Path("shop.toml").write_text(PROFILE.replace('title = "Kiosk"', 'title = "Kiosk'))

    code, out, _ = program("profile", "check", "shop.toml", "--lang", language)

    assert (code, out.endswith(said)) == (1, True)


def test_check_notes_what_is_still_a_guess_and_finds_no_mistake_in_it(program):
    head = "# What says CHECK is a guess.\n"
    text = PROFILE.replace('"number"', '"number"  # CHECK', 1).replace(
        '"total"', '"total"  # CHECK: all of it?'
    )
    Path("shop.toml").write_text(head + text)

    code, out, _ = program("profile", "check", "shop.toml")

    assert code == 0
    assert out == (
        'shop.toml:29 is still a guess (CHECK): number = "number"\n'
        "shop.toml:33 is still a guess (CHECK): all of it?\n"
        "shop.toml: no mistake.\n"
        "2 lines say CHECK: look at each, and take the word away.\n"
    )


def test_a_profile_that_is_not_there_is_told_with_those_that_are(program):
    code, out, err = program("profile", "check", "kiosc")

    assert (code, out) == (2, "")
    assert err.startswith("There is no profile kiosc: a file, or one of bigcommerce, ")
    assert err.endswith("Did you mean kiosk?\n")


def test_a_file_that_is_no_utf8_is_told(program):
    Path("old.toml").write_bytes("title = '한글'".encode("cp949"))

    assert program("profile", "check", "old.toml") == (
        2,
        "",
        "old.toml is no UTF-8: save it so in your editor.\n",
    )


def test_schema_is_written_to_a_file(program):
    assert program("profile", "schema", "-o", "s.json") == (0, "Written: s.json\n", "")
    assert json.loads(Path("s.json").read_text("utf-8"))["title"] == "A profile of a webstore"


def test_schema_is_printed(program):
    code, out, _ = program("profile", "schema")

    assert (code, json.loads(out)["title"]) == (0, "A profile of a webstore")


def test_list_shows_ones_own_profiles_and_the_presets_with_what_they_can(program):
    code, out, _ = program("profile", "list", "--json")

    found = {one["name"]: one for one in json.loads(out)["profiles"]}
    assert code == 0
    assert found["kiosk"] == {
        "name": "kiosk",
        "title": "Kiosk",
        "file": "profiles/kiosk.toml",
        "capabilities": ["check", "inventory", "orders", "webhooks"],
        "prices_with_stock": False,
    }
    assert found["woocommerce"]["file"] is None
    assert found["woocommerce"]["prices_with_stock"]


@pytest.mark.parametrize(
    ("language", "can"),
    [
        (
            "en",
            "orders, order status, stock, prices, list of items, webhooks, admin links",
        ),
        ("ko", "주문, 주문 상태 전달, 재고, 가격, 상품 목록, 웹훅, 관리 화면 링크"),
    ],
)
def test_list_says_in_words_what_each_can(program, monkeypatch, language, can):
    """WooCommerce takes stock and prices together: both are shown."""
    monkeypatch.setenv("COLUMNS", "250")

    _, out, _ = program("profile", "list", "--lang", language)

    (row,) = (line for line in out.splitlines() if " woocommerce " in line)
    assert can in row


def test_list_names_a_faulty_profile_and_shows_the_others(program):
    Path("profiles/shop.toml").write_text(FAULTY)

    code, out, _ = program("profile", "list")

    assert code == 1
    assert "kiosk" in out
    assert "shop.toml:28 order.numbr: there is no such key here; did you mean number?" in " ".join(
        out.split()
    )


@pytest.mark.parametrize(
    ("provider", "secret"), [("woocommerce", "webhook_secret"), ("stripe", "webhook_secret")]
)
def test_a_secret_that_may_be_left_out_is_a_secret_too(program, provider, secret):
    """It is asked for hidden, and refused in a --set that histories keep."""
    _, out, _ = program("providers", "--json")

    (found,) = (one for one in json.loads(out)["providers"] if one["name"] == provider)
    assert secret in {one["name"] for one in found["settings"] if one["secret"]}


def test_connect_asks_as_the_profile_says_in_both_languages(program):
    Path("profiles/kiosk.toml").write_text(
        PROFILE.replace(
            "secret = true }",
            'secret = true, ask_ko = "토큰", find = "Settings, API", find_ko = "설정 > API" }',
        )
    )

    _, out, _ = program("providers", "--json")

    (kiosk,) = (one for one in json.loads(out)["providers"] if one["name"] == "kiosk")
    (token,) = (one for one in kiosk["settings"] if one["name"] == "token")
    assert (token["description"], token["description_ko"]) == ("Token. Settings, API.", "토큰. 설정 > API.")

"""`tillbridge doctor`: findings for people and scripts, in both languages, and what it never does."""

import sys
from pathlib import Path

import pytest

from tillbridge.model.errors import Misconfigured, Retryable
from tillbridge.model.words import Words

KEYS = {"code", "standing", "wrong", "wrong_ko", "means", "means_ko", "do", "do_ko", "figures"}


@pytest.fixture
def shop(shop):
    """A shop that is open day and night."""
    shop("store", "hours", "seoul", "24/7")
    return shop


def test_a_healthy_shop_is_good(shop):
    shop.connect()
    shop("poll")

    answer = shop("doctor")

    assert (0, "") == (answer.code, answer.err)
    assert "10 good" in answer.text
    assert "→" not in answer.text


def test_where_nothing_is_it_says_what_to_do_and_makes_nothing(program, folder):
    answer = program("doctor")

    assert 1 == answer.code
    assert "✗ Database: There is no database tillbridge.db. Nothing works" in answer.text
    assert "→ If it stands elsewhere" in answer.text
    assert [] == list(folder.iterdir())


def test_scripts_get_every_sentence(shop):
    shop.connect()
    Path("tillbridge.db.key").unlink()

    answer = shop("doctor", "--json")

    (key,) = [one for one in answer.data["checks"] if one["check"] == "key"]
    assert (1, "broken", "broken") == (answer.code, answer.data["standing"], key["standing"])
    assert ["key.lost"] == [one["code"] for one in key["findings"]]
    assert set(key["findings"][0]) == KEYS
    assert {
        "count": 1,
        "place": "tillbridge.db.key",
        "names": "web",
        "anew": "(umask 077; tillbridge init --show-new-key > tillbridge.db.key)",
        "again": "tillbridge connect memory --name web --replace --secret token=-",
    } == key["findings"][0]["figures"]


def test_it_speaks_korean(shop):
    shop.connect()
    Path("tillbridge.db.key").chmod(0o644)

    answer = shop("doctor", "--lang", "ko")

    assert "✗ 암호화 키: 다른 사용자가 키 파일 tillbridge.db.key를 읽을 수 있습니다(권한 644)." in answer.text
    assert "→ 권한을 바꿔 주세요: chmod 600 tillbridge.db.key" in answer.text


def test_the_worst_stands_first(shop):
    shop.connect()
    shop.webstore.before = lambda _: away()
    Path("tillbridge.db.key").chmod(0o644)

    said = shop("doctor").out

    assert said.index("✗ Key:") < said.index("! Connections:")


def away():
    raise Retryable(Words("It is down.", "점검 중입니다."))


def test_offline_asks_no_webstore(shop):
    shop.connect()

    def refuse(_):
        raise Misconfigured(Words("No.", "거부"))

    shop.webstore.before = refuse

    assert (1, 0) == (shop("doctor").code, shop("doctor", "--offline").code)


def test_no_password_is_shown(program):
    answer = program("doctor", "--database", "postgresql://shop:open-sesame@127.0.0.1:1/shop")

    assert 1 == answer.code
    assert "database.away" not in answer.out
    assert "open-sesame" not in answer.out + answer.err


def test_what_a_plugin_prints_does_not_stand_in_the_answer(shop, monkeypatch):
    shop.connect()

    def chatter(_):
        sys.stdout.write("Hello from the plugin!\n")

    shop.webstore.before = chatter

    answer = shop("doctor", "--json")

    assert "good" == answer.data["standing"]
    assert "Hello from the plugin!" in answer.err


@pytest.mark.parametrize("width", [80, 120])
def test_a_command_to_copy_is_not_broken(shop, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    shop.connect()
    Path("tillbridge.db.key").unlink()

    said = shop("doctor").out

    assert "tillbridge connect memory --name web --replace --secret token=-" in said


@pytest.mark.parametrize("width", range(60, 100, 5))
def test_no_word_of_korean_is_cut_off(shop, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    shop.connect()
    said = "로컬리 서버에 연결할 수 없습니다. 매장 인터넷 연결을 확인해 주세요. 잠시 후 다시 시도합니다."
    shop.webstore.before = lambda _: misplaced(Words("It is away.", said))

    answer = shop("doctor", "--lang", "ko")

    assert "…" not in answer.out
    assert said.replace(" ", "").rstrip(".") in "".join(answer.out.split())


def misplaced(words):
    raise Misconfigured(words)

"""The key for secrets: never replaced in silence, and asked for only where a secret is needed."""

from pathlib import Path

KEY = Path("tillbridge.db.key")


def test_a_lost_key_is_not_replaced_in_silence(shop):
    shop.connect()
    KEY.unlink()

    answer = shop("connect", "memory", "--name", "two", "--set", "shop=s2")

    assert 2 == answer.code
    assert "The key file tillbridge.db.key is missing" in answer.err
    assert "TILLBRIDGE_KEY" in answer.err
    assert not KEY.exists()


def test_a_poll_without_the_key_makes_none_and_says_so(shop):
    shop.connect()
    KEY.unlink()

    answer = shop("poll", "--json")

    assert (1, False) == (answer.code, KEY.exists())
    assert "The key file tillbridge.db.key is missing" in answer.data["web"]["trouble"]


def test_a_key_that_is_lost_for_good_is_made_anew_and_the_secrets_are_given_again(shop, monkeypatch):
    monkeypatch.setenv("TOKEN", "new")
    shop.connect()
    KEY.unlink()
    KEY.touch(mode=0o600)
    KEY.write_text(shop("init", "--show-new-key").out)

    answer = shop(
        "connect", "memory", "--name", "web", "--replace", "--set", "shop=s1", "--secret", "token=env:TOKEN"
    )

    assert (0, 0) == (answer.code, shop("poll").code)


def test_what_needs_no_secret_needs_no_key(shop):
    assert 0 == shop("orders").code
    assert not KEY.exists()


def test_with_postgresql_init_says_where_the_key_comes_from(program, empty_postgres_url, monkeypatch):
    first = program("init", "--database", empty_postgres_url)
    assert "set TILLBRIDGE_KEY" in first.text
    assert 0 == program("orders", "--database", empty_postgres_url).code

    monkeypatch.setenv("TILLBRIDGE_KEY", program("init", "--show-new-key").out.strip())

    assert "TILLBRIDGE_KEY" not in program("init", "--database", empty_postgres_url).text

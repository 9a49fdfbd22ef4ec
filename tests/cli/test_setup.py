"""The ground: a database and stores."""

import pytest


def test_init_says_where_the_database_is_and_is_harmless_again(program, folder):
    first, second = program("init"), program("init", "--json")

    assert "sqlite:///tillbridge.db" in first.text
    assert (0, {"database": "sqlite:///tillbridge.db"}) == (second.code, second.data)
    assert (folder / "tillbridge.db").exists()


def test_the_database_comes_from_the_option_or_the_variable(program, folder, monkeypatch):
    program("init", "--database", "sqlite:///a.db")
    monkeypatch.setenv("TILLBRIDGE_DATABASE", "sqlite:///b.db")
    program("init")

    assert (folder / "a.db").exists()
    assert (folder / "b.db").exists()
    assert not (folder / "tillbridge.db").exists()


def test_a_fresh_key_needs_no_database(program, folder):
    keys = {program("init", "--show-new-key", "--json").data["key"] for _ in range(2)}

    assert [44, 44] == [len(key) for key in keys]
    assert [] == list(folder.iterdir())


def test_a_store_takes_its_zone_and_currency_from_its_country(program):
    program("init")

    added = program("store", "add", "MAPO", "--country", "kr", "--name", "마포점", "--json").data

    assert ("MAPO", "마포점", "Asia/Seoul", "KRW", "KR", "included") == tuple(
        added[key] for key in ("code", "name", "timezone", "currency", "country", "tax_mode")
    )
    assert [added] == program("store", "list", "--json").data
    assert "마포점" in program("store", "list", "--lang", "ko").text


def test_the_usual_zones_of_a_large_country_are_all_named(program):
    program("init")

    said = program("store", "add", "MAIN", "--country", "US").err

    for zone in ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"):
        assert zone in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--country", "QQ"), "There is no country 'QQ'"),
        (("--country", "US"), "Say the store's time zone with --timezone"),
        (("--country", "KR", "--timezone", "Asia/Pyeongchang"), "no IANA time zone"),
        (("--country", "KR", "--currency", "XXZ"), "XXZ"),
        (("--country", "KR", "--tax", "sometimes"), "tax_mode"),
    ],
)
def test_what_is_no_store_is_refused_with_what_is_allowed(program, options, said):
    program("init")

    answer = program("store", "add", "MAIN", *options)

    assert 2 == answer.code
    assert said in answer.err


def test_a_store_of_a_large_country_says_its_zone(program):
    program("init")

    answer = program(
        "store", "add", "NY", "--country", "US", "--timezone", "America/New_York", "--tax", "added"
    )

    assert (0, "Store NY is added: America/New_York, USD, tax added.") == (answer.code, answer.text)


def test_a_zone_or_a_country_that_there_is_not_is_told_in_words(program):
    program("init")
    zone = program("store", "add", "S", "--country", "KR", "--timezone", "Mars/Phobos", "--lang", "ko")
    country = program("store", "add", "S", "--country", "ZZ")

    assert "--timezone: 'Mars/Phobos'는 IANA 시간대가 아닙니다" in zone.err
    assert "There is no country 'ZZ'" in country.err

"""Every preset has a page that says what it can do, and asks for its settings in English and Korean."""

from pathlib import Path

import pytest

from tillbridge_generic_webstore.pages import filled, profiles, summary, table_of

PAGES = Path(__file__).parents[3] / "docs/webstores"
PROFILES = profiles()


@pytest.mark.parametrize("name", PROFILES)
def test_a_page_says_what_its_preset_can_do(name: str) -> None:
    """If this fails: python -m tillbridge_generic_webstore.pages docs/webstores."""
    text = (PAGES / f"{name}.md").read_text("utf-8")

    assert table_of(PROFILES[name]) in text
    assert filled(text, table_of(PROFILES[name])) == text
    assert f"tillbridge connect {name} --name {name}\n" in text


def test_the_list_of_webstores_has_them_all() -> None:
    assert summary() in (PAGES / "index.md").read_text("utf-8")


def test_no_page_is_of_a_preset_that_is_not_there() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == {*PROFILES, "index"}


@pytest.mark.parametrize("name", PROFILES)
def test_settings_are_asked_in_english_and_korean(name: str) -> None:
    assert [key for key, one in PROFILES[name].settings.items() if not one.ask_ko] == []
    assert [key for key, one in PROFILES[name].settings.items() if one.find and not one.find_ko] == []

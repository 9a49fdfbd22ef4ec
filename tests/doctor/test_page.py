"""docs/doctor.md has every finding; each finding has its three sentences, its own code, and a test."""

import re
import string
from pathlib import Path

import pytest

from payloads import ROOT
from tillbridge.doctor.findings import Standing
from tillbridge.doctor.page import kinds, page

KINDS = list(kinds())
HANGUL = re.compile("[가-힣]")


def test_the_page_is_made_from_the_code():
    assert page() == (ROOT / "docs" / "doctor.md").read_text("utf-8")


def test_no_two_kinds_have_one_code():
    codes = [kind.code for kind in KINDS]

    assert sorted(set(codes)) == sorted(codes)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_each_kind_is_complete_in_both_languages(kind):
    for words in (kind.wrong, kind.means, kind.remedy):
        assert words.en.strip()
        assert HANGUL.search(words.ko) or words.ko == "{words}"
        names = [
            {name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (words.en, words.ko)
        ]
        assert names[0] == names[1]
    assert kind.standing in (Standing.LOOK, Standing.BROKEN)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_each_kind_has_a_test(kind):
    sources = [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py")]

    assert any(f'"{kind.code}"' in source for source in sources)


def test_no_kind_of_a_module_is_left_out_of_the_page():
    """A new module of checks has to be named in `page`."""
    defined = set()
    for path in (ROOT / "core" / "tillbridge" / "doctor").glob("*.py"):
        defined |= set(re.findall(r'^    code="([\w.]+)"', path.read_text("utf-8"), re.MULTILINE))

    assert defined == {kind.code for kind in KINDS}

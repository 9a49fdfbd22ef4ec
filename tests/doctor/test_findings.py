"""The sentences of a finding: filled in both languages, and one thing is one."""

import pytest

from tillbridge.doctor.findings import Kind, Standing
from tillbridge.doctor.page import page
from tillbridge.model.words import Words

LATE = Kind(
    code="x.late",
    standing=Standing.LOOK,
    wrong=Words("{count:order waits|orders wait} for {name}.", "주문 {count}건이 {name}을(를) 기다립니다."),
    means=Words("-", "-"),
    remedy=Words("-", "-"),
)


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 order waits for web."), (2, "2 orders wait for web."), (0, "0 orders wait for web.")],
)
def test_one_thing_is_told_in_the_singular(count, said):
    assert said == LATE.found(count=count, name="web").wrong.en


def test_korean_counts_without_a_plural():
    assert "주문 1건이 web을(를) 기다립니다." == LATE.found(count=1, name="web").wrong.ko


def test_the_figures_for_scripts_are_plain_numbers():
    assert {"count": 1, "name": "web"} == LATE.found(count=1, name="web").figures


def test_the_page_shows_the_plural_with_the_figures_name():
    assert "There is no key, but {count} connections have secrets" in page()

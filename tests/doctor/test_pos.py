"""A point of sale that is away, answers nonsense, or has no store."""

import pytest

from shop import SEOUL
from tillbridge.model.hours import Hours
from tillbridge.model.words import Words
from tillbridge.plugin import Retryable
from tillbridge.testing.pos import MemoryPos

OPEN = SEOUL.model_copy(update={"hours": Hours(week="24/7")})


class AwayPos(MemoryPos):
    def stores(self):
        raise Retryable(Words("The till is closed.", "계산대가 닫혀 있습니다."))


class StrangePos(MemoryPos):
    def stores(self):
        return {"seoul": SEOUL}


def test_a_host_pos_that_is_away_is_told(in_file):
    found = in_file.finding("pos.away", in_file.options(pos=AwayPos([])))

    assert "The till is closed." in found.wrong.en
    assert "fetched and kept" in found.means.en


def test_a_host_pos_that_answers_something_else_is_told(in_file):
    assert "dict" in in_file.finding("pos.strange", in_file.options(pos=StrangePos([]))).wrong.en


def test_a_shop_without_a_store_is_told(in_file):
    found = in_file.finding("pos.no_store", in_file.options(pos=MemoryPos([])))

    assert "tillbridge store add" in found.remedy.en


def test_the_built_in_pos_that_cannot_read_its_stores_is_told(patient):
    patient.sql("UPDATE pos_stores SET document = '{}'")

    assert "pos.away" in patient.codes()


def test_a_host_pos_in_good_health_is_no_finding(in_file):
    own = MemoryPos([OPEN])

    assert set() == in_file.codes(in_file.options(pos=own))


@pytest.mark.row("S17")
def test_a_store_that_never_opens_is_told(in_file):
    never = SEOUL.model_copy(update={"hours": Hours(week="2020 Jan 01 10:00-18:00")})
    found = in_file.finding("pos.never_open", in_file.options(pos=MemoryPos([never])))

    assert "2020 Jan 01" in found.wrong.en


@pytest.mark.row("S17")
def test_a_store_whose_hours_are_not_known_is_told_where_there_is_a_limit(in_file):
    options = in_file.options(pos=MemoryPos([SEOUL]))
    assert "tillbridge store hours seoul" in in_file.finding("connections.no_hours", options).remedy.en

    in_file.sql("UPDATE connections SET accept_minutes = 0")
    assert "connections.no_hours" not in in_file.codes(options)

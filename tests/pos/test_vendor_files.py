"""A vendor's file is asked for again when it is old (MISSION S24)."""

from datetime import timedelta

import pytest

from pos.till import START
from tillbridge.model.errors import InputError, NotFound
from tillbridge.pos.contract import VendorFile
from tillbridge.pos.embedded.imports import import_products

pytestmark = pytest.mark.row("S24")


@pytest.fixture
def bring(shop, tmp_path):
    def bring(*, vendor="한빛자전거", line="A-1,벨", **more):
        path = tmp_path / "hanbit.csv"
        path.write_text(f"vpn,description\n{line}\n", encoding="utf-8")
        return import_products(shop.pos, path, vendor=vendor, **more)

    return bring


def vendors(shop):
    return {one.vendor: one for one in shop.pos.vendor_files()}


def due(shop):
    return [one.vendor for one in shop.pos.files_due()]


def test_a_vendor_has_its_last_file(shop, bring):
    bring()

    expected = VendorFile(
        vendor="한빛자전거", file_name="hanbit.csv", lines=1, products=1, imported_at=START, every_days=30
    )
    assert expected == vendors(shop)["한빛자전거"]
    assert START + timedelta(days=30) == expected.due_at


def test_a_file_is_due_after_thirty_days_until_the_next_is_imported(shop, bring):
    bring()
    shop.clock.advance(timedelta(days=30).total_seconds() - 1)
    assert [] == due(shop)
    shop.clock.advance(1)
    assert ["한빛자전거"] == due(shop)
    bring()

    assert [] == due(shop)


def test_a_vendor_whose_file_never_came_owes_none(shop):
    """The shop's own products name vendors too."""
    shop.clock.advance(timedelta(days=900).total_seconds())

    assert (None, None) == (vendors(shop)["노스필드"].imported_at, vendors(shop)["노스필드"].age_days(START))
    assert [] == due(shop)


def test_how_soon_a_file_is_expected_can_be_set(shop, bring):
    bring()
    shop.pos.expect_file("한빛 자전거".replace(" ", ""), 7)
    shop.clock.advance(timedelta(days=7).total_seconds())
    bring(line="A-1,종")

    assert (7, []) == (vendors(shop)["한빛자전거"].every_days, due(shop))
    shop.clock.advance(timedelta(days=7).total_seconds())
    assert ["한빛자전거"] == due(shop)


def test_a_file_that_is_never_expected_is_never_due(shop, bring):
    shop.pos.expect_file("노스필드", None)
    bring(vendor="노스필드")
    shop.clock.advance(timedelta(days=900).total_seconds())

    assert (None, []) == (vendors(shop)["노스필드"].every_days, due(shop))


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_so_many_days_cannot_be(shop, days):
    with pytest.raises(InputError, match="from 1 to 3650"):
        shop.pos.expect_file("노스필드", days)


def test_an_unknown_vendor_is_named_with_those_there_are(shop):
    with pytest.raises(NotFound, match="There is no vendor '남쪽'; there are: 노스필드, 세종스포츠"):
        shop.pos.expect_file("남쪽", 7)


@pytest.mark.parametrize("more", [{"dry_run": True}, {"line": "A-1,"}])
def test_what_brought_nothing_is_no_file(shop, bring, more):
    """A dry run, or one whose every line was refused."""
    bring(**more)

    assert not vendors(shop).get("한빛자전거") or vendors(shop)["한빛자전거"].imported_at is None

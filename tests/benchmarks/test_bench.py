"""What `make bench` measures is the same work, and what is found stands where it belongs."""

import json

import pytest

from benchmarks import report, rows
from benchmarks.measured import by_profile, floor, product
from benchmarks.raw import Raw
from benchmarks.report import Result
from benchmarks.running import measure
from benchmarks.scene import Place
from payloads import ROOT

RESULT = Result("import", "sqlite", 120, 3.0, 2.0, 80.5)
PAGE = """\
# Performance

<!-- made by: make bench -->
an old table
<!-- end of what make bench made -->

Between the tables.

<!-- made by: make bench-peers -->
an old table of peers
<!-- end of what make bench-peers made -->

The end.
"""


def place_in(url, webstore, key):
    return Place(database_url=url, webstore_url=webstore, key=key)


@pytest.fixture(scope="module")
def written(prepared, kind, webstore, key):
    """What the floor, tillbridge, and it by a profile have answered and left, each in a copy of its own."""
    found = {}
    for name, module in (("floor", floor), ("product", product), ("by_profile", by_profile)):
        with prepared.copy(kind) as url:
            place = place_in(url, webstore, key)
            with module.ready(place) as work:
                answer = work()
            found[name] = (answer, rows.counts(place))
    return found


def test_the_floor_and_tillbridge_bring_in_every_order(written):
    assert [120, 120, 120] == [answer for answer, _ in written.values()]


def test_the_floor_and_tillbridge_write_the_same_rows(written):
    """120 orders of three lines each, and not a row more or less in any table of either."""
    (_, by_floor), (_, by_tillbridge), (_, by_a_profile) = written.values()

    rows.compare(by_floor, by_tillbridge)
    rows.compare(by_a_profile, by_tillbridge)
    for table, count in {"orders": 120, "order_lines": 360, "pos_sales": 120, "payloads": 120}.items():
        assert count == by_floor[table], table


@pytest.mark.parametrize(
    "less",
    [
        "DELETE FROM timeline WHERE order_id = 7",
        "DELETE FROM pos_sale_items WHERE sale_id = 7 AND position = 3",
        "UPDATE pos_stock SET on_hand_e4 = on_hand_e4 + 10000 WHERE product_id = 1",
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True, scope="module")
def test_a_variant_that_has_done_less_is_found_out(prepared, kind, webstore, key, written, less):
    """One row too few, or one piece too many on hand, ends the run."""
    with prepared.copy(kind) as url:
        place = place_in(url, webstore, key)
        with floor.ready(place) as work:
            work()
        raw = Raw(place)
        raw.many(less, [()])
        raw.close()
        counts = rows.counts(place)

    with pytest.raises(SystemExit, match="have not written the same rows"):
        rows.compare(counts, written["product"][1])


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True, scope="module")
def test_a_measurement_is_a_process_that_says_what_it_took(prepared, kind, webstore, key, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    with prepared.copy(kind) as url:
        measured = measure("floor", place_in(url, webstore, key))

    assert {"seconds", "cpu_seconds", "peak_mib", "answer"} == set(measured)
    assert 120 == measured["answer"]
    assert measured["seconds"] > 0
    assert measured["peak_mib"] > 10


def test_results_stand_in_a_file_with_the_agreed_keys(tmp_path):
    file = tmp_path / "results" / "latest.json"

    report.write([RESULT, Result("memory", "postgresql", 1200, 30.0, None, 90.0)], file)

    assert json.loads(file.read_text("utf-8")) == [
        {
            "bench": "import",
            "database": "sqlite",
            "orders": 120,
            "seconds": 3.0,
            "floor_seconds": 2.0,
            "ratio": 1.5,
            "peak_mib": 80.5,
        },
        {
            "bench": "memory",
            "database": "postgresql",
            "orders": 1200,
            "seconds": 30.0,
            "floor_seconds": None,
            "ratio": None,
            "peak_mib": 90.0,
        },
    ]


def test_a_table_says_what_a_profile_costs():
    by_profile = Result(report.BY_PROFILE, "sqlite", 120, 3.3, 2.0, 80.5)

    assert "an import takes 1.10 times as long on sqlite." in report.table([RESULT, by_profile])
    assert "by a profile" not in report.table([RESULT])


def test_a_table_says_the_pace_and_on_what_it_was_measured():
    table = report.table([RESULT])

    assert "| import | sqlite | 120 | 3.0 | 40 orders | 1.50 | 80 MiB |" in table
    assert "Measured on 20" in table


@pytest.mark.parametrize(
    ("command", "old", "new"),
    [
        ("make bench", "\nan old table\n", "\n\na new one\n\n"),
        ("make bench-peers", "\nan old table of peers\n", "\n\na new one\n\n"),
    ],
)
def test_a_new_table_takes_the_place_of_the_commands_old_one_only(tmp_path, command, old, new):
    page = tmp_path / "performance.md"
    page.write_text(PAGE, encoding="utf-8")

    report.document("a new one\n", page, command)

    assert PAGE.replace(old, new) == page.read_text("utf-8")


@pytest.mark.parametrize(
    "page",
    [
        "# Performance\n",
        "<!-- made by: make bench -->\nand no end\n",
        PAGE.replace("make bench ", "make it "),
    ],
)
def test_a_page_without_a_place_for_the_table_is_left_as_it_is(tmp_path, page):
    """The end of the page is not lost because a mark is; the message says which lines to put there."""
    file = tmp_path / "performance.md"
    file.write_text(page, encoding="utf-8")

    with pytest.raises(SystemExit, match="<!-- end of what make bench made -->"):
        report.document("a new one\n", file)
    assert page == file.read_text("utf-8")

"""What surrounds the peers of `make bench-peers`: they are pinned, checked, compared; none is installed."""

import ast
import re
import sqlite3

import pytest

from benchmarks import goods
from benchmarks.peers import environments, known, table
from benchmarks.peers.known import PEERS, Brought, Peer
from benchmarks.peers.place import PeerPlace, fetch_orders
from payloads import ROOT

SMALL = Peer(
    name="small",
    title="A small peer",
    does="It counts.",
    orders="SELECT count(*) FROM orders",
    pieces=("SELECT sum(qty) FROM lines", "SELECT sum(taken) FROM stock"),
    at_most=300,
)
BENCHMARKS = ROOT / "benchmarks"
ALONE = [
    BENCHMARKS / "timing.py",
    BENCHMARKS / "peers" / "one.py",
    BENCHMARKS / "peers" / "place.py",
    *sorted((BENCHMARKS / "peers" / "measured").glob("*.py")),
]


@pytest.fixture
def database(tmp_path):
    """What a peer has left: two orders with two and three pieces, all taken from stock."""
    file = tmp_path / "orders.sqlite3"
    connection = sqlite3.connect(file)
    connection.executescript(
        "CREATE TABLE orders (hash); INSERT INTO orders VALUES ('H1'), ('H2');"
        "CREATE TABLE lines (qty); INSERT INTO lines VALUES (2), (3);"
        "CREATE TABLE stock (taken); INSERT INTO stock VALUES (4), (1);"
    )
    connection.close()
    return file


def test_a_peer_that_has_everything_passes(database):
    known.check(SMALL, database, Brought(orders=2, pieces=5))


@pytest.mark.parametrize("wanted", [Brought(3, 5), Brought(2, 6), Brought(1, 5)])
def test_a_peer_that_has_less_or_more_is_found_out(database, wanted):
    with pytest.raises(SystemExit, match="A small peer was to bring in"):
        known.check(SMALL, database, wanted)


def test_a_peer_that_sold_without_taking_stock_is_found_out(database):
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("DELETE FROM stock")
    connection.close()

    with pytest.raises(SystemExit, match="has 2 orders with 0"):
        known.check(SMALL, database, Brought(orders=2, pieces=5))


def test_what_is_wanted_is_what_the_webstore_has(webstore, tmp_path):
    """A peer that fetches over HTTP finds as many orders and pieces as the bench expects of it."""
    place = PeerPlace(webstore_url=webstore, folder=tmp_path, shop=tmp_path, limit=105, page=100)

    carts = [one["order"]["cart"] for one in fetch_orders(place)]

    assert ["H0000000", "H0000104"] == [carts[0]["hash"], carts[-1]["hash"]]
    pieces = sum(item["qty"] for cart in carts for item in cart["items"])
    assert Brought(105, pieces) == known.wanted(105, goods.Scale(products=300, customers=100))


def test_a_slow_peer_is_given_fewer_orders():
    assert [300, 120] == [SMALL.share(10_000), SMALL.share(120)]


@pytest.fixture
def results():
    """Three rounds in which the floor took 1 s for 1,000 orders, tillbridge 2 s and every peer 3 s."""
    seconds = {table.FLOOR: 1.0, table.PRODUCT: 2.0} | {peer.name: 3.0 for peer in PEERS}
    seen = {
        what: [{"seconds": one + late, "peak_mib": 50.0 + late} for late in (0.0, -0.5, 7.0)]
        for what, one in seconds.items()
    }
    return table.results(seen, orders=1_000, kind="sqlite")


def test_each_peer_stands_beside_the_floors_time_for_as_many_orders(results):
    """The median of the rounds counts, and the highest peak; 300 orders take the floor 0.3 s."""
    assert results[0].as_data() == {
        "bench": "import",
        "database": "sqlite",
        "orders": 1_000,
        "seconds": 2.0,
        "floor_seconds": 1.0,
        "ratio": 2.0,
        "peak_mib": 57.0,
    }
    assert results[-1].as_data() == {
        "bench": "django-oscar, placing orders",
        "database": "sqlite",
        "orders": 300,
        "seconds": 3.0,
        "floor_seconds": 0.3,
        "ratio": 10.0,
        "peak_mib": 57.0,
    }


def test_the_table_says_how_much_faster_we_are_and_what_each_peer_does(results):
    """1,000 orders in 2 s are five times as fast as 300 in 3 s."""
    made = table.table(results)

    assert "| tillbridge | 1,000 | 2.0 | 500 orders |  | 2.0 | 57 MiB |" in made
    assert "| django-oscar, placing orders | 300 | 3.0 | 100 orders | 5.0 | 10.0 | 57 MiB |" in made
    assert all(peer.does in made for peer in PEERS)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_each_peer_is_pinned(peer):
    """A release that came out since does not change what is compared; where from is the machine's affair."""
    lines = (environments.REQUIREMENTS / f"{peer.name}.txt").read_text("utf-8").splitlines()

    assert lines
    assert [line for line in lines if not re.fullmatch(r"[\w-]+(\[\w+\])?==[\d.]+", line)] == []


@pytest.mark.parametrize("file", ALONE, ids=lambda file: file.stem)
def test_what_runs_in_a_peers_environment_needs_nothing_of_ours(file):
    """tillbridge is not installed there, so that neither changes what the other's packages are."""
    alone = {file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for file in ALONE}
    alone.add("benchmarks.peers.measured")
    named = [
        node.module or ""
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]

    assert [name for name in named if name.startswith("tillbridge")] == []
    assert [name for name in named if name.startswith("benchmarks") and name not in alone] == []

"""The sandbox takes feeds as Locally would, from a folder and by SFTP, and switches off what is old."""

from pathlib import Path

import pytest

from tillbridge.files import Copies, FilesSettings, open_files
from tillbridge.model.errors import Retryable

pytestmark = pytest.mark.row("S15")
STORE = "20301"
GOOD = b"upc,qty,price\n601842495575,3,120000\n736745040314,0,38500\n"


@pytest.fixture
def sandbox(feeding):
    """The sandbox with an empty folder, well, and fed nothing."""
    for path in inbox(feeding).iterdir():
        path.unlink()
    feeding.do("PUT", "/sandbox/sftp", {})
    feeding.reset(orders=0)
    return feeding


def inbox(sandbox):
    return Path(sandbox.hello["feeds"]["folder"])


@pytest.fixture
def files(sandbox, tmp_path, clock):
    """What delivers to the sandbox, as its ready line says."""
    settings = FilesSettings.model_validate({**sandbox.feed_settings, **sandbox.feed_secrets})
    return open_files(settings, Copies(tmp_path, keep=0), clock)


def feed(sandbox, content, name=f"inventory-{STORE}.csv"):
    (inbox(sandbox) / name).write_bytes(content)
    return sandbox.feeds()


def test_a_file_in_the_folder_is_what_the_store_has(sandbox):
    fed = feed(sandbox, GOOD)["stores"][STORE]

    assert {
        "601842495575": {"qty": 3, "price": "120000"},
        "736745040314": {"qty": 0, "price": "38500"},
    } == fed["items"]
    assert (True, f"inventory-{STORE}.csv") == (fed["pushcart"], fed["file"])
    assert fed["age_hours"] < 0.1
    shelf = sandbox.do("GET", "/sandbox/shelf")["stores"]
    assert {"601842495575", "736745040314"} == set(shelf[STORE])
    assert 6 == len(shelf["20302"])


def test_a_file_arrives_by_sftp(sandbox, files):
    files.check()
    files.put(f"inventory-{STORE}.csv", [GOOD])

    assert 2 == len(sandbox.feeds()["stores"][STORE]["items"])


def test_a_file_replaces_the_whole_of_its_store(sandbox):
    feed(sandbox, GOOD)
    fed = feed(sandbox, b"upc,qty,price\n736745040314,5,38500\n")

    assert {"736745040314": {"qty": 5, "price": "38500"}} == fed["stores"][STORE]["items"]


def test_one_file_may_be_of_all_stores(sandbox):
    content = b"upc,qty,price,store_id\n601842495575,3,1000,20301\n601842495575,4,1000,20302\n"
    fed = feed(sandbox, content, "inventory.csv")

    assert {STORE: 3, "20302": 4} == {
        store: one["items"]["601842495575"]["qty"] for store, one in fed["stores"].items()
    }


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (GOOD[:-1], "cut off"),
        (b"\xef\xbb\xbf" + GOOD, "byte order mark"),
        (GOOD.replace(b"upc", b"UPC"), "its columns are UPC"),
        (GOOD.replace(b"601842495575", b"01842495575"), "is no UPC"),
        (GOOD.replace(b"601842495575", b"601842495576"), "is no UPC"),
        (GOOD.replace(b",3,", b",-3,"), "no number of pieces"),
        (GOOD.replace(b"120000", b"120,000"), "has 4 columns"),
        (GOOD + b"601842495575,1,1\n", "stands there twice"),
        (GOOD.replace(b"120000", b"\xb0\xa1"), "not in UTF-8"),
    ],
)
def test_what_is_no_feed_changes_nothing_and_is_said(sandbox, content, problem):
    feed(sandbox, GOOD)
    fed = feed(sandbox, content)

    assert problem in fed["problems"][f"inventory-{STORE}.csv"]
    assert 2 == len(fed["stores"][STORE]["items"])


def test_a_feed_of_a_store_that_there_is_not_is_said(sandbox):
    assert "no store 99" in feed(sandbox, GOOD, "inventory-99.csv")["problems"]["inventory-99.csv"]


def test_after_72_hours_without_a_feed_the_store_is_switched_off_until_it_is_fed(sandbox):
    feed(sandbox, GOOD)
    sandbox.behave(hours_ahead=71)
    assert sandbox.feeds()["stores"][STORE]["pushcart"]
    sandbox.behave(hours_ahead=73)
    fed = sandbox.feeds()["stores"][STORE]
    assert (False, 73) == (fed["pushcart"], round(fed["age_hours"]))

    assert feed(sandbox, GOOD + b"012345678905,1,1\n")["stores"][STORE]["pushcart"]


def test_an_upload_that_is_cut_off_leaves_what_was_fed(sandbox, files):
    files.put(f"inventory-{STORE}.csv", [GOOD])
    sandbox.do("PUT", "/sandbox/sftp", {"cut_after": 10})
    with pytest.raises(Retryable, match="broke off"):
        files.put(f"inventory-{STORE}.csv", [GOOD + b"012345678905,1,1\n"])

    fed = sandbox.feeds()
    assert (2, {}) == (len(fed["stores"][STORE]["items"]), fed["problems"])


def test_the_sftp_server_can_be_closed_and_opened(sandbox, files):
    sandbox.do("PUT", "/sandbox/sftp", {"open": False})
    with pytest.raises(Retryable, match="cannot be reached"):
        files.check()
    sandbox.do("PUT", "/sandbox/sftp", {})

    assert files.check()

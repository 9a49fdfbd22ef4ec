"""Files are uploaded to a real web server: streamed, and again where it is busy; nobody sees a password."""

import pytest

from files.uploads import taking_uploads
from tillbridge.model.errors import InputError, Misconfigured, Retryable

pytestmark = pytest.mark.row("S15")
NEW = b"new\n" * 100_000


@pytest.fixture
def server():
    with taking_uploads() as server:
        yield server


@pytest.fixture
def uploads(server, deliver):
    def opened(**settings):
        return deliver(**{"files": server.address, "files_password": "open-sesame", **settings})

    return opened


def test_a_file_is_put_below_the_address(server, uploads):
    receipt = uploads().put("feed.csv", [NEW])

    assert {"/in/feed.csv": NEW} == server.files
    assert (400_000, 100_000) == (receipt.size, receipt.lines)
    assert "text/csv" == server.heard[0][1]["Content-Type"]


def test_a_file_is_posted_to_the_address_under_its_name(server, uploads):
    uploads(files_method="POST").put("feed.csv", [NEW])

    assert {"/in/": NEW} == server.files
    assert 'attachment; filename="feed.csv"' == server.heard[0][1]["Content-Disposition"]


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_busy_server_gets_the_whole_file_again(server, uploads, method):
    server.answers = [503, 502]
    uploads(files_method=method).put("feed.csv", [NEW])

    assert [NEW] == list(server.files.values())
    assert 3 == len(server.heard)


def test_a_token_stands_for_user_and_password(server, uploads):
    server.right = "Bearer t-1"
    uploads(files_password=None, files_token="t-1").put("feed.csv", [NEW])

    assert [NEW] == list(server.files.values())


def test_a_wrong_password_is_told_and_not_repeated(uploads):
    with pytest.raises(Misconfigured, match="refused the credentials") as caught:
        uploads(files_password="hunter2").put("feed.csv", [NEW])

    assert "hunter2" not in str(caught.value)


def test_the_check_finds_a_wrong_password(uploads):
    with pytest.raises(Misconfigured, match="refused the credentials"):
        uploads(files_password="hunter2").check()


@pytest.mark.parametrize("listed", [200, 403, 404, 405])
def test_the_check_uploads_nothing_and_does_not_mind_what_stands_there(server, uploads, listed):
    server.listed = listed
    notes = uploads().check()

    assert {} == server.files
    assert "shows with the first one" in notes[1].en


def test_a_server_that_is_away_is_told(server, uploads):
    files = uploads()
    server.shutdown()
    server.server_close()

    with pytest.raises(Retryable, match="cannot be reached"):
        files.put("feed.csv", [NEW])


def test_a_server_that_stays_broken_keeps_what_it_had(server, uploads):
    uploads().put("feed.csv", [b"old\n"])
    server.answers = [500] * 10

    with pytest.raises(Retryable, match="has a fault of its own"):
        uploads().put("feed.csv", [NEW])

    assert {"/in/feed.csv": b"old\n"} == server.files


def test_another_computer_is_spoken_to_by_https_only(deliver):
    with pytest.raises(InputError, match="http only for this computer"):
        deliver(files="http://feeds.example/in/")

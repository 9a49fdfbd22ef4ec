"""Files go into a folder: written beside the old one, which stays whole until the new one is."""

import errno
import os

import pytest

from tillbridge.model.errors import InputError, Retryable

pytestmark = pytest.mark.row("S15")


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def files(deliver, out):
    return deliver(files=str(out))


def test_a_file_arrives_and_nothing_else_stays(files, out):
    files.put("feed.csv", [b"upc,", b"qty\n"])

    assert {"feed.csv": b"upc,qty\n"} == {path.name: path.read_bytes() for path in out.iterdir()}


def test_an_address_of_a_file_is_a_folder_too(deliver, out):
    deliver(files=f"file://{out}").put("feed.csv", [b"x"])

    assert (out / "feed.csv").exists()


def test_what_fails_half_way_leaves_the_old_file(files, out):
    def half():
        yield b"new"
        raise ZeroDivisionError

    files.put("feed.csv", [b"old"])
    with pytest.raises(ZeroDivisionError):
        files.put("feed.csv", half())

    assert {"feed.csv": b"old"} == {path.name: path.read_bytes() for path in out.iterdir()}


def test_a_full_disk_leaves_the_old_file(files, out, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    files.put("feed.csv", [b"old"])
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(Retryable, match="no room left"):
        files.put("feed.csv", [b"new"])
    assert {"feed.csv": b"old"} == {path.name: path.read_bytes() for path in out.iterdir()}


def test_a_folder_that_is_gone_is_told_and_not_made(files, out):
    out.rmdir()
    with pytest.raises(Retryable, match="is not there"):
        files.put("feed.csv", [b"new"])
    assert not out.exists()

    out.mkdir()
    files.put("feed.csv", [b"new"])

    assert (out / "feed.csv").exists()


def test_a_folder_that_may_not_be_written_is_told(deliver, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    files = deliver(files=str(tmp_path))
    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)

    with pytest.raises(Retryable, match="cannot be written"):
        files.check()


def test_the_check_leaves_nothing_behind(files, out):
    assert [f"Files go to {out}."] == [one.en for one in files.check()]
    assert [] == list(out.iterdir())


def test_what_a_killed_program_left_is_taken_away_a_day_later(files, out):
    left, fresh = out / ".feed.csv.0123.part", out / ".feed.csv.4567.part"
    for path in (left, fresh):
        path.touch()
    os.utime(left, (0, 0))

    files.put("feed.csv", [b"new"])

    assert {"feed.csv", fresh.name} == {path.name for path in out.iterdir()}


@pytest.mark.parametrize("name", ["", "../feed.csv", "/feed.csv", ".feed.csv", "a b.csv", "a\n.csv"])
def test_a_name_that_could_lead_elsewhere_is_refused(files, out, name):
    with pytest.raises(ValueError, match="a file's name"):
        files.put(name, [b"new"])

    assert [] == list(out.iterdir())


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("feeds", "in full"),
        ("ftp://host/in", "must be a folder"),
        ("sftp://host/in", "must say who signs in"),
        ("sftp://user@/in", "must be a folder"),
        ("https://host/in?x=1", "must be a folder"),
        ("https://host:port/in", "must be a folder"),
        ("file://elsewhere/in", "must be a folder"),
        ("sftp://user:hunter2@host/in", "must not stand in the address"),
        ("sftp://user@host/in", "wants a password or a private key"),
    ],
)
def test_an_address_that_will_not_do_is_told_and_not_repeated(deliver, address, said):
    with pytest.raises(InputError, match=said) as caught:
        deliver(files=address)

    assert "hunter2" not in str(caught.value)


def test_a_password_needs_its_user(deliver):
    with pytest.raises(InputError, match="needs its user"):
        deliver(files="https://host/in/", files_password="x")


@pytest.mark.parametrize("key", ["SHA256:short", "MD5:00:11", "ssh-ed25519 AAAA"])
def test_a_host_key_that_is_no_fingerprint_is_told(deliver, key):
    with pytest.raises(InputError, match="ssh-keygen -lf"):
        deliver(files="sftp://user@host/in", files_password="x", files_host_key=key)


def test_no_address_delivers_nowhere(deliver):
    assert deliver() is None


def test_a_look_writes_nothing(files, out, monkeypatch):
    monkeypatch.setattr("pathlib.Path.write_bytes", lambda *_: pytest.fail("it wrote"))

    assert files.check(writing=False)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(Retryable, match="cannot be written"):
        files.check(writing=False)

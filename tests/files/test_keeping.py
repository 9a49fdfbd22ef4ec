"""Copies of what was sent are kept, named by time, the last ones; and nothing is in memory as a whole."""

import errno
import tracemalloc
from pathlib import Path

import pytest

from tillbridge.files import Copies
from tillbridge.model.errors import Retryable

pytestmark = pytest.mark.row("S15")


@pytest.fixture
def files(deliver, tmp_path):
    (tmp_path / "out").mkdir()

    def opened(keep=10):
        return deliver(keep, files=str(tmp_path / "out"))

    return opened


def test_a_copy_is_named_by_its_time(files, copies):
    files().put("feed.csv", [b"a\nb\n"])

    (one,) = Copies(copies, keep=10).sent()
    assert ("feed.csv", "2026-03-02T03:00:00+00:00", 4, 2) == (
        one.name,
        one.at.isoformat(),
        one.size,
        one.lines,
    )
    assert "20260302T030000000000Z-feed.csv" == one.path.name
    assert b"a\nb\n" == one.path.read_bytes()


def test_the_last_ones_of_each_file_are_kept(files, copies, clock):
    for name in ("a.csv", "b.csv", "b.csv", "b.csv"):
        clock.advance(1)
        files(2).put(name, [name.encode()])

    assert ["b.csv", "b.csv", "a.csv"] == [one.name for one in Copies(copies, keep=2).sent()]


def test_no_copy_is_kept_where_none_is_wanted(files, copies):
    files(0).put("a.csv", [b"a"])

    assert [] == list(copies.iterdir())


def test_what_was_not_sent_is_not_kept(files, copies, tmp_path):
    (tmp_path / "out").rmdir()
    with pytest.raises(Retryable):
        files().put("a.csv", [b"a"])

    assert [] == list(copies.iterdir())


def test_no_room_for_the_copy_is_told(files, copies, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)

    with pytest.raises(Retryable, match=f"no room left on the disk of {copies}"):
        files().put("a.csv", [b"a"])


def test_the_copies_are_for_their_owner_only(files, copies):
    files().put("a.csv", [b"a"])

    assert 0o700 == copies.stat().st_mode & 0o777


def test_a_hundred_thousand_lines_take_no_memory(files):
    """64 MiB go by, and not one of them stays."""
    line = b"0727602259178,1,10.99\n" * 1000
    files().put("warm.csv", [line])
    tracemalloc.start()
    files().put("feed.csv", (line for _ in range(3000)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2 * 1024 * 1024


def test_a_copy_that_cannot_be_kept_does_not_undo_what_was_sent(files, tmp_path, monkeypatch, caplog):
    kept = files()
    replace = Path.replace

    def refuse(path, target):
        if "copies" in str(target):
            raise OSError(errno.EIO, "Input/output error")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)

    assert "a.csv" == kept.put("a.csv", [b"a"]).name
    assert b"a" == (tmp_path / "out" / "a.csv").read_bytes()
    assert "no copy of a.csv could be kept" in caplog.text

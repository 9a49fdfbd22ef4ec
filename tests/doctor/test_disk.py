"""A disk that is full or will be; the real disk, against limits that it cannot meet."""

import tempfile

HUGE = 1 << 60


def test_a_disk_with_little_room_is_found(in_file):
    found = in_file.finding("disk.little", little_space=HUGE)

    assert str(in_file.file.parent) in found.wrong.en
    assert "df -h" in found.remedy.en


def test_a_full_disk_is_broken(in_file):
    found = in_file.finding("disk.full", no_space=HUGE)

    assert "no order arrives and no sale is made" in found.means.en


def test_a_disk_that_can_hold_no_more_files_is_found(in_file):
    assert "disk.files" in in_file.codes(few_files=HUGE)


def test_the_temporary_folder_is_looked_at_where_the_database_is_elsewhere(on_server):
    assert "disk.little" in on_server.codes(little_space=HUGE)


def test_a_missing_temporary_folder_is_found(in_file, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/no/such/folder"])

    assert {"disk.temporary"} == in_file.codes()

"""Files go to a real SFTP server: its host key is agreed to, each file is replaced whole or not at all."""

import sys
from dataclasses import replace
from typing import Any

import asyncssh
import pytest

from tillbridge.files import HostKeyUnknown
from tillbridge.model.errors import Misconfigured, Retryable

pytestmark = pytest.mark.row("S15")
QUICK: dict[str, Any] = {"rounds": 4, "ignore_few_rounds": True}
OLD, NEW = b"old\n" * 1000, b"new\n" * 200_000


def there(sftp):
    """What stands in the server's folder, hidden files too."""
    return {path.name: path.read_bytes() for path in (sftp.server.root / "in").iterdir()}


def test_a_file_arrives_whole_and_nothing_else_stays(sftp, by_sftp):
    receipt = by_sftp().put("feed.csv", [NEW])

    assert {"feed.csv": NEW} == there(sftp)
    assert ("feed.csv", 800_000, 200_000) == (receipt.name, receipt.size, receipt.lines)


def test_a_file_takes_the_place_of_the_one_before(sftp, by_sftp):
    files = by_sftp()
    files.put("feed.csv", [OLD])
    files.put("feed.csv", [NEW])

    assert {"feed.csv": NEW} == there(sftp)


def test_a_server_that_cannot_rename_over_a_file_gets_the_new_one_all_the_same(sftp, by_sftp):
    sftp.server.faults.in_one_step = False
    files = by_sftp()
    files.put("feed.csv", [OLD])
    files.put("feed.csv", [NEW])

    assert {"feed.csv": NEW} == there(sftp)
    assert "cannot replace a file in one step" in files.check()[1].en


def test_a_folder_below_the_one_of_the_login(sftp, by_sftp):
    by_sftp(files=f"sftp://shop@127.0.0.1:{sftp.server.port}/~/in").put("feed.csv", [NEW])

    assert ["feed.csv"] == list(there(sftp))


def test_the_check_leaves_nothing_behind(sftp, by_sftp):
    notes = by_sftp().check()

    assert {} == there(sftp)
    assert [f"Files go to sftp://shop@127.0.0.1:{sftp.server.port}/in."] == [one.en for one in notes]


def test_an_unknown_host_key_is_shown_and_not_accepted(sftp, by_sftp):
    with pytest.raises(HostKeyUnknown) as caught:
        by_sftp(files_host_key="").check()

    shown = caught.value.fingerprint
    assert shown in sftp.server.fingerprints
    assert f"--set files_host_key={shown}" in caught.value.words.en
    assert f"files_host_key={shown}" in caught.value.words.ko


@pytest.mark.parametrize("place", [0, 1])
def test_any_of_the_servers_host_keys_may_be_the_agreed_one(sftp, by_sftp, place):
    assert by_sftp(files_host_key=sftp.server.fingerprints[place]).check()


def test_another_host_key_is_refused_before_the_password_is_sent(sftp, by_sftp):
    other = str(asyncssh.generate_private_key("ssh-ed25519").get_fingerprint())

    with pytest.raises(HostKeyUnknown, match="somebody stands between") as caught:
        by_sftp(files_host_key=other).put("feed.csv", [NEW])

    assert other in caught.value.words.en
    assert {} == there(sftp)


@pytest.mark.parametrize("place", [0, 1])
def test_a_wrong_password_is_told_and_not_repeated(sftp, by_sftp, place):
    """Also where the agreed host key is not the server's first."""
    with pytest.raises(Misconfigured, match="refused shop") as caught:
        by_sftp(files_password="hunter2", files_host_key=sftp.server.fingerprints[place]).check()

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("phrase", [None, "sesame"])
def test_a_private_key_stands_for_the_password(sftp, by_sftp, phrase):
    key = asyncssh.generate_private_key("ssh-ed25519")
    sftp.server.authorized = key.export_public_key().decode()
    # As a command line reads it from a file: without its outer line ends.
    text = key.export_private_key(passphrase=phrase, **QUICK).decode().strip()

    assert by_sftp(files_password=None, files_key=text, files_passphrase=phrase).check()


def test_a_private_key_without_its_passphrase_is_told(by_sftp):
    key = asyncssh.generate_private_key("ssh-ed25519")
    text = key.export_private_key(passphrase="sesame", **QUICK).decode()

    with pytest.raises(Misconfigured, match="files_passphrase"):
        by_sftp(files_password=None, files_key=text).check()


def test_what_is_no_private_key_is_told(by_sftp):
    with pytest.raises(Misconfigured, match="cannot be read"):
        by_sftp(files_password=None, files_key="hunter2").check()


def test_an_upload_that_is_cut_off_leaves_the_old_file_whole(sftp, by_sftp):
    files = by_sftp()
    files.put("feed.csv", [OLD])
    sftp.server.faults.cut_after = 100_000
    with pytest.raises(Retryable, match="broke off; what it had before stays"):
        files.put("feed.csv", [NEW])
    assert OLD == there(sftp)["feed.csv"]

    sftp.server.faults.cut_after = None
    files.put("feed.csv", [NEW])

    assert NEW == there(sftp)["feed.csv"]


def test_a_full_disk_there_leaves_the_old_file_whole(sftp, by_sftp):
    files = by_sftp()
    files.put("feed.csv", [OLD])
    sftp.server.faults.full_after = 100_000

    with pytest.raises(Retryable, match="No space left on device"):
        files.put("feed.csv", [NEW])

    assert {"feed.csv": OLD} == there(sftp)


def test_a_folder_that_may_not_be_written_is_told(sftp, by_sftp):
    sftp.server.faults.read_only = True

    with pytest.raises(Retryable, match="does not let us write"):
        by_sftp().check()


def test_a_folder_that_is_not_there_is_told(sftp, by_sftp):
    with pytest.raises(Retryable, match="no folder"):
        by_sftp(files=f"sftp://shop@127.0.0.1:{sftp.server.port}/elsewhere").check()


def test_a_server_that_is_not_running_is_told_and_found_again(sftp, by_sftp):
    files = by_sftp()
    sftp.close()
    with pytest.raises(Retryable, match="cannot be reached"):
        files.put("feed.csv", [NEW])

    sftp.open()
    files.put("feed.csv", [NEW])

    assert ["feed.csv"] == list(there(sftp))


def test_a_server_that_is_not_known_by_name_is_told(by_sftp):
    with pytest.raises(Retryable, match="was not found"):
        by_sftp(files="sftp://shop@nowhere.invalid/in").check()


def test_a_mute_server_is_given_up_when_the_time_is_over(sftp, by_sftp):
    sftp.server.faults.mute = True
    files = by_sftp()
    hasty = files._delivery.settings.model_copy(update={"files_seconds": 0.5})
    hurried = replace(files, _delivery=replace(files._delivery, settings=hasty))

    with pytest.raises(Retryable, match=r"within 0\.5 seconds"):
        hurried.put("feed.csv", [NEW])


def test_without_its_library_it_says_what_to_install(by_sftp, monkeypatch):
    files = by_sftp()
    monkeypatch.setitem(sys.modules, "asyncssh", None)

    with pytest.raises(Misconfigured, match=r"tillbridge\[sftp\]"):
        files.check()


def test_the_computers_own_keys_and_settings_are_not_used(by_sftp, tmp_path, monkeypatch):
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "config").write_text("Host *\n  Port 1\n  User somebody\n")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert by_sftp().check()


def test_a_look_writes_nothing(sftp, by_sftp):
    sftp.server.faults.read_only = True

    assert by_sftp().check(writing=False)
    with pytest.raises(Retryable, match="no folder"):
        by_sftp(files=f"sftp://shop@127.0.0.1:{sftp.server.port}/elsewhere").check(writing=False)


def test_a_server_without_sftp_is_told(sftp, by_sftp):
    sftp.close()
    sftp.server.faults.no_sftp = True
    sftp.open()

    with pytest.raises(Retryable, match="lets shop in, but offers no SFTP"):
        by_sftp().check()

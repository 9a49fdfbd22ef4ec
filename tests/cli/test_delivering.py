"""Connecting says where files go, tries it, and agrees to a host key; what is wrong then is told at once."""

import re

import pytest
import typer

from tillbridge.provider import Capability, FilesUse
from tillbridge.testing.sftp import serving_sftp
from tillbridge.testing.storefront import MemoryStorefront

pytestmark = pytest.mark.row("S15")


@pytest.fixture
def made():
    """A webstore that takes its stock as a file."""
    return MemoryStorefront(takes=frozenset({Capability.SNAPSHOT}), files=FilesUse.OPTIONAL)


@pytest.fixture(scope="module")
def sftp(tmp_path_factory):
    """A real SFTP server."""
    root = tmp_path_factory.mktemp("sftp")
    (root / "in").mkdir()
    with serving_sftp(root) as running:
        yield running


@pytest.fixture
def out(folder):
    (folder / "out").mkdir()
    return folder / "out"


@pytest.fixture
def address(sftp, monkeypatch):
    """The SFTP server's address; its password is in the environment."""
    monkeypatch.setenv("FEED_PASSWORD", sftp.server.password)
    return f"sftp://shop@127.0.0.1:{sftp.server.port}/in"


SECRET = ("--secret", "files_password=env:FEED_PASSWORD")


def settings(shop):
    (one,) = shop("connections", "--json").data
    return one["settings"]


def test_where_files_go_is_tried_and_noted(shop, out):
    answer = shop.connect("--files", str(out))

    assert 0 == answer.code, answer.err
    assert f"Files go to {out}." in answer.text
    assert str(out) == settings(shop)["files"]


def test_without_it_nothing_is_sent_and_that_is_noted(shop):
    assert "It is sent no files (stock and prices): say where they go with --files." in shop.connect().text


def test_a_provider_that_needs_it_is_not_connected_without(shop):
    shop.webstore.files = FilesUse.REQUIRED

    answer = shop.connect()

    assert 2 == answer.code
    assert "say where they go with --files" in answer.err


def test_a_provider_that_delivers_none_has_no_such_setting(shop, out):
    shop.webstore.files = FilesUse.NONE

    assert "has no setting files." in shop.connect("--files", str(out)).err


def test_a_folder_that_is_not_there_is_told_and_nothing_is_kept(shop, folder):
    answer = shop.connect("--files", str(folder / "nowhere"))

    assert 4 == answer.code
    assert "is not there" in answer.err
    assert [] == shop("connections", "--json").data


def test_an_address_that_will_not_do_is_told(shop):
    answer = shop.connect("--files", "ftp://host/in")

    assert (2, True) == (answer.code, "--files must be a folder" in answer.err)


def test_it_is_said_once(shop, out):
    assert "give one" in shop.connect("--files", str(out), "--set", f"files={out}").err


def test_a_password_on_the_command_line_is_refused_and_not_repeated(shop):
    answer = shop.connect("--files", "sftp://shop:hunter2@host/in")
    other = shop.connect("--files", "sftp://shop@host/in", "--set", "files_password=hunter2")

    assert (2, 2) == (answer.code, other.code)
    assert "hunter2" not in answer.err + other.err
    assert "files_password is a secret: give it with --secret" in other.err


def test_a_host_key_that_nobody_agreed_to_is_shown_and_not_taken(shop, sftp, address):
    answer = shop.connect("--yes", "--files", address, *SECRET)

    assert 4 == answer.code
    (shown,) = set(re.findall(r"files_host_key=(\S+)", answer.err))
    assert shown in sftp.server.fingerprints
    again = shop.connect("--files", address, *SECRET, "--set", f"files_host_key={shown}")
    assert 0 == again.code, again.err


@pytest.mark.parametrize(("same", "code"), [(True, 0), (False, 1)])
def test_at_a_terminal_a_person_compares_the_host_key(shop, sftp, address, monkeypatch, same, code):
    asked = []

    def confirm(question, **_):
        asked.append(question)
        if not same:
            raise typer.Abort

    monkeypatch.setattr("tillbridge.cli.session.Session.interactive", property(lambda self: not self.as_json))
    monkeypatch.setattr("typer.confirm", confirm)

    assert code == shop.connect("--files", address, *SECRET).code
    assert "Is it the same?" == asked[0]
    if same:
        assert settings(shop)["files_host_key"] in sftp.server.fingerprints


def test_a_changed_host_key_is_not_taken_at_a_terminal_either(shop, sftp, address, monkeypatch):
    monkeypatch.setattr("tillbridge.cli.session.Session.interactive", property(lambda self: not self.as_json))
    monkeypatch.setattr("typer.confirm", lambda *_, **__: pytest.fail("it asked"))
    other = "SHA256:" + "A" * 43

    answer = shop.connect("--files", address, *SECRET, "--set", f"files_host_key={other}")

    assert 4 == answer.code
    assert "somebody stands between" in answer.err


def test_a_wrong_password_is_told_before_anything_is_kept(shop, sftp, address, monkeypatch):
    monkeypatch.setenv("FEED_PASSWORD", "hunter2")

    answer = shop.connect(
        "--files", address, *SECRET, "--set", f"files_host_key={sftp.server.fingerprints[0]}"
    )

    assert 4 == answer.code
    assert "refused shop" in answer.err
    assert [] == shop("connections", "--json").data


def test_what_was_sent_is_shown(shop, out):
    shop.connect("--files", str(out))
    assert "No file was sent yet." in shop("export", "files", "web").text
    shop("export", "set", "web")
    assert 0 == shop("export", "run", "web", "--all", "--believe").code

    (one,) = shop("export", "files", "web", "--json").data

    assert ("offers.csv", 2) == (one["name"], one["lines"])
    assert "offers.csv" in shop("export", "files", "web").text
    assert "its titles are one of them" in shop("export", "files", "web").text
    assert "보낸 파일이 없습니다" not in shop("--lang", "ko", "export", "files", "web").text


def test_the_doctor_tries_where_files_go(shop, out):
    shop.connect("--files", str(out))
    out.rmdir()

    answer = shop("doctor", "--json")

    found = [one for check in answer.data["checks"] for one in check["findings"]]
    assert ["connections.files"] == [one["code"] for one in found if "is not there" in one["wrong"]]


def test_where_files_go_is_changed_like_any_setting_and_signed(shop, out, monkeypatch):
    shop.connect()
    monkeypatch.setenv("FEED_TOKEN", "hunter2")
    answer = shop(
        *("connect", "memory", "--name", "web", "--replace", "--files", str(out), "--who", "지은"),
        *("--secret", "files_token=env:FEED_TOKEN"),
    )

    assert 0 == answer.code, answer.err
    history = shop("connections", "--history", "web").text
    assert f"files: - → {out}" in history
    assert "files_token: changed" in history
    assert "hunter2" not in history + answer.out + shop("connections", "--json").out

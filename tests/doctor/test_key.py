"""The key: where it comes from, who can read it, and whether it opens what is stored."""

import os

import pytest
from cryptography.fernet import Fernet

from doctor.conftest import NOBODY, Patient


def fresh() -> str:
    return Fernet.generate_key().decode()


def test_a_lost_key_is_named_and_none_is_made(patient, monkeypatch):
    if patient.is_sqlite:
        patient.key_file.unlink()
    else:
        monkeypatch.delenv("TILLBRIDGE_KEY")

    found = patient.finding("key.lost")

    assert 1 == found.figures["count"]
    assert "no orders arrive" in found.means.en
    assert not patient.key_file.exists()


def test_the_remedy_of_a_lost_key_file_names_it_and_can_be_done_as_it_stands(in_file):
    in_file.connect("two", "s2")
    in_file.key_file.unlink()

    said = in_file.finding("key.lost").remedy.en

    assert f"to where it was read from, {in_file.key_file}, from a backup" in said
    assert f"make a new one: (umask 077; tillbridge init --show-new-key > {in_file.key_file})" in said
    assert "secrets again (web, two), as in: tillbridge connect memory --name web --replace " in said
    assert said.endswith("--secret token=-")


def test_the_remedy_of_a_lost_key_of_postgresql_sets_the_variable(on_server, monkeypatch):
    monkeypatch.delenv("TILLBRIDGE_KEY")

    said = on_server.finding("key.lost").remedy.en

    assert "to where it was read from, TILLBRIDGE_KEY, from a backup" in said
    assert 'make a new one: export TILLBRIDGE_KEY="$(tillbridge init --show-new-key)"' in said


def test_the_remedy_of_a_lost_key_quotes_a_name_for_the_shell(in_file):
    in_file.connect("자전거 몰", "s2")
    in_file.sql("DELETE FROM connections WHERE name = 'web'")
    in_file.key_file.unlink()

    assert "--name '자전거 몰' --replace" in in_file.finding("key.lost").remedy.ko


def test_a_lost_key_of_one_connection_is_told_in_the_singular(in_file):
    in_file.key_file.unlink()

    assert in_file.finding("key.lost").wrong.en.startswith("There is no key, but 1 connection has secrets")


def test_a_key_that_was_never_needed_is_no_fault(sqlite_url):
    assert {"pos.no_store"} == Patient(sqlite_url).codes()


def test_with_postgresql_a_key_has_to_be_set(postgres_url):
    assert {"pos.no_store", "key.unset"} == Patient(postgres_url).codes()


def test_half_a_key_is_none(in_file):
    in_file.key_file.write_text(in_file.key_file.read_text()[:20])

    assert "20 are there" in in_file.finding("key.malformed").wrong.en


def test_another_key_names_the_connections_that_it_does_not_open(patient, monkeypatch):
    patient.connect("two", "s2")
    if patient.is_sqlite:
        patient.key_file.write_text(fresh())
    else:
        monkeypatch.setenv("TILLBRIDGE_KEY", fresh())

    assert "2 of 2 connections: web, two." in patient.finding("key.wrong").wrong.en


def test_a_row_copied_from_another_connection_is_not_opened(in_file):
    in_file.connect("two", "s2")
    in_file.sql(
        "UPDATE connections SET secrets = (SELECT secrets FROM connections WHERE id = 1) WHERE id = 2"
    )

    assert "1 of 2 connections: two." in in_file.finding("key.wrong").wrong.en


def test_a_variable_that_hides_the_right_file_is_found(in_file, monkeypatch):
    monkeypatch.setenv("TILLBRIDGE_KEY", fresh())

    assert "unset TILLBRIDGE_KEY" in in_file.finding("key.other_fits").remedy.en


def test_a_key_file_that_others_can_read_is_found(in_file):
    in_file.key_file.chmod(0o644)

    found = in_file.finding("key.open")

    assert "644" in found.wrong.en
    assert f"chmod 600 {in_file.key_file}" in found.remedy.en


def test_a_key_file_that_is_not_used_may_be_as_it_likes(in_file, monkeypatch):
    monkeypatch.setenv("TILLBRIDGE_KEY", in_file.key_file.read_text())
    in_file.key_file.chmod(0o644)

    assert set() == in_file.codes()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_key_file_of_another_user_is_found(in_file):
    os.chown(in_file.key_file, NOBODY, -1)

    assert {"key.owner"} == in_file.codes()


def test_a_key_file_that_cannot_be_read_is_found(in_file):
    in_file.key_file.unlink()
    in_file.key_file.mkdir()

    assert "IsADirectoryError" in in_file.finding("key.unreadable").wrong.en

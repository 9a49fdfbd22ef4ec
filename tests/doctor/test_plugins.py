"""Plugins that do not come in, and libraries that do not fit."""

import sqlite3
from importlib import metadata
from importlib.metadata import EntryPoint

from stub_plugins import offering, provider
from tillbridge import plugins


def test_a_plugin_that_cannot_be_imported_is_refused(in_file, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "broken_plugin.py").write_text("import no_such_thing\n")
    point = EntryPoint("broken", "broken_plugin", "tillbridge")
    load = plugins.load
    monkeypatch.setattr(plugins, "load", lambda: load([point], extra={"memory": in_file.webstore}))

    found = in_file.finding("plugins.refused", in_file.options(plugins=None))

    assert "No module named 'no_such_thing'" in found.wrong.en
    assert "all other connections go on" in found.means.en


def test_a_plugin_that_breaks_the_contract_is_refused(in_file):
    in_file.plugins = plugins.load(
        [], extra={"memory": in_file.webstore, "bad": offering(provider(name="Not A Name"))}
    )

    assert "'Not A Name'" in in_file.finding("plugins.refused").wrong.en


def test_a_hook_that_is_never_called_is_remarked(in_file):
    idle = offering(provider(), push_status=lambda connection, delivery: None)
    in_file.plugins = plugins.load([], extra={"memory": in_file.webstore, "idle": idle})

    assert {"plugins.remark"} == in_file.codes()


def test_what_is_installed_fits(in_file):
    (checked,) = [one for one in in_file.examined().checks if one.name == "plugins"]

    assert [] == checked.findings
    assert "memory" in [note.en for note in checked.notes]


def test_a_plugin_of_many_providers_names_the_first_of_them(in_file):
    many = offering(*(provider(name=f"store-{at}") for at in range(5)))
    in_file.plugins = plugins.load([], extra={"memory": in_file.webstore, "many": many})

    (checked,) = [one for one in in_file.examined().checks if one.name == "plugins"]

    assert "many: store-0, store-1, store-2 and 2 more" in [note.en for note in checked.notes]


def test_a_library_that_does_not_fit_is_named(in_file, monkeypatch):
    known = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "3.1.4" if name == "pydantic" else known(name))

    found = in_file.finding("plugins.library")

    assert "pydantic 3.1.4 is installed" in found.wrong.en
    assert "<3" in found.remedy.en


def test_an_old_sqlite_is_named(in_file, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.34.1")

    assert "3.34.1" in in_file.finding("plugins.sqlite").wrong.en

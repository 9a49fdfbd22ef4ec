"""An environment that cannot be made is said so, and never used half."""

import pytest

import own_environments


def test_what_cannot_be_installed_is_said(monkeypatch, tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "broken.txt").write_text("=no requirement=\n", "utf-8")
    monkeypatch.setattr(own_environments, "LISTS", tmp_path / "lists")
    monkeypatch.setattr("sys.prefix", str(tmp_path))

    with pytest.raises(own_environments.NoEnvironmentError, match=r"broken\.txt cannot be installed"):
        own_environments.python("broken")

    assert not list(tmp_path.glob(".broken-*/whole"))


def test_every_list_says_which_releases():
    lines = [
        line for one in own_environments.LISTS.glob("*.txt") for line in one.read_text("utf-8").splitlines()
    ]

    assert [line for line in lines if "==" not in line and not line.startswith("#")] == []

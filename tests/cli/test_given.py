"""Settings and secrets as a command line gives them: nothing secret ever stands in a message."""

import io

import pytest

from tillbridge.cli.given import read_pairs, read_secrets
from tillbridge.model.errors import InputError


def test_pairs_keep_what_stands_after_the_first_equals_sign():
    assert {"url": "https://a.example/?b=c", "empty": ""} == read_pairs(
        ["url=https://a.example/?b=c", "empty="], option="--set"
    )


@pytest.mark.parametrize("given", [["loose-text"], ["=value"], ["a=1", "a=2"]])
def test_what_is_no_pair_is_refused_without_its_value(given):
    with pytest.raises(InputError) as caught:
        read_pairs(given, option="--set")

    assert "loose-text" not in caught.value.words.en
    assert "value" not in caught.value.words.en.replace("key=value", "")


def test_a_secret_is_read_from_where_it_stands(monkeypatch, tmp_path):
    (tmp_path / "token").write_text("from a file\n", "utf-8")
    monkeypatch.setenv("SOME_TOKEN", "from the environment")
    monkeypatch.setattr("sys.stdin", io.StringIO("from the input\n"))

    assert {"a": "from the environment", "b": "from a file", "c": "from the input"} == read_secrets(
        ["a=env:SOME_TOKEN", f"b=@{tmp_path / 'token'}", "c=-"]
    )


@pytest.mark.parametrize("source", ["hunter2", "env:hunter2-is-not-set", "@hunter2/does/not/exist", ""])
def test_a_secret_that_cannot_be_read_is_refused_and_not_repeated(source):
    with pytest.raises(InputError) as caught:
        read_secrets([f"api_token={source}"])

    assert "api_token" in caught.value.words.en
    assert "hunter2" not in (caught.value.words.en + caught.value.words.ko).lower()


def test_a_variable_that_is_not_set_is_named():
    with pytest.raises(InputError, match="The variable LOCALLY_TOKEN for --secret api_token is not set"):
        read_secrets(["api_token=env:LOCALLY_TOKEN"])


def test_a_file_that_is_missing_is_said_in_plain_words():
    with pytest.raises(InputError, match="There is no such file for --secret api_token"):
        read_secrets(["api_token=@nowhere"])


def test_only_one_secret_comes_from_the_standard_input():
    with pytest.raises(InputError, match="Only one"):
        read_secrets(["a=-", "b=-"])

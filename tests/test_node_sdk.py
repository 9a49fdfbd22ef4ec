"""Installing Locally's JavaScript SDK: what is missing or other than listed is said, and never used."""

import json

import pytest

import node_sdk


def test_without_node_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(node_sdk.NoNodeError, match="node is missing"):
        node_sdk.installed()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"one": "sha512-a", "two": "sha512-other"}, "two"),
        ({"one": "sha512-a"}, "two"),
        ({"one": "sha512-a", "two": "sha512-b", "three": "sha512-c"}, "three"),
    ],
)
def test_a_package_that_is_not_the_listed_one_is_refused(tmp_path, found, said):
    (tmp_path / "node_modules").mkdir()
    lock = {"packages": {f"node_modules/{name}": {"integrity": sum_} for name, sum_ in found.items()}}
    (tmp_path / "node_modules" / ".package-lock.json").write_text(json.dumps(lock), "utf-8")
    listed = {
        name: {"version": "1", "integrity": f"sha512-{sign}"} for name, sign in (("one", "a"), ("two", "b"))
    }

    with pytest.raises(node_sdk.NoNodeError, match=f"not those that are listed: {said}$"):
        node_sdk._compare(tmp_path, listed)


def test_every_listed_package_has_its_sum_and_no_address():
    for name, package in json.loads(node_sdk.PACKAGES.read_text("utf-8")).items():
        assert {"version", "integrity"} == set(package), name
        assert package["integrity"].startswith("sha512-"), name

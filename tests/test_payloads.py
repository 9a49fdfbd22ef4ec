"""What happens to tests of real payloads where their folder is absent: they skip, and are counted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from payloads import ROOT, payload_files, payload_name

TESTS = ROOT / "tests"
INNER = """
import pytest
from payloads import payload_files, payload_name

@pytest.mark.row("S7")
@pytest.mark.parametrize("file", payload_files("shopify"), ids=payload_name)
def test_each_file(file):
    assert file.read_bytes()

def test_the_folder(order_payloads):
    assert order_payloads.is_dir()
"""


def run_inner(folder: Path, payloads: Path, *options: str) -> str:
    """Run pytest on a module of its own, with this project's conftest, and return what it prints."""
    (folder / "test_inner.py").write_text(INNER)
    (folder / "conftest.py").write_bytes((TESTS / "conftest.py").read_bytes())
    environment = {**os.environ, "TILLBRIDGE_ORDER_PAYLOADS": str(payloads), "PYTHONPATH": str(TESTS)}
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "-p", "no:cacheprovider"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *settings, *options, str(folder)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout + run.stderr


@pytest.mark.parametrize("processes", ["0", "1"])
def test_tests_of_an_absent_folder_are_counted(tmp_path: Path, processes: str) -> None:
    """Both ways to ask for payloads skip, and the closing report says how many tests did."""
    printed = run_inner(tmp_path, tmp_path / "absent", "-n", processes, "--rows")

    assert "2 tests skipped because ../shared/data/orders is absent" in printed
    assert "S7   1 skipped" in printed
    assert printed.rstrip().splitlines()[-1].strip("= ").startswith("2 skipped in")


def test_tests_of_a_folder_that_is_there_run(tmp_path: Path) -> None:
    """With payloads nothing is skipped, and the report says that too."""
    (tmp_path / "orders" / "shopify").mkdir(parents=True)
    (tmp_path / "orders" / "shopify" / "01-order.json").write_text("{}")

    printed = run_inner(tmp_path, tmp_path / "orders", "-v", "--rows")

    assert "0 tests skipped because ../shared/data/orders is absent" in printed
    assert "test_each_file[shopify/01-order.json] PASSED" in printed
    assert "S7   1 passed" in printed


@pytest.mark.parametrize("file", payload_files("stripe"), ids=payload_name)
def test_a_system_has_its_own_files(file: Path) -> None:
    """Only files of the system that was asked for are given."""
    assert file.parent.name == "stripe"


def test_a_system_that_is_not_there_is_a_mistake(order_payloads: Path) -> None:
    """A misspelt system fails at once, rather than testing nothing."""
    with pytest.raises(LookupError, match=r"no \.json payloads of 'shopfy'; its systems are \['bigcommerce'"):
        payload_files("shopfy")

"""The program as a process of its own: what a shell and a service manager see."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tillbridge import __version__
from tillbridge.cli.running import run
from tillbridge.demo.making import CUSTOMERS_FILE
from tillbridge.demo.sandbox import RunningSandbox, running
from tillbridge.demo.shop import CATALOGUE_FILE, copy_files
from tillbridge.secrets import new_key

PROGRAM = [sys.executable, "-c", "from tillbridge.cli import main; main()"]
PATIENCE = 60


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def sandbox(folder: Path, *options: str) -> Iterator[RunningSandbox]:
    copy_files(folder)
    files = ("--catalogue", str(folder / CATALOGUE_FILE), "--customers", str(folder / CUSTOMERS_FILE))
    with running("tillbridge_locally.sandbox", [*files, *options]) as started:
        yield started


def set_up(folder: Path, found: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Walk as the README does: database, store, files, connection."""
    settings = [part for name, value in found.settings.items() for part in ("--set", f"{name}={value}")]
    secret = ("--secret", "api_token=env:LOCALLY_TOKEN")
    monkeypatch.setenv("LOCALLY_TOKEN", found.secrets["api_token"])
    steps = (
        ["init"],
        ["store", "add", "MAPO", "--country", "KR"],
        ["catalogue", "import", str(folder / "hanbit.csv"), "--vendor", "한빛자전거"],
        ["customers", "import", str(folder / CUSTOMERS_FILE)],
        ["connect", "locally", "--name", "locally", *settings, *secret, "--orders-from", "all"],
    )
    assert [0] * len(steps) == [run(step) for step in steps]


def test_the_version_is_told_without_loading_the_rest():
    check = "import sys; from tillbridge.cli import main; sys.argv = ['tillbridge', '--version']; main(); "
    check += "sys.exit('typer' in sys.modules or 'sqlalchemy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)

    assert (0, f"tillbridge {__version__}\n") == (done.returncode, done.stdout)


def test_an_error_is_one_sentence_and_a_code():
    done = program("orders", "--lang", "ko")

    assert (5, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert "Traceback" not in done.stderr


def test_with_json_the_standard_output_is_json_and_nothing_else():
    run(["init"])

    answers = [program(*words.split(), "--json") for words in ("orders", "poll", "order show 9")]

    assert [0, 0, 2] == [one.returncode for one in answers]
    assert [[], {}] == [json.loads(one.stdout) for one in answers[:2]]
    assert "not_found" == json.loads(answers[2].stdout)["error"]["code"]


def test_a_database_that_is_away_is_code_5_and_its_password_is_not_told():
    url = "postgresql://someone:hunter2@127.0.0.1:1/nowhere"

    done = program("orders", "--database", url, TILLBRIDGE_KEY=new_key())

    assert 5 == done.returncode
    assert "hunter2" not in done.stderr + done.stdout
    assert 1 == len(done.stderr.splitlines())


@pytest.mark.row("S1")
@pytest.mark.row("S5")
@pytest.mark.row("S6")
@pytest.mark.row("S24")
def test_from_files_to_sales_on_both_databases(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("TILLBRIDGE_DATABASE", database_url)
    monkeypatch.setenv("TILLBRIDGE_KEY", new_key())
    with sandbox(tmp_path) as found:
        set_up(tmp_path, found, monkeypatch)

        first = json.loads(program("poll", "--json").stdout)["locally"]
        second = json.loads(program("poll", "--json").stdout)["locally"]
        orders = json.loads(program("orders", "--json").stdout)

    statuses = {order["status"] for order in orders}
    assert {"New", "Customer ID Required", "Product Match Failed", "Sale Processing Failed"} <= statuses
    assert sum(order["barcode"] is not None for order in orders) == first["sold"]
    assert (0, 0, 0) == (second["new"], second["changed"], second["sold"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_sells_what_arrives_and_stops_when_asked(number, tmp_path, monkeypatch):
    with sandbox(tmp_path) as found:
        set_up(tmp_path, found, monkeypatch)
        process = subprocess.Popen(
            [*PROGRAM, "run", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout
        events = []
        for line in process.stdout:
            events.append(json.loads(line))
            if events[-1]["event"] == "polled":
                break
        process.send_signal(number)
        rest, said = process.communicate(timeout=20)
        events += [json.loads(line) for line in rest.splitlines()]

    assert (0, b"") == (process.returncode, said)
    assert ["started", "polled"] == [event["event"] for event in events[:2]]
    assert events[1]["sold"] > 0
    assert "stopped" == events[-1]["event"]


def test_a_sandbox_that_does_not_start_says_its_last_words(tmp_path):
    from tillbridge.model.errors import Misconfigured  # noqa: PLC0415  # only this test fails on purpose

    missing = ["--catalogue", str(tmp_path / "none.csv"), "--customers", str(tmp_path / "none.csv")]

    with pytest.raises(Misconfigured, match=r"none\.csv"), running("tillbridge_locally.sandbox", missing):
        pytest.fail("it started")

"""A plugin adds commands to the program: loaded when they are called, named where they are faulty."""

import importlib
import sys
from pathlib import Path

import pytest
import respx

from tillbridge.commands import command_line, guests

GOOD = '''
"""Labels for a shelf."""

from datetime import UTC, datetime

import typer

from pydantic import BaseModel, SecretStr

from tillbridge.plugin import HttpSettings, Provider, command_line

app = typer.Typer(help="Print labels for the shelf.")
START = datetime(2026, 3, 1, tzinfo=UTC)


class Settings(BaseModel):
    shop: str
    key: SecretStr


LABELS = Provider(
    name="labels",
    title="Labels",
    settings=Settings,
    account_key=lambda settings: settings.shop,
    http=lambda _: HttpSettings(base_url="https://labels.example", service="Labels"),
    capabilities=frozenset(),
)


@app.command()
def count(context: typer.Context, times: int) -> None:
    """Count labels."""
    line = command_line(context)
    line.say(line.words(f"{times} labels", f"라벨 {times}장"))
    if line.as_json:
        line.give({"labels": times, "asks": line.interactive})


@app.command()
def connection(context: typer.Context, name: str) -> None:
    """Name a connection's shop."""
    line = command_line(context)
    with line.connection(name) as opened:
        line.say(opened.settings.shop)


@app.command()
def trial(context: typer.Context) -> None:
    """Ask a service that is not connected."""
    line = command_line(context)
    secret = ["key=env:LABELS_KEY"]
    with line.trial(LABELS, settings=["shop=s-1"], secrets=secret, orders_from=START) as opened:
        line.say(f"{opened.settings.shop} {opened.settings.key} {opened.http.get('/size').json()}")


@app.command()
def store(context: typer.Context) -> None:
    """Ask for a store where there is none."""
    line, secret = command_line(context), ["key=env:LABELS_KEY"]
    with line.trial(LABELS, settings=["shop=s-1"], secrets=secret, orders_from=START) as opened:
        opened.store(None)


@app.command()
def nothing(context: typer.Context) -> None:
    """Give no settings."""
    with command_line(context).trial(LABELS, orders_from=START):
        pass


@app.command()
def fail() -> None:
    """Fail."""
    raise KeyError("secret")
'''


@pytest.fixture
def install(tmp_path_factory, monkeypatch):
    """Installs a package with commands: the lines of its entry points, its modules' text."""
    taken = set(sys.modules)
    folder: Path = tmp_path_factory.mktemp("guests")
    monkeypatch.syspath_prepend(folder)

    def add(package: str, entry_points: str, **modules: str) -> Path:
        metadata = folder / f"{package.replace('-', '_')}-1.2.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Name: {package}\nVersion: 1.2\n")
        (metadata / "entry_points.txt").write_text(f"[tillbridge.commands]\n{entry_points}\n")
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        # The program is made once for a process; its commands are looked for anew here.
        from tillbridge.cli.app import command  # noqa: PLC0415  # only where it is reset

        command.cache_clear()
        return folder

    yield add
    from tillbridge.cli.app import command  # noqa: PLC0415  # only where it is reset

    command.cache_clear()
    for name in set(sys.modules) - taken:
        if name.startswith("shelf_"):
            del sys.modules[name]


@pytest.fixture
def labels(install):
    return install("shelf-labels", "labels = shelf_labels:app", shelf_labels=GOOD)


def test_help_lists_the_commands_of_plugins(program, labels):
    answer = program("--help")

    assert "Print labels for the shelf." in answer.text
    assert answer.code == 0


def test_a_command_of_a_plugin_has_the_language_and_json(program, labels):
    assert program("labels", "count", "3").out == "3 labels\n"
    assert program("labels", "count", "3", "--lang", "ko").out == "라벨 3장\n"
    assert program("labels", "count", "3", "--json").data == {"labels": 3, "asks": False}


def test_it_is_imported_for_itself_only(program, labels):
    program("providers")
    assert "shelf_labels" not in sys.modules

    program("labels", "--help")
    assert "shelf_labels" in sys.modules


def test_it_opens_a_connection_by_its_name(shop, labels):
    shop.connect()

    assert shop("labels", "connection", "web").out == "s1\n"
    assert shop("labels", "connection", "wob").err == "There is no connection named 'wob'. There are: web.\n"


@respx.mock
def test_it_opens_a_connection_that_is_not_kept_and_needs_no_database(program, labels, monkeypatch):
    monkeypatch.setenv("LABELS_KEY", "k-1")
    respx.get("https://labels.example/size").respond(json=12)

    assert program("labels", "trial").out == "s-1 ********** 12\n"
    assert program("labels", "store").err == "A trial belongs to no store.\n"
    assert program("labels", "nothing").err == (
        "The settings for Labels do not fit. --set shop is missing; --secret key is missing.\n"
    )


def test_its_fault_is_its_own(program, labels):
    answer = program("labels", "fail")

    assert answer.code == 4
    assert answer.err == (
        "The command of shelf-labels 1.2 has failed (KeyError). Run it again with --debug to see where, "
        "and report it there.\n"
    )


FAULTY = {
    "no module": (
        "broken = shelf_absent:app",
        {},
        "could not be loaded: ModuleNotFoundError: No module named 'shelf_absent'",
    ),
    "it ends the program": (
        "broken = shelf_ending:app",
        {"shelf_ending": "import sys\nsys.exit(3)\n"},
        "could not be loaded: SystemExit: 3",
    ),
    "no app": ("broken = shelf_number:app", {"shelf_number": "app = 5\n"}, "is no typer.Typer, but int"),
}


@pytest.mark.parametrize(("entry", "modules", "said"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_command_is_named_and_stops_no_other(program, labels, install, entry, modules, said):
    install("shelf-faults", entry, **modules)

    listed = " ".join(program("--help").out.replace("│", " ").split())
    assert f"The command 'broken' of shelf-faults 1.2 {said}" in listed
    assert program("labels", "count", "1").code == 0

    answer = program("broken", "now", "--fast")
    assert (answer.code, answer.err.startswith(f"The command 'broken' of shelf-faults 1.2 {said}")) == (
        4,
        True,
    )


def test_a_name_that_the_program_has_stays_the_programs(program, install):
    install("shelf-orders", "providers = shelf_labels:app", shelf_labels=GOOD)

    assert "The command 'providers' of shelf-orders 1.2 is left out" in program("--help").err
    assert "stub" not in program("providers").err


def test_of_two_commands_of_one_name_the_first_stays(labels, install, caplog):
    install("a-shelf", "labels = shelf_labels:app")

    assert guests()["labels"].holder == "a-shelf 1.2"
    assert "the command 'labels' of shelf-labels 1.2 is left out: a-shelf 1.2 has it" in caplog.text


def test_a_command_knows_that_tillbridge_did_not_call_it():
    class Foreign:
        def find_object(self, _kind: type) -> None:
            return None

    with pytest.raises(LookupError, match="as a part of tillbridge only"):
        command_line(Foreign())

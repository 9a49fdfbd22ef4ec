"""A faulty plugin is reported and skipped; names are unique, and both holders are named."""

import logging
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest

from stub_plugins import load, module, offering, provider, refusals
from tillbridge import plugins
from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.plugin import hookimpl
from tillbridge.plugins import Plugins
from tillbridge.provider import Provider

GOOD = """
from pydantic import BaseModel
from tillbridge.plugin import HttpSettings, Provider, hookimpl

class Settings(BaseModel):
    shop: str

@hookimpl
def providers() -> list[Provider]:
    return [Provider(name="good", title="Good", settings=Settings, account_key=lambda settings: settings.shop,
                     http=lambda settings: HttpSettings(base_url="https://x.example", service="Good"),
                     capabilities=frozenset())]
"""

Install = Callable[..., Plugins]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs distributions, each with one module that is a plugin, and loads them."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def run(**sources: str) -> Plugins:
        for name, source in sources.items():
            (tmp_path / f"installed_{name}.py").write_text(source, "utf-8")
            metadata = tmp_path / f"dist_{name}-1.2.dist-info"
            metadata.mkdir()
            (metadata / "METADATA").write_text(
                f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: 1.2\n", "utf-8"
            )
            (metadata / "entry_points.txt").write_text(f"[tillbridge]\n{name} = installed_{name}\n", "utf-8")
        mine = {f"dist-{name}" for name in sources}
        return plugins.load(
            point for point in entry_points(group="tillbridge") if point.dist and point.dist.name in mine
        )

    yield run
    for name in set(sys.modules) - before:
        if name.startswith("installed_"):
            del sys.modules[name]


def reasons(loaded: Plugins) -> list[str]:
    return [problem.words.en for problem in loaded.problems]


def refused(name: str, *sentences: str) -> list[str]:
    return [f"The plugin {name!r} is not loaded. " + " ".join(sentences)]


def test_an_installed_plugin_comes_in_with_its_version(install: Install) -> None:
    loaded = install(good=GOOD)

    assert loaded.problems == ()
    assert [(one.name, one.version, one.providers[0].title) for one in loaded.loaded] == [
        ("good", "1.2", "Good")
    ]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import no_such_package_here", "ModuleNotFoundError: No module named 'no_such_package_here'"),
        ("def broken(:", "SyntaxError: invalid syntax (installed_bad.py, line 1)"),
        ("raise RuntimeError('first line\\nsecond')", "RuntimeError: first line"),
        ("import sys\nsys.exit(3)", "SystemExit: 3"),
        ("raise GeneratorExit", "GeneratorExit"),
    ],
)
def test_a_plugin_that_cannot_be_imported_stops_no_other(install: Install, source: str, said: str) -> None:
    loaded = install(bad=source, good=GOOD)

    assert [one.name for one in loaded.loaded] == ["good"]
    assert reasons(loaded) == refused(
        "bad",
        f"It could not be imported (dist-bad 1.2, installed_bad): {said}.",
        "Install what it needs, update it, or uninstall it.",
    )


def test_a_person_can_interrupt_an_import(install: Install) -> None:
    with pytest.raises(KeyboardInterrupt):
        install(bad="raise KeyboardInterrupt")


def test_problems_are_logged(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    loaded = install(bad="1/0")

    assert [(logging.ERROR, loaded.problems[0].words.en)] == [
        (record.levelno, record.getMessage()) for record in caplog.records
    ]


def test_nothing_is_kept_between_two_loads() -> None:
    load(a=offering(provider()))

    assert dict(load().providers) == {}


def test_what_is_installed_is_loaded_without_being_asked_for() -> None:
    """tillbridge's own providers come in by the same door as anyone's."""
    assert {point.name for point in entry_points(group="tillbridge")} == {
        *(one.name for one in plugins.load().loaded),
        *(problem.plugin for problem in plugins.load().problems if problem.refused),
    }


def test_an_entry_point_named_like_a_hosts_plugin_is_refused() -> None:
    """What the host passes itself comes first."""
    point = EntryPoint("twin", "json", "tillbridge")

    loaded = plugins.load([point], extra={"twin": offering(provider())})

    assert list(loaded.providers) == ["stub"]
    assert reasons(loaded)[0].startswith(
        "The plugin 'twin' is not loaded. The plugin 'twin' is there already; the plugin 'twin' has it."
    )


def test_one_module_under_two_names_is_refused() -> None:
    plugin = offering(provider())

    assert refusals(first=plugin) == []
    assert [problem.words.en for problem in load(first=plugin, second=plugin).problems] == refused(
        "second", "It is the same module as the plugin 'first';", "one entry point is enough."
    )


def rule(kind: type[Any]) -> Any:
    return kind(name="own", title=Words("Own", "자체"), rank=1, keys=lambda _, __: ())


@pytest.mark.parametrize(
    ("kind", "name", "make"),
    [
        ("provider", "stub", lambda: offering(provider())),
        ("customer rule", "own", lambda: module(customer_match_rules=lambda: [rule(CustomerMatchRule)])),
        ("product rule", "own", lambda: module(product_match_rules=lambda: [rule(ProductMatchRule)])),
    ],
)
def test_of_two_with_one_name_the_second_is_refused(kind: str, name: str, make: Callable[[], object]) -> None:
    loaded = load(first=make(), second=make())

    assert [one.name for one in loaded.loaded] == ["first"]
    assert reasons(loaded) == refused(
        "second",
        f"The {kind} {name!r} is there already; the plugin 'first' has it.",
        "Names are unique: rename one, or uninstall one of the two.",
    )


class OfFiles:
    """A plugin that makes providers of its users' files."""

    def __init__(self, *names: str) -> None:
        self._names = names

    @hookimpl
    def providers(self) -> list[Provider]:
        return [provider(name=name, title=f"The file {name}") for name in self._names]

    @hookimpl
    def provider_problems(self) -> list[Words]:
        return []


@pytest.mark.parametrize("order", [("files", "other"), ("other", "files")])
def test_a_file_s_provider_gives_way_to_another_plugin_s_and_harms_nothing_else(
    order: tuple[str, str],
) -> None:
    given = {"files": OfFiles("mine", "stub"), "other": offering(provider())}

    loaded = plugins.load([], extra={name: given[name] for name in order})

    assert set(loaded.providers) == {"mine", "stub"}
    assert loaded.providers["stub"].title == "Stub"
    (problem,) = loaded.problems
    assert (problem.plugin, problem.refused) == ("files", False)
    assert (
        "The file stub (stub) cannot be connected: the plugin 'other' has a provider of that name."
        in problem.words.en
    )


def test_one_plugin_with_two_providers_of_one_name_is_refused() -> None:
    (fault,) = refusals(bad=offering(provider(), provider()))

    assert "The provider 'stub' is there already; the plugin 'bad' has it." in fault


def test_an_object_with_methods_may_be_a_plugin() -> None:
    """As a host has it that passes its own."""

    class Host:
        @hookimpl
        def providers(self) -> list[Provider]:
            return [provider(title=type(self).__name__)]

    assert load(host=Host()).provider("stub").title == "Host"


def test_what_cannot_be_looked_at_is_refused() -> None:
    class Odd:
        def __dir__(self) -> list[str]:
            raise OSError

    assert refusals(odd=Odd()) == refused(
        "odd", "It could not be examined: OSError.", "An entry point must name a module with functions in it."
    )


def test_a_provider_is_found_by_its_name() -> None:
    assert load(a=offering(provider())).provider("stub").title == "Stub"


def test_an_unknown_provider_is_answered_with_those_that_there_are() -> None:
    loaded = load(a=offering(provider(name="locally")), b=offering(provider()), bad=module())

    with pytest.raises(InputError) as caught:
        loaded.provider("localy")

    assert caught.value.words.en == (
        "There is no provider 'localy'. Did you mean 'locally'? There are: locally, stub. "
        "Plugins that were not loaded: bad."
    )
    assert caught.value.words.ko == (
        "'localy' 제공자가 없습니다. 혹시 'locally'인가요? "
        "사용 가능한 제공자: locally, stub. 불러오지 못한 플러그인: bad"
    )


def test_where_there_is_no_provider_at_all_it_says_so() -> None:
    with pytest.raises(InputError, match=r"There is no provider 'x'\. There are: -\."):
        load().provider("x")

"""Looks at what is installed: plugins that came in or were refused, and the libraries below them."""

import re
import sqlite3
from collections.abc import Iterator
from importlib import metadata
from typing import Final

from tillbridge import __version__
from tillbridge import plugins as loading
from tillbridge.doctor.findings import Finding, Kind, Said, Standing
from tillbridge.doctor.site import Site
from tillbridge.model.words import Words
from tillbridge.plugins.records import LoadedPlugin

_DISTRIBUTION: Final = "tillbridge"
_SHOWN: Final = 3
_OLDEST_SQLITE: Final = "3.35"
_REQUIREMENT: Final = re.compile(r"(?P<name>[\w.-]+)(?:\[[^]]*\])?\s*(?P<bounds>[^;]*)(?P<marker>;.*)?")
_BOUND: Final = re.compile(r"(>=|<=|<|>|==)\s*([\d.]+)")

REFUSED = Kind(
    code="plugins.refused",
    standing=Standing.BROKEN,
    wrong=Words("{words}", "{words}"),
    means=Words(
        "Connections that need this plugin bring no orders and send no decisions; sales and all other "
        "connections go on.",
        "이 플러그인을 사용하는 연결은 주문을 가져오거나 결정을 전송하지 못합니다. 매장 판매와 다른 연결은 "
        "계속 작동합니다.",
    ),
    remedy=Words(
        "Mend what is named, or update or uninstall the plugin, and see `tillbridge providers`.",
        "안내된 문제를 고치거나 플러그인을 업데이트 또는 제거한 뒤 `tillbridge providers`로 확인해 주세요.",
    ),
)
REMARK = Kind(
    code="plugins.remark",
    standing=Standing.LOOK,
    wrong=Words("{words}", "{words}"),
    means=Words(
        "The plugin works, but not all of it is used as its maker may have meant.",
        "플러그인은 작동하지만, 일부 기능이 개발사의 의도대로 사용되지 않을 수 있습니다.",
    ),
    remedy=Words("Tell the plugin's maker.", "플러그인 개발사에 알려 주세요."),
)
LIBRARY = Kind(
    code="plugins.library",
    standing=Standing.LOOK,
    wrong=Words(
        "{library} {version} is installed; tillbridge is made for {allowed}.",
        "{library} {version}이(가) 설치되어 있습니다. tillbridge에 필요한 버전은 {allowed}입니다.",
    ),
    means=Words(
        "Nobody has tried tillbridge with it: anything may go wrong.",
        "이 버전에서는 tillbridge를 시험하지 않았으므로 오류가 발생할 수 있습니다.",
    ),
    remedy=Words(
        "Install what fits: pip install '{library}{allowed}'",
        "맞는 버전을 설치해 주세요: pip install '{library}{allowed}'",
    ),
)
SQLITE = Kind(
    code="plugins.sqlite",
    standing=Standing.BROKEN,
    wrong=Words(
        "Python's SQLite library is {version}; tillbridge needs {oldest} or newer.",
        "파이썬의 SQLite 라이브러리 버전이 {version}입니다. {oldest} 이상이 필요합니다.",
    ),
    means=Words(
        "Orders cannot be sold with a database in a file; PostgreSQL would work.",
        "파일 데이터베이스로는 주문을 판매 처리할 수 없습니다. PostgreSQL은 사용할 수 있습니다.",
    ),
    remedy=Words(
        "Use a newer Python: it brings a newer SQLite.",
        "더 새로운 파이썬을 사용해 주세요. 새 SQLite가 함께 설치됩니다.",
    ),
)


def check(site: Site) -> Said:
    """Load the plugins as the engine would, and look at the libraries."""
    yield from _libraries()
    found = site.options.plugins or loading.load()
    site.plugins = found
    for problem in found.problems:
        yield (REFUSED if problem.refused else REMARK).found(plugin=problem.plugin, words=problem.words)
    yield Words.of(f"tillbridge {__version__}")
    yield from (_offer(one) for one in found.loaded)


def _offer(plugin: LoadedPlugin) -> Words:
    """Name a plugin and the first of its providers; `tillbridge providers` says what each can do."""
    named, names = f"{plugin.name} {plugin.version}".strip(), [one.name for one in plugin.providers]
    if not names or names == [plugin.name]:
        return Words.of(named)
    first, more = ", ".join(names[:_SHOWN]), len(names) - _SHOWN
    if more <= 0:
        return Words.of(f"{named}: {first}")
    return Words(f"{named}: {first} and {more} more", f"{named}: {first} 외 {more}개")


def _libraries() -> Iterator[Finding]:
    if _parts(sqlite3.sqlite_version) < _parts(_OLDEST_SQLITE):
        yield SQLITE.found(version=sqlite3.sqlite_version, oldest=_OLDEST_SQLITE)
    for requirement in _requirements():
        read = _REQUIREMENT.fullmatch(requirement)
        if read is None or "extra" in (read["marker"] or ""):
            continue
        bounds = read["bounds"].strip().strip("()")
        try:
            version = metadata.version(read["name"])
        except metadata.PackageNotFoundError:
            continue  # what is missing could not have been imported
        if not _fits(version, bounds):
            yield LIBRARY.found(library=read["name"], version=version, allowed=bounds)


def _requirements() -> list[str]:
    try:
        return metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []  # run from a bare folder


def _fits(version: str, bounds: str) -> bool:
    have = _parts(version)
    compared = {
        ">=": lambda bound: have >= bound,
        ">": lambda bound: have > bound,
        "<=": lambda bound: have <= bound,
        "<": lambda bound: have < bound,
        "==": lambda bound: have[: len(bound)] == bound,
    }
    return all(compared[sign](_parts(bound)) for sign, bound in _BOUND.findall(bounds))


def _parts(version: str) -> tuple[int, ...]:
    """Return the numbers at a version's beginning: what is compared here has no other parts that matter."""
    numbers = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in numbers[0].split(".")) if numbers else ()

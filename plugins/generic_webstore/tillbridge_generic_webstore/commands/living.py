"""`profile try --live`: how a live webstore is asked, and what its newest orders become."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from rich.text import Text

from tillbridge.plugin import CommandLine, Connection, RawOrder
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.finding import ProfileFile
from tillbridge_generic_webstore.probe import Finding, probe
from tillbridge_generic_webstore.providers import provider_of
from tillbridge_generic_webstore.webstores import Webstore

_BACK: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Given:
    """What a command line says of a live webstore.

    Attributes:
        connection: the name of a connection; "" for one that is only tried.
        settings, secrets: as `--set` and `--secret` give them.
    """

    connection: str
    settings: Sequence[str]
    secrets: Sequence[str]


@contextmanager
def live(
    line: CommandLine, file: ProfileFile, compiled: CompiledProfile, given: Given
) -> Iterator[Connection]:
    """Open what is asked: a connection of the shop, or one with the settings that are given or asked for."""
    if given.connection:
        with line.connection(given.connection) as opened:
            yield opened
        return
    provider = provider_of(Webstore(file.name, compiled.profile, file.file, file.text))
    start = datetime.now(UTC) - _BACK
    with line.trial(provider, settings=given.settings, secrets=given.secrets, orders_from=start) as opened:
        yield opened


def look(line: CommandLine, connection: Connection, compiled: CompiledProfile) -> Sequence[Finding]:
    """Try how the list of orders is asked, and say what was found."""
    findings = probe(connection, compiled)
    for one in findings:
        line.say(Text(one.words.say(line.language), style="red" if one.is_grave else ""))
    if not findings:
        line.say(
            line.words(
                "The list of orders is asked well: nothing is missed, nothing is ignored.",
                "주문 목록 조회에 문제가 없습니다. 빠지거나 무시되는 조건이 없습니다.",
            )
        )
    return findings


def newest(connection: Connection, compiled: CompiledProfile, most: int) -> list[RawOrder]:
    """Return orders of the first pages of the webstore's list."""
    found: list[RawOrder] = []
    for page in compiled.lister.pages(connection, None):
        found += page.orders
        if len(found) >= most:
            break
    return found[:most]

"""`profile try --live`: how a live webstore is asked, and what its newest orders become."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from rich.text import Text

from tillbridge.plugin import CommandLine, Connection, Misconfigured, RawOrder, Rejected, Retryable, Words
from tillbridge_generic_webstore.calling.heads import Head
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


@dataclass(frozen=True, slots=True)
class Sample:
    """What a webstore's list shows, and the first of its orders.

    Attributes:
        orders: those that were looked at, whole.
        count: how many there are, as far as they were counted.
        ended: the list was counted to its end.
        trouble: what kept it from being read on, after these.
    """

    orders: Sequence[RawOrder]
    count: int
    ended: bool
    trouble: Words | None = None


def sample(connection: Connection, compiled: CompiledProfile, most: int, *, counted: int = 0) -> Sample:
    """Return the first orders of a webstore's list, and how many it has.

    Args:
        connection: whose webstore.
        compiled: its profile.
        most: how many orders are fetched whole.
        counted: how many are counted at most; those that are fetched are counted anyway.

    Raises:
        Retryable, Rejected, Misconfigured: not even the first could be listed.
    """
    heads: dict[str, Head] = {}
    ended, trouble = True, None
    try:
        for place, head in enumerate(compiled.lister.heads(connection)):
            if len(heads) >= max(most, counted):
                ended = False
                break
            # Lists overlap; of what names no order each counts.
            heads.setdefault(head.order_id or f"\n{place}", head)
            if len(heads) >= most and not counted:
                ended = False
                break
    except (Retryable, Rejected, Misconfigured) as error:
        if not heads:
            raise
        ended, trouble = False, error.words
    orders = compiled.lister.whole(connection, list(heads.values())[:most])
    return Sample(orders, len(heads), ended, trouble)


def say_sample(line: CommandLine, found: Sample) -> None:
    """Say how many orders a webstore's list has, and how many of them were looked at."""
    count, looked = found.count, len(found.orders)
    orders = "order is" if count == 1 else "orders are"
    more, more_ko = ("", "") if found.ended else ("At least ", " 이상")
    were = "was" if looked == 1 else "were"
    line.say(
        line.words(
            f"{more}{count} {orders} listed; {looked} {were} looked at.",
            f"목록에 주문이 {count}건{more_ko} 있으며, 그중 {looked}건을 확인했습니다.",
        )
    )
    if found.trouble:
        line.say(Text(found.trouble.say(line.language), style="red"))

"""Opens connections that are not kept, for commands of plugins that try something out."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from tillbridge.cli.asking import ask_missing
from tillbridge.cli.given import read_pairs, read_secrets
from tillbridge.cli.refused import giving_anew, say_unusual
from tillbridge.cli.session import Session
from tillbridge.clock import SystemClock
from tillbridge.connections import read_settings
from tillbridge.http import HttpClient
from tillbridge.model.errors import InputError
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.provider import Connection, Provider


@contextmanager
def open_trial(
    session: Session,
    provider: Provider,
    settings: Sequence[str],
    secrets: Sequence[str],
    orders_from: datetime,
) -> Iterator[Connection]:
    """Open a connection of a provider, with what a command line gives; the rest is asked for."""
    given, hidden = read_pairs(settings, option="--set"), read_secrets(secrets)
    ask_missing(session, provider, given, hidden)
    checked = read_settings(provider, given, hidden)
    say_unusual(session, provider, {**given, **hidden})
    clock = SystemClock()
    with HttpClient(provider.http(checked), clock=clock) as client, giving_anew(provider):
        yield Connection(
            name=provider.name,
            settings=checked,
            http=client,
            orders_from=orders_from,
            now=clock.now,
            store=_no_store,
            log=logging.getLogger(f"tillbridge.provider.{provider.name}"),
        )


def _no_store(_: str | None) -> Store:
    raise InputError(Words("A trial belongs to no store.", "시험 연결에는 매장이 없습니다."))

"""Looks at each connection: polled when it is due, without trouble, and answered by its webstore."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from tillbridge import connections as stored
from tillbridge import troubles
from tillbridge.connections import OpenConnection, plain_secrets
from tillbridge.connections.clients import Clients
from tillbridge.context import Context
from tillbridge.db.locks import Locks
from tillbridge.db.types import AnyRow
from tillbridge.doctor import connection_kinds as kinds
from tillbridge.doctor.described import described
from tillbridge.doctor.findings import Finding, Kind, Said, worst
from tillbridge.doctor.measures import lasting
from tillbridge.doctor.site import Site
from tillbridge.files import Files
from tillbridge.messages.heard import webhook_words
from tillbridge.model.errors import Misconfigured, PluginError, Rejected, TillbridgeError
from tillbridge.model.words import Words
from tillbridge.plugins import Plugins
from tillbridge.pos.guarded import GuardedPos
from tillbridge.provider import Capability, Provider
from tillbridge.secrets import SecretBox
from tillbridge.troubles import Trouble
from tillbridge.webhooks import webhook_states

_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_INTERVALS: Final = 2


def check(site: Site) -> Said:
    """Look at what is stored of each connection, and ask its webstore."""
    rows = site.connections()
    providers = site.loaded().providers
    if not rows:
        yield Words(
            "none yet: see tillbridge connect --help", "아직 없음: tillbridge connect --help를 확인해 주세요"
        )
    now = site.clock.now()
    standing = troubles.standing(site.ready()) if rows else {}
    kept: dict[str, Finding] = {}
    for row in rows:
        if row.provider not in providers:
            yield kinds.PROVIDER.found(name=row.name, provider=row.provider)
        yield from _plain(row, providers.get(row.provider))
        if not row.enabled:
            yield Words(f"{row.name}: switched off", f"{row.name}: 사용 안 함")
            continue
        trouble = next(iter(standing.get(row.id, ())), None)
        if trouble:
            kept[row.name] = _in_trouble(row, trouble, now)
        yield from _polls(row, now, providers.get(row.provider), is_well=trouble is None)
    if any(row.accept_minutes for row in rows):
        unknown = [store.code for store in site.stores or () if store.hours is None]
        yield from (kinds.NO_HOURS.found(store=code) for code in unknown)
    asked = [row for row in rows if row.enabled and row.provider in providers and row.name not in site.sealed]
    if asked and site.pos is None:
        yield Words(
            "not opened: the point of sale does not answer", "POS가 응답하지 않아 연결을 열어 보지 못했습니다"
        )
    elif asked and site.box is not None:
        yield from _once(_asked(site, asked, site.box), kept)
    yield from kept.values()
    if rows:
        yield from _webhooks(site)


def _plain(row: AnyRow, provider: Provider | None) -> Said:
    if names := plain_secrets.named(provider, row):
        which = ", ".join(names)
        yield kinds.PLAIN_SECRET.found(name=row.name, provider=row.provider, secrets=which, secret=names[0])


def _webhooks(site: Site) -> Said:
    for state in webhook_states(site.ready()):
        if state.is_refused or state.is_silent:
            yield kinds.WEBHOOK.found(name=state.connection, said=webhook_words(state))


def _once(said: Said, kept: dict[str, Finding]) -> Said:
    """Yield what came of asking; of a webstore that is in trouble already the graver finding counts."""
    for one in said:
        # What is wrong with its files hides no trouble with its orders.
        mine = isinstance(one, Finding) and one.code != kinds.FILES.code
        if isinstance(one, Finding) and mine and (trouble := kept.get(str(one.figures["name"]))):
            if worst([one.standing, trouble.standing]) is not one.standing:
                continue
            del kept[str(one.figures["name"])]
        yield one


def _in_trouble(row: AnyRow, trouble: Trouble, now: datetime) -> Finding:
    return kinds.TROUBLE.found(
        name=row.name,
        trouble=Words(trouble.words.en.rstrip("."), trouble.words.ko.rstrip(".")),
        well=_ago(row.well_at, now),
    )


def _polls(row: AnyRow, now: datetime, provider: Provider | None, *, is_well: bool) -> Said:
    if provider is not None and not provider.brings_orders:
        return  # a payment service is asked for nothing by itself
    interval = timedelta(seconds=row.poll_seconds)
    since = row.polled_at or row.created_at
    # A webstore that said when to come back has moved the next poll.
    waits_for = max(since, row.due_at or _EARLIEST)
    if now - since > _INTERVALS * interval and now - waits_for > interval:
        yield kinds.OVERDUE.found(name=row.name, since=lasting(now - since), every=lasting(interval))
    elif is_well:
        well = _ago(row.well_at, now)
        yield Words(f"{row.name}: last well {well.en}", f"{row.name}: 마지막 정상 확인 {well.ko}")


def _ago(moment: datetime | None, now: datetime) -> Words:
    if moment is None:
        return Words("never", "없음")
    passed = lasting(now - moment)
    return Words(f"{passed.en} ago", f"{passed.ko} 전")


@dataclass(slots=True)
class _Call:
    """One connection that is being asked, in a thread of its own."""

    name: str
    thread: threading.Thread | None = None
    findings: list[Finding] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)
    ahead: timedelta | None = None


def _asked(site: Site, rows: Sequence[AnyRow], box: SecretBox) -> Said:
    assert site.pos is not None
    context = Context(
        database=site.ready(),
        locks=Locks(site.ready()),
        pos=GuardedPos(site.pos),
        plugins=site.loaded(),
        clock=site.clock,
        secrets=box,
    )
    clients = Clients()
    opened: list[OpenConnection] = []
    for row in rows:
        try:
            opened.append(stored.load(context, clients, row))
        # A plugin's own settings and address are made here: they may raise whatever they like.
        except Exception as error:  # noqa: BLE001  # see above
            yield kinds.UNUSABLE.found(name=row.name, fault=described(error))
    try:
        if site.live:
            yield from _live(site, context.plugins, opened)
    finally:
        context.locks.close()
        with suppress(Exception):  # a call that was given up may still use its client
            clients.close()


def _live(site: Site, plugins: Plugins, opened: Sequence[OpenConnection]) -> Said:
    calls = [_started(plugins, one) for one in opened if _can_be_asked(one)]
    end = time.monotonic() + site.limits.call_seconds
    for call in calls:
        assert call.thread is not None
        call.thread.join(max(0.0, end - time.monotonic()))
        if call.thread.is_alive():
            yield kinds.SLOW.found(name=call.name, seconds=f"{site.limits.call_seconds:g}")
            continue
        if call.ahead is not None:
            site.ahead[call.name] = call.ahead
        yield from call.findings
        yield from call.notes


def _can_be_asked(one: OpenConnection) -> bool:
    return Capability.CHECK in one.provider.capabilities or one.guest.files is not None


def _started(plugins: Plugins, one: OpenConnection) -> _Call:
    call = _Call(one.name)
    call.thread = threading.Thread(
        target=_ask, args=(plugins, one, call), name=f"doctor {one.name}", daemon=True
    )
    call.thread.start()
    return call


def _ask(plugins: Plugins, one: OpenConnection, call: _Call) -> None:
    if Capability.CHECK in one.provider.capabilities:
        _ask_webstore(plugins, one, call)
    if one.guest.files is not None:
        _try_files(one, one.guest.files, call)


def _try_files(one: OpenConnection, files: Files, call: _Call) -> None:
    try:
        call.notes += [
            Words(f"{one.name}: {note.en}", f"{one.name}: {note.ko}") for note in files.check(writing=False)
        ]
    except Exception as error:  # noqa: BLE001  # in a thread nobody else would hear of it
        call.findings.append(kinds.FILES.found(name=one.name, fault=described(error)))


def _ask_webstore(plugins: Plugins, one: OpenConnection, call: _Call) -> None:
    try:
        answer = plugins.check_connection(one.provider.name, one.guest)
        notes = [Words.of(note) for note in answer.notes]
        call.notes.append(
            Words(
                " ".join([f"{one.name}: {answer.account}.", *(note.en for note in notes)]),
                " ".join([f"{one.name}: {answer.account}.", *(note.ko for note in notes)]),
            )
        )
    # In a thread nobody else would hear of it: an exit, too, is an answer of the plugin.
    except BaseException as error:  # noqa: BLE001  # see above
        call.findings.append(_kind(error).found(name=one.name, fault=described(error)))
    with suppress(Exception):  # a host's stand-in for the client may not know
        call.ahead = one.guest.http.service_ahead


def _kind(error: BaseException) -> Kind:
    if isinstance(error, Misconfigured | Rejected):
        return kinds.REFUSED
    if isinstance(error, PluginError) or not isinstance(error, TillbridgeError):
        return kinds.PLUGIN
    return kinds.AWAY

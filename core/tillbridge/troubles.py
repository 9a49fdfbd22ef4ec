"""Troubles: what does not work now, kept for as long as it does not, and told once down and once up.

A trouble belongs to one activity (a connection's polls, its settling, its deliveries; following the till).
It begins with the first failure and ends with the first success, in whatever process either happens. In
between staff read the newest words; the log hears of it at its beginning, at its end, and when its cause
becomes one of another kind: what a broken service answers changes with every call.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.database import Database
from tillbridge.db.upsert import insert_new
from tillbridge.events import Turn
from tillbridge.model.errors import InputError, Misconfigured, Retryable, TillbridgeError
from tillbridge.model.spans import lasting
from tillbridge.model.words import Words

_log = logging.getLogger("tillbridge.troubles")


class Activity(StrEnum):
    """What can be in trouble by itself; the first of a connection's is shown."""

    POLL = "poll"
    SETTLE = "settle"
    DELIVERY = "delivery"
    EXPORT = "export"
    PAYMENTS = "payments"
    TILL = "till"


class _Kind(StrEnum):
    """What a trouble asks of people: patience, mending the settings, or a programmer."""

    AWAY = "away"
    SETTINGS = "settings"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose trouble it is: a connection's, or nobody's where it is the till's."""

    activity: Activity
    connection_id: int | None = None
    connection: str | None = None

    @property
    def key(self) -> str:
        """What the database knows it by."""
        return f"{self.activity}:{self.connection_id or ''}"


TILL: Final = Subject(Activity.TILL)

_FORGET: Final = (
    delete(tables.troubles)
    .where(tables.troubles.c.subject == bindparam("whose"))
    .returning(tables.troubles.c.since, tables.troubles.c.told)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A trouble that stands.

    Attributes:
        since: UTC; the first failure.
        words: the newest failure's.
    """

    activity: Activity
    since: datetime
    words: Words


_DOWN: Final = {
    Activity.POLL: Words("{0}", "{0}"),
    Activity.SETTLE: Words("Orders wait to be processed: {0}", "주문이 처리되지 못하고 기다립니다: {0}"),
    Activity.DELIVERY: Words(
        "Decisions are not passed on yet: {0}", "결정 내용을 아직 전달하지 못했습니다: {0}"
    ),
    Activity.EXPORT: Words(
        "Stock and prices are not passed on: {0}", "재고와 가격을 전달하지 못했습니다: {0}"
    ),
    Activity.TILL: Words(
        "What changed at the till could not be read: {0}", "매장에서 바뀐 내용을 읽지 못했습니다: {0}"
    ),
}
_UP: Final = {
    Activity.POLL: Words("The connection works again, after {0}.", "연결이 다시 정상입니다({0} 만에 복구)."),
    Activity.SETTLE: Words(
        "Orders are processed again, after {0}.", "주문을 다시 처리합니다({0} 만에 복구)."
    ),
    Activity.DELIVERY: Words(
        "No decision waits because of a fault any more, after {0}.",
        "장애로 전달을 기다리는 결정이 더 이상 없습니다({0} 만에 복구).",
    ),
    Activity.EXPORT: Words(
        "Stock and prices are passed on again, after {0}.",
        "재고와 가격을 다시 전달합니다({0} 만에 복구).",
    ),
    Activity.TILL: Words(
        "What changes at the till is read again, after {0}.",
        "매장에서 바뀐 내용을 다시 읽습니다({0} 만에 복구).",
    ),
}


def unexpected(error: BaseException) -> Words:
    """Return what staff read of a fault that nobody foresaw: its kind, as its text may hold secrets."""
    kind = type(error).__name__
    return Words(f"Unexpected fault: {kind}", f"예상하지 못한 오류: {kind}")


def words_of(error: BaseException) -> Words:
    """Return what staff read of an error."""
    return error.words if isinstance(error, TillbridgeError) else unexpected(error)


def begin(context: Context, subject: Subject, error: BaseException) -> None:
    """Note that something does not work, and tell of it if that is news."""
    news = context.database.unit("trouble", lambda database: note(context, database, subject, error))
    tell_down(context, subject, error, news=news)


def note(context: Context, database: Connection, subject: Subject, error: BaseException) -> bool:
    """Write down, in the caller's transaction, that something does not work; return whether that is news.

    What another activity of the same connection has said already, word for word, is none.
    """
    table, kind, words = tables.troubles, _kind(error), words_of(error)
    same = select(table.c.subject).where(
        table.c.connection_id == subject.connection_id, table.c.subject != subject.key, table.c.en == words.en
    )
    heard = database.execute(same.limit(1)).first() is not None
    row = {
        "subject": subject.key,
        "connection_id": subject.connection_id,
        "activity": subject.activity,
        "since": context.clock.now(),
        "en": words.en,
        "ko": words.ko,
        "told": "" if heard else kind,
    }
    if insert_new(database, table, row):
        return not heard
    mine = table.c.subject == subject.key
    told = database.execute(select(table.c.told).where(mine).with_for_update()).scalar() or ""
    news = not heard and kind not in told.split()
    values = {"en": words.en, "ko": words.ko, "told": f"{told} {kind}".strip() if news else told}
    database.execute(update(table).where(mine).values(values))
    return news


def tell_down(context: Context, subject: Subject, error: BaseException, *, news: bool) -> None:
    """Tell, after the commit, of what was noted; what is no news is for those who look closely."""
    said = words_of(error)
    # The traceback of what nobody foresaw is for its maker; what was foreseen is said in words.
    trace = None if isinstance(error, TillbridgeError) else error
    level = logging.WARNING if news else logging.DEBUG
    _log.log(
        level,
        "%s: %s",
        subject.connection or subject.activity,
        _filled(_DOWN, subject, said).en,
        exc_info=trace,
    )
    if news:
        _tell(context, subject, _filled(_DOWN, subject, said), well=False)


# Asked at every beat, so it is made once: making it costs more than a small answer.
_KNOWN: Final = select(tables.troubles.c.subject).where(tables.troubles.c.subject == bindparam("the_subject"))


def end(context: Context, subject: Subject, *, unless: Callable[[Connection], bool] | None = None) -> None:
    """Note that something works, and tell of it if it did not before.

    Args:
        context: the engine's parts.
        subject: what works.
        unless: asked only where it did not work before, says whether it must not be believed yet.
    """
    with context.database.read() as database:
        known = database.execute(_KNOWN, {"the_subject": subject.key}).first()
        if known is None or (unless and unless(database)):
            return
    row = context.database.unit("trouble over", lambda database: forget(database, subject))
    tell_up(context, subject, row)


def forget(database: Connection, subject: Subject) -> Any:
    """Take a trouble away in the caller's transaction; return its row, or None where there is none."""
    return database.execute(_FORGET, {"whose": subject.key}).first()


def tell_up(context: Context, subject: Subject, row: Any) -> None:
    """Tell, after the commit, that the trouble of this row is over; one that nobody heard of ends unheard."""
    if row is None or not row.told:
        return
    words = _filled(_UP, subject, lasting(context.clock.now() - row.since))
    whose = subject.connection or subject.activity
    _log.info("%s: %s It began at %s.", whose, words.en, row.since.isoformat(timespec="seconds"))
    _tell(context, subject, words, well=True)


def standing(kept: Database) -> Mapping[int | None, Sequence[Trouble]]:
    """Return what does not work now, by connection, the activity first that is shown."""
    found: defaultdict[int | None, list[Trouble]] = defaultdict(list)
    with kept.read() as database:
        rows = database.execute(select(tables.troubles)).all()
    for row in rows:
        trouble = Trouble(activity=Activity(row.activity), since=row.since, words=Words(row.en, row.ko))
        found[row.connection_id].append(trouble)
    order = list(Activity)
    return {key: sorted(some, key=lambda one: order.index(one.activity)) for key, some in found.items()}


def _kind(error: BaseException) -> _Kind:
    if isinstance(error, Misconfigured | InputError):
        return _Kind.SETTINGS
    return _Kind.AWAY if isinstance(error, Retryable) else _Kind.FAULT


def _filled(sentences: Mapping[Activity, Words], subject: Subject, part: Words) -> Words:
    sentence = sentences[subject.activity]
    return Words(sentence.en.format(part.en), sentence.ko.format(part.ko))


def _tell(context: Context, subject: Subject, words: Words, *, well: bool) -> None:
    turn = Turn(connection=subject.connection, activity=subject.activity, well=well, words=words)
    for listener in tuple(context.listeners):
        listener(turn)

"""Folds the payloads of one order, oldest first, into its newest version. Pure: nothing is written here.

A reading is new only if its content differs and it is not older; an equal one still moves the
"newest seen" mark; an older one is kept and ignored; one that overlaps and differs is fetched again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tillbridge.db.types import AnyRow
from tillbridge.model.errors import PayloadError, TillbridgeError
from tillbridge.model.exchange import NotAnOrder
from tillbridge.model.orders import WebOrder, hash_content
from tillbridge.model.reasons import UNREAD, Reason, ReasonCode, names_any
from tillbridge.model.versions import Age, Seen
from tillbridge.model.words import Words
from tillbridge.orders.timeline import Entry

Parse = Callable[[AnyRow], WebOrder | NotAnOrder]


@dataclass(slots=True)
class Version:
    """A version that is to be written; `document` is the order as JSON."""

    number: int
    content_hash: str
    document: str
    payload_id: int


@dataclass(slots=True)
class Folded:
    """One order after its payloads: what is to be judged, and what is to be written.

    Attributes:
        before: the order's row as it was read, or None for a new one.
        order: the newest readable content, if it is new or had to be read again.
        damage: why the newest payload cannot be read, if it cannot.
        fetch_again: two readings overlap and differ; nobody can say which is newer.
        handled: payloads that are done with; `dropped` ones said nothing new and are not kept.
        read: the newest reading, whether its content is new or not; None where nothing new was read.
        note: who had the kept payload read again although nothing is to be sold, and what of it is told.
    """

    webstore_id: str
    before: AnyRow | None
    number: int = 0
    content_hash: str | None = None
    digest: str | None = None
    payload_id: int = 0
    seen: Seen | None = None
    order: WebOrder | None = None
    damage: Reason | None = None
    fetch_again: bool = False
    versions: list[Version] = field(default_factory=list)
    handled: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    not_orders: dict[int, Words] = field(default_factory=dict)
    read: WebOrder | None = None
    note: Entry | None = None

    @property
    def is_order(self) -> bool:
        """Whether there is an order at all, readable or damaged."""
        return self.before is not None or self.number > 0 or self.damage is not None

    @property
    def changed(self) -> bool:
        """Whether there is a new version, or new damage."""
        return bool(self.versions) or self.damage is not None


def fold(webstore_id: str, before: AnyRow | None, payloads: Sequence[AnyRow], parse: Parse) -> Folded:
    """Fold the payloads of one order into its newest version.

    Args:
        webstore_id: the webstore's order ID.
        before: the order's row joined with its payload's digest (`digest`), or None.
        payloads: rows of `tables.payloads`, oldest first.
        parse: turns a payload into an order; raises PayloadError for a damaged one.
    """
    folded = Folded(webstore_id, before)
    if before is not None:
        folded.number = before.version
        folded.content_hash = before.content_hash
        folded.digest = before.digest
        folded.payload_id = before.payload_id
        folded.seen = Seen(before.seen_started, before.seen_ended, before.seen_revision, before.seen_updated)
    for payload in payloads:
        _add(folded, payload, parse)
    return folded


def read_again(before: AnyRow, payload: AnyRow, parse: Parse) -> Folded:
    """Read the kept payload of an order once more, with today's code (Process Sale)."""
    folded = fold(before.webstore_id, before, (), parse)
    reading = _read(payload, parse)
    if isinstance(reading, WebOrder):
        folded.order = folded.read = reading
        content = reading.content()
        if hash_content(content) != folded.content_hash:
            _add_version(folded, reading, content, payload)
        _see(folded, _as_read_now(reading, folded.seen))
    else:
        folded.damage = reading if isinstance(reading, Reason) else _no_longer_an_order(reading)
    return folded


def _as_read_now(order: WebOrder, seen: Seen | None) -> Seen:
    """Return the newest mark with what the payload says of its version, which may not have been readable."""
    if seen is None:
        raise ValueError("an order was seen at some time")
    revision = seen.revision if order.revision is None else order.revision
    return Seen(seen.started, seen.ended, revision, order.updated_at or seen.updated_at)


def _add(folded: Folded, payload: AnyRow, parse: Parse) -> None:
    span = Seen(payload.started_at, payload.ended_at)
    if payload.digest == folded.digest and folded.seen is not None:
        folded.dropped.append(payload.id)
        _see(folded, _at_same_revision(span, folded.seen))
        return
    folded.handled.append(payload.id)
    reading = _read(payload, parse)
    if isinstance(reading, NotAnOrder):
        folded.not_orders[payload.id] = reading.reason
    elif isinstance(reading, Reason):
        if folded.seen is None or span.age(folded.seen) is not Age.OLDER:
            folded.damage, folded.order = reading, None
            _point_at(folded, payload, _at_same_revision(span, folded.seen))
    else:
        _add_order(folded, payload, reading)


def _at_same_revision(span: Seen, seen: Seen | None) -> Seen:
    """Return a reading that says nothing of its version: it is as new as what was seen before it."""
    return span if seen is None else Seen(span.started, span.ended, seen.revision, seen.updated_at)


def _add_order(folded: Folded, payload: AnyRow, order: WebOrder) -> None:
    seen = Seen(payload.started_at, payload.ended_at, order.revision, order.updated_at)
    content = order.content()
    if folded.seen is None or folded.number == 0:
        _take(folded, payload, (order, content), seen)
        return
    age = seen.age(folded.seen)
    if hash_content(content) == folded.content_hash:
        _see(folded, seen)
        if age is not Age.OLDER:
            folded.digest, folded.payload_id, folded.read = payload.digest, payload.id, order
            if folded.damage or _was_damaged(folded.before):
                folded.damage, folded.order = None, order
    elif age is Age.NEWER:
        _take(folded, payload, (order, content), seen)
    elif age is Age.UNCLEAR:
        folded.fetch_again = True


def _was_damaged(before: AnyRow | None) -> bool:
    return before is not None and names_any(before.reasons, UNREAD)


def _take(folded: Folded, payload: AnyRow, read: tuple[WebOrder, str], seen: Seen) -> None:
    folded.damage = None
    _add_version(folded, *read, payload)
    _point_at(folded, payload, seen)


def _add_version(folded: Folded, order: WebOrder, content: str, payload: AnyRow) -> None:
    folded.number += 1
    folded.content_hash = hash_content(content)
    folded.order = folded.read = order
    folded.versions.append(Version(folded.number, folded.content_hash, order.document(content), payload.id))


def _point_at(folded: Folded, payload: AnyRow, seen: Seen) -> None:
    folded.payload_id, folded.digest, folded.seen = payload.id, payload.digest, seen


def _see(folded: Folded, seen: Seen) -> None:
    folded.seen = seen if folded.seen is None else seen.joined(folded.seen)


def _read(payload: AnyRow, parse: Parse) -> WebOrder | NotAnOrder | Reason:
    try:
        return parse(payload)
    except PayloadError as error:
        return Reason.of_damage(error)
    except TillbridgeError as error:
        return Reason.of(ReasonCode.UNEXPECTED, error.words)


def _no_longer_an_order(reading: NotAnOrder) -> Reason:
    return Reason.of(ReasonCode.NOT_AN_ORDER, reading.reason)

"""Puts the messages of all causes together, the most urgent first."""

from collections.abc import Iterator, Mapping

from tillbridge.context import Context
from tillbridge.messages import agreed, exported, heard, opening, others
from tillbridge.messages.due import due_messages
from tillbridge.messages.orders import SHOWN, Group, count_to_act, groups, unmatched_line
from tillbridge.messages.others import ToImport
from tillbridge.messages.refund_sayings import sentence_of
from tillbridge.messages.sayings import ACTIONS, action, sentence
from tillbridge.messages.stock import short_group
from tillbridge.model.messages import Cause, Message, MessageCounts
from tillbridge.model.words import Words


def find_messages(context: Context) -> list[Message]:
    """Return what staff must see now, the most urgent first; nothing is changed by looking."""
    found: dict[str, Message] = {}
    for message in _found(context):
        found.setdefault(message.key, message)
    return sorted(found.values(), key=lambda one: (one.cause.urgency, one.key))


def find_counts(context: Context) -> MessageCounts:
    """Return the tile's numbers."""
    now = context.clock.now()
    messages = find_messages(context)
    by_cause: dict[Cause, int] = {}
    for message in messages:
        by_cause[message.cause] = by_cause.get(message.cause, 0) + message.count
    with context.database.read() as database:
        to_act = count_to_act(database, now)
    return MessageCounts(
        to_act=to_act,
        to_import=by_cause.get(Cause.TO_IMPORT, 0),
        overdue=by_cause.get(Cause.OVERDUE, 0),
        by_cause=by_cause,
    )


def _found(context: Context) -> Iterator[Message]:
    with context.database.read() as database:
        by_cause = groups(database, context.clock.now())
        waits = others.to_import(database)
        lacking = by_cause.get(Cause.PRODUCT)
        line = unmatched_line(database, lacking.orders[0].id) if lacking else 1
        yield from due_messages(database, context.clock.now())
    yield from _of_orders(by_cause, line)
    yield from agreed.of_agreements(context)
    yield from _of_import(waits)
    yield from others.down(context)
    yield from others.files_due(context)
    yield from exported.of_exports(context)
    yield from exported.of_listings(context)
    yield from heard.of_webhooks(context)
    yield from opening.of_hours(context)
    if short := short_group(context):
        yield from _of_orders({Cause.SHORT: short})


def _of_orders(by_cause: Mapping[Cause, Group], line: int = 1) -> Iterator[Message]:
    """Yield the messages of orders; `line` is the place of the first one that lacks its product."""
    for cause, group in by_cause.items():
        yield Message(
            cause=cause,
            key=f"{cause}:",
            words=_sentence(cause, group),
            count=group.count,
            action=action(cause, group.orders[0].id, line),
            orders=group.orders,
            since=group.since,
        )


def _sentence(cause: Cause, group: Group) -> Words:
    """Return what a message says; of money that is to go back how much."""
    said = sentence_of(group.orders, group.count) if cause is Cause.REFUND else None
    return said or sentence(cause, group.count)


def _of_import(waits: ToImport) -> Iterator[Message]:
    cause = Cause.TO_IMPORT
    if waits.count:
        yield Message(
            cause=cause,
            key=f"{cause}:",
            words=sentence(cause, waits.count),
            count=waits.count,
            action=ACTIONS[cause],
            since=waits.since,
        )


__all__ = ["SHOWN", "find_counts", "find_messages"]

"""The causes that are the export's: a webstore that is getting old, and products it was not told of."""

from collections.abc import Iterator
from datetime import datetime

from tillbridge.context import Context
from tillbridge.exports import ExportCauses, export_causes, listing_counts
from tillbridge.messages.sayings import ACTIONS, sentence
from tillbridge.model.messages import Action, Cause, Message
from tillbridge.model.spans import lasting
from tillbridge.model.words import Words


def of_exports(context: Context) -> Iterator[Message]:
    """Yield what is wrong with each connection's export."""
    now = context.clock.now()
    for state in export_causes(context):
        if _is_old(state, now):
            yield _message(Cause.EXPORT_OLD, state.connection, _old_words(state, now), 1, state.whole_at)
        for cause, count in ((Cause.OFFERS_HELD, state.held), (Cause.OFFERS_REFUSED, state.refused)):
            if count:
                said = sentence(cause, count)
                name = state.connection
                words = Words(f"{name}: {said.en}", f"{name}: {said.ko}")
                yield _message(cause, name, words, count, None)


def of_listings(context: Context) -> Iterator[Message]:
    """Yield where what a webstore lists would not match."""
    for name, (count, since) in sorted(listing_counts(context).items()):
        said = sentence(Cause.LISTINGS, count)
        words = Words(f"{name}: {said.en}", f"{name}: {said.ko}")
        yield _message(Cause.LISTINGS, name, words, count, since)


def _is_old(state: ExportCauses, now: datetime) -> bool:
    """Whether what the webstore has is older than it wants it; never told is told of by the first trouble."""
    return bool(state.refresh and state.whole_at and now - state.whole_at > state.refresh)


def _old_words(state: ExportCauses, now: datetime) -> Words:
    since = lasting(now - state.whole_at) if state.whole_at else Words("", "")
    name = state.connection
    english = f"{name}: the webstore's stock and prices are {since.en} old."
    korean = f"{name}: 웹스토어의 재고와 가격이 {since.ko} 전 상태입니다."
    if state.expires and state.whole_at:
        left = state.whole_at + state.expires - now
        if left.total_seconds() > 0:
            ends = lasting(left)
            english += f" In {ends.en} it may switch the shop off."
            korean += f" {ends.ko} 후 웹스토어에서 매장이 비활성화될 수 있습니다."
        else:
            english += " It may have switched the shop off."
            korean += " 웹스토어에서 매장이 비활성화되었을 수 있습니다."
    return Words(english, korean)


def _message(cause: Cause, name: str, words: Words, count: int, since: datetime | None) -> Message:
    known = ACTIONS[cause]
    action = Action(known.words, known.command.format(name))
    return Message(cause=cause, key=f"{cause}:{name}", words=words, count=count, action=action, since=since)

"""Says with a refusal who acted on the order just before, where that was somebody else.

Of two terminals at one order the second often reads only why its wish is not possible any more ("This order
is decided already"); who decided, and what, is what its clerk has to know.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import NeedsAnswer, NotAllowed
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.orders.timeline import SYSTEM

RECENT: Final = timedelta(minutes=10)
"""What was done longer ago than this, whoever is refused now has seen."""


class ChangedMeanwhile(NotAllowed):
    """The order is not as it was looked at; the message says already who changed it."""


@contextmanager
def told_who(context: Context, order_id: int, signature: Signature) -> Iterator[None]:
    """Let a refusal also say who acted just before.

    Raises:
        NotAllowed: as the block does, with who and what.
    """
    try:
        yield
    except (NeedsAnswer, ChangedMeanwhile):
        raise
    except NotAllowed as refused:
        last = _last(context, order_id)
        if last is None or last.who in (signature.who, SYSTEM) or context.clock.now() - last.at > RECENT:
            raise
        raise NotAllowed(_with(refused.words, last)) from refused


def _last(context: Context, order_id: int) -> AnyRow | None:
    table = tables.timeline
    query = select(table).where(table.c.order_id == order_id).order_by(table.c.id.desc()).limit(1)
    with context.database.read() as database:
        return database.execute(query).first()


def _with(words: Words, last: AnyRow) -> Words:
    """Return a refusal with the timeline's last entry behind it."""
    return Words(
        f"{words.en} Just before, {last.who}: {last.en.removesuffix('.')}.",
        f"{words.ko} 바로 전 작업({last.who}): {last.ko.removesuffix('.')}.",
    )

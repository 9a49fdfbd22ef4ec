"""An order's timeline as people read it: what says the same several times in a row is one line."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from tillbridge.model.words import Language, Words
from tillbridge.orders.timeline import TimelineView


def timeline_lines(
    entries: Sequence[TimelineView], shown: Callable[[datetime], str], language: Language
) -> Iterator[str]:
    """Yield one line for each entry, oldest first; `shown` writes a moment."""
    for (who, words), group in groupby(entries, key=lambda one: (one.who, one.words)):
        same = list(group)
        line = f"{shown(same[0].at)}  {who}: {words.say(language)}"
        if len(same) > 1:
            last = shown(same[-1].at)
            again = Words(f"({len(same)} times, last {last})", f"({len(same)}회, 마지막 {last})")
            line += f" {again.say(language)}"
        yield line

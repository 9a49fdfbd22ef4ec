"""What webstores hear when sales end: that an undecided order is accepted, and that its goods were picked up.

Of a reservation they hear how it ended; of a paid order that it was handed over, unless it was cancelled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, update

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.orders import OrderKind
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Effect, LineState
from tillbridge.orders import line_states
from tillbridge.pos.contract import SaleState
from tillbridge.sending import deliveries, news
from tillbridge.sending.news import TOLD, News


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One order whose sale has ended.

    Attributes:
        row: of the order, with its connection's provider.
        effects: of the row of the table by which it is completed.
        resolution: how its reservation ended, where that is known and its webstore has not heard it.
    """

    row: AnyRow
    effects: tuple[Effect, ...]
    resolution: Resolution | None = None

    @property
    def _is_handed_over(self) -> bool:
        """Whether it is a paid order whose goods went out with its sale."""
        row = self.row
        emptied = row.sale_state == SaleState.CLOSED_EMPTY or row.decision == Decision.REJECTED
        return row.kind == OrderKind.BOPIS and not emptied

    @property
    def joined(self) -> tuple[str, ...]:
        """The lines that the customer added, and that went out undecided with an accepted order's sale."""
        row = self.row
        if row.decision != Decision.ACCEPTED or row.sale_state == SaleState.CLOSED_EMPTY:
            return ()
        said = line_states.read(row.line_states)
        return tuple(name for name, state in said.items() if state is LineState.UNDECIDED)

    def news(self, lines: tuple[str, ...], *, hears_lines: bool) -> Iterator[News]:
        """Yield what the webstore is to hear; `lines` are those that stand, where some do not."""
        if self.joined and hears_lines:
            yield News(said=Said.ACCEPTED, lines=self.joined, part=True)
        for effect in self.effects:
            said = TOLD.get(effect)
            if said is Said.RESOLVED and self.resolution:
                yield News(said=said, lines=lines, resolution=self.resolution)
            elif said is Said.RESOLVED and self._is_handed_over:
                yield News(said=Said.PICKED_UP, lines=lines)
            elif said is Said.ACCEPTED:
                yield News(said=said, lines=lines)


def tell_ended(context: Context, database: Connection, ended: Sequence[Ended]) -> None:
    """Queue what the webstores are to hear of these orders."""
    providers = context.plugins.providers
    # Whose plugin is not there cannot be told; that is a trouble of its connection, and no one else's.
    known = [one for one in ended if one.row.provider in providers]
    parts = {one.row.id for one in known if one.row.line_states != line_states.NOTHING}
    lines = line_states.lines_of(database, parts) if parts else {}
    now = context.clock.now()
    telling = []
    for one in known:
        every = lines.get(one.row.id, [])
        stand = line_states.named(one.row.line_states, every)
        provider = providers[one.row.provider]
        act = deliveries.Act(id=deliveries.new_act(), at=now, provider=provider)
        names = [line.id for line in every]
        said = list(one.news(stand, hears_lines=provider.hears_lines))
        telling.append(news.Telling(order_id=one.row.id, news=said, act=act, every=names))
    news.tell(database, telling)
    _decide_joined(database, [one.row for one in ended if one.joined])


def _decide_joined(database: Connection, rows: Sequence[AnyRow]) -> None:
    """Let what went out with these orders' sales count as accepted."""
    if rows:
        orders = tables.orders
        decided = [{"the_id": row.id, "said": line_states.decided_with(row.line_states)} for row in rows]
        this = update(orders).where(orders.c.id == bindparam("the_id")).values(line_states=bindparam("said"))
        database.execute(this, decided)

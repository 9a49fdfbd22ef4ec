"""What webstores hear when sales end: that an undecided order is accepted, and that its goods were picked up.

Of a reservation they hear how it ended; of a paid order that it was handed over, unless it was cancelled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from tillbridge import deliveries, line_states, news
from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.orders import OrderKind
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Effect
from tillbridge.news import TOLD, News
from tillbridge.pos.contract import SaleState


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

    def news(self, lines: tuple[str, ...]) -> Iterator[News]:
        """Yield what the webstore is to hear; `lines` are those that stand, where some do not."""
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
        act = deliveries.Act(id=deliveries.new_act(), at=now, provider=providers[one.row.provider])
        names = [line.id for line in every]
        telling.append(news.Telling(order_id=one.row.id, news=list(one.news(stand)), act=act, every=names))
    news.tell(database, telling)

"""What was linked by hand by lines' own numbers, for the orders of a page."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from tillbridge.db.link_tables import number_links
from tillbridge.db.sets import among
from tillbridge.matching.numbers import own_numbers
from tillbridge.model.orders import WebOrder


def numbered(database: Connection, connection_id: int, orders: Sequence[WebOrder]) -> Mapping[str, str]:
    """Return the POS product of each line's numbers that were linked; where none have any, none is asked."""
    wanted = {numbers for order in orders for line in order.lines if (numbers := own_numbers(line))}
    if not wanted:
        return {}
    query = select(number_links.c.numbers, number_links.c.product_id).where(
        number_links.c.connection_id == connection_id, among(database, number_links.c.numbers, wanted)
    )
    return {row.numbers: row.product_id for row in database.execute(query)}

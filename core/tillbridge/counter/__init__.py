"""What staff do to a web order's sale at the counter: items, prices, payments, keeping open, finishing."""

from tillbridge.counter.acting import Acted, Progress, act, sale_of
from tillbridge.counter.customers import move_sale, sale_of_another

__all__ = ["Acted", "Progress", "act", "move_sale", "sale_of", "sale_of_another"]

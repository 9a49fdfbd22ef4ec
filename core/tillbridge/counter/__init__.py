"""What staff do to a web order's sale at the counter: items, prices, payments, keeping open, finishing."""

from tillbridge.counter.acting import Acted, Progress, act, sale_of

__all__ = ["Acted", "Progress", "act", "sale_of"]

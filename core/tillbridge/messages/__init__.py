"""Messages: what staff must see, found by its causes each time it is asked for, and never stored.

One statement finds every cause that is an order's (`orders`), others find what waits to be imported, what
does not work, whose file is due (`others`) and which orders are short (`stock`). Looking changes nothing.
"""

from tillbridge.messages.finding import SHOWN, find_counts, find_messages
from tillbridge.messages.stock import mark_short

__all__ = ["SHOWN", "find_counts", "find_messages", "mark_short"]

"""The engine's methods about due times: by when orders must be accepted or rejected."""

import logging

from tillbridge import deadlines
from tillbridge.accept_by import AcceptBy
from tillbridge.deadlines import Watched
from tillbridge.engine.parts import Parts
from tillbridge.model.words import Words
from tillbridge.order_state import Signature
from tillbridge.pos.guarded import PosAway

_log = logging.getLogger("tillbridge.engine")


class Deadlines(Parts):
    """Due times."""

    def watch_deadlines(self) -> list[Watched]:
        """Count, tell, act by each connection's policy; return the orders with a due time, earliest first.

        While the point of sale is away nothing is done, and it is told of where the till is followed.
        """
        try:
            return deadlines.watch(self.context)
        except PosAway as error:
            _log.debug("due times", exc_info=error)
            return []

    def recount_deadline(self, order_id: int, signature: Signature) -> AcceptBy | None:
        """Count an order's due time anew, by its store's hours as they are now.

        Raises:
            NotFound: there is no such order.
            NotAllowed: it does not wait for an answer.
            PosAway: the point of sale could not say which hours its stores have.
        """
        return deadlines.recount(self.context, order_id, signature)

    def why_no_deadline(self, order_id: int) -> Words | None:
        """Return why an order that is to be answered has no due time; None where it has one or needs none.

        Raises:
            NotFound: there is no such order.
            PosAway: the point of sale could not say which hours its stores have.
        """
        return deadlines.why_none(self.context, order_id)

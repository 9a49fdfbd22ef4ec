"""The engine's methods about due times: by when orders must be answered, and until when goods wait."""

import logging

from tillbridge import deadlines, expiring
from tillbridge.deadlines import KeptDue, Recounted
from tillbridge.engine.parts import Parts
from tillbridge.expiring import Expired
from tillbridge.model.words import Words
from tillbridge.orders.accept_by import AcceptBy
from tillbridge.orders.order_state import Signature
from tillbridge.pos.guarded import PosAway
from tillbridge.watching import Watched

_log = logging.getLogger("tillbridge.engine")


class Deadlines(Parts):
    """Due times."""

    def watch_deadlines(self) -> list[Watched]:
        """Count, act by each connection's policy; return what was due to be looked at, earliest first.

        An order is due when it comes to its next stage (half, three quarters, last 30 minutes, overdue), and
        all are with an engine's first look and when hours or a connection's rules have changed.

        While the point of sale is away nothing is done, and it is told of where the till is followed.
        """
        try:
            return self._watcher.look(self.context)
        except PosAway as error:
            _log.debug("due times", exc_info=error)
            return []

    def expire_pick_ups(self) -> list[Expired]:
        """Close as no-shows what nobody picked up in time, by each connection's policy; return what was due.

        While the point of sale is away nothing is done.
        """
        try:
            return expiring.expire(self.context, self._faulty)
        except PosAway as error:
            _log.debug("pick-up dates", exc_info=error)
            return []

    def recount_deadline(self, order_id: int, signature: Signature) -> AcceptBy | None:
        """Count an order's due time anew, by its store's hours as they are now.

        Raises:
            NotFound: there is no such order.
            NotAllowed: it does not wait for an answer.
            PosAway: the point of sale could not say which hours its stores have.
        """
        return deadlines.recount(self.context, order_id, signature)

    def recount_deadlines(self, store: str, signature: Signature) -> list[Recounted]:
        """Count the due times of a store's waiting orders anew, by its hours as they are now.

        Returns:
            the orders whose due times became others.

        Raises:
            NotFound: there is no such store.
            PosAway: the point of sale could not say which hours its stores have.
        """
        return deadlines.recount_store(self.context, store, signature)

    def kept_deadlines(self, *, store: str | None = None, order_id: int | None = None) -> list[KeptDue]:
        """Return the orders whose due times would be others by the hours as they are now; they stay.

        Raises:
            PosAway: the point of sale could not say which hours its stores have.
        """
        return deadlines.kept_dues(self.context, store=store, order_id=order_id)

    def why_no_deadline(self, order_id: int) -> Words | None:
        """Return why an order that is to be answered has no due time; None where it has one or needs none.

        Raises:
            NotFound: there is no such order.
            PosAway: the point of sale could not say which hours its stores have.
        """
        return deadlines.why_none(self.context, order_id)

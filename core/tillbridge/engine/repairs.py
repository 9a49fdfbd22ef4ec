"""The engine's methods that repair: who ordered, what was sold, and what is remembered of it."""

from tillbridge import connections, repair
from tillbridge.engine.parts import Parts
from tillbridge.fulfilment import Signature
from tillbridge.repair import Binding, BindingKind
from tillbridge.settle import settle
from tillbridge.troubles import Activity


class Repairs(Parts):
    """Repairing. Whatever is said once heals every waiting order that it concerns, at once."""

    def link_product(self, order_id: int, line_id: str, product_id: str, signature: Signature) -> int:
        """Say which product a line is; return how many waiting orders were processed again.

        Raises:
            NotFound: there is no such order, or it has no such line.
        """
        healed = repair.link_product(self.context, order_id, line_id, product_id, signature)
        self._after_act(order_id)
        return healed

    def link_customer(self, order_id: int, customer_id: str, signature: Signature) -> int:
        """Say who the order's customer is; return how many waiting orders were processed again.

        Raises:
            NotFound: there is no such order.
        """
        healed = repair.link_customer(self.context, order_id, customer_id, signature)
        self._after_act(order_id)
        return healed

    def bindings(self, connection: str | None = None, *, automatic: bool = False) -> list[Binding]:
        """Return what connections remember; `automatic` also has what rules found by themselves."""
        return repair.bindings(self.context, connection, automatic=automatic)

    def forget(self, connection: str, kind: BindingKind, key: str, signature: Signature) -> int:
        """Take a binding back; return how many waiting orders were processed again without it.

        Raises:
            NotFound: the connection remembers no such thing.
        """
        healed = repair.forget(self.context, connection, (kind, key), signature)
        for row in connections.rows(self.context, connection):
            with self._guarded(row, Activity.SETTLE):
                settle(self.context, self.open(row))
        self.tend_till()
        return healed

    def heal(self, signature: Signature, connection: str | None = None) -> int:
        """Process every waiting order again that would be matched otherwise now; return how many.

        After products, numbers or customers have come into the point of sale. One connection's trouble
        never stops the others.

        Raises:
            NotFound: there is no connection of that name.
        """
        healed = 0
        for row in connections.rows(self.context, connection):
            with self._guarded(row, Activity.SETTLE):
                opened = self.open(row)
                healed += repair.heal(self.context, opened, signature)
                settle(self.context, opened)
        self.tend_till()
        return healed

"""The engine's methods for guided actions: what may be done with an order now, and doing it."""

from dataclasses import dataclass

from tillbridge import guided
from tillbridge.engine.parts import Parts
from tillbridge.guided import Action, Doing
from tillbridge.guided.doing import refused
from tillbridge.model.money import Money
from tillbridge.model.status import Act, Status
from tillbridge.model.words import Words
from tillbridge.orders.just_before import told_who
from tillbridge.orders.order_state import Signature
from tillbridge.paying.charging import charge_first


@dataclass(frozen=True, slots=True)
class Guided:
    """What came of an action.

    Attributes:
        status: the order's status now.
        trouble: why a step in the POS was refused, or None.
    """

    status: Status | None
    trouble: Words | None


class Guiding(Parts):
    """Guided actions."""

    def actions(self, order_id: int) -> list[Action]:
        """Return every action on an order: whether it is possible now, why not, and what will happen.

        Raises:
            NotFound: there is no such order.
        """
        return guided.actions(self.context, order_id)

    def preview_act(self, order_id: int, doing: Doing) -> Action:
        """Say what an action will do, with all that staff said of it; nothing is done.

        Raises:
            NotFound: there is no such order.
        """
        return guided.preview(self.context, order_id, doing)

    def act(self, order_id: int, doing: Doing, signature: Signature) -> Guided:
        """Do an action, and at once what it leads to in the POS; what cannot be done now is done later.

        Raises:
            NotFound: there is no such order.
            NeedsAnswer: the webstore is to hear whether the order is accepted or rejected.
            NotAllowed: says why not, or who has changed the order meanwhile.
        """
        with told_who(self.context, order_id, signature):
            if doing.act is Act.PICK_UP:
                opened = self.open(self._connection_of(order_id))
                charge_first(self.context, opened, order_id, doing, signature)
            newest = guided.act(self.context, order_id, doing, signature)
        self._deliver_to_pos(order_id)
        status = self._after_act(order_id)
        return Guided(status, refused(self.context, order_id, newest))

    def due_at_pick_up(self, order_id: int) -> Money:
        """Return what is paid at the counter when the order is picked up now.

        Raises:
            NotFound: there is no such order.
            NotAllowed: it has no sale, or the POS shows its sales itself.
        """
        return guided.due_at_pick_up(self.context, order_id)

    def send_again(self, order_id: int, signature: Signature) -> int:
        """Try anew what was set aside of an order; return how many steps.

        Raises:
            NotFound: there is no such order.
        """
        count = guided.send_again(self.context, order_id, signature)
        self._deliver_to_pos(order_id)
        self._after_act(order_id)
        return count

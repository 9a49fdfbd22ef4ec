"""The engine's methods about orders: what staff see of them, and what they decide."""

from dataclasses import replace
from typing import Any

from tillbridge import connections, fulfilment, guided, intake, views
from tillbridge.engine.parts import Parts
from tillbridge.guided.looking import seen_at_its_sale
from tillbridge.messages import mark_short
from tillbridge.model.contacts import Contact, NewContact
from tillbridge.model.exchange import Decision
from tillbridge.model.status import PaymentState, Status
from tillbridge.orders.contacts import contacts_of, record_contact
from tillbridge.orders.just_before import told_who
from tillbridge.orders.order_state import Signature
from tillbridge.orders.refunds import mark_refunded
from tillbridge.orders.timeline import TimelineView
from tillbridge.payments.facts import PaymentView, payment_of
from tillbridge.replay import KeptPayload, ReplayQuery, ReplaySummary, Tell, kept_payload, replay
from tillbridge.sending.telling import ToldNews, all_told
from tillbridge.settle import settle
from tillbridge.views import OrderQuery, OrderView


class Orders(Parts):
    """Orders."""

    def orders(self, wanted: OrderQuery | None = None) -> list[OrderView]:
        """Return orders in the sequence in which they came."""
        return mark_short(self.context, views.find_orders(self.context, wanted or OrderQuery()))

    def order(self, wanted: str) -> OrderView:
        """Return one order by its ID, webstore ID, number or barcode, as people call it.

        Raises:
            NotFound: there is none, or several; "id:12" is one order's ID and nothing else.
        """
        return self._seen(views.find_order(self.context, wanted))

    def order_by_id(self, order_id: int) -> OrderView:
        """Return the order of this ID.

        Raises:
            NotFound: there is none.
        """
        return self._seen(views.order_by_id(self.context, order_id))

    def _seen(self, order: OrderView) -> OrderView:
        return seen_at_its_sale(self.context, mark_short(self.context, [order])[0])

    def timeline(self, order_id: int) -> list[TimelineView]:
        """Return what happened to an order, oldest first."""
        return views.timeline(self.context, order_id)

    def document(self, order_id: int) -> dict[str, Any] | None:
        """Return the newest readable version of an order as JSON data, or None."""
        return views.document(self.context, order_id)

    def payment(self, order_id: int) -> PaymentState:
        """Return where the money for an order is.

        Raises:
            NotFound: there is no such order.
        """
        return payment_of(self.context, order_id).state

    def payment_view(self, order_id: int) -> PaymentView:
        """Return where the money for an order is, as people are told, and how much is to be given back.

        Raises:
            NotFound: there is no such order.
        """
        return payment_of(self.context, order_id)

    def refunded(self, order_id: int, signature: Signature) -> PaymentView:
        """Say that the webstore gave back what it had to, where it does not say so itself.

        Raises:
            NotFound: there is no such order.
            NotAllowed: it has nothing to give back.
        """
        with told_who(self.context, order_id, signature):
            return mark_refunded(self.context, order_id, signature)

    def told(self, order_id: int) -> list[ToldNews]:
        """Return what the webstore was told of an order, or still is to be, and how far that has come."""
        return all_told(self.context, order_id)

    def admin_url(self, order_id: int) -> str | None:
        """Return where staff see the order in the webstore's admin, or None."""
        return views.admin_url(self.context, self.open, order_id)

    def set_status(
        self, order_id: int, asked: Status, signature: Signature, *, answer: Decision | None = None
    ) -> Status | None:
        """Do what staff mean by setting a status, and what follows at once; return the status then.

        `answer` says which of the two the webstore is to hear where an undecided order is archived.

        Raises:
            NotFound: there is no such order.
            NeedsAnswer: that has to be said.
            NotAllowed: the table says why not, and what is possible.
        """
        with told_who(self.context, order_id, signature):
            guided.set_status(self.context, order_id, asked, signature, answer)
        if asked is Status.PROCESS_SALE:  # an old sale is made void first, and nobody waits for a poll
            self._deliver_to_pos(order_id)
        return self._after_act(order_id)

    def unarchive(self, order_id: int, signature: Signature) -> Status | None:
        """Bring an archived order back to where it stood; return the status then.

        Raises:
            NotFound: there is no such order.
            NotAllowed: it is not archived, or tillbridge itself put it aside.
        """
        with told_who(self.context, order_id, signature):
            fulfilment.unarchive(self.context, order_id, signature)
        return self._after_act(order_id)

    def undo(self, order_id: int, signature: Signature) -> Status | None:
        """Undo the last step, and at once what the POS did of it; return the status then.

        What it leads to, or why it is not possible, says `preview_act(order_id, Doing(act=Act.UNDO))`.

        Raises:
            NotAllowed: a part of it was done that stays: the webstore was told, or the goods have moved.
        """
        with told_who(self.context, order_id, signature):
            fulfilment.undo(self.context, order_id, signature)
        self._deliver_to_pos(order_id)
        return self._after_act(order_id)

    def replay(
        self, wanted: ReplayQuery, signature: Signature | None = None, tell: Tell = lambda _: None
    ) -> ReplaySummary:
        """Tell what today's code makes of kept payloads; signed, also replay those it reads differently."""
        return replay(self.context, self.open, wanted, signature=signature, tell=tell)

    def payload(self, wanted: str) -> KeptPayload:
        """Return the newest payload of an order, or of what is no order, byte for byte as it came."""
        return kept_payload(self.context, wanted)

    def check_again(self, order_id: int) -> Status | None:
        """Fetch an order anew and settle it; return its status then.

        Raises:
            NotFound: there is no such order.
            ProviderError: the webstore is away, or has it no longer.
        """
        order = self.order_by_id(order_id)
        (row,) = connections.rows(self.context, order.connection)
        opened = self.open(row)
        intake.check_again(self.context, opened, order.webstore_id)
        settle(self.context, opened)
        return self.order_by_id(order_id).status

    def contact(self, order_id: int, new: NewContact, signature: Signature) -> Contact:
        """Write down that an order's customer was called or written to; the signature's reason is a note too.

        Raises:
            NotFound: there is no such order.
            InputError: the time to call again has no zone, or is over.
        """
        noted = replace(new, note=new.note or signature.reason)
        return record_contact(self.context, order_id, noted, signature.who)

    def contacts(self, order_id: int) -> list[Contact]:
        """Return every contact with an order's customer, oldest first."""
        return contacts_of(self.context, order_id)

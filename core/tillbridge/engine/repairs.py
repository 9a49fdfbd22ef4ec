"""The engine's methods that repair: who ordered, what was sold, and what is remembered of it."""

from tillbridge import connections, counter, outbox, repair
from tillbridge.engine.parts import Parts
from tillbridge.orders.order_state import Signature
from tillbridge.pos.cards import CustomerQuery, NewCustomer, NewProduct, ProductCard
from tillbridge.repair import (
    Binding,
    BindingKind,
    CustomerProposal,
    CustomerSearch,
    ProductProposal,
    ProductSearch,
    Repointing,
)
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

    def product_card(self, product_id: str) -> ProductCard | None:
        """Return a product as the point of sale lists it; None where it does not tell.

        Raises:
            NotFound: it has none of that ID.
        """
        return repair.product_card(self.context, product_id)

    def link_customer(self, order_id: int, customer_id: str, signature: Signature) -> int:
        """Say who the order's customer is; return how many waiting orders were processed again.

        An open sale that was opened for another customer becomes theirs first.

        Raises:
            NotFound: there is no such order, or the point of sale has no such customer.
            NotAllowed: its sale is another's and finished, or is being opened; or the point of sale refuses.
        """
        name = repair.customer_name(self.context, customer_id)
        if counter.sale_of_another(self.context, order_id, customer_id):
            opened = self.open(self._connection_of(order_id))
            counter.move_sale(self.context, opened, order_id, (customer_id, name), signature)
        healed = repair.link_customer(self.context, order_id, customer_id, signature)
        self._after_act(order_id)
        return healed

    def search_customers(self, order_id: int, query: CustomerQuery | None = None) -> CustomerSearch:
        """Look for an order's customer: by the order's name, or by what is asked.

        Raises:
            NotFound: there is no such order.
            NotAllowed: nothing readable came of it yet; or the point of sale searches by itself.
        """
        return repair.search_customers(self.context, order_id, query)

    def propose_customer(self, order_id: int) -> CustomerProposal:
        """Return the customer that an order would add, what may be typed wrongly, and who is similar.

        Raises:
            NotFound, NotAllowed: as `search_customers`.
        """
        return repair.propose_customer(self.context, order_id)

    def create_customer(
        self, order_id: int, customer: NewCustomer, signature: Signature, *, anyway: bool = False
    ) -> tuple[str, int]:
        """Add an order's customer and link it; return their ID and how many orders were processed again.

        Raises:
            NotFound: there is no such order.
            NotAllowed: somebody has that e-mail or phone, and it is not said to add them `anyway`; or as
                `link_customer`.
            InputError: they cannot be added as they are.
        """
        moves = counter.sale_of_another(self.context, order_id, None)
        made, healed = repair.create_customer(self.context, order_id, customer, signature, anyway=anyway)
        if moves:
            opened = self.open(self._connection_of(order_id))
            counter.move_sale(self.context, opened, order_id, (made, customer.name), signature)
        self._after_act(order_id)
        return made, healed

    def search_products(self, order_id: int, line_id: str, text: str = "") -> ProductSearch:
        """Look for a line's product: by its own numbers and title, or by what is asked.

        Raises:
            NotFound: there is no such order, or it has no such line.
            NotAllowed: nothing readable came of it yet; or the point of sale searches by itself.
        """
        return repair.search_products(self.context, order_id, line_id, text)

    def propose_product(self, order_id: int, line_id: str) -> ProductProposal:
        """Return the product that a line would add, what is left out of it, and what is similar.

        Raises:
            NotFound, NotAllowed: as `search_products`.
        """
        return repair.propose_product(self.context, order_id, line_id)

    def create_product(
        self,
        order_id: int,
        line_id: str,
        product: NewProduct,
        signature: Signature,
        *,
        anyway: bool = False,
    ) -> tuple[str, int]:
        """Add a line's product and link it; return its ID and how many orders were processed again.

        Raises:
            NotFound: there is no such order, or it has no such line.
            NotAllowed: another product has one of its numbers, and it is not said to add it `anyway`.
            InputError: it cannot be added as it is.
        """
        made, healed = repair.create_product(
            self.context, order_id, line_id, product, signature, anyway=anyway
        )
        self._after_act(order_id)
        return made, healed

    def refuse_the_same(self, product: NewProduct) -> None:
        """Refuse to add a product of which another has a number: the two would compete.

        Raises:
            NotAllowed: says which; or the point of sale searches by itself.
        """
        repair.refuse_the_same(self.context, product)

    def preview_repointing(
        self, order_id: int, line_id: str, product_id: str, *, everywhere: bool = False
    ) -> Repointing:
        """Say what re-pointing a wrong match of a sold order comes to; nothing is changed.

        Raises:
            NotFound: there is no such order, line or product.
            NotAllowed: the order has no open sale, or the line is that product already.
        """
        return repair.preview_repointing(self.context, order_id, line_id, product_id, everywhere=everywhere)

    def repoint(
        self,
        order_id: int,
        line_id: str,
        product_id: str,
        signature: Signature,
        *,
        everywhere: bool = False,
    ) -> Repointing:
        """Re-point a wrong match of a sold order, and do at once what follows from it.

        Where the point of sale is away, it follows as soon as possible; what it refuses is set aside.

        Raises:
            NotFound, NotAllowed: as `preview_repointing`; or somebody else is doing it just now.
        """
        seen = repair.repoint(self.context, order_id, line_id, product_id, signature, everywhere=everywhere)
        row = self._connection_of(order_id)
        with self._guarded(row, Activity.DELIVERY):
            opened = self.open(row)
            for one in seen.orders:
                if one.follows is repair.Follows.MOVES:
                    outbox.deliver(self.context, opened, one.order_id)
        self._after_act(order_id)
        return seen

    def remembered_by(self, order_id: int, line_id: str) -> BindingKind | None:
        """Return by what a link of this line is remembered for later orders; None: for this order only.

        Raises:
            NotFound: there is no such order, or it has no such line.
        """
        return repair.remembered_by(self.context, order_id, line_id)

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

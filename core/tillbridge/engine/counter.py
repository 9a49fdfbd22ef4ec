"""The engine's methods about an order's sale at the counter."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tillbridge import counter
from tillbridge.counter import Acted, plans
from tillbridge.engine.parts import Parts
from tillbridge.model.contacts import NewContact
from tillbridge.model.errors import NotFound
from tillbridge.model.resolutions import Resolution
from tillbridge.model.words import Words
from tillbridge.orders.just_before import told_who
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import ItemPick, NewItem, NewPrice, Payment, Return
from tillbridge.pos.sales import SaleView
from tillbridge.views import order_by_id

if TYPE_CHECKING:
    from tillbridge.receipts import Receipt


class Counter(Parts):
    """The sale of an order.

    Each method is signed, done at once, and says how the sale is afterwards. All raise NotFound where there
    is no such order or item, and NotAllowed where there is no sale, where the POS refuses (in its words), and
    where somebody else has changed the sale meanwhile.
    """

    def sale(self, order_id: int) -> SaleView:
        """Return an order's sale: items, payments, comments, and what is due."""
        return counter.sale_of(self.context, order_id)

    def receipt(self, order_id: int) -> "Receipt":
        """Return the receipt of an order's sale as it is now.

        Raises:
            NotFound: there is no such order, or the sale's store is none of the POS's.
        """
        # Only receipts load the barcodes.
        from tillbridge.receipts import About, make_receipt  # noqa: PLC0415  # see above

        order = order_by_id(self.context, order_id)
        sale = counter.sale_of(self.context, order_id)
        store = next((one for one in self.context.pos.stores() if one.code == sale.store), None)
        if store is None:
            raise NotFound(Words(f"There is no store {sale.store}.", f"매장 {sale.store}이(가) 없습니다."))
        return make_receipt(sale, store, About(number=order.number, customer=order.customer))

    def add_item(self, order_id: int, item: NewItem, signature: Signature, *, name: str = "") -> Acted:
        """Add a product that the customer takes as well; its stock moves with it."""
        plan = partial(plans.add_item, wanted=item, name=name or item.product_id)
        return self._act(order_id, plan, signature)

    def remove_items(self, order_id: int, picks: Sequence[ItemPick], signature: Signature) -> Acted:
        """Remove some items, or all if `picks` is empty; their stock returns."""
        return self._act(order_id, partial(plans.remove_items, picks=picks), signature)

    def change_price(
        self, order_id: int, price: NewPrice, signature: Signature, contact: NewContact | None = None
    ) -> Acted:
        """Set what an item costs, which the customer has to know of first (MISSION S19).

        Args:
            order_id: tillbridge's own ID of the order.
            price: which item, and what all its pieces cost, tax included.
            signature: who, and why.
            contact: with the customer, written down with it; None if one was written down since the last
                new price.
        """
        return self._act(order_id, partial(plans.change_price, wanted=price), signature, contact)

    def comment_sale(self, order_id: int, signature: Signature) -> Acted:
        """Add a comment to the sale: the signature's reason."""
        return self._act(order_id, lambda _: plans.comment(signature.reason), signature)

    def pay(self, order_id: int, payment: Payment, signature: Signature) -> Acted:
        """Note a payment; several kinds may pay one sale, and below zero it is handed back."""
        return self._act(order_id, partial(plans.pay, payment=payment), signature)

    def keep_open(self, order_id: int, signature: Signature) -> Acted:
        """Keep the sale open: from now on finishing it needs a reason."""
        return self._act(order_id, lambda _: plans.keep_open(), signature)

    def release_sale(self, order_id: int, signature: Signature) -> Acted:
        """Keep the sale open no longer."""
        return self._act(order_id, lambda _: plans.release(), signature)

    def finish_sale(self, order_id: int, signature: Signature, outcome: Resolution | None = None) -> Acted:
        """Finish as a sale, paid in full; an empty one is closed. The order follows at once.

        An order that nobody decided counts as accepted then, and its webstore is told so. `outcome` says how
        a reservation ended; one whose goods are on the sale is picked up, unless another is said.
        """
        return self._act(order_id, partial(plans.finish, outcome=outcome), signature)

    def take_back(self, order_id: int, items: Return, signature: Signature) -> Acted:
        """Take items of a finished sale back, into the stock or not; money goes back the way it came.

        What the webstore took is only noted here as its to give back, and is never handed out in cash.
        """
        return self._act(order_id, partial(plans.take_back, wanted=items), signature)

    def _act(
        self,
        order_id: int,
        plan: "Callable[[SaleView], plans.Plan]",
        signature: Signature,
        contact: NewContact | None = None,
    ) -> Acted:
        opened = self.open(self._connection_of(order_id))
        with told_who(self.context, order_id, signature):
            done = counter.act(self.context, opened, order_id, plan, signature, contact)
        self.tend_till()
        return done

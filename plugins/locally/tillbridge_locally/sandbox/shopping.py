"""What a shopper does at the sandbox's Locally: fill a cart, buy or reserve, and change their mind."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from tillbridge_locally.sandbox import reasons, refusals
from tillbridge_locally.sandbox.carts import Line, Wish, add_up, build, names
from tillbridge_locally.sandbox.places import Place
from tillbridge_locally.sandbox.quirks import Processor
from tillbridge_locally.sandbox.refusals import Refusal
from tillbridge_locally.sandbox.shop import Customer
from tillbridge_locally.sandbox.store import Entry, word
from tillbridge_locally.sandbox.visitors import Basket, Visitor
from tillbridge_locally.sandbox.world import World

SITUATION: Final = "shopper"
DECLINED: Final = "declined"
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
EDITABLE: Final = frozenset({"ordered"})
# Until here a shopper may change their mind by themselves.
OPEN: Final = frozenset({"ordered", "partially_confirmed", "confirmed", "ready"})
_FIELDS: Final = frozenset(
    {
        *("first_name", "last_name", "email", "phone", "locale", "mailing_consent"),
        *("address", "address_2", "city", "state", "zip", "country"),
    }
)


class Shopping:
    """Everything that shoppers do, whichever door they come by: the headless API, or the sandbox's page."""

    def __init__(self, world: World) -> None:
        self._world = world

    def place(self, store: str) -> Place:
        """Return a store.

        Raises:
            Refusal: there is none.
        """
        if (found := self._world.places.get(store)) is None:
            raise Refusal(refusals.STORE_NOT_FOUND, reasons.NO_STORE)
        return found

    def line(self, store: str, upc: str, qty: int) -> Line:
        """Return a line of a product as the store has it, at the store's price.

        Raises:
            Refusal: the store has not so many, or not at all; or nobody orders so many.
        """
        if not 1 <= qty <= reasons.MOST:
            raise Refusal(refusals.FATAL, reasons.QUANTITY)
        product = self._world.shop.product(upc)
        pieces = self._world.shelf.pieces(store, upc)  # a feed that has just come changes the price, too
        stand = self._world.shelf.find(store, upc)
        if not product or not stand or pieces < qty:
            raise Refusal(refusals.ITEM_GONE, reasons.GONE)
        return Line(replace(product, price=stand.price), qty=qty)

    def add(self, visitor: Visitor, line: Line, *, store: str, hold: bool, origin: str) -> Basket:
        """Put a line into the visitor's cart, or into a new one; what is in it already becomes more.

        Raises:
            Refusal: the cart is for another store, or of the other kind; or paid orders are not taken.
        """
        if not hold and self._world.shop.reservations_only:
            raise Refusal(refusals.NO_ACCESS, reasons.RESERVATIONS)
        basket = visitor.basket
        if basket is None:
            basket = visitor.basket = Basket(
                self._world.store.free_hash(), self._world.maker.next_number(), store, hold, origin
            )
        if (basket.store, basket.hold) != (store, hold):
            raise Refusal(refusals.FATAL, reasons.ONE_OF_EACH)
        number = basket.find(line.product.upc)
        if number is None:
            basket.put(line)
        else:
            more = basket.lines[number].qty + line.qty
            basket.lines[number] = self.line(store, line.product.upc, more)
        basket.secured = False
        return basket

    def set_quantity(self, basket: Basket, number: int, qty: int) -> None:
        """Change how many of an item are wanted; 0 takes it out.

        Raises:
            Refusal: the item is not in it, or the store has not so many.
        """
        if number not in basket.lines:
            raise Refusal(refusals.ITEM_GONE, reasons.NOT_IN_IT)
        basket.secured = False
        if qty:
            basket.lines[number] = self.line(basket.store, basket.lines[number].product.upc, qty)
        else:
            del basket.lines[number]

    def tell(self, basket: Basket, fields: Mapping[str, Any]) -> None:
        """Take what the shopper says of themselves; fields that a cart has not are passed over."""
        told = {name: value for name, value in fields.items() if name in _FIELDS}
        if "full_name" in fields:
            told["first_name"], told["last_name"] = names(str(fields["full_name"]).strip())
        if told.get("email"):
            self.told_email(str(told["email"]))
        basket.fields |= told

    def told_email(self, email: str) -> None:
        """Look at an e-mail address.

        Raises:
            Refusal: it is none.
        """
        if not _EMAIL.fullmatch(email):
            raise Refusal(refusals.FATAL, reasons.NO_EMAIL)

    def document(self, visitor: Visitor, basket: Basket) -> dict[str, Any]:
        """Return the visitor's cart as Locally shows it while it is not ordered."""
        made = self._built(visitor, basket)
        made["cart"] |= {"status": "open", "payment_status": "", "hash": basket.hash}
        return made

    def secure(self, basket: Basket, card: str) -> None:
        """Let the card hold what the cart costs; a reservation costs nothing yet.

        Raises:
            Refusal: the payment processor is away, or refuses the card.
        """
        if basket.hold or basket.secured:
            return
        processor = self._world.quirks.processor
        if processor is Processor.DOWN:
            raise Refusal(refusals.PROCESSOR_DOWN, reasons.PROCESSOR)
        if processor is Processor.DECLINES or DECLINED in card:
            raise Refusal(refusals.CARD_DECLINED, reasons.CARD)
        basket.secured = True

    def order(self, visitor: Visitor, order_hash: str, *, card: str = "") -> Entry:
        """Order the visitor's cart; one that is ordered already is answered as it is now.

        Raises:
            Refusal: it is no cart of this visitor's, is empty, lacks an e-mail, or cannot be had or paid.
        """
        if order_hash in visitor.ordered:
            return self._world.store.entries[order_hash]
        basket = visitor.basket
        if basket is None or basket.hash != order_hash or not basket.lines:
            raise Refusal(refusals.ITEM_GONE, reasons.NO_CART)
        if not basket.fields.get("email") or not basket.fields.get("first_name"):
            raise Refusal(refusals.FATAL, reasons.WHO)
        for line in basket.lines.values():
            self.line(basket.store, line.product.upc, line.qty)
        self.secure(basket, card)
        made = self._built(visitor, basket)
        made["cart"]["hash"] = basket.hash
        entry = self._world.take(made, situation=SITUATION)
        visitor.ordered.append(entry.hash)
        visitor.basket = None
        return entry

    def cancel(self, entry: Entry) -> None:
        """Cancel an order, as its shopper does: what is held is released, what was charged refunded.

        Raises:
            Refusal: it is over already.
        """
        self._still_open(entry)
        entry.cart["status"] = "cancelled"
        self._world.announce(entry)

    def edit(self, entry: Entry, item_id: str, qty: int) -> None:
        """Want more or less of an item that the store has not decided on; 0 takes it out.

        Raises:
            Refusal: the order is over, the item is decided on, or the store has not so many.
        """
        self._still_open(entry)
        if not _sound(entry):
            raise Refusal(refusals.FATAL, reasons.DAMAGED)
        item = next((one for one in entry.items() if str(one["id"]) == item_id), None)
        if item is None or word(item.get("status")) not in EDITABLE:
            raise Refusal(refusals.ITEM_GONE, reasons.DECIDED)
        more = qty - item["qty"]
        if not 0 <= qty <= reasons.MOST:
            raise Refusal(refusals.FATAL, reasons.QUANTITY)
        if more > self._world.shelf.pieces(str(entry.cart.get("store_id")), word(item.get("upc"))):
            raise Refusal(refusals.ITEM_GONE, reasons.GONE)
        item |= {"qty": qty} if qty else {"status": "cancelled"}
        if all(one.get("status") == "cancelled" for one in entry.items()):
            entry.cart["status"] = "cancelled"
        add_up(entry.cart, self._world.shop)
        self._world.announce(entry, [item])

    def tax_of(self, line: Line) -> Decimal:
        """Return the tax of one piece, as the store's country has it."""
        wish = Wish(lines=[line], customer=_NOBODY)
        made = build(wish, shop=self._world.shop, number=0)
        return Decimal(made["cart"]["items"][0]["tax_per_unit"])

    def _still_open(self, entry: Entry) -> None:
        if word(entry.cart.get("status")) not in OPEN:
            raise Refusal(refusals.FATAL, reasons.OVER)

    def _built(self, visitor: Visitor, basket: Basket) -> dict[str, Any]:
        wish = Wish(
            lines=list(basket.lines.values()),
            customer=_NOBODY,
            kind="ropis" if basket.hold else "bopis",
            fields={
                "user_id": visitor.user_id,
                "store_id": basket.store,
                "origin": basket.origin,
                "email": "",
                "country": self.place(basket.store).country,
                **basket.fields,
            },
            ids=list(basket.lines),
        )
        made = build(wish, shop=self._world.shop, number=basket.number)
        made["user"] = {"id": visitor.user_id, "email": made["cart"]["email"] or visitor.email}
        return made


def _sound(entry: Entry) -> bool:
    """Say whether an order's numbers can be added up; those made for tests are damaged at times."""
    numbers = ("qty", "price_per_unit", "tax_per_unit")
    items = entry.cart.get("items")
    return isinstance(items, list) and all(
        isinstance(item, dict) and all(type(item.get(name)) in {int, Decimal} for name in numbers)
        for item in items
    )


_NOBODY: Final = Customer("", "", "", "", "", "", "", "")

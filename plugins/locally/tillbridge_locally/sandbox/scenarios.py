"""Every situation that a shop meets, made from its own products and customers; repeatable by seed."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from tillbridge_locally.sandbox.carts import Line, Wish, build, delivery
from tillbridge_locally.sandbox.shop import Customer, Product, Shop

Document = dict[str, Any]
_Thing = TypeVar("_Thing")
_NOBODY: Final = Customer(
    number="",
    name="한새봄",
    email="saebom.han@example.com",
    phone="010-0000-4821",
    street="새벽로 17",
    city="수원시",
    postcode="16490",
    country="KR",
)
_UPC_DIGITS: Final = 12


class ImpossibleError(Exception):
    """The shop's files have nothing for this situation; the message says what is missing."""


class Maker:
    """Makes orders from a shop's files.

    Args:
        shop: the shop.
        seed: the same seed and files give the same orders.
    """

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        self.random = random.Random(seed)  # noqa: S311  # repeatable orders, no secrets
        self._number = 10_000
        shared = Counter(product.vpn for product in shop.products if product.vpn)
        codes = Counter(product.upc for product in shop.products if product.upc)
        mails = Counter(customer.email.casefold() for customer in shop.customers if customer.email)
        self.twins = [one for one in shop.products if shared[one.vpn] > 1]
        self.clear = [
            one for one in shop.products if codes[one.upc] == 1 and one.vpn and shared[one.vpn] == 1
        ]
        self.namesakes = [one for one in shop.customers if mails[one.email.casefold()] > 1]
        self.known = [one for one in shop.customers if mails[one.email.casefold()] == 1]

    def build(self, wish: Wish) -> Document:
        """Return the order's document under the next number."""
        return build(wish, shop=self.shop, number=self.next_number())

    def next_number(self) -> int:
        """Return a cart's ID that no cart has."""
        self._number += 1
        return self._number

    def product(self) -> Product:
        """Return a product that can be found by its UPC and by its part number."""
        return self._one(self.clear, "a product with a UPC and a part number of its own")

    def customer(self) -> Customer:
        """Return a customer whose e-mail nobody else has."""
        return self._one(self.known, "a customer with an e-mail address of their own")

    def lines(self, count: int = 1) -> list[Line]:
        """Return `count` lines of one piece each."""
        return [Line(self.product()) for _ in range(count)]

    def other_upc(self) -> str:
        """Return a valid UPC that the shop does not have."""
        while True:
            body = "8" + "".join(self.random.choices("0123456789", k=_UPC_DIGITS - 2))
            code = body + check_digit(body)
            if not self.shop.product(code):
                return code

    def _one(self, choices: Sequence[_Thing], what: str) -> _Thing:
        if not choices:
            raise ImpossibleError(f"the shop's files hold no {what}")
        return self.random.choice(choices)


def check_digit(body: str) -> str:
    """Return the check digit of a GTIN's other digits."""
    return str(
        -sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))) % 10
    )


def _known_ropis(make: Maker) -> Document:
    return make.build(Wish(lines=make.lines(), customer=make.customer()))


def _known_bopis(make: Maker) -> Document:
    return make.build(Wish(lines=make.lines(), customer=make.customer(), kind="bopis"))


def _several_lines(make: Maker) -> Document:
    lines = [Line(make.product(), qty=qty) for qty in (1, 2, 3)]
    return make.build(Wish(lines=lines, customer=make.customer()))


def _unknown_customer(make: Maker) -> Document:
    return make.build(Wish(lines=make.lines(), customer=_NOBODY))


def _shared_email(make: Maker) -> Document:
    if not make.namesakes:
        raise ImpossibleError("the customer file has no two customers with one e-mail address")
    return make.build(Wish(lines=make.lines(), customer=make.random.choice(make.namesakes)))


def _anonymous(make: Maker) -> Document:
    number = make.random.randrange(100, 1000)
    fields = {"email": f"anon-{number}.{number % 97}@locally.com", "user_id": number}
    document = make.build(Wish(lines=make.lines(), customer=_NOBODY, fields=fields))
    document["user"] = {"id": number, "email": fields["email"]}
    return document


def _unknown_product(make: Maker) -> Document:
    line = Line(make.product(), upc=make.other_upc(), part_number="XX-0000-NEW")
    return make.build(Wish(lines=[line], customer=make.customer()))


def _no_leading_zero(make: Maker) -> Document:
    choices = [one for one in make.clear if one.upc.startswith("0")]
    if not choices:
        raise ImpossibleError("the catalogue has no UPC with a leading zero")
    product = make.random.choice(choices)
    return make.build(
        Wish(lines=[Line(product, upc=product.upc[1:], part_number="")], customer=make.customer())
    )


def _no_check_digit(make: Maker) -> Document:
    choices = [one for one in make.clear if len(one.upc) >= _UPC_DIGITS]
    if not choices:
        raise ImpossibleError("the catalogue has no UPC of 12 or more digits")
    product = make.random.choice(choices)
    return make.build(
        Wish(lines=[Line(product, upc=product.upc[:-1], part_number="")], customer=make.customer())
    )


def _shared_part_number(make: Maker) -> Document:
    if not make.twins:
        raise ImpossibleError("the catalogue has no two products with one part number")
    return make.build(Wish(lines=[Line(make.random.choice(make.twins), upc="")], customer=make.customer()))


def _part_number_only(make: Maker) -> Document:
    return make.build(Wish(lines=[Line(make.product(), upc="")], customer=make.customer()))


def _nothing_known(make: Maker) -> Document:
    line = Line(make.product(), upc=make.other_upc(), part_number="XX-0001-NEW")
    return make.build(Wish(lines=[line], customer=_NOBODY))


def _consent(make: Maker) -> Document:
    return make.build(Wish(lines=make.lines(), customer=make.customer(), fields={"mailing_consent": True}))


def _other_address(make: Maker) -> Document:
    customer = make.customer()
    fields = delivery(customer, street="물빛길 204, 101동 1203호", city="성남시 분당구", zip_="13494")
    return make.build(Wish(lines=make.lines(), customer=customer, fields=fields))


def _store_address(make: Maker) -> Document:
    street, city, postcode = make.shop.address
    customer = make.customer()
    fields = delivery(customer, street=street, city=city, zip_=postcode)
    return make.build(Wish(lines=make.lines(), customer=customer, fields=fields))


def _cancelled(make: Maker) -> Document:
    return make.build(Wish(lines=make.lines(), customer=make.customer(), fields={"status": "cancelled"}))


def _picked_up(make: Maker) -> Document:
    return make.build(Wish(lines=make.lines(), customer=make.customer(), fields={"status": "picked_up"}))


def _unpaid(make: Maker) -> Document:
    _paid_orders_exist(make)
    wish = Wish(
        lines=make.lines(), customer=make.customer(), kind="bopis", fields={"payment_status": "pending"}
    )
    return make.build(wish)


def _wrong_total(make: Maker) -> Document:
    document = make.build(Wish(lines=make.lines(2), customer=make.customer()))
    document["cart"]["grand_total"] += 1000
    return document


def _quantity_as_text(make: Maker) -> Document:
    document = make.build(Wish(lines=[Line(make.product(), qty=2)], customer=make.customer()))
    document["cart"]["items"][0]["qty"] = "2개"
    return document


def _cut_off(make: Maker) -> Document:
    document = make.build(Wish(lines=make.lines(2), customer=make.customer()))
    document["cart"]["items"][1] = {"id": document["cart"]["items"][1]["id"], "upc": "6018"}
    del document["user"]
    return document


def _changes_later(make: Maker) -> Document:
    return make.build(Wish(lines=make.lines(2), customer=make.customer()))


def _not_ordered(make: Maker) -> Document:
    return make.build(
        Wish(lines=make.lines(), customer=_NOBODY, fields={"status": "open", "ordered_at": None})
    )


def _shipping(make: Maker) -> Document:
    _paid_orders_exist(make)
    return make.build(Wish(lines=make.lines(), customer=make.customer(), kind="shipping"))


def _paid_orders_exist(make: Maker) -> None:
    if make.shop.reservations_only:
        raise ImpossibleError("this shop takes reservations only")


CHANGES_LATER: Final = "changes_later"
SITUATIONS: Final[Mapping[str, Callable[[Maker], Document]]] = {
    "known_ropis": _known_ropis,
    "known_bopis": _known_bopis,
    "unknown_customer": _unknown_customer,
    "unknown_product": _unknown_product,
    "wrong_total": _wrong_total,
    "several_lines": _several_lines,
    "shared_email": _shared_email,
    "anonymous_email": _anonymous,
    "upc_without_leading_zero": _no_leading_zero,
    "upc_without_check_digit": _no_check_digit,
    "shared_part_number": _shared_part_number,
    "part_number_only": _part_number_only,
    "nothing_known": _nothing_known,
    "consent": _consent,
    "other_address": _other_address,
    "store_address": _store_address,
    "cancelled": _cancelled,
    "picked_up": _picked_up,
    "unpaid": _unpaid,
    "quantity_as_text": _quantity_as_text,
    "cut_off": _cut_off,
    CHANGES_LATER: _changes_later,
    "not_ordered": _not_ordered,
    "shipping": _shipping,
}
# What arrives while the sandbox runs: mostly orders as a good day brings them.
ARRIVALS: Final = (
    "known_ropis",
    "several_lines",
    "known_bopis",
    "unknown_customer",
    "known_ropis",
    "part_number_only",
    "consent",
    "unknown_product",
)

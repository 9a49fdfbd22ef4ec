"""Who orders at the shop's Locally: by its headless API, or by its second door as a page of it would."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import httpx

from life.books import Book, Item
from tillbridge_locally.sandbox.process import Sandbox

STORES: Final = {"20301": "mapo", "20302": "songpa"}


@dataclass(frozen=True, slots=True)
class Goods:
    """A product as both the shop and Locally know it; `pieces` are in each store at first."""

    vpn: str
    upc: str
    title: str
    price: int
    pieces: int = 900


# Of the last one there is less than is ordered.
GOODS: Final = (
    Goods("BR-M8100", "036000291452", "디스크 브레이크 세트", 89_000),
    Goods("BR-7000", "012345678905", "림 브레이크", 45_000),
    Goods("HL-200M", "601842495575", "헬멧 M", 120_000),
    Goods("HL-200L", "686487455948", "헬멧 L", 120_000),
    Goods("TB-001", "727602259178", "튜브 700C", 9_000),
    Goods("PD-520", "736745040314", "페달", 38_500),
    Goods("HL-1", "4006381333931", "헬멧 어린이", 50_000),
    Goods("PU-1", "605284574539", "펌프", 30_000, pieces=12),
)
CUSTOMERS: Final = (
    ("C0001", "김하늘", "haneul.kim@example.com"),
    ("C0002", "이바다", "bada.lee@example.com"),
)
CATALOGUE: Final = "vpn,upc,description,price,brand,vendor,stock\n" + "".join(
    f"{one.vpn},{one.upc},{one.title},{one.price},시마루,한울자전거,{one.pieces}\n" for one in GOODS
)
CUSTOMER_FILE: Final = "number,name,email\n" + "".join(f"{','.join(one)}\n" for one in CUSTOMERS)
_API: Final = "/headless/api/1.0"
_MOST: Final = 3


class Shoppers:
    """Places orders, changes and cancels them, and opens a book for each.

    Args:
        sandbox: Locally.
        chance: decides what they want.
        products: the shop's product IDs, by UPC.
    """

    def __init__(self, sandbox: Sandbox, chance: Random, products: Mapping[str, str]) -> None:
        self._sandbox, self._chance, self._products = sandbox, chance, products
        self._number = 0
        headers = {"Locally-Api-Token": sandbox.secrets["api_token"]}
        self._api = httpx.Client(base_url=sandbox.url + _API, headers=headers, trust_env=False, timeout=20)

    def close(self) -> None:
        """Go home."""
        self._api.close()

    def order(self, *, items: int, unknown: int = 0, who: str = "known") -> Book:
        """Order so many items that the shop has, and so many that it does not know.

        Args:
            items: known ones.
            unknown: of numbers that nobody else orders.
            who: "known", "stranger" or "anon" (whom Locally gave a made-up address).
        """
        wanted = [(one, self._chance.randint(1, _MOST)) for one in self._chance.sample(GOODS, items)]
        paid, store = self._chance.random() < 0.5, self._chance.choice(list(STORES))
        plenty = all(one.pieces > _MOST * 100 for one, _ in wanted)
        if who == "known" and not unknown and plenty and self._chance.random() < 0.4:
            return self._by_api(wanted, paid=paid, store=store)
        lines: list[dict[str, Any]] = [{"product": one.upc, "qty": qty} for one, qty in wanted]
        for _ in range(unknown):
            price = self._chance.choice([15_000, 27_000])
            lines.append({"upc": self._strange_upc(), "price": str(price), "qty": self._chance.randint(1, 2)})
        self._chance.shuffle(lines)
        made = self._sandbox.do("POST", "/sandbox/orders", self._wish(lines, who, paid=paid, store=store))
        return self._book(made["hash"], made["order"]["cart"]["items"], paid=paid, store=store)

    def edit(self, book: Book, item: Item, qty: int) -> None:
        """Let the shopper want another quantity of an item; 0 takes it out."""
        changes: list[dict[str, Any]] = [{} for _ in book.items]
        changes[list(book.items).index(item)] = {"qty": qty} if qty else {"status": "cancelled"}
        self._sandbox.change(book.hash, items=changes)
        book.edit(item, qty)

    def cancel(self, book: Book) -> None:
        """Let the shopper cancel the order."""
        self._sandbox.change(book.hash, cart={"status": "cancelled"})
        book.call_off()

    def _by_api(self, wanted: Sequence[tuple[Goods, int]], *, paid: bool, store: str) -> Book:
        """Fill a cart and order it; where the answer is lost, ask again for the same cart."""
        session: dict[str, str] = {}
        for goods, qty in wanted:
            asked = {"store_id": store, "upc": goods.upc, "qty": qty, "host_domain": "www.example.com"}
            data = self._ask("GET", "/cart/items/add", asked if paid else {**asked, "hold": "true"}, session)
            session = {"Locally-Api-Session-Id": data["session"]["id"]}
        _, name, email = self._chance.choice(CUSTOMERS)
        said = {"hash": data["cart_hash"], "full_name": name, "email": email}
        if self._chance.random() < 0.2:
            self._sandbox.fault("drop", when="after", path="/cart/order")
        try:
            data = self._ask("POST", "/cart/order", said, session)
        except httpx.TransportError:
            data = self._ask("POST", "/cart/order", said, session)
        return self._book(data["cart_hash"], data["cart_content"]["cart"]["items"], paid=paid, store=store)

    def _ask(self, method: str, path: str, said: Mapping[str, Any], session: Mapping[str, str]) -> Any:
        answer = self._api.request(method, path, params=dict(said), headers=dict(session))
        assert answer.is_success, answer.text
        return json.loads(answer.text)["data"]

    def _wish(self, lines: Any, who: str, *, paid: bool, store: str) -> dict[str, Any]:
        self._number += 1
        fields: dict[str, Any] = {"store_id": store}
        customer: Any = self._chance.choice(CUSTOMERS)[2]
        if who != "known":
            customer = {"name": f"낯선손님{self._number}", "email": f"guest{self._number}@example.com"}
        if who == "anon":
            fields |= {"email": f"anon-{self._number}.7@locally.com", "user_id": self._number}
        kind = "bopis" if paid else "ropis"
        return {"lines": lines, "customer": customer, "kind": kind, "fields": fields}

    def _book(self, name: str, items: Sequence[Mapping[str, Any]], *, paid: bool, store: str) -> Book:
        kept = [
            Item(
                id=str(one["id"]),
                upc=one["upc"],
                qty=one["qty"],
                price=one["price_per_unit"],
                product=self._products.get(one["upc"]),
            )
            for one in items
        ]
        return Book(hash=name, store=STORES[store], paid=paid, items=kept)

    def _strange_upc(self) -> str:
        self._number += 1
        body = f"8{self._number:010d}"
        return body + str(-sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(body)) % 10)

"""The shop window, and the form by which a shopper buys or reserves."""

from collections.abc import Iterator, Mapping
from html import escape
from itertools import islice
from typing import Final
from urllib.parse import urlencode

from tillbridge.plugin import Words
from tillbridge_locally.sandbox import reasons, refusals
from tillbridge_locally.sandbox.locating import geo_of
from tillbridge_locally.sandbox.places import Place
from tillbridge_locally.sandbox.refusals import Refusal
from tillbridge_locally.sandbox.shop import Product
from tillbridge_locally.sandbox.shopping import DECLINED, Shopping
from tillbridge_locally.sandbox.site import texts
from tillbridge_locally.sandbox.site.layout import Reader, hidden, money, option, trouble
from tillbridge_locally.sandbox.store import Entry
from tillbridge_locally.sandbox.world import World

_SHOWN: Final = 24
_ORIGIN: Final = "sandbox.example.com"


class Window:
    """What the shop has, store by store, and how it is ordered."""

    def __init__(self, world: World, shopping: Shopping) -> None:
        self._world = world
        self._shopping = shopping

    def products(self, reader: Reader) -> str:
        """Return the products that fit what was searched for."""
        place = self._place(reader.asked.get("store", ""))
        wanted = reader.asked.get("q", "")
        found = list(self._found(wanted))
        cards = "".join(self._card(reader, place, product) for product in islice(found, _SHOWN))
        search = (
            f'<form class="bar" action="/"><label>{reader.say(texts.STORE)}{self._stores(place)}</label>'
            f"<label>{reader.say(texts.NAME_OR_NUMBER)}"
            f'<input type="search" name="q" value="{escape(wanted)}"></label>'
            f'<button class="quiet">{reader.say(texts.SEARCH)}</button></form>'
        )
        count = reader.say(texts.FOUND, shown=min(_SHOWN, len(found)), all=len(found))
        return f'{search}<p class="soft">{count}</p><div class="grid">{cards}</div>'

    def form(self, reader: Reader, said: Mapping[str, str], why: Words | None = None) -> str:
        """Return the form that orders a product, filled with what was said already."""
        place = self._place(said.get("store", ""))
        product = self._product(said.get("upc", ""))
        session = said.get("session") or self._world.visitors.of("", geo_of(place)).id
        return (
            f'{trouble(reader, why)}<form class="sheet" method="post" action="/order">'
            f"<div><b>{escape(product.description)}</b><br>"
            f'<span class="soft">{self._price(place, product)} · '
            f"{self._pieces(reader, place, product)}</span></div>"
            f"{hidden('session', session)}{hidden('upc', product.upc)}"
            f"<label>{reader.say(texts.STORE)}{self._stores(place)}</label>"
            f"{self._kinds(reader, said)}"
            f'<label>{reader.say(texts.QUANTITY)}<input type="number" name="qty" min="1" '
            f'max="{reasons.MOST}" value="{escape(said.get("qty", "1"))}" required></label>'
            f"{_field(reader, texts.NAME, 'full_name', 'text', said)}"
            f"{_field(reader, texts.EMAIL, 'email', 'email', said)}"
            f"{_field(reader, texts.PHONE, 'phone', 'tel', said, needed=False)}"
            f'<label class="line"><input type="checkbox" name="mailing_consent" value="1"'
            f"{' checked' if said.get('mailing_consent') else ''}>{reader.say(texts.CONSENT)}</label>"
            f"{self._cards(reader, said)}<button>{reader.say(texts.PLACE)}</button></form>"
        )

    def order(self, said: Mapping[str, str]) -> Entry:
        """Order what a form says; the same form sent twice is one order.

        Raises:
            Refusal: why not.
        """
        place = self._place(said.get("store", ""))
        visitor = self._world.visitors.of(said.get("session", ""), geo_of(place))
        if visitor.ordered:
            return self._world.store.entries[visitor.ordered[-1]]
        visitor.basket = None
        qty = said.get("qty", "")
        if not qty.isascii() or not qty.isdigit():
            raise Refusal(refusals.FATAL, reasons.QUANTITY)
        line = self._shopping.line(place.id, said.get("upc", ""), int(qty))
        hold = said.get("kind") != "bopis"
        basket = self._shopping.add(visitor, line, store=place.id, hold=hold, origin=_ORIGIN)
        who = {name: said.get(name, "") for name in ("full_name", "email", "phone")}
        self._shopping.tell(basket, who | {"mailing_consent": "mailing_consent" in said})
        return self._shopping.order(visitor, basket.hash, card=said.get("card", ""))

    def _found(self, wanted: str) -> Iterator[Product]:
        text = wanted.casefold().strip()
        for product in self._world.shop.products:
            searched = f"{product.description} {product.brand} {product.upc} {product.vpn}".casefold()
            if product.upc and text in searched:
                yield product

    def _card(self, reader: Reader, place: Place, product: Product) -> str:
        link = escape(f"/order?{urlencode({'upc': product.upc, 'store': place.id})}")
        choose = f'<a class="button quiet" href="{link}">{reader.say(texts.CHOOSE)}</a>'
        has = self._world.shelf.pieces(place.id, product.upc) > 0
        return (
            f'<div class="card"><b>{escape(product.description)}</b>'
            f'<span class="soft">{escape(product.brand)} · {escape(product.upc)}</span>'
            f'<span class="soft">{self._pieces(reader, place, product)}</span>'
            f'<div class="foot"><span>{self._price(place, product)}</span>{choose if has else ""}</div></div>'
        )

    def _price(self, place: Place, product: Product) -> str:
        stand = self._world.shelf.find(place.id, product.upc)
        return money(stand.price if stand else product.price, self._world.shop.currency)

    def _pieces(self, reader: Reader, place: Place, product: Product) -> str:
        pieces = self._world.shelf.pieces(place.id, product.upc)
        return reader.say(texts.IN_STOCK, pieces=pieces) if pieces else reader.say(texts.SOLD_OUT)

    def _stores(self, chosen: Place) -> str:
        options = "".join(
            option(place.id, escape(f"{place.name} ({place.id})"), chosen=place is chosen)
            for place in self._world.places.values()
        )
        return f'<select name="store">{options}</select>'

    def _kinds(self, reader: Reader, said: Mapping[str, str]) -> str:
        kinds = [("ropis", texts.RESERVE)]
        if not self._world.shop.reservations_only:
            kinds.insert(0, ("bopis", texts.BUY))
        chosen = said.get("kind", kinds[0][0])
        return "".join(
            f'<label class="line"><input type="radio" name="kind" value="{kind}"'
            f"{' checked' if kind == chosen else ''}>{reader.say(words)}</label>"
            for kind, words in kinds
        )

    def _cards(self, reader: Reader, said: Mapping[str, str]) -> str:
        if self._world.shop.reservations_only:
            return ""
        cards = (("works", texts.CARD_GOOD), (DECLINED, texts.CARD_BAD))
        options = "".join(
            option(name, reader.say(words), chosen=name == said.get("card")) for name, words in cards
        )
        return f'<label>{reader.say(texts.CARD)}<select name="card">{options}</select></label>'

    def _place(self, store: str) -> Place:
        return self._world.places.get(store) or next(iter(self._world.places.values()))

    def _product(self, upc: str) -> Product:
        product = self._world.shop.product(upc)
        if product is None or not product.upc:
            raise Refusal(refusals.ITEM_GONE, reasons.GONE)
        return product


def _field(
    reader: Reader, words: Words, name: str, kind: str, said: Mapping[str, str], *, needed: bool = True
) -> str:
    return (
        f'<label>{reader.say(words)}<input type="{kind}" name="{name}" value="{escape(said.get(name, ""))}"'
        f"{' required' if needed else ''}></label>"
    )

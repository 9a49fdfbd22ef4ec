"""What became of orders, as their shoppers see it, and how they change their mind."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any, Final

from tillbridge.plugin import Words
from tillbridge_locally.sandbox import reasons, refusals
from tillbridge_locally.sandbox.refusals import Refusal
from tillbridge_locally.sandbox.shopping import EDITABLE, OPEN, Shopping
from tillbridge_locally.sandbox.site import texts
from tillbridge_locally.sandbox.site.layout import Reader, hidden, money, trouble
from tillbridge_locally.sandbox.store import Entry, word
from tillbridge_locally.sandbox.world import World

_GOOD: Final = frozenset({"confirmed", "ready", "picked_up", "delivered"})
_GONE: Final = frozenset({"denied", "cancelled", "auto_cancelled", "refunded", "not_picked_up"})
_LISTED: Final = 100


class Orders:
    """The orders that there are."""

    def __init__(self, world: World, shopping: Shopping) -> None:
        self._world = world
        self._shopping = shopping

    def every(self, reader: Reader) -> str:
        """Return the list of orders, the last first."""
        entries = list(self._world.store.entries.values())[::-1][:_LISTED]
        if not entries:
            return f'<p class="note">{reader.say(texts.NO_ORDERS)}</p>'
        heads = (texts.NUMBER, texts.STATE, texts.KIND, texts.CUSTOMER)
        head = "".join(f"<th>{reader.say(words)}</th>" for words in heads)
        rows = "".join(self._row(reader, entry) for entry in entries)
        return f'<table><tr>{head}<th class="right">{reader.say(texts.TOTAL)}</th></tr>{rows}</table>'

    def one(self, reader: Reader, entry: Entry) -> str:
        """Return an order: where it stands, its items, its money, and what the store said."""
        cart = entry.cart
        items = "".join(self._item(reader, item) for item in entry.items())
        total = (
            f'<tr><td colspan="3">{reader.say(texts.TOTAL)}</td>{self._amount(cart.get("grand_total"))}</tr>'
        )
        heads = "".join(f"<th>{reader.say(one)}</th>" for one in (texts.ITEM, texts.STATE, texts.QUANTITY))
        return (
            f"<p>{_state(reader, cart.get('status'))} <span class='soft'>{_kind(reader, cart)} · "
            f"{escape(_name(cart))} · {self._store(cart)}</span></p>"
            f'<table><tr>{heads}<th class="right">{reader.say(texts.PRICE)}</th></tr>{items}{total}</table>'
            f"{self._acts(reader, entry)}<h3>{reader.say(texts.MONEY)}</h3>{self._money(reader, entry)}"
            f"<h3>{reader.say(texts.TOLD)}</h3>{self._told(reader, entry)}"
            f'<p class="soft">{reader.say(texts.REFRESHES)}</p>'
        )

    def form(self, reader: Reader, entry: Entry, why: Words | None = None) -> str:
        """Return the form that changes how many of each item are wanted."""
        fields = "".join(_quantity(item) for item in entry.items())
        path = f"/orders/{escape(entry.hash)}/change"
        return (
            f'{trouble(reader, why)}<form class="sheet" method="post" action="{path}">{fields}'
            f'<p class="soft">{reader.say(texts.ZERO_TAKES_OUT)}</p>'
            f"{hidden('sent', '1')}<button>{reader.say(texts.CHANGE_THIS)}</button></form>"
        )

    def change(self, entry: Entry, said: Mapping[str, str]) -> None:
        """Change the items whose number is another one than before.

        Raises:
            Refusal: the first that cannot be changed says why.
        """
        for item in list(entry.items()):
            wanted = said.get(str(item["id"]))
            if wanted is None or wanted == str(item.get("qty")):
                continue
            if not wanted.isascii() or not wanted.isdigit():
                raise Refusal(refusals.FATAL, reasons.QUANTITY)
            self._shopping.edit(entry, str(item["id"]), int(wanted))

    def _acts(self, reader: Reader, entry: Entry) -> str:
        """Return what the shopper may do now."""
        if word(entry.cart.get("status")) not in OPEN:
            return ""
        path = f"/orders/{escape(entry.hash)}"
        change = f'<a class="button quiet" href="{path}/change">{reader.say(texts.CHANGE)}</a>'
        undecided = any(word(item.get("status")) in EDITABLE for item in entry.items())
        return (
            f'<div class="acts">{change if undecided else ""}'
            f'<form method="post" action="{path}/cancel">'
            f'<button class="bad">{reader.say(texts.CANCEL)}</button></form></div>'
        )

    def _row(self, reader: Reader, entry: Entry) -> str:
        cart = entry.cart
        return (
            f'<tr><td><a href="/orders/{escape(entry.hash)}">{escape(entry.hash)}</a></td>'
            f"<td>{_state(reader, cart.get('status'))}</td><td>{_kind(reader, cart)}</td>"
            f"<td>{escape(_name(cart))}</td>{self._amount(cart.get('grand_total'))}</tr>"
        )

    def _item(self, reader: Reader, item: Mapping[str, Any]) -> str:
        return (
            f"<tr><td>{escape(_title(item))}</td><td>{_state(reader, item.get('status'))}</td>"
            f"<td>{escape(str(item.get('qty', '')))}</td>{self._amount(item.get('price_per_unit'))}</tr>"
        )

    def _money(self, reader: Reader, entry: Entry) -> str:
        if not entry.movements:
            return f'<p class="note">{reader.say(texts.NO_MONEY)}</p>'
        titles = {str(item["id"]): _title(item) for item in entry.items()}
        rows = "".join(
            f"<tr><td>{self._time(one.at)}</td><td>{reader.say(texts.MOVES[one.kind])}</td>"
            f"<td>{escape(titles.get(one.item, ''))}</td>{self._amount(one.amount)}</tr>"
            for one in entry.movements
        )
        return f"<table>{rows}</table>"

    def _told(self, reader: Reader, entry: Entry) -> str:
        if not entry.told:
            return f'<p class="note">{reader.say(texts.NOTHING_TOLD)}</p>'
        titles = {str(item["id"]): _title(item) for item in entry.items()}
        rows = "".join(
            f"<tr><td>{self._time(one.at)}</td><td>{self._verdict(reader, one.verdict)}</td>"
            f"<td>{escape(titles.get(one.item, ''))}</td><td>{escape(one.message)}</td></tr>"
            for one in entry.told
        )
        return f"<table>{rows}</table>"

    def _verdict(self, reader: Reader, verdict: str) -> str:
        words = texts.VERDICTS.get(verdict) or texts.STATES.get(verdict)
        return reader.say(words) if words else escape(verdict)

    def _time(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._world.shop.zone):%H:%M:%S}"

    def _amount(self, value: Any) -> str:
        """Return an amount's cell; a damaged one cannot be told."""
        known = type(value) in {int, Decimal}
        return f'<td class="right">{money(value, self._world.shop.currency) if known else "?"}</td>'

    def _store(self, cart: Mapping[str, Any]) -> str:
        place = self._world.places.get(str(cart.get("store_id", "")))
        return escape(place.name) if place else ""


def _state(reader: Reader, status: Any) -> str:
    name = word(status)
    look = " good" if name in _GOOD else " gone" if name in _GONE else ""
    return f'<span class="state{look}">{reader.say(texts.STATES.get(name, texts.DAMAGED))}</span>'


def _kind(reader: Reader, cart: Mapping[str, Any]) -> str:
    if cart.get("for_hold"):
        return reader.say(texts.ROPIS)
    return reader.say(texts.SHIPPING if cart.get("for_delivery") else texts.BOPIS)


def _name(cart: Mapping[str, Any]) -> str:
    first, last = word(cart.get("first_name")), word(cart.get("last_name"))
    return f"{last}{first}" if last and not last.isascii() else f"{first} {last}".strip()


def _quantity(item: Mapping[str, Any]) -> str:
    """Return the field of an item; what the store has decided on is locked."""
    locked = "" if word(item.get("status")) in EDITABLE else " disabled"
    number, qty = escape(str(item["id"])), escape(str(item.get("qty")))
    return (
        f'<label>{escape(_title(item))}<input type="number" name="{number}" value="{qty}" min="0" '
        f'max="{reasons.MOST}"{locked}></label>'
    )


def _title(item: Mapping[str, Any]) -> str:
    return word(item.get("product_title")) or word(item.get("upc")) or str(item["id"])

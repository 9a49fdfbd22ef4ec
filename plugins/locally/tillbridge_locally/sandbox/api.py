"""Locally's door of the sandbox: the contract of `tillbridge_locally.transport`, served."""

import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tillbridge.testing.answers import read
from tillbridge_locally.sandbox.carts import add_up
from tillbridge_locally.sandbox.quirks import Processor
from tillbridge_locally.sandbox.refusals import (
    CARD_DECLINED,
    FATAL,
    ITEM_GONE,
    NOT_AUTHORISED,
    PROCESSOR_DOWN,
    STORE_NOT_FOUND,
    bad,
    good,
)
from tillbridge_locally.sandbox.store import Entry, Told, text
from tillbridge_locally.sandbox.world import World

Handler = Callable[[Request], Awaitable[Response]]
_STATES: Final = {"confirm": "confirmed", "deny": "denied", "ready": "ready"}
_DECIDABLE: Final = frozenset({"ordered", "partially_confirmed", "confirmed", "ready", "denied"})
_CLOSED: Final = frozenset({"denied", "cancelled", "auto_cancelled", "refunded"})
# What a decision is refused with, by HTTP status; what fails only for now may be asked again under its key.
_NO: Final = {
    402: ("The card could not be charged", CARD_DECLINED),
    404: ("Item not found", ITEM_GONE),
    409: ("The cart is closed, or the item is not confirmed", ITEM_GONE),
    500: ("The payment processor cannot be reached", PROCESSOR_DOWN),
}
_FOR_NOW: Final = 500
_MAX_PAGE: Final = 200


class Api:
    """The endpoints of one company.

    Args:
        world: what it serves.
        token: the API key that it wants to see.
        company: the company's ID.
    """

    def __init__(self, world: World, *, token: str, company: str) -> None:
        self._world = world
        self._token = token
        self._company = company

    def routes(self) -> list[Route]:
        """Return the routes below `/api`."""
        return [
            Route("/api/v2/orders", self._guarded(self._orders)),  # proposed
            Route("/api/v2/cart/{hash}", self._guarded(self._cart)),
            Route(  # proposed
                "/api/v2/cart/{hash}/items/{item}/{verdict:str}",
                self._guarded(self._decide),
                methods=["POST"],
            ),
            Route(  # proposed
                "/api/v2/cart/{hash}/resolution", self._guarded(self._resolve), methods=["POST"]
            ),
            Route("/api/v2/company/{company}", self._guarded(self._about)),  # proposed
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            given = request.headers.get("locally-api-token", "")
            good = hmac.compare_digest(given.encode(), self._token.encode())
            if not good or self._world.quirks.refuses_key:
                return bad(401, "Not authorized", NOT_AUTHORISED)
            return await handler(request)

        return guarded

    async def _about(self, request: Request) -> Response:  # starlette wants a coroutine, as below
        if request.path_params["company"] != self._company:
            return bad(404, "Company not found", STORE_NOT_FOUND)
        shop = self._world.shop
        at_store = self._world.store.now().astimezone(shop.zone)
        stores = [
            {"id": one.id, "name": one.name, "currency": shop.currency, "country": one.country}
            | one.hours(at_store)
            for one in self._world.places.values()
            if not one.gone
        ]
        return good({"id": self._company, "name": "Locally sandbox", "stores": stores})

    async def _orders(self, request: Request) -> Response:
        query = request.query_params
        try:
            after = datetime.fromisoformat(query["after_updated_at"])
            limit = min(int(query.get("limit", "50")), _MAX_PAGE)
        except (KeyError, ValueError):
            return bad(400, "after_updated_at must be a time with a zone, limit a number", FATAL)
        if after.tzinfo is None or limit < 1:
            return bad(400, "after_updated_at needs a zone, limit must be 1 or more", FATAL)
        stores = query.getlist("store_id")
        found = [
            entry
            for entry in self._listed(after, query.get("after_hash", ""))
            if not stores or entry.cart.get("store_id", self._world.shop.store_id) in stores
        ]
        served = found[:limit]
        response = good(
            {
                "server_time": text(self._world.store.now()),
                "more": len(found) > limit,
                "orders": [
                    {"hash": one.hash, "updated_at": text(one.updated_at), "order": one.document}
                    for one in served
                ],
            }
        )
        for entry in served[: self._world.quirks.restless]:
            self._world.store.touch(entry)
        return response

    def _listed(self, after: datetime, after_hash: str) -> list[Entry]:
        """Return what stands behind a place, and at it where the list repeats itself."""
        found = self._world.store.after(after, after_hash)
        at = self._world.store.entries.get(after_hash)
        repeated = self._world.quirks.repeats and at is not None and at.updated_at == after
        return [at, *found] if repeated and at else found

    async def _cart(self, request: Request) -> Response:
        entry = self._world.store.entries.get(request.path_params["hash"])
        return bad(404, "Cart not found", ITEM_GONE) if entry is None else good(entry.document)

    async def _decide(self, request: Request) -> Response:
        entry = self._world.store.entries.get(request.path_params["hash"])
        verdict = request.path_params["verdict"]
        if entry is None or verdict not in _STATES:
            return bad(404, "Cart not found", ITEM_GONE)
        message = read(await request.body()).get("message", "")
        told = Told(
            item=request.path_params["item"],
            verdict=verdict,
            message=str(message),
            key=request.headers.get("idempotency-key", ""),
            answer=200,
            at=self._world.store.now(),
        )
        told.answer = self._take(entry, told)
        entry.told.append(told)
        if told.answer in _NO:
            return bad(told.answer, *_NO[told.answer])
        return good(entry.document)

    async def _resolve(self, request: Request) -> Response:
        entry = self._world.store.entries.get(request.path_params["hash"])
        if entry is None:
            return bad(404, "Cart not found", ITEM_GONE)
        ended = str(read(await request.body()).get("resolution", ""))
        if not ended:
            return bad(400, "resolution is missing", FATAL)
        key = request.headers.get("idempotency-key", "")
        told = Told(item="", verdict=ended, message="", key=key, answer=200, at=self._world.store.now())
        entry.told.append(told)
        if key not in entry.answers:
            self._end(entry, ended)
        if key:
            entry.answers[key] = 200
        return good(entry.document)

    def _end(self, entry: Entry, ended: str) -> None:
        """Close a cart as it ended; one that is closed otherwise only notes it."""
        cart = entry.cart
        if cart.get("resolution") == ended:
            return
        cart["resolution"] = ended
        if cart.get("status") not in _CLOSED:
            cart["status"] = "picked_up" if ended == "picked_up" else "not_picked_up"
        self._world.announce(entry)

    def _take(self, entry: Entry, told: Told) -> int:
        """Do what was said, once by key; return the status to answer with."""
        if told.key in entry.answers:
            return entry.answers[told.key]
        status = self._judge(entry, told)
        if told.key and status != _FOR_NOW:
            entry.answers[told.key] = status
        return status

    def _judge(self, entry: Entry, told: Told) -> int:
        item = next((one for one in entry.items() if str(one["id"]) == told.item), None)
        if item is None:
            return 404
        if entry.cart.get("status") not in _DECIDABLE:
            return 409
        if told.verdict == "ready" and item.get("status") not in {"confirmed", "ready"}:
            return 409
        if item.get("status") == _STATES[told.verdict]:
            return 200
        if told.verdict == "confirm" and entry.cart.get("payment_status") == "authorized":
            processor = self._world.quirks.processor
            if processor is not Processor.UP:
                return 402 if processor is Processor.DECLINES else _FOR_NOW
        item["status"] = _STATES[told.verdict]
        _settle(entry)
        add_up(entry.cart, self._world.shop)
        self._world.announce(entry, [item])
        return 200


def _settle(entry: Entry) -> None:
    """Derive the cart's status from its items."""
    cart = entry.cart
    states = {item.get("status") for item in entry.items()} - {"cancelled"}
    if states == {"denied"}:
        cart["status"] = "denied"
    elif states - {"denied"} == {"ready"}:
        cart["status"] = "ready"
    elif states <= {"confirmed", "ready"}:
        cart["status"] = "confirmed"
    else:
        cart["status"] = "partially_confirmed"

"""The addresses of the sandbox's pages."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from html import escape
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tillbridge.testing.webhooks import Sender
from tillbridge_locally.sandbox.refusals import Refusal
from tillbridge_locally.sandbox.shopping import Shopping
from tillbridge_locally.sandbox.site import texts
from tillbridge_locally.sandbox.site.layout import Reader, page, reader_of
from tillbridge_locally.sandbox.site.mishaps import Mishaps
from tillbridge_locally.sandbox.site.orders import Orders
from tillbridge_locally.sandbox.site.window import Window
from tillbridge_locally.sandbox.store import Entry
from tillbridge_locally.sandbox.world import World

_AGAIN: Final = 10
_SEE: Final = 303
_LARGEST: Final = 64 * 1024
Handler = Callable[[Request], Awaitable[Response]]
Do = Callable[[Request, dict[str, str]], Response]


class Site:
    """The pages, on both doors; they want no token, and are for this computer only.

    Args:
        world: what they show.
        shopping: what shoppers do on them.
        sender: the webhooks, for their faults.
    """

    def __init__(self, world: World, shopping: Shopping, sender: Sender) -> None:
        self._world = world
        self._shopping = shopping
        self._window = Window(world, shopping)
        self._orders = Orders(world, shopping)
        self._mishaps = Mishaps(world, sender)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self._show_products),
            Route("/order", self._show_form),
            Route("/order", _sent(self._order), methods=["POST"]),
            Route("/orders", self._show_orders),
            Route("/orders/{hash}", self._show_order),
            Route("/orders/{hash}/change", self._show_change),
            Route("/orders/{hash}/change", _sent(self._change), methods=["POST"]),
            Route("/orders/{hash}/cancel", _sent(self._cancel), methods=["POST"]),
            Route("/faults", self._show_faults),
            Route("/faults", _sent(self._do), methods=["POST"]),
        ]

    async def _show_products(self, request: Request) -> Response:  # starlette wants a coroutine, as below
        reader = reader_of(request)
        return page(reader, reader.say(texts.SHOP), self._window.products(reader))

    async def _show_form(self, request: Request) -> Response:
        reader = reader_of(request)
        try:
            form = self._window.form(reader, reader.asked)
        except Refusal as refusal:
            return page(reader, reader.say(refusal.words), "", status=404)
        return page(reader, reader.say(texts.ORDER_THIS), form)

    def _order(self, request: Request, said: dict[str, str]) -> Response:
        # The same form in the other language needs to know again what it is for.
        asked = {name: said.get(name, "") for name in ("upc", "store")}
        reader = replace(reader_of(request), asked=asked)
        try:
            return _see(self._window.order(said))
        except Refusal as refusal:
            try:
                form = self._window.form(reader, said, refusal.words)
            except Refusal as gone:
                return page(reader, reader.say(gone.words), "", status=404)
            return page(reader, reader.say(texts.ORDER_THIS), form, status=400)

    async def _show_orders(self, request: Request) -> Response:
        reader = reader_of(request)
        return page(reader, reader.say(texts.ORDERS), self._orders.every(reader), again=_AGAIN)

    async def _show_order(self, request: Request) -> Response:
        reader, entry = reader_of(request), self._entry(request)
        if entry is None:
            return _nothing(reader)
        title = f"{reader.say(texts.NUMBER)} {escape(entry.hash)}"
        return page(reader, title, self._orders.one(reader, entry), again=_AGAIN)

    async def _show_change(self, request: Request) -> Response:
        reader, entry = reader_of(request), self._entry(request)
        if entry is None:
            return _nothing(reader)
        return page(reader, reader.say(texts.CHANGE), self._orders.form(reader, entry))

    def _change(self, request: Request, said: dict[str, str]) -> Response:
        reader, entry = reader_of(request), self._entry(request)
        if entry is None:
            return _nothing(reader)
        try:
            self._orders.change(entry, said)
        except Refusal as refusal:
            form = self._orders.form(reader, entry, refusal.words)
            return page(reader, reader.say(texts.CHANGE), form, status=400)
        return _see(entry)

    def _cancel(self, request: Request, _said: dict[str, str]) -> Response:
        reader, entry = reader_of(request), self._entry(request)
        if entry is None:
            return _nothing(reader)
        try:
            self._shopping.cancel(entry)
        except Refusal as refusal:
            return page(reader, reader.say(refusal.words), "", status=400)
        return _see(entry)

    async def _show_faults(self, request: Request) -> Response:
        reader = reader_of(request)
        return page(reader, reader.say(texts.FAULTS), self._mishaps.every(reader))

    def _do(self, _request: Request, said: dict[str, str]) -> Response:
        self._mishaps.do(said.get("do", ""))
        return RedirectResponse("/faults", _SEE)

    def _entry(self, request: Request) -> Entry | None:
        return self._world.store.entries.get(request.path_params["hash"])


def _sent(do: Do) -> Handler:
    """Return what reads a form and does it, unless a page of another site sent it."""

    async def sent(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            reader = reader_of(request)
            return page(reader, reader.say(texts.NOT_FROM_HERE), "", status=403)
        return do(request, _form(await request.body()))

    return sent


def _form(body: bytes) -> dict[str, str]:
    """Read a form as browsers send it by default; of a field that stands twice the last counts."""
    return dict(parse_qsl(body[:_LARGEST].decode(errors="replace"), keep_blank_values=True))


def _see(entry: Entry) -> Response:
    return RedirectResponse(f"/orders/{entry.hash}", _SEE)


def _nothing(reader: Reader) -> Response:
    return page(reader, reader.say(texts.NOT_FOUND), "", status=404)

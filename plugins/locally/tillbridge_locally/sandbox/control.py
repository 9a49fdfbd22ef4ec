"""The sandbox's second door, for tests and demonstrations: no part of Locally's contract."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tillbridge.testing.answers import answer
from tillbridge.testing.control import ControlDoor
from tillbridge.testing.door import Port
from tillbridge.testing.webhooks import Sender
from tillbridge_locally.sandbox import money
from tillbridge_locally.sandbox.carts import add_up
from tillbridge_locally.sandbox.quirks import quirks_of
from tillbridge_locally.sandbox.store import Entry, text
from tillbridge_locally.sandbox.world import WishError, World

if TYPE_CHECKING:
    from tillbridge.testing.sftp import SftpServer


class Control(ControlDoor):
    """Places, changes and breaks things below `/sandbox`.

    Args:
        world: what is changed.
        sender: sends its webhooks.
        token: what `Authorization: Bearer …` must hold.
        port: Locally's own, which can be closed.
        sftp: the server that takes feeds, where there is one.
    """

    def __init__(
        self, world: World, sender: Sender, *, token: str, port: Port, sftp: "SftpServer | None" = None
    ) -> None:
        self._sftp = sftp
        super().__init__(world.faults, token=token, port=port, refusals=(WishError,))
        self._world = world
        self._sender = sender

    def routes(self) -> list[Route]:
        """Return the routes below `/sandbox`."""
        return [
            *super().routes(),
            Route("/sandbox/orders", self.guarded(self._show), methods=["GET"]),
            Route("/sandbox/orders", self.guarded(self._place), methods=["POST"]),
            Route("/sandbox/orders/{hash}", self.guarded(self._change), methods=["PATCH"]),
            Route("/sandbox/arrive", self.guarded(self._arrive), methods=["POST"]),
            Route("/sandbox/shelf", self.guarded(self._shelf), methods=["GET"]),
            Route("/sandbox/shelf", self.guarded(self._fill), methods=["PUT"]),
            Route("/sandbox/feeds", self.guarded(self._feeds), methods=["GET"]),
            Route("/sandbox/sftp", self.guarded(self._turn_sftp), methods=["PUT"]),
            Route("/sandbox/stores/{store}", self.guarded(self._change_store), methods=["PATCH"]),
            Route("/sandbox/webhooks", self.guarded(self._sent), methods=["GET"]),
            Route("/sandbox/webhooks", self.guarded(self._hook), methods=["PUT"]),
            Route("/sandbox/quirks", self.guarded(self._behave), methods=["PUT"]),
            Route("/sandbox/reset", self.guarded(self._reset), methods=["POST"]),
        ]

    def _show(self, _request: Request, _body: Any) -> Response:
        entries = self._world.store.entries.values()
        return answer({"orders": [_shown(entry) for entry in entries], "impossible": self._world.impossible})

    def _place(self, _request: Request, body: Any) -> Response:
        return answer(_shown(self._world.place(body)), 201)

    def _change(self, request: Request, body: Any) -> Response:
        """Set cart fields, and items by position; totals follow unless they are among the fields."""
        entry = self._world.store.entries[request.path_params["hash"]]
        for position, fields in enumerate(body.get("items", [])):
            entry.cart["items"][position] |= fields
        if "items" in body:
            add_up(entry.cart, self._world.shop)
        entry.cart.update(body.get("cart", {}))
        moment = body.get("updated_at")
        self._world.announce(entry, updated_at=datetime.fromisoformat(moment) if moment else None)
        return answer(_shown(entry))

    def _arrive(self, _request: Request, body: Any) -> Response:
        return answer({"orders": [_shown(entry) for entry in self._world.arrive(int(body.get("n", 1)))]}, 201)

    def _shelf(self, _request: Request, _body: Any) -> Response:
        return answer({"stores": self._world.shelf.shown()})

    def _fill(self, _request: Request, body: Any) -> Response:
        """Say what a store has of some products, as the shop would."""
        store = str(body.get("store_id", self._world.shop.store_id))
        for item in body["items"]:
            self._world.shelf.tell(store, str(item["upc"]), int(item["qty"]), item.get("price"))
        return self._shelf(_request, body)

    def _feeds(self, _request: Request, _body: Any) -> Response:
        return answer(self._world.feeds.shown())

    async def _turn_sftp(self, _request: Request, body: Any) -> Response:
        """Close the SFTP server or open it; what goes wrong there is as told, and else nothing."""
        if self._sftp is None:
            raise WishError("it was not started with --sftp")
        self._sftp.behave(**{name: value for name, value in body.items() if name != "open"})
        await (self._sftp.open() if body.get("open", True) else self._sftp.close())
        return answer({"open": body.get("open", True)})

    def _change_store(self, request: Request, body: Any) -> Response:
        """Change a store's hours, close it for the time being, or take it out of the company's."""
        place = self._world.places[request.path_params["store"]]
        place.week = body.get("week", place.week)
        place.closed = bool(body.get("closed", place.closed))
        place.gone = bool(body.get("gone", place.gone))
        return answer(place.hours(self._world.store.now().astimezone(self._world.shop.zone)))

    def _behave(self, _request: Request, body: Any) -> Response:
        """Be odd as told; what is not named is as usual."""
        self._world.behave(quirks_of(body))
        return answer(self._world.quirks)

    def _sent(self, _request: Request, _body: Any) -> Response:
        return answer({"hooks": self._sender.hooks, "sent": [asdict(one) for one in self._sender.sent]})

    def _hook(self, _request: Request, body: Any) -> Response:
        """Say where webhooks go and what goes wrong with them; what is not named stays."""
        self._sender.set(body)
        return answer({"hooks": self._sender.hooks})

    def _reset(self, _request: Request, body: Any) -> Response:
        """Begin anew; "orders" says how many stand there then (default: as at the start)."""
        self._sender.reset()
        self._world.reset(
            seed=int(body.get("seed", self._world.seed)), orders=body.get("orders", self._world.orders)
        )
        return answer({"orders": [_shown(entry) for entry in self._world.store.entries.values()]})


def _shown(entry: Entry) -> dict[str, Any]:
    """Say what Locally believes about an order."""
    return {
        "hash": entry.hash,
        "situation": entry.situation,
        "updated_at": text(entry.updated_at),
        "status": entry.cart.get("status"),
        "payment_status": entry.cart.get("payment_status"),
        "money": money.sums(entry),
        "payments": [one.shown() for one in entry.movements],
        "told": [asdict(told) for told in entry.told],
        "order": entry.document,
    }

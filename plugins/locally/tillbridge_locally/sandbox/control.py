"""The sandbox's second door, for tests and demonstrations: no part of Locally's contract."""

import hmac
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tillbridge.testing.door import Port
from tillbridge.testing.faults import fault_of
from tillbridge_locally.sandbox.api import answer, read
from tillbridge_locally.sandbox.carts import add_up
from tillbridge_locally.sandbox.quirks import quirks_of
from tillbridge_locally.sandbox.store import Entry, text
from tillbridge_locally.sandbox.world import WishError, World

Action = Callable[[Request, Any], Response | Awaitable[Response]]
Handler = Callable[[Request], Awaitable[Response]]


class Control:
    """Places, changes and breaks things below `/sandbox`.

    Args:
        world: what is changed.
        token: what `Authorization: Bearer …` must hold.
        port: Locally's own, which can be closed.
    """

    def __init__(self, world: World, *, token: str, port: Port) -> None:
        self._world = world
        self._token = token
        self._port = port

    def routes(self) -> list[Route]:
        """Return the routes below `/sandbox`."""
        return [
            Route("/sandbox/orders", self._guarded(self._show), methods=["GET"]),
            Route("/sandbox/orders", self._guarded(self._place), methods=["POST"]),
            Route("/sandbox/orders/{hash}", self._guarded(self._change), methods=["PATCH"]),
            Route("/sandbox/arrive", self._guarded(self._arrive), methods=["POST"]),
            Route("/sandbox/slow", self._guarded(self._slow), methods=["POST"]),
            Route("/sandbox/faults", self._guarded(self._add_faults), methods=["POST"]),
            Route("/sandbox/faults", self._guarded(self._clear_faults), methods=["DELETE"]),
            Route("/sandbox/quirks", self._guarded(self._behave), methods=["PUT"]),
            Route("/sandbox/port", self._guarded(self._turn), methods=["PUT"]),
            Route("/sandbox/reset", self._guarded(self._reset), methods=["POST"]),
        ]

    def _guarded(self, action: Action) -> Handler:
        async def guarded(request: Request) -> Response:
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
                return answer({"error": "the control token is missing or wrong"}, 401)
            try:
                done = action(request, read(await request.body()))
                return await done if inspect.isawaitable(done) else done
            except (WishError, ValueError, TypeError, LookupError, AttributeError) as error:
                return answer({"error": f"{type(error).__name__}: {error}"}, 400)

        return guarded

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
        self._world.store.touch(entry, updated_at=datetime.fromisoformat(moment) if moment else None)
        return answer(_shown(entry))

    def _arrive(self, _request: Request, body: Any) -> Response:
        return answer({"orders": [_shown(entry) for entry in self._world.arrive(int(body.get("n", 1)))]}, 201)

    def _slow(self, _request: Request, body: Any) -> Response:
        self._world.faults.slow = float(body["seconds"])
        return answer({"seconds": self._world.faults.slow})

    def _add_faults(self, _request: Request, body: Any) -> Response:
        """Queue faults: one object, or a list of them under "faults"."""
        for fault in [fault_of(one) for one in body.get("faults", [body])]:
            self._world.faults.add(fault)
        return answer({"waiting": self._world.faults.waiting()}, 201)

    def _clear_faults(self, _request: Request, _body: Any) -> Response:
        self._world.faults.clear()
        return answer({"waiting": []})

    def _behave(self, _request: Request, body: Any) -> Response:
        """Be odd as told; what is not named is as usual."""
        self._world.behave(quirks_of(body))
        return answer(self._world.quirks)

    async def _turn(self, _request: Request, body: Any) -> Response:
        """Close Locally's port, so that connections are refused, or open it again."""
        await (self._port.open() if body["open"] else self._port.close())
        return answer({"open": body["open"]})

    def _reset(self, _request: Request, body: Any) -> Response:
        """Begin anew; "orders" says how many stand there then (default: as at the start)."""
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
        "told": [asdict(told) for told in entry.told],
        "order": entry.document,
    }

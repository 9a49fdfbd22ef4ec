"""A sandbox's second door, for tests and demonstrations: what goes wrong at the first, and its port.

A sandbox adds what only its own service can do: see `ControlDoor`.
"""

import hmac
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tillbridge.testing.answers import answer, read
from tillbridge.testing.door import Faults, Port
from tillbridge.testing.faults import fault_of

Action = Callable[[Request, Any], Response | Awaitable[Response]]
Handler = Callable[[Request], Awaitable[Response]]
_REFUSALS: Final[tuple[type[Exception], ...]] = (ValueError, TypeError, LookupError, AttributeError)


class ControlDoor:
    """Routes below `/sandbox`, each of which wants a token.

    A sandbox inherits it and gives `routes()` more, such as
    `Route("/sandbox/orders", self.guarded(self._place), methods=["POST"])`, where `_place(request, body)`
    gets the request's JSON and returns `answer(…)`. What an action refuses it says by an exception:
    `refusals`, and Python's own of wrong values, are answered with 400.

    Args:
        faults: of the service's own door.
        token: what `Authorization: Bearer …` must hold.
        port: the service's own, which can be closed.
        refusals: the sandbox's own exceptions whose words are an answer.
    """

    def __init__(
        self, faults: Faults, *, token: str, port: Port, refusals: tuple[type[Exception], ...] = ()
    ) -> None:
        self._faults = faults
        self._token = token
        self._port = port
        self._refused: tuple[type[Exception], ...] = (*refusals, *_REFUSALS)

    def routes(self) -> list[Route]:
        """Return the routes that any sandbox has."""
        return [
            Route("/sandbox/slow", self.guarded(self._slow), methods=["POST"]),
            Route("/sandbox/faults", self.guarded(self._show_faults), methods=["GET"]),
            Route("/sandbox/faults", self.guarded(self._add_faults), methods=["POST"]),
            Route("/sandbox/faults", self.guarded(self._clear_faults), methods=["DELETE"]),
            Route("/sandbox/port", self.guarded(self._turn), methods=["PUT"]),
        ]

    def guarded(self, action: Action) -> Handler:
        """Return what answers a request: the action, where the token is right."""

        async def guarded(request: Request) -> Response:
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
                return answer({"error": "the control token is missing or wrong"}, 401)
            try:
                done = action(request, read(await request.body()))
                return await done if inspect.isawaitable(done) else done
            except self._refused as error:
                return answer({"error": f"{type(error).__name__}: {error}"}, 400)

        return guarded

    def _slow(self, _request: Request, body: Any) -> Response:
        self._faults.slow = float(body["seconds"])
        return answer({"seconds": self._faults.slow})

    def _show_faults(self, _request: Request, _body: Any) -> Response:
        return answer({"waiting": self._faults.waiting(), "slow": self._faults.slow})

    def _add_faults(self, _request: Request, body: Any) -> Response:
        """Queue faults: one object, or a list of them under "faults"."""
        for fault in [fault_of(one) for one in body.get("faults", [body])]:
            self._faults.add(fault)
        return answer({"waiting": self._faults.waiting()}, 201)

    def _clear_faults(self, _request: Request, _body: Any) -> Response:
        self._faults.clear()
        return answer({"waiting": []})

    async def _turn(self, _request: Request, body: Any) -> Response:
        """Close the service's port, so that connections are refused, or open it again."""
        await (self._port.open() if body["open"] else self._port.close())
        return answer({"open": body["open"]})

"""The door for shoppers: Locally's published headless API, as far as its own JavaScript SDK asks for it.

The paths, the headers, the parameters that the SDK checks, the error codes, and the shape of a cart and of a
store are published [V]; the rest of each answer is proposed.
"""

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from tillbridge.testing.answers import read
from tillbridge_locally.sandbox import refusals
from tillbridge_locally.sandbox.locating import geo_of
from tillbridge_locally.sandbox.refusals import Refusal, good
from tillbridge_locally.sandbox.shopping import Shopping
from tillbridge_locally.sandbox.visitors import Visitor
from tillbridge_locally.sandbox.world import World

ROOT: Final = "/headless/api/1.0"
_SESSION: Final = "locally-api-session-id"
_INDEXED: Final = re.compile(r"items\[(\d+)\]\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a shopper's.

    Attributes:
        visitor: whose session it belongs to.
        said: its query and its JSON body together.
        path: the parts of its path.
    """

    visitor: Visitor
    said: Mapping[str, Any]
    path: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return a parameter as text; "" where it is missing."""
        value = self.said.get(name)
        return "" if value is None else str(value).strip()

    def flag(self, name: str) -> bool:
        """Return whether a parameter says yes."""
        return self.text(name).lower() in {"1", "true"}

    def whole(self, name: str, usual: int) -> int:
        """Return a whole number, or the usual one where it is missing.

        Raises:
            Refusal: it is no whole number.
        """
        return whole(self.said.get(name), usual)


def mounted(routes: Sequence[Route]) -> Mount:
    """Return the API's routes at its root, where browsers on any site may ask too, as shops' own sites do."""
    anywhere = Middleware(
        CORSMiddleware,
        allow_origin_regex=".*",
        allow_credentials=True,
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
    )
    return Mount(ROOT, routes=routes, middleware=[anywhere])


Action = Callable[[Asked], Mapping[str, Any]]
Handler = Callable[[Request], Awaitable[Response]]


class Guard:
    """Lets in who has the API key, and gives each answer its session.

    Args:
        world: whose visitors they are, and whose quirks may refuse the key.
        token: what `Locally-Api-Token` must hold.
    """

    def __init__(self, world: World, *, token: str) -> None:
        self._world = world
        self._token = token

    def route(self, path: str, action: Action, *methods: str) -> Route:
        """Return the route of an action; its path begins at the API's root."""
        return Route(path, self._guarded(action), methods=list(methods or ("GET",)))

    def _guarded(self, action: Action) -> Handler:
        async def guarded(request: Request) -> Response:
            given = request.headers.get("locally-api-token", "")
            right = hmac.compare_digest(given.encode(), self._token.encode())
            if not right or self._world.quirks.refuses_key:
                return Refusal(refusals.NOT_AUTHORISED, "Not authorized to access.").response()
            visitor = self._world.visitors.of(request.headers.get(_SESSION, ""), self._here())
            try:
                said = dict(request.query_params) | _body(await request.body())
                data = action(Asked(visitor, said, request.path_params))
            except Refusal as refusal:
                return refusal.response()
            return good({**data, "session": {"id": visitor.id}})

        return guarded

    def _here(self) -> dict[str, str]:
        """Return where a new visitor is: at the first store."""
        return geo_of(next(iter(self._world.places.values())))


class Carts:
    """The paths below `/session` and `/cart`."""

    def __init__(self, shopping: Shopping) -> None:
        self._shopping = shopping

    def routes(self, guard: Guard) -> list[Route]:
        """Return the routes."""
        return [
            guard.route("/session/id", lambda asked: {"id": asked.visitor.id}),
            guard.route("/session/user", lambda asked: {"user": _user(asked.visitor)}),
            guard.route("/cart", self._detail),
            guard.route("/cart", self._update, "POST"),
            guard.route("/cart/items/add", self._add, "GET", "POST"),
            guard.route("/cart/checkout", self._checkout),
            guard.route("/cart/validate", self._validate, "POST"),
            guard.route("/cart/validate_email", self._validate_email, "POST"),
            guard.route("/cart/billing", self._billing, "POST"),
            guard.route("/cart/auth", self._auth, "POST"),
            guard.route("/cart/order", self._order, "POST"),
            guard.route("/cart/commit", self._order, "POST"),
        ]

    def _detail(self, asked: Asked) -> Mapping[str, Any]:
        """Return the cart that is being filled; it is null before anything is in it."""
        visitor = asked.visitor
        if visitor.basket is None:
            return {"n_in_cart": 0, "cart_hash": None, "cart_content": None}
        return {
            "n_in_cart": sum(line.qty for line in visitor.basket.lines.values()),
            "cart_hash": visitor.basket.hash,
            "cart_content": self._shopping.document(visitor, visitor.basket),
        }

    def _add(self, asked: Asked) -> Mapping[str, Any]:
        store = self._shopping.place(asked.text("store_id")).id
        line = self._shopping.line(store, asked.text("upc"), asked.whole("qty", 1))
        self._shopping.add(
            asked.visitor, line, store=store, hold=asked.flag("hold"), origin=asked.text("host_domain")
        )
        return self._detail(asked)

    def _update(self, asked: Asked) -> Mapping[str, Any]:
        """Change quantities (`items`, or `upc` and `qty` alone), and what the shopper says of themselves."""
        basket = _basket(asked)
        changes = _items(asked.said)
        if asked.text("upc"):
            changes.append(asked.said)
        for change in changes:
            number = change.get("id") or basket.find(str(change.get("upc", "")))
            self._shopping.set_quantity(basket, whole(number, 0), whole(change.get("qty"), 1))
        self._shopping.tell(basket, asked.said)
        return self._detail(asked)

    def _checkout(self, asked: Asked) -> Mapping[str, Any]:
        basket = _basket(asked)
        place = self._shopping.place(basket.store)
        methods = [] if basket.hold else ["card"]
        return {**self._detail(asked), "store": {"id": place.id, "name": place.name}, "payments": methods}

    def _validate_email(self, asked: Asked) -> Mapping[str, Any]:
        self._shopping.told_email(asked.text("email"))
        return {"email": asked.text("email"), "is_valid": 1}

    def _billing(self, asked: Asked) -> Mapping[str, Any]:
        """Take the billing address, whose fields are named as a form names them."""
        told = {"firstName": "first_name", "lastName": "last_name"}
        self._shopping.tell(
            _basket(asked), {told.get(name, name): value for name, value in asked.said.items()}
        )
        return self._detail(asked)

    def _auth(self, asked: Asked) -> Mapping[str, Any]:
        self._shopping.secure(_basket(asked), asked.text("card_token"))
        return {**self._detail(asked), "authorized": 1}

    def _validate(self, asked: Asked) -> Mapping[str, Any]:
        """Fill a whole cart, hold what it costs, and answer what can be had; all of it or nothing."""
        if asked.text("path_to_purchase") != "bopis":
            raise Refusal(refusals.NO_ACCESS, "Only bopis can be submitted as a whole.")
        store = self._shopping.place(asked.text("store_id")).id
        lines = [
            (item, self._shopping.line(store, str(item.get("upc", "")), whole(item.get("qty"), 1)))
            for item in _items(asked.said)
        ]
        for item, line in lines:
            if _amount(item.get("price_per_unit"), line.product.price) != line.product.price:
                raise Refusal(refusals.FATAL, f"The price of {line.product.upc} is {line.product.price}.")
            tax = self._shopping.tax_of(line)
            if (given := _amount(item.get("tax_per_unit"), tax)) < tax:
                raise Refusal(
                    refusals.TAX_DIFFERS, f"The requested tax ({given}) is less than the calculated ({tax})."
                )
        asked.visitor.basket = None
        for _, line in lines:
            self._shopping.add(asked.visitor, line, store=store, hold=False, origin=asked.text("host_domain"))
        self._shopping.tell(_basket(asked), asked.said)
        return self._auth(asked)

    def _order(self, asked: Asked) -> Mapping[str, Any]:
        """Order a cart by its hash; asked again, it is the same order."""
        order_hash, visitor = asked.text("hash"), asked.visitor
        if visitor.basket is not None and visitor.basket.hash == order_hash:
            self._shopping.tell(visitor.basket, asked.said)
        entry = self._shopping.order(visitor, order_hash, card=asked.text("card_token"))
        return {"cart_hash": entry.hash, "status": entry.cart["status"], "cart_content": entry.document}


def whole(value: Any, usual: int) -> int:
    """Read a whole number, which a query writes as text.

    Raises:
        Refusal: it is none.
    """
    try:
        return usual if value in (None, "") else int(str(value))
    except ValueError as error:
        raise Refusal(refusals.FATAL, "A whole number is needed.") from error


def _amount(value: Any, usual: Decimal) -> Decimal:
    try:
        return usual if value is None else Decimal(str(value))
    except InvalidOperation as error:
        raise Refusal(refusals.FATAL, "An amount is needed.") from error


def _basket(asked: Asked) -> Any:
    if asked.visitor.basket is None:
        raise Refusal(refusals.ITEM_GONE, "The cart is empty.")
    return asked.visitor.basket


def _user(visitor: Visitor) -> dict[str, Any]:
    said = visitor.basket.fields if visitor.basket else {}
    return {
        "id": visitor.user_id,
        "email": said.get("email") or visitor.email,
        **{name: said.get(name, "") for name in ("first_name", "last_name", "phone")},
        "preferred_zip": "",
        "preferred_country": visitor.geo["country"],
    }


def _items(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the items of a body, or of a query that writes them as `items[0][upc]`."""
    items = said.get("items")
    if isinstance(items, list):
        return [item for item in items if isinstance(item, Mapping)]
    found: dict[str, dict[str, Any]] = {}
    for name, value in said.items():
        if match := _INDEXED.fullmatch(name):
            found.setdefault(match[1], {})[match[2]] = value
    return list(found.values())


def _body(body: bytes) -> dict[str, Any]:
    """Read a JSON body; the SDK sends it labelled as a form's."""
    try:
        said = read(body)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Refusal(refusals.FATAL, "The body is no JSON.") from error
    return said if isinstance(said, dict) else {}

"""The fake WooCommerce over real HTTP: `with serving(shop) as woo`.

Over plain HTTP it takes OAuth 1.0a only, as the real one does. `woo.read_only` makes its key one that may not
write; `woo.faults` are answers that come before anything else, one a request.
"""

import base64
import hashlib
import hmac
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from plugins.generic_webstore.woo import products
from plugins.generic_webstore.woo.oauth import Refused, Verifier
from plugins.generic_webstore.woo.shop import Params, Problem, WooShop
from serving import answering

KEY, SECRET = "ck_" + "a1" * 20, "cs_" + "b2" * 20
_PREFIX = "/wp-json/wc/v3/"


class WooServer(ThreadingHTTPServer):
    """The shop's web server."""

    daemon_threads = True

    def __init__(self, shop: WooShop) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.shop = shop
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.verifier = Verifier(KEY, SECRET, self.url, now=lambda: shop.now().timestamp())
        self.read_only = False
        self.faults: list[tuple[int, bytes]] = []
        self.asked: list[str] = []
        self.hooks: dict[int, dict[str, str]] = {}

    @property
    def settings(self) -> dict[str, str]:
        """What a connection to it needs."""
        return {"url": self.url, "key": KEY, "secret": SECRET}

    def deliver(self, hook_id: int, order: dict[str, Any]) -> int:
        """Send an order to a webhook's address, signed; return the status of its answer."""
        hook = self.hooks[hook_id]
        body = json.dumps(order).encode()
        made = hmac.new(hook["secret"].encode(), body, hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/json",
            "X-WC-Webhook-Topic": hook["topic"],
            "X-WC-Webhook-Delivery-ID": f"d{len(self.asked)}",
            "X-WC-Webhook-Signature": base64.b64encode(made).decode(),
        }
        return _posted(hook["delivery_url"], body, headers)

    def make_hook(self, body: dict[str, str]) -> dict[str, Any]:
        """Make a webhook: its address is tried first by an unsigned form, which must be answered 200."""
        number = len(self.hooks) + 1
        form = urllib.parse.urlencode({"webhook_id": number}).encode()
        status = _posted(body["delivery_url"], form, {"Content-Type": "application/x-www-form-urlencoded"})
        if status != 200:
            raise Problem(400, "woocommerce_rest_cannot_create", f"Delivery URL returned {status}")
        self.hooks[number] = body
        return {"id": number, **body}


@contextmanager
def serving(shop: WooShop) -> Iterator[WooServer]:
    """Serve a shop on a free port of this computer, until the end of the block."""
    with WooServer(shop) as server, answering(server):
        yield server


@contextmanager
def serving_today() -> Iterator[WooServer]:
    """Serve a shop by the clock of this computer, with three orders of the last hours."""
    shop = WooShop(lambda: datetime.now(UTC))
    for hours in range(3):
        shop.order(at=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5 - hours))
    with serving(shop) as server:
        yield server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WooServer

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        content = self.rfile.read(length)
        split = urllib.parse.urlsplit(self.path)
        self.server.asked.append(f"{self.command} {split.path}")
        if self.server.faults and "/settings/" not in split.path:
            status, body = self.server.faults.pop(0)
            self._send(status, body, {})
            return
        try:
            self._authorise(split)
            params = dict(urllib.parse.parse_qsl(split.query))
            answer, headers = self._answer(split.path.removeprefix(_PREFIX), params, content)
        except Refused as refused:
            self._json(401, {"code": "woocommerce_rest_cannot_view", "message": str(refused)})
        except Problem as problem:
            self._json(problem.status, problem.body())
        else:
            self._json(200, answer, headers)

    def do_GET(self) -> None:
        self.handle_any()

    def do_POST(self) -> None:
        self.handle_any()

    def do_PUT(self) -> None:
        self.handle_any()

    def _authorise(self, split: urllib.parse.SplitResult) -> None:
        self.server.verifier.check(self.command, split.path, split.query)
        if self.server.read_only and self.command != "GET":
            raise Refused("The API key provided does not have write permissions.")

    def _answer(self, path: str, params: Params, content: bytes) -> tuple[Any, dict[str, str]]:
        shop = self.server.shop
        body = json.loads(content) if content else {}
        routes: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", r"orders", lambda: shop.list_orders(params)),
            ("GET", r"orders/(\d+)", shop.one_order),
            ("PUT", r"orders/(\d+)", lambda number: shop.put_order(number, body)),
            ("GET", r"orders/(\d+)/notes", lambda number: shop.list_notes(number, params)),
            ("POST", r"orders/(\d+)/notes", lambda number: shop.note_order(number, body)),
            ("GET", r"orders/(\d+)/refunds", lambda number: shop.list_refunds(number, params)),
            ("POST", r"orders/(\d+)/refunds", lambda number: shop.refund_order(number, body)),
            ("GET", r"settings/.+", lambda: shop.setting(path.removeprefix("settings/"))),
            ("GET", r"products", lambda: products.list_products(shop, params)),
            ("POST", r"products/batch", lambda: products.batch(shop, body)),
            ("GET", r"products/(\d+)", lambda number: products.one_product(shop, number)),
            ("PUT", r"products/(\d+)", lambda number: products.put_product(shop, number, body)),
            (
                "GET",
                r"products/(\d+)/variations",
                lambda parent: products.list_variations(shop, parent, params),
            ),
            (
                "POST",
                r"products/(\d+)/variations/batch",
                lambda parent: products.batch(shop, body, parent=parent),
            ),
            (
                "PUT",
                r"products/(\d+)/variations/(\d+)",
                lambda parent, number: products.put_product(shop, number, body, parent=parent),
            ),
            ("POST", r"webhooks", lambda: self.server.make_hook(body)),
        ]
        for method, pattern, work in routes:
            found = re.fullmatch(pattern, path)
            if found and method == self.command:
                answer = work(*map(int, found.groups()))
                if isinstance(answer, tuple):
                    page, total = answer
                    return page, {"X-WP-Total": str(total)} | self._link(params, total)
                return answer, {}
        raise Problem(404, "rest_no_route", "No route was found matching the URL and request method.")

    def _link(self, params: Params, total: int) -> dict[str, str]:
        """Name the next page, with everything that was asked for, the signature among it."""
        page, size = int(params.get("page", "1")), int(params.get("per_page", "10"))
        if page * size >= total:
            return {}
        query = urllib.parse.urlencode({**params, "page": page + 1})
        path = urllib.parse.urlsplit(self.path).path
        return {"Link": f'<{self.server.url}{path}?{query}>; rel="next"'}

    def _json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), headers or {})

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        self.send_header("Date", format_datetime(self.server.shop.now(), usegmt=True))
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def _posted(url: str, content: bytes, headers: dict[str, str]) -> int:
    request = urllib.request.Request(url, content, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code

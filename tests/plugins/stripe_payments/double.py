"""A double of Stripe's API over real HTTP, where localstripe is unlike Stripe: keys, faults, rights, lists.

Its world is a `Ledger`; it follows `facts/stripe.md`. It stands still with the test's clock.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from plugins.stripe_payments.ledger import DAY, Form, Ledger, Object, Says
from serving import answering
from tillbridge.plugin import Headers

Answer = tuple[int, Any, dict[str, str]]
KEY = "rk_test_51Tillbridge"
PERMISSIONS = {
    "payment_intents": "payment_intent",
    "charges": "charge",
    "refunds": "charge",
    "balance_transactions": "balance_transaction_source",
    "payouts": "payout",
    "account": "connected_account",
}
ALL = frozenset({"payment_intent_write", "charge_write", "balance_transaction_source_read", "payout_read"})
_KNOWN = {
    "capture": {"amount_to_capture", "expand"},
    "cancel": {"cancellation_reason", "expand"},
    "refund": {"payment_intent", "amount", "metadata", "reason", "expand"},
}


class Stripe:
    """The service.

    Attributes:
        url: where it is served.
        ledger: what it holds.
        allowed: the permissions of the key.
        faults: what happens to the next requests, one each: "unsent" (cut off before anything is done),
            "lost" (done, and the answer is cut off), "broken" (a 500, nothing is done), "broken done" (a
            500, and it is done), "busy" (429), "conflict" (409), or None. Reading is hit by "unsent" and
            "busy" alone.
        calls: the method and path of each request that came.
        seen: each idempotency key that came, in its sequence.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.url = "http://127.0.0.1:1"
        self.ledger = Ledger(now)
        self.allowed = set(ALL)
        self.searches = True
        self.faults: list[str | None] = []
        self.calls: list[str] = []
        self.seen: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[str, int, Any, int]] = {}

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """Return status, content and headers; None: the connection is cut off."""
        with self._lock:
            return self._answer(method, target, headers, body)

    def transport(self) -> httpx.MockTransport:
        """Return what stands in for the network where a test asks very often."""
        return httpx.MockTransport(self._carry)

    def _carry(self, request: httpx.Request) -> httpx.Response:
        headers = Headers(request.headers.items())
        answer = self.answer(request.method, request.url.raw_path.decode(), headers, request.read())
        if answer is None:
            raise httpx.RemoteProtocolError("cut off", request=request)
        status, content, more = answer
        return httpx.Response(status, json=content, headers=more)

    def _answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        url = urlsplit(target)
        form = tree(parse_qsl(url.query if method == "GET" else body.decode()))
        self.calls.append(f"{method} {url.path}")
        self.headers.append(headers)
        fault = self.faults.pop(0) if self.faults else None
        if fault == "unsent":
            return None
        if fault == "busy":
            return 429, {"error": {"type": "invalid_request_error", "code": "rate_limit"}}, {}
        try:
            self._permit(method, url.path, headers)
            if method == "GET":
                return 200, self._read(url.path, form), {}
            return self._write(url.path, form, headers.get("Idempotency-Key"), body, fault)
        except Says as error:
            return error.status, error.body, {}

    def _permit(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        if headers.get("Authorization") != f"Bearer {KEY}":
            raise Says(401, message="Invalid API Key provided: rk_test_*****")
        area = PERMISSIONS[path.split("/")[2]]
        wanted = {f"{area}_write"} if method == "POST" else {f"{area}_read", f"{area}_write"}
        if self.allowed.isdisjoint(wanted):
            named = f"rak_{area}_{'write' if method == 'POST' else 'read'}"
            raise Says(
                403,
                message=(
                    "The provided key 'rk_test_***' does not have the required permissions for this endpoint "
                    f"on account '{self.ledger.account}'. Having the '{named}' permission would allow this "
                    "request to continue."
                ),
            )

    def _read(self, path: str, form: Form) -> Any:
        ledger = self.ledger
        if path == "/v1/account":
            return {
                "id": ledger.account,
                "object": "account",
                "settings": {"dashboard": {"display_name": "한울자전거"}},
            }
        if path == "/v1/payment_intents/search":
            if not self.searches:
                raise Says(400, message="Search is not available in this country.")
            found = ledger.noted(searched(form["query"]))
            # What a search says of a payment may be as it was a while ago.
            return page([one | {"status": "processing", "latest_charge": None} for one in found], form)
        if path == "/v1/payment_intents":
            return page([self._fresh(one["id"]) for one in ledger.newest(ledger.intents)], form)
        if path == "/v1/refunds":
            wanted = form["payment_intent"]
            mine = [one for one in ledger.newest(ledger.refunds) if one["payment_intent"] == wanted]
            return page(mine, form)
        if path == "/v1/balance_transactions":
            return page(list(reversed(ledger.balance)), form)
        if path == "/v1/payouts":
            return page([], form)
        kind, number = path.split("/")[2:4]
        if kind == "charges":
            return _there(ledger.charges, number)
        return self._fresh(number)

    def _fresh(self, number: str) -> Object:
        return self.ledger.expanded(self.ledger.intent(number))

    def _write(self, path: str, form: Form, key: str | None, body: bytes, fault: str | None) -> Answer | None:
        if fault == "conflict":
            raise Says(409, kind="idempotency_error", code="idempotency_key_in_use")
        print_of = f"{path}?{body.decode()}"
        if key is not None:
            self.seen.append(key)
            kept = self._kept.get(key)
            if kept is not None and self.ledger.now() - kept[3] < DAY:
                if kept[0] != print_of:
                    raise Says(400, kind="idempotency_error")
                return kept[1], kept[2], {"Idempotent-Replayed": "true"}
        action = _validated(path, form)
        status, content = self._done(action, path, form, fault)
        if key is not None:
            self._kept[key] = (print_of, status, content, self.ledger.now())
        return None if fault == "lost" else (status, content, {})

    def _done(self, action: str, path: str, form: Form, fault: str | None) -> tuple[int, Any]:
        """Do it, once it is known to be well-formed; from here on Stripe keeps its answer, faults and all."""
        broken = {"error": {"type": "api_error", "message": "An unknown error occurred"}}
        if fault == "broken":
            return 500, broken
        try:
            if action == "refund":
                made = self.ledger.refund(form)
            elif action == "capture":
                made = self.ledger.capture(path.split("/")[3], form)
            else:
                made = self.ledger.cancel(path.split("/")[3])
        except Says as error:
            return error.status, error.body
        return (500, broken) if fault == "broken done" else (200, json.loads(json.dumps(made)))


def _validated(path: str, form: Form) -> str:
    action = "refund" if path == "/v1/refunds" else path.rsplit("/", 1)[1]
    unknown = set(form) - _KNOWN[action]
    if unknown:
        raise Says(400, code="parameter_unknown", param=unknown.pop())
    return action


def _there(objects: Mapping[str, Object], number: str) -> Object:
    if number not in objects:
        raise Says(404, code="resource_missing", param="id")
    return objects[number]


def page(objects: list[Object], form: Form) -> Object:
    """Return a page of a list, by Stripe's parameters."""
    created = form.get("created", {})
    since, until = int(created.get("gte", 0)), int(created.get("lt", 10**12))
    found = [one for one in objects if since <= one["created"] < until]
    after = form.get("starting_after")
    if after is not None:
        found = found[[one["id"] for one in found].index(after) + 1 :]
    limit = int(form.get("limit", 10))
    return {"object": "list", "data": found[:limit], "has_more": len(found) > limit}


def searched(text: str) -> dict[str, str]:
    """Return what a query of Stripe's search asks of the metadata."""
    term = r"metadata\['((?:[^'\\]|\\.)*)'\]:'((?:[^'\\]|\\.)*)'"
    assert re.fullmatch(rf"{term}( AND {term})*", text), text
    return {_bare(name): _bare(value) for name, value in re.findall(term, text)}


def _bare(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def tree(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return a form with what stands in brackets inside of what stands before them."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        first, *inner = re.findall(r"[^\[\]]+", name)
        if name.endswith("[]"):
            found.setdefault(first, []).append(value)
        elif inner:
            found.setdefault(first, {})[inner[0]] = value
        else:
            found[first] = value
    return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, stripe: Stripe) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stripe = stripe


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer's body waits 40 ms for its headers to be acknowledged

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    @property
    def _stripe(self) -> Stripe:
        assert isinstance(self.server, _Server)
        return self.server.stripe

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self._stripe.answer(self.command, self.path, Headers(self.headers.items()), body)
        if answer is None:
            self.close_connection = True
            return
        status, content, headers = answer
        text = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def date_time_string(self, timestamp: float | None = None) -> str:
        del timestamp
        return super().date_time_string(self._stripe.ledger.now())

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def serving(now: Callable[[], datetime]) -> Iterator[Stripe]:
    """Serve on a free port of this computer, until the end of the block."""
    stripe = Stripe(now)
    with _Server(stripe) as server, answering(server):
        stripe.url = f"http://127.0.0.1:{server.server_port}"
        yield stripe

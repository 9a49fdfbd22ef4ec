"""The client that a plugin's connection holds: every request to a service goes through it."""

import logging
import random
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Self

import httpx
import stamina
from pydantic import SecretStr

from tillbridge.clock import Clock
from tillbridge.http import network
from tillbridge.http.bodies import Body, lengths
from tillbridge.http.faults import Fault, Faults
from tillbridge.http.health import Health
from tillbridge.http.network import Deadline
from tillbridge.http.pace import Pace
from tillbridge.http.reading import HttpResponse, UnreadableError, read
from tillbridge.http.scrub import Scrubber, secrets_of
from tillbridge.http.settings import HttpSettings, address, plain_headers
from tillbridge.http.tokens import Door, Kept, KeptInMemory, Token, Tokens
from tillbridge.http.unreached import named
from tillbridge.http.urls import Params, resolve, same_place, shown_path

_log = logging.getLogger("tillbridge.http")
Headers = Mapping[str, str | SecretStr]

# A longer wish of the service moves the connection's next poll instead: no thread waits for it.
_LONGEST_WAIT: Final = 10.0
_FIRST_WAIT: Final = 0.5
_LONGEST_BACKOFF: Final = 5.0
_REDIRECTS: Final = 3
_SAME_REQUEST: Final = frozenset({307, 308})
_OWN_HEADERS: Final = {"User-Agent": "tillbridge", "Accept-Encoding": "gzip"}


class HttpClient:
    """Asks one service, over pooled connections; threads may share it.

    A call is repeated, after a growing wait, when the network fails or the service answers 408, 425, 429,
    500, 502, 503 or 504, or what `HttpSettings.again` says; a POST only with an idempotency key, or if it
    certainly was not sent. `Retry-After` is honoured up to 10 seconds; a longer one ends the call at once.
    A redirect is followed only on the same host. The machine's proxy variables and .netrc are not used.

    Every call returns an `HttpResponse` of status 2xx or 304, and raises, in words that name the service and
    the call, and that hold no secret:
        Retryable: the service is away, busy, too slow, or answers something that cannot be read; `until`
            is set when the service said when to come back, at most a day ahead. Where it answered, it is an
            `HttpFailed`, with `status` and `response`.
        HttpRejected: a 4xx: the service will never do this. It has `status`, `response` and `excerpt`.
        Misconfigured: the address is not the service's own, or the credentials are refused (401, 403): an
            `HttpRefused`, with `status` and `response`.

    The `__cause__` of these errors is an `HttpCause`, scrubbed; httpx's own error would hold the request.

    Args:
        settings: how to reach the service.
        clock: what tells the time and does the waiting.
        kept: what the connection keeps beside its settings, for credentials that change.
        transport: stands in for the network, in tests.
    """

    def __init__(
        self,
        settings: HttpSettings,
        *,
        clock: Clock,
        kept: Kept | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        network.hush()
        self._settings = settings
        self._clock = clock
        self._transport = transport
        door = Door(http=self._without_token, kept=kept or KeptInMemory(), now=clock.now)
        self._tokens = None if settings.token is None else Tokens(settings.token, door)
        self._base = address(settings.base_url, service=settings.service)
        self._secrets = tuple(settings.known_secrets())
        self._scrubber = Scrubber(self._secrets)
        self._pace = Pace(settings.requests_per_second, clock)
        self._health = Health(clock)
        self._http = httpx.Client(
            auth=settings.auth,
            headers=_OWN_HEADERS | plain_headers(settings.headers, service=settings.service),
            # Else a .netrc or a proxy variable of the machine would decide who sees the credentials.
            trust_env=False,
            transport=network.transport() if transport is None else transport,
        )

    def get(self, path: str, *, params: Params | None = None, headers: Headers | None = None) -> HttpResponse:
        """Read what stands at `path`: below the base URL, or a whole address on its host (a "next" link)."""
        return self._run("GET", path, params=params, headers=headers)

    def post(
        self,
        path: str,
        *,
        json: Any = None,
        content: bytes | Body | None = None,
        params: Params | None = None,
        headers: Headers | None = None,
        idempotency_key: str | None = None,
    ) -> HttpResponse:
        """Send `json` or `content` to `path`.

        Args:
            path: below the base URL.
            json: what is sent as JSON; None sends none.
            content: what is sent as it is, in place of `json`; a `Body` is streamed.
            params: the query.
            headers: beside those of the settings.
            idempotency_key: sent as `Idempotency-Key`: by it the service knows a repeated request, so that
                the call may be repeated after a lost answer. Without it, only what was never sent is.
        """
        keyed = (
            headers if idempotency_key is None else {**(headers or {}), "Idempotency-Key": idempotency_key}
        )
        return self._run(
            "POST",
            path,
            params=params,
            headers=keyed,
            body={"json": json, "content": content},
            repeatable=idempotency_key is not None,
        )

    def put(
        self,
        path: str,
        *,
        json: Any = None,
        content: bytes | Body | None = None,
        params: Params | None = None,
        headers: Headers | None = None,
    ) -> HttpResponse:
        """Put `json` or `content` at `path`; may be repeated."""
        return self._run("PUT", path, params=params, headers=headers, body={"json": json, "content": content})

    def delete(
        self, path: str, *, params: Params | None = None, headers: Headers | None = None
    ) -> HttpResponse:
        """Delete what stands at `path`; may be repeated, so that a 404 can mean that the first try did it."""
        return self._run("DELETE", path, params=params, headers=headers)

    def send(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        params: Params | None = None,
        headers: Headers | None = None,
        repeatable: bool = False,
    ) -> HttpResponse:
        """Send what the other methods do not: a PATCH, a form, a POST that only reads.

        Args:
            method: GET, POST, PUT, PATCH or DELETE.
            path: as of `get`.
            content: the body as it is; its type stands in `headers`.
            params: the query.
            headers: beside those of the settings.
            repeatable: whether doing it twice is as good as once.
        """
        body = {} if content is None else {"content": content}
        return self._run(method, path, params=params, headers=headers, body=body, repeatable=repeatable)

    @property
    def service_ahead(self) -> timedelta | None:
        """How far the service's clock was ahead of ours at its newest answer; None if it did not say."""
        return self._health.ahead

    def close(self) -> None:
        """Close the pooled connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<HttpClient {self._settings.service} at {self._scrubber.literal(self._base.host)}>"

    def _run(
        self,
        method: str,
        path: str,
        *,
        params: Params | None,
        headers: Headers | None,
        body: Mapping[str, Any] | None = None,
        repeatable: bool = True,
    ) -> HttpResponse:
        service = self._settings.service
        url = resolve(self._base, path, params, service=service)
        request = self._http.build_request(
            method,
            url,
            headers=plain_headers(headers or {}, service=service) | lengths(body),
            timeout=httpx.Timeout(
                self._settings.read_timeout,
                connect=self._settings.connect_timeout,
                pool=self._settings.connect_timeout,
            ),
            **(body or {}),
        )
        given = [
            value.get_secret_value() for value in (headers or {}).values() if isinstance(value, SecretStr)
        ]
        call = _Call(
            request,
            name=f"{method} {self._scrubber.literal(shown_path(url))}",
            deadline=Deadline(self._clock, self._seconds()),
            repeatable=repeatable,
            secrets=(*self._secrets, *given, *_secret_values(params or {})),
        )
        with network.under(call.deadline):
            return self._persist(call)

    def _seconds(self) -> float:
        """Return how long a call may last: one that is made for another one ends with that one."""
        outer = network.current()
        allowed = self._settings.total_deadline
        return allowed if outer is None else min(allowed, outer.left())

    def _without_token(self, base_url: str) -> "HttpClient":
        """Make a client that asks for this one's token."""
        bare = replace(
            self._settings,
            base_url=base_url,
            headers={},
            auth=None,
            sign=None,
            token=None,
            secrets=[SecretStr(one) for one in self._secrets],
        )
        return HttpClient(bare, clock=self._clock, transport=self._transport)

    def _persist(self, call: "_Call") -> HttpResponse:
        """Try until it is done, or until there is no use in trying."""
        # The waits are our own (`call.pause`), on the injected clock: stamina would hold the thread.
        for attempt in stamina.retry_context(
            on=call.again,
            attempts=self._settings.attempts,
            timeout=None,
            wait_initial=_FIRST_WAIT,
            wait_max=_LONGEST_BACKOFF,
            wait_jitter=0,
        ):
            with attempt:
                self._clock.sleep(call.pause)
                call.backoff = attempt.next_wait
                return self._attempt(call)
        raise AssertionError("stamina ends with a result or an error")

    def _attempt(self, call: "_Call") -> HttpResponse:
        outcome: HttpResponse | Fault
        try:
            outcome = self._exchange(call)
        except httpx.HTTPError as error:
            host = self._scrubber.literal(named(call.request.url))
            left = call.deadline.left()
            outcome = self._faults(call).of_network(error, host=host, seconds_left=left)
        except UnreadableError as error:
            outcome = self._faults(call).of_reading(error)
        if isinstance(outcome, HttpResponse):
            return outcome
        call.fault = outcome
        # Outside of the handlers: what httpx raised is not kept as the context either.
        raise outcome.error from outcome.cause

    def _exchange(self, call: "_Call") -> HttpResponse | Fault:
        """Send a request and read its answer, and again for a redirect on the same host."""
        request = call.request
        url = call.url
        for left in reversed(range(_REDIRECTS + 1)):
            granted, wait = self._pace.reserve(call.deadline.left())
            if not granted:
                return self._faults(call).of_rate(self._clock.now() + timedelta(seconds=wait))
            self._clock.sleep(wait)
            self._sign(request, url, call)
            with closing(self._http.send(request, stream=True)) as response:
                content = read(response, max_bytes=self._settings.max_bytes, deadline=call.deadline)
            self._health.dated(response.headers)
            follow = response.next_request
            if follow is None:
                break
            if not same_place(follow.url, self._base):
                return self._faults(call).of_redirect(response.status_code, follow.url)
            if left == 0 or not (request.method == "GET" or response.status_code in _SAME_REQUEST):
                break
            request, url = follow, follow.url
        answer = HttpResponse(
            service=self._settings.service,
            call=call.name,
            status=response.status_code,
            headers=response.headers,
            content=content,
        )
        if answer.is_usable():
            return answer
        if answer.status == httpx.codes.UNAUTHORIZED and call.token and call.refused is None:
            # It was not done, whatever it was: a token may have ended before its time.
            call.refused = call.token
            return self._exchange(call)
        again = self._settings.again(answer) if self._settings.again else None
        return self._faults(call).of_answer(answer, self._clock.now(), again=again)

    def _sign(self, request: httpx.Request, url: httpx.URL, call: "_Call") -> None:
        """Add the credentials that are made for this moment, to the address as it will be sent."""
        if self._tokens is not None:
            call.token = self._tokens.get(refused=call.refused)
            headers = plain_headers(call.token.headers, service=self._settings.service)
            request.headers.update(headers)
            call.secrets = (*call.secrets, *headers.values())
        if self._settings.sign is not None:
            signature = self._settings.sign(request.method, str(url), self._clock.now())
            if signature.params:
                request.url = url.copy_merge_params(dict(signature.params))
            request.headers.update(signature.headers)

    def _faults(self, call: "_Call") -> Faults:
        # Read from the request as it went out, for what its auth has added.
        scrubber = Scrubber((*call.secrets, *secrets_of(call.request)))
        return Faults(self._settings.service, call.name, scrubber)


class _Call:
    """One call, over all its attempts."""

    def __init__(
        self,
        request: httpx.Request,
        *,
        name: str,
        deadline: Deadline,
        repeatable: bool,
        secrets: tuple[str, ...],
    ) -> None:
        self.request = request
        self.url = request.url  # before anything that is signed is added
        self.token: Token | None = None
        self.refused: Token | None = None
        self.name = name
        self.deadline = deadline
        self.secrets = secrets
        self.fault: Fault | None = None
        self.backoff = 0.0
        self.pause = 0.0
        self._repeatable = repeatable

    def again(self, error: Exception) -> bool | float:
        """Decide, as stamina's backoff hook, whether to try again; the wait is left in `pause`."""
        fault = self.fault
        if fault is None or fault.error is not error:
            return False
        if not fault.again or not (self._repeatable or fault.unsent):
            return False
        # Spread, so that the tills of a chain do not all come back at the same moment.
        spread = self.backoff * random.uniform(1.0, 1.5)  # noqa: S311  # no secret hangs on it
        wait = spread if fault.wait is None else fault.wait
        if wait > _LONGEST_WAIT or wait >= self.deadline.left():
            return False
        _log.debug("%s: %s; perhaps again in %.1f seconds", self.name, fault.cause, wait)
        self.pause = wait
        return 0.0


def _secret_values(params: Params) -> list[str]:
    return [value.get_secret_value() for value in params.values() if isinstance(value, SecretStr)]

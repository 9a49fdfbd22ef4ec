"""Credentials that have to be asked for first: tokens, made when they are needed and anew when refused."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from pydantic import SecretStr

if TYPE_CHECKING:
    from tillbridge.http.client import HttpClient

_EARLY: Final = timedelta(seconds=30)


class Kept(Protocol):
    """What a connection keeps of its own beside its settings: encrypted, by name, over restarts."""

    def alone(self) -> AbstractContextManager[None]:
        """Hold the only key to it: no other thread or process of this connection is inside meanwhile.

        Raises:
            Retryable: another one does not come out.
        """

    def get(self, name: str) -> str | None:
        """Return what is kept under a name now."""

    def put(self, name: str, value: str) -> None:
        """Keep a value; it is committed when this returns."""


class KeptInMemory:
    """What is kept of a connection that is not kept itself yet."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._guard = threading.Lock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the only key to it."""
        with self._guard:
            yield

    def get(self, name: str) -> str | None:
        """Return what is kept under a name."""
        return self.values.get(name)

    def put(self, name: str, value: str) -> None:
        """Keep a value."""
        self.values[name] = value

    def __repr__(self) -> str:
        return f"KeptInMemory({', '.join(self.values)})"


@dataclass(frozen=True, kw_only=True)
class Token:
    """What a service gave for signing requests.

    Attributes:
        headers: sent with every request.
        expires_at: UTC; from shortly before, a new one is asked for. None: until it is refused.
    """

    headers: Mapping[str, str | SecretStr] = field(repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Door:
    """What a token is asked for with.

    Attributes:
        http: makes a client without credentials for an address; it has the connection's patience, and
            its calls end with the call that needs the token.
        kept: what the connection keeps.
        now: the time, UTC.
    """

    http: Callable[[str], AbstractContextManager["HttpClient"]]
    kept: Kept
    now: Callable[[], datetime]


class TokenSource(Protocol):
    """Asks for a token, another one than the one that was refused (None: none was).

    Raises `Misconfigured` where the credentials are refused, `Retryable` as any call.
    """

    def __call__(self, door: Door, refused: Token | None, /) -> Token:
        """Return a token."""


class Tokens:
    """The token of one client: asked for once, however many threads need it.

    Args:
        source: what asks for one.
        door: what it asks with.
    """

    def __init__(self, source: TokenSource, door: Door) -> None:
        self._source = source
        self._door = door
        self._guard = threading.Lock()
        self._token: Token | None = None

    def get(self, refused: Token | None = None) -> Token:
        """Return a token; another one than `refused`, which the service did not take."""
        with self._guard:
            token = self._token
            if token is None or token is refused or self._is_over(token):
                self._token = None
                token = self._token = self._source(self._door, refused)
            return token

    def _is_over(self, token: Token) -> bool:
        return token.expires_at is not None and self._door.now() >= token.expires_at - _EARLY

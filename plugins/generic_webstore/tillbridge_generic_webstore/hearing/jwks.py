"""The public keys of webstores that show them at an address of their own (a JWK Set, RFC 7517).

The address is asked when a token names a key that nobody knows yet, and at most once a minute. What is known
counts for an hour: a key that the webstore has withdrawn is then good no more.
"""

import threading
import weakref
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from tillbridge.plugin import Connection, HttpClient, TillbridgeError
from tillbridge_generic_webstore.calling.calls import CompiledCall

_BETWEEN: Final = timedelta(minutes=1)
_KNOWN_FOR: Final = timedelta(hours=1)


class Keys:
    """The public keys of webstores, apart for each connection."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: weakref.WeakKeyDictionary[HttpClient, tuple[Mapping[str | None, Any], datetime]] = (
            weakref.WeakKeyDictionary()
        )

    def find(self, connection: Connection, call: CompiledCall, name: Any, algorithm: str) -> Any:
        """Return the key of a name; of a token that names none the only one. None where there is none.

        Raises:
            ProviderError: the webstore is away, and what was known does not have it.
        """
        now = connection.now()
        with self._guard:
            keys, asked_at = self._held.get(connection.http, ({}, None))
        enough = _KNOWN_FOR if name in keys else _BETWEEN
        if asked_at is None or not timedelta() <= now - asked_at < enough:
            keys = self._ask(connection, call, (name, algorithm), keys)
        if name is None and len(keys) == 1:
            return next(iter(keys.values()))
        return keys.get(name)

    def _ask(
        self,
        connection: Connection,
        call: CompiledCall,
        wanted: tuple[Any, str],
        known: Mapping[str | None, Any],
    ) -> Mapping[str | None, Any]:
        """Return the keys that the webstore shows; where it is away those that are known, if they do."""
        keys, (name, algorithm) = known, wanted
        try:
            keys = _keys(call.send(connection, {}, repeatable=True).checked().json, algorithm)
        except TillbridgeError:
            if name not in known:
                raise
        with self._guard:
            self._held[connection.http] = (keys, connection.now())
        return keys


def _keys(said: Any, algorithm: str) -> dict[str | None, Any]:
    """Return the keys of a JWK Set by their names; what is none is left out."""
    import jwt  # noqa: PLC0415  # 0.4 s to load: only where a webhook needs it

    rows = said.get("keys") if isinstance(said, dict) else None
    found: dict[str | None, Any] = {}
    for row in rows if isinstance(rows, list) else []:
        try:
            found[row.get("kid")] = jwt.PyJWK(row, algorithm).key
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            continue
    return found

"""How WooCommerce checks OAuth 1.0a over plain HTTP: made from its description, not from our own signing."""

import base64
import hashlib
import hmac
import time
import urllib.parse
from collections.abc import Callable

WINDOW = 15 * 60


class Refused(Exception):
    """A request is not signed as it should be; the text is what the real server says."""


class Verifier:
    """Checks requests by one consumer's key and secret.

    `site` is the address that the site has of itself: a client that asks at another one has signed another.
    """

    def __init__(self, key: str, secret: str, site: str, now: Callable[[], float] = time.time) -> None:
        self.key, self.secret, self.site, self._now = key, secret, site, now
        self._nonces: set[str] = set()

    def check(self, method: str, path: str, query: str) -> None:
        given = urllib.parse.parse_qsl(query, keep_blank_values=True)
        named = dict(given)
        if "oauth_consumer_key" not in named:
            raise Refused("Sorry, you cannot list resources.")
        if named["oauth_consumer_key"] != self.key:
            raise Refused("Consumer key is invalid.")
        if abs(self._now() - int(named["oauth_timestamp"])) > WINDOW:
            raise Refused("Invalid timestamp.")
        if named["oauth_nonce"] in self._nonces:
            raise Refused("Invalid nonce - nonce has already been used.")
        signed = [pair for pair in given if pair[0] != "oauth_signature"]
        lines = sorted(f"{_raw(name)}={_raw(value)}" for name, value in signed)
        text = "&".join([method.upper(), _raw(self.site + path), _raw("&".join(lines))])
        made = hmac.new(f"{self.secret}&".encode(), text.encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(base64.b64encode(made).decode(), named.get("oauth_signature", "")):
            raise Refused("Invalid signature - provided signature does not match.")
        self._nonces.add(named["oauth_nonce"])


def _raw(text: str) -> str:
    return urllib.parse.quote(text, safe="-._~")

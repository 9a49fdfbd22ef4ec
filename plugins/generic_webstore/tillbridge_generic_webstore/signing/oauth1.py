"""OAuth 1.0a with one leg: what WooCommerce wants where there is no TLS (RFC 5849, with HMAC-SHA256)."""

import hashlib
import hmac
import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from tillbridge.plugin import Signature

_SAFE: Final = "~"
_OURS: Final = frozenset(
    {
        "oauth_consumer_key",
        "oauth_nonce",
        "oauth_signature",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_version",
    }
)


def signer(key: str, secret: str) -> Callable[[str, str, datetime], Signature]:
    """Return what signs a request with a consumer's key and secret; the signature goes into the query."""

    def sign(method: str, url: str, now: datetime) -> Signature:
        given = {
            "oauth_consumer_key": key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(now.timestamp())),
            "oauth_version": "1.0",
        }
        return Signature(params={**given, "oauth_signature": signature(method, url, given, secret)})

    return sign


def signature(method: str, url: str, oauth: Mapping[str, str], secret: str) -> str:
    """Return the signature of a request.

    Args:
        method: HTTP's.
        url: with its query, without the oauth parameters.
        oauth: those parameters, without the signature.
        secret: the consumer's.
    """
    base = base_string(method, url, oauth)
    return b64encode(hmac.digest(f"{_quoted(secret)}&".encode(), base.encode(), hashlib.sha256)).decode()


def base_string(method: str, url: str, oauth: Mapping[str, str]) -> str:
    """Return what is signed: the method, the address and all parameters in their order."""
    split = urlsplit(url)
    # A webstore's "next" address may repeat those of the request before: they are replaced.
    query = [pair for pair in parse_qsl(split.query, keep_blank_values=True) if pair[0] not in _OURS]
    pairs = [*query, *oauth.items()]
    encoded = sorted((_quoted(name), _quoted(value)) for name, value in pairs)
    parameters = "&".join(f"{name}={value}" for name, value in encoded)
    port = f":{split.port}" if split.port and split.port != _usual(split.scheme) else ""
    address = f"{split.scheme}://{(split.hostname or '').lower()}{port}{split.path}"
    return "&".join(_quoted(one) for one in (method.upper(), address, parameters))


def _usual(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _quoted(text: str) -> str:
    return quote(text, safe=_SAFE)

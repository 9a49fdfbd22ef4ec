"""Taking secrets and personal data out of text before anyone reads it."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

import httpx

MASK: Final = "***"
EXCERPT_LENGTH: Final = 200
# How much of an answer is read as text, and how much of that is searched by pattern: what a hostile
# service sends must not cost the till seconds. Known secrets go before the cut, so that no half survives.
_READ: Final = 16 * 1024
_SEARCHED: Final = 2 * 1024
# What httpx leaves as it is in a path.
_PATH_SAFE: Final = "!$&'()*+,;=:@/~"

_SECRET_NAME = (
    r"secret|token|passw|pwd|api[_-]?key|consumer[_-]?key|access[_-]?key|signature|authorization|cookie"  # noqa: S105  # a pattern of names, no password
)
_NAMES_A_SECRET = re.compile(_SECRET_NAME + r"|^key$|^sig$", re.IGNORECASE)
_PATTERNS: Final = (
    (re.compile(r"(https?://)[^\s/@\"'<>]+@", re.IGNORECASE), rf"\1{MASK}@"),
    (re.compile(r"\?[^\s\"'<>?]*=[^\s\"'<>]*"), f"?{MASK}"),
    (re.compile(r"\b(bearer|basic|digest)\s+[\w.~+/=-]{12,}", re.IGNORECASE), rf"\1 {MASK}"),
    (
        re.compile(
            rf"((?:{_SECRET_NAME})[\w-]{{0,40}}[\"']?\s{{0,4}}[:=]\s{{0,4}})(?:\"[^\"]*\"|'[^']*'|[^\s,;&}}\"']+)",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"[\w.+-]{1,64}@[\w-]+\.[\w.-]+"), MASK),
    (re.compile(r"(?<!\d)(?:01\d[- ]?\d{3,4}[- ]?\d{4}(?!\d)|\+\d[\d -]{7,}\d)"), MASK),
    (re.compile(r"(?<![\w-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{24,}"), MASK),
)
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")


def names_a_secret(name: str) -> bool:
    """Whether what stands under this name (a header, a parameter) is likely a secret."""
    return _NAMES_A_SECRET.search(name) is not None


class Scrubber:
    """Replaces known secrets, and what looks like one, by ***.

    Args:
        secrets: the values that must not be seen; they are also found percent-encoded or inside JSON.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret.strip() for form in _forms(secret)}
        # The longest first: a secret that begins with another one must not leave its tail behind.
        self._known = sorted(forms, key=len, reverse=True)

    def literal(self, text: str) -> str:
        """Return `text` without the known secrets, otherwise as it is."""
        for secret in self._known:
            text = text.replace(secret, MASK)
        return text

    def clean(self, text: str) -> str:
        """Return `text` on one line, without known secrets, queries, userinfo, tokens, e-mails and phones."""
        text = self.literal(text)[:_SEARCHED]
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return _SPACE.sub(" ", text).strip()

    def excerpt(self, content: bytes) -> str:
        """Return the readable beginning of an answer, clean, at most 200 characters; markup is left out."""
        text = self.literal(content[:_READ].decode("utf-8", errors="replace"))
        text = self.clean(_MARKUP.sub(" ", text))
        return text if len(text) <= EXCERPT_LENGTH else text[: EXCERPT_LENGTH - 1] + "…"


def secrets_of(request: httpx.Request) -> Iterator[str]:
    """Yield the secrets that a request carries, as it was sent: whatever its auth added is found too."""
    for name, value in request.headers.items():
        if names_a_secret(name) or name.lower().startswith("x-auth"):
            yield value
            yield from _credentials(value)
    for name, value in request.url.params.multi_items():
        if names_a_secret(name):
            yield value


def _credentials(value: str) -> Iterator[str]:
    """Yield what stands behind the scheme of an Authorization header; of Basic, its password too."""
    scheme, _, credentials = value.partition(" ")
    if not credentials:
        return
    yield credentials
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(credentials, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return
        yield pair
        yield pair.partition(":")[2]


def _forms(secret: str) -> set[str]:
    return {
        secret,
        quote(secret, safe=""),
        quote(secret, safe=_PATH_SAFE),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }

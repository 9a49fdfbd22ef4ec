"""What signs the requests of one connection."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from pydantic import SecretStr

from tillbridge.plugin import Signature, TokenSource


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What signs the requests of one connection; a named authentication returns one.

    Attributes:
        headers: sent with every request.
        auth: httpx's own.
        sign: makes each request's own signature, of its method, its address and the time.
        token: asks for a token, and for another one where it is refused.
        secrets: values that no text may show, beside the secret settings.
    """

    headers: Mapping[str, str | SecretStr] = field(default_factory=dict, repr=False)
    auth: httpx.Auth | None = field(default=None, repr=False)
    sign: Callable[[str, str, datetime], Signature] | None = field(default=None, repr=False)
    token: TokenSource | None = field(default=None, repr=False)
    secrets: tuple[SecretStr, ...] = ()


Signer = Callable[[Any], Credentials]
"""Makes the credentials of a connection's settings."""

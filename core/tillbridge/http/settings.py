"""How to reach a service: its address, its credentials, and how much patience it gets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import httpx
from pydantic import SecretStr

from tillbridge.http.reading import HttpResponse
from tillbridge.http.scrub import names_a_secret
from tillbridge.http.tokens import TokenSource
from tillbridge.model.errors import Misconfigured
from tillbridge.model.words import Words

MAX_BYTES: Final = 32 * 1024 * 1024
_PRINTABLE: Final = range(0x20, 0x7F)


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What signs one request.

    Attributes:
        params: added to its query.
        headers: added to its headers.
    """

    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class HttpSettings:
    """How to reach a service; a `repr` shows no secret.

    Args:
        base_url: where every path hangs below, such as "https://shop.example/api/v3"; without user and query.
        service: the service's name as staff know it ("Locally"); every error names it.
        headers: sent with every request; secrets among them as `SecretStr`.
        auth: httpx's own authentication, or None.
        sign: makes each request's own signature, the last thing before it is sent: of its method, its address
            with the query as it will be sent, and the time (UTC). Its keys stand in `secrets`.
        token: asks for what signs the requests; once, and once again where it is refused (401).
        secrets: further values that no text may show, such as a token that stands in the path.
        requests_per_second: how often at most the service is asked, or None if it does not mind.
        connect_timeout: seconds until the connection must stand.
        read_timeout: seconds that may pass without a single byte.
        total_deadline: seconds for one call as a whole: its waits, its attempts, its redirects. Nothing of it
            is sent after them, so that it cannot overtake a later call; the outbox relies on this. Only the
            look-up of the host's name can make it return a little later, and nothing is sent then either.
        max_bytes: the most that an answer may hold, unpacked.
        attempts: how often a call that may be repeated is tried, the first time included.
        again: what an answer that is an error says of trying the same once more, by the service's own rules:
            True (it is tried again, and `Retryable` in the end), False (not now), None (HTTP's rules decide).

    Raises:
        Misconfigured: an address or a header that cannot be used, or a number that makes no sense.
    """

    base_url: str = field(repr=False)
    service: str
    headers: Mapping[str, str | SecretStr] = field(default_factory=dict, repr=False)
    auth: httpx.Auth | None = field(default=None, repr=False)
    sign: Callable[[str, str, datetime], Signature] | None = field(default=None, repr=False)
    token: TokenSource | None = field(default=None, repr=False)
    secrets: Sequence[SecretStr] = ()
    requests_per_second: float | None = None
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    total_deadline: float = 60.0
    max_bytes: int = MAX_BYTES
    attempts: int = 4
    again: Callable[[HttpResponse], bool | None] | None = None

    def __post_init__(self) -> None:
        address(self.base_url, service=self.service)
        plain_headers(self.headers, service=self.service)
        limits = {
            "requests_per_second": self.requests_per_second,
            "connect_timeout": self.connect_timeout,
            "read_timeout": self.read_timeout,
            "total_deadline": self.total_deadline,
            "max_bytes": self.max_bytes,
            "attempts": self.attempts,
        }
        for name, value in limits.items():
            if value is not None and not value > 0:
                raise Misconfigured(
                    Words(
                        en=f"{self.service}: the setting {name} is {value}; it must be greater than 0.",
                        ko=f"{self.service}: 설정 {name} 값이 {value}입니다. 0보다 큰 값을 입력해 주세요.",
                    )
                )

    def known_secrets(self) -> Iterator[str]:
        """Yield the values that no text may show."""
        yield from (secret.get_secret_value() for secret in self.secrets)
        for name, value in self.headers.items():
            if isinstance(value, SecretStr):
                yield value.get_secret_value()
            elif names_a_secret(name):
                yield value


def plain(value: str | SecretStr) -> str:
    """Return the text itself, taken out of its `SecretStr`."""
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def plain_headers(headers: Mapping[str, str | SecretStr], *, service: str) -> dict[str, str]:
    """Return headers as they are sent; one that HTTP cannot carry is named, its value is not shown.

    Raises:
        Misconfigured: a value holds a line break or a sign outside ASCII, as a badly copied key does.
    """
    told = {name: plain(value) for name, value in headers.items()}
    for name, value in told.items():
        if any(ord(sign) not in _PRINTABLE for sign in name + value) or value != value.strip():
            raise Misconfigured(
                Words(
                    en=(
                        f"{service}: the header {name!r} holds a line break, an outer space or a "
                        "foreign sign. "
                        "Copy the key again, without anything around it, into the connection's settings."
                    ),
                    ko=(
                        f"{service}: 헤더 {name!r} 값에 줄바꿈, 앞뒤 공백 또는 사용할 수 없는 "
                        "문자가 있습니다. "
                        "연결 설정에 키를 앞뒤 공백 없이 다시 복사해 넣어 주세요."
                    ),
                )
            )
    return told


def address(base_url: str, *, service: str) -> httpx.URL:
    """Return the service's address.

    Raises:
        Misconfigured: it is no http(s) address, or holds credentials or a query, which would be shown.
    """
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo or url.query or url.fragment:
        raise Misconfigured(
            Words(
                en=(
                    f"{service}: the address in the connection's settings cannot be used. It must look like "
                    "https://shop.example/api, without user name, password, question mark or #."
                ),
                ko=(
                    f"{service}: 연결 설정의 주소를 사용할 수 없습니다. https://shop.example/api 형식으로, "
                    "사용자 이름·비밀번호·물음표·# 없이 입력해 주세요."
                ),
            )
        )
    return url

"""Addresses below a service's own, and none elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Final

import httpx
from pydantic import SecretStr

from tillbridge.http.settings import plain
from tillbridge.model.errors import Misconfigured, Rejected
from tillbridge.model.words import Words

Param = str | int | SecretStr
Params = Mapping[str, Param | Sequence[Param]]
_SHOWN: Final = 120
_PORTS: Final = {"http": 80, "https": 443}


def resolve(base: httpx.URL, path: str, params: Params | None, *, service: str) -> httpx.URL:
    """Return the address to ask: `path` below `base`, or a whole address on its host, with `params` added.

    Raises:
        Misconfigured: a whole address elsewhere, which must not get the credentials.
        Rejected: `path` holds signs that no address can hold (a line break in an order's ID).
    """
    try:
        url = httpx.URL(path)
        if url.scheme or url.host:
            url = base.join(url)
        else:
            # Put together as text, so that "@elsewhere" and the like stay a path.
            url = httpx.URL(f"{str(base).rstrip('/')}/{path.lstrip('/')}")
        if params:
            url = url.copy_merge_params(_plain_params(params))
    except httpx.InvalidURL:
        url = None
    if url is None:
        raise Rejected(
            Words(
                en=(
                    f"{service} cannot be asked: a number or ID in the address holds signs that no "
                    "address can hold."
                ),
                ko=(
                    f"{service}에 요청할 수 없습니다. 주소에 들어갈 번호나 ID에 사용할 수 없는 "
                    "문자가 있습니다."
                ),
            )
        )
    if not same_place(url, base):
        raise _elsewhere(url, base, service)
    return url


def same_place(url: httpx.URL, base: httpx.URL) -> bool:
    """Whether `url` has the scheme, host and port of `base`, and brings no credentials of its own."""
    return _origin(url) == _origin(base) and not url.userinfo


def shown_path(url: httpx.URL) -> str:
    """Return the path as it is sent, without the query, at most 120 characters."""
    path = url.raw_path.partition(b"?")[0].decode("ascii")
    return path if len(path) <= _SHOWN else path[: _SHOWN - 1] + "…"


def _elsewhere(url: httpx.URL, base: httpx.URL, service: str) -> Misconfigured:
    there = url.host or url.scheme
    return Misconfigured(
        Words(
            en=(
                f"{service}: an address at {there} was to be asked, but the connection is for {base.host}. "
                "If the service has moved, enter its new address in the connection's settings."
            ),
            ko=(
                f"{service}: {there} 주소로 요청하려 했지만 이 연결은 {base.host} 전용입니다. "
                "서비스 주소가 바뀌었다면 연결 설정에 새 주소를 입력해 주세요."
            ),
        )
    )


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port or _PORTS.get(url.scheme)


def _plain_params(params: Params) -> dict[str, str | list[str]]:
    return {
        name: _text(value) if isinstance(value, str | int | SecretStr) else [_text(one) for one in value]
        for name, value in params.items()
    }


def _text(value: Param) -> str:
    return str(value) if isinstance(value, int) else plain(value)

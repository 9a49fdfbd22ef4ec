"""OAuth 2: client credentials, and refresh tokens that may change with every use.

Where a refresh kills the token that it was made with (Cafe24), losing the new one locks the shop out until
its owner agrees anew. So the new one is committed before anything is done with it, one at a time over all
threads and processes of the connection, and whoever comes second uses what the first has brought.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import SecretStr

from tillbridge.plugin import (
    Door,
    HttpRefused,
    HttpRejected,
    Misconfigured,
    Retryable,
    Token,
    TokenSource,
    Words,
)
from tillbridge_generic_webstore.calling.answers import decode

_KEPT: Final = "oauth2"
_HEADER: Final = "Authorization"
_EARLY: Final = timedelta(seconds=60)
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
Sends = Callable[[str], Mapping[str, str]]


def _bearer_header(token: str) -> Mapping[str, str]:
    return {_HEADER: f"Bearer {token}"}


@dataclass(frozen=True, kw_only=True)
class Client:
    """Who asks for tokens.

    Attributes:
        service: the webstore's name.
        token_url: where they are asked for.
        client_id: as the webstore gave it.
        client_secret: with it; "" for a client that has none.
        refresh_token: as the user entered it; None: client credentials.
        scope: what is asked for, if anything.
        in_header: whether ID and secret go in a Basic header, or in the form.
        send: the headers that carry a token, of its text.
    """

    service: str
    token_url: str
    client_id: str
    client_secret: SecretStr
    refresh_token: SecretStr | None = None
    scope: str | None = None
    in_header: bool = True
    send: Sends = _bearer_header


def token_source(client: Client) -> TokenSource:
    """Return what asks for a client's tokens."""
    refresh = client.refresh_token
    if refresh is None:
        return lambda door, _refused: _token(
            client, _granted(client, door, {"grant_type": "client_credentials"}), door
        )
    return lambda door, refused: _refreshed(client, refresh, door, refused)


def _refreshed(client: Client, entered: SecretStr, door: Door, refused: Token | None) -> Token:
    # By the token that it began with: one that is entered anew begins anew, and takes nothing from the other.
    name = f"{_KEPT}:{hashlib.sha256(entered.get_secret_value().encode()).hexdigest()[:16]}"
    with door.kept.alone():
        kept = _read(door, name)
        token = kept and _still_good(client, kept, door.now())
        if token and (refused is None or not _same(token, refused)):
            return token
        using = kept["refresh"] if kept else entered.get_secret_value()
        said = _granted(client, door, {"grant_type": "refresh_token", "refresh_token": using})
        token = _token(client, said, door)
        held = {
            "refresh": said.get("refresh_token") or using,
            "access": said["access_token"],
            "until": token.expires_at and token.expires_at.isoformat(),
        }
        door.kept.put(name, json.dumps(held))
        return token


def _read(door: Door, name: str) -> Any:
    """Return what is kept of a chain of tokens, or None."""
    with suppress(ValueError, TypeError, KeyError):
        kept = json.loads(door.kept.get(name) or "")
        if kept["refresh"]:
            return kept
    return None


def _still_good(client: Client, kept: Any, now: datetime) -> Token | None:
    if not kept.get("until") or not kept.get("access"):
        return None
    until = datetime.fromisoformat(kept["until"])
    return None if now >= until - _EARLY else _made(client, kept["access"], until)


def _same(one: Token, other: Token) -> bool:
    return {name: _plain(value) for name, value in one.headers.items()} == {
        name: _plain(value) for name, value in other.headers.items()
    }


def _plain(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _granted(client: Client, door: Door, form: dict[str, str]) -> Any:
    """Ask for a token and return the answer.

    Raises:
        Misconfigured: the webstore refuses.
    """
    secret = client.client_secret.get_secret_value()
    headers: dict[str, str | SecretStr] = dict(_FORM)
    if client.in_header and secret:
        pair = b64encode(f"{client.client_id}:{secret}".encode()).decode()
        headers[_HEADER] = SecretStr(f"Basic {pair}")
    else:
        form = {**form, "client_id": client.client_id, **({"client_secret": secret} if secret else {})}
    if client.scope:
        form = {**form, "scope": client.scope}
    return ask(door, client.service, client.token_url, (form, headers))


def ask(
    door: Door, service: str, url: str, given: tuple[dict[str, str], Mapping[str, str | SecretStr]]
) -> Any:
    """Send a form that asks for a token, and return the answer, which has an `access_token`.

    A form is sent once: by a refresh that was lost on the way back the old token may have died, and asking
    again would only hide that.

    Raises:
        Misconfigured: the webstore refuses.
    """
    form, headers = given
    with door.http(url) as http:
        try:
            response = http.send("POST", url, content=urlencode(form).encode(), headers=headers)
        except HttpRejected as error:
            raise Misconfigured(_refused(service, error.excerpt)) from error
        except HttpRefused as error:
            raise Misconfigured(_refused(service, str(error.status))) from error
    said = None
    with suppress(ValueError):
        said = decode(response.content)
    if not isinstance(said, dict) or not isinstance(said.get("access_token"), str):
        raise Retryable(
            Words(
                f"{service} gave no access token for the connection's credentials. It is asked again later.",
                f"{service}에서 액세스 토큰을 받지 못했습니다. 나중에 다시 요청합니다.",
            )
        )
    return said


def _token(client: Client, said: Any, door: Door) -> Token:
    return _made(client, said["access_token"], door.now() + life if (life := _life(said)) else None)


def _life(said: Any) -> timedelta | None:
    """Return how long a token holds; two times without a zone (Cafe24) still say how far apart they are."""
    with suppress(ValueError, TypeError, ArithmeticError):
        if said.get("expires_in") is not None:
            return timedelta(seconds=int(said["expires_in"]))
        issued, expires = (datetime.fromisoformat(said[name]) for name in ("issued_at", "expires_at"))
        return expires - issued
    return None


def _made(client: Client, access: str, until: datetime | None) -> Token:
    headers = {name: SecretStr(value) for name, value in client.send(access).items()}
    return Token(headers=headers, expires_at=until)


def _refused(service: str, said: str) -> Words:
    heard = f' It said: "{said}"' if said else ""
    heard_ko = f' 응답 내용: "{said}"' if said else ""
    return Words(
        f"{service} refused to give an access token. Enter the connection's credentials again; a refresh "
        f"token that has ended has to be made anew at {service}.{heard}",
        f"{service}에서 액세스 토큰 발급을 거부했습니다. 연결의 인증 정보를 다시 입력해 주세요. 리프레시 "
        f"토큰이 만료되었다면 {service}에서 새로 발급받아야 합니다.{heard_ko}",
    )

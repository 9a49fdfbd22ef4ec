"""A call that answers with a token: in its body, in a header, or as the cookie of a session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from tillbridge.plugin import Door, HttpClient, HttpRejected, Misconfigured, Token, TokenSource, Words
from tillbridge_generic_webstore.calling.answers import Answer
from tillbridge_generic_webstore.calling.calls import CompiledCall
from tillbridge_generic_webstore.calling.templates import Template
from tillbridge_generic_webstore.expressions import Expression
from tillbridge_generic_webstore.settings import setting_values


@dataclass(frozen=True)
class LoginCall:
    """How a profile logs in.

    Attributes:
        service: the webstore's name.
        call: what logs in.
        base: the connection's base address.
        token: where the answer holds the token.
        token_header: the header that holds it instead.
        cookie: the cookie that does.
        send: the headers that carry {token} from then on.
        lasts: how long it holds, as far as the profile knows.
    """

    service: str
    call: CompiledCall
    base: Template
    token: Expression | None
    token_header: str | None
    send: Mapping[str, Template]
    lasts: timedelta | None
    cookie: str | None = None

    def source(self, settings: Any) -> TokenSource:
        """Return what logs in with a connection's settings."""
        return lambda door, _refused: self._logged_in(settings, door)

    def _logged_in(self, settings: Any, door: Door) -> Token:
        values = setting_values(settings)
        base = self.base.text(values) or ""
        with door.http(base) as http:
            try:
                answer = self.call.send(_Asking(http, settings), {}, repeatable=True)
            except HttpRejected as error:
                raise Misconfigured(_refused(self.service, error.excerpt)) from error
        if (failure := answer.failure) is not None:
            raise Misconfigured(_refused(self.service, failure))
        token = self._token(answer)
        filled = {name: one.text({**values, "token": token}) for name, one in self.send.items()}
        return Token(
            headers={name: SecretStr(value) for name, value in filled.items() if value is not None},
            expires_at=None if self.lasts is None else door.now() + self.lasts,
        )

    def _token(self, answer: Answer) -> str:
        headers: httpx.Headers = answer.response.headers
        found = headers.get(self.token_header) if self.token_header else None
        if self.cookie:
            found = _cookie(headers, self.cookie)
        if found is None and self.token is not None:
            found = self.token(answer.json)
        if not isinstance(found, str) or not found:
            raise Misconfigured(_refused(self.service, ""))
        return found


def _cookie(headers: httpx.Headers, name: str) -> str | None:
    """Return the value of a cookie that an answer sets; the last counts, as it does to browsers."""
    found = None
    for said in headers.get_list("Set-Cookie"):
        key, equals, value = said.partition(";")[0].partition("=")
        if equals and key.strip() == name and value.strip():
            found = value.strip()
    return found


@dataclass(frozen=True)
class _Asking:
    """For whom a login is made."""

    http: HttpClient
    settings: Any


def _refused(service: str, said: str) -> Words:
    heard = f' It said: "{said}"' if said else ""
    heard_ko = f' 응답 내용: "{said}"' if said else ""
    return Words(
        f"{service} did not let the connection log in. Enter user and password again in the connection's "
        f"settings.{heard}",
        f"{service}에 로그인하지 못했습니다. 연결 설정에서 사용자와 비밀번호를 다시 입력해 주세요.{heard_ko}",
    )

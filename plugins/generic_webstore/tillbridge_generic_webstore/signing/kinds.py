"""Each kind of `[connect.auth]`, compiled to what makes a connection's credentials of its settings."""

from collections.abc import Mapping
from typing import Any, Final

import httpx
from pydantic import SecretStr

from tillbridge.plugin import Words
from tillbridge_generic_webstore.calling.calls import Place, compile_call
from tillbridge_generic_webstore.calling.moments import read_span
from tillbridge_generic_webstore.calling.templates import Template
from tillbridge_generic_webstore.language.connecting import Auth, Login, OAuth2
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.settings import setting_values
from tillbridge_generic_webstore.signing import named, oauth1, oauth2
from tillbridge_generic_webstore.signing.credentials import Credentials, Signer
from tillbridge_generic_webstore.signing.login import LoginCall

_KINDS: Final = ("basic", "bearer", "header", "query", "oauth1", "oauth2", "login", "python")


def compile_auth(profile: Profile, mistakes: Mistakes) -> Signer:
    """Compile how a profile's requests are signed; what is wrong is added to `mistakes`."""
    auth = profile.connect.auth
    if auth is None:
        return lambda _settings: Credentials()
    place = Place(profile, ("connect", "auth"), (), mistakes)
    given = [kind for kind in _KINDS if getattr(auth, kind) is not None]
    if not given:
        return lambda _settings: Credentials()
    signer = _COMPILED[given[0]](auth, place)
    if auth.over_http is None:
        return signer
    if auth.basic is None:
        mistakes.add((*place.path, "over_http"), _only_with_basic())
        return signer
    return _over_http(signer, _oauth1(auth.basic, place.quiet()), place.base())


def _over_http(signer: Signer, instead: Signer, base: Template) -> Signer:
    def choose(settings: Any) -> Credentials:
        address = httpx.URL(base.text(setting_values(settings)) or "")
        return (instead if address.scheme == "http" else signer)(settings)

    return choose


def _compile_basic(auth: Auth, place: Place) -> Signer:
    assert auth.basic is not None
    user, password = _pair(auth.basic, place, "basic")
    return lambda settings: Credentials(
        auth=httpx.BasicAuth(_text(user, settings), _text(password, settings))
    )


def _compile_bearer(auth: Auth, place: Place) -> Signer:
    assert auth.bearer is not None
    token = place.template(auth.bearer, "bearer")
    return lambda settings: Credentials(
        headers={"Authorization": SecretStr(f"Bearer {_text(token, settings)}")}
    )


def _compile_header(auth: Auth, place: Place) -> Signer:
    assert auth.header is not None
    headers = {name: place.template(one, "header", name) for name, one in auth.header.items()}
    return lambda settings: Credentials(
        headers={name: SecretStr(value) for name, value in _texts(headers, settings).items()}
    )


def _compile_query(auth: Auth, place: Place) -> Signer:
    assert auth.query is not None
    params = {name: place.template(one, "query", name) for name, one in auth.query.items()}
    return lambda settings: Credentials(auth=_Query(_texts(params, settings)))


def _compile_oauth1(auth: Auth, place: Place) -> Signer:
    assert auth.oauth1 is not None
    return _oauth1(auth.oauth1, place)


def _oauth1(pair: tuple[str, str], place: Place) -> Signer:
    key, secret = _pair(pair, place, "oauth1")
    return lambda settings: Credentials(sign=oauth1.signer(_text(key, settings), _text(secret, settings)))


def _compile_oauth2(auth: Auth, place: Place) -> Signer:
    assert auth.oauth2 is not None
    table: OAuth2 = auth.oauth2
    fields = ("token_url", "client_id", "client_secret", "refresh_token", "scope")
    made = {
        name: place.template(source, "oauth2", name)
        for name in fields
        if (source := getattr(table, name)) is not None
    }

    sending = Place(place.profile, (*place.path, "oauth2"), ("token",), place.mistakes)
    send = {name: sending.template(one, "send", name) for name, one in table.send.items()}

    def signer(settings: Any) -> Credentials:
        given = _texts(made, settings)
        values = setting_values(settings)

        def sends(token: str) -> dict[str, str]:
            filled = {name: one.text({**values, "token": token}) for name, one in send.items()}
            return {name: text for name, text in filled.items() if text is not None}

        refresh = given.get("refresh_token")
        client = oauth2.Client(
            service=place.profile.title,
            token_url=given.get("token_url", ""),
            client_id=given.get("client_id", ""),
            client_secret=SecretStr(given.get("client_secret", "")),
            refresh_token=SecretStr(refresh) if refresh else None,
            scope=given.get("scope"),
            in_header=table.client_in == "header",
            send=sends,
        )
        return Credentials(token=oauth2.token_source(client))

    return signer


def _compile_login(auth: Auth, place: Place) -> Signer:
    assert auth.login is not None
    table: Login = auth.login
    at = Place(place.profile, (*place.path, "login"), (), place.mistakes)
    if sum(one is not None for one in (table.token, table.token_header, table.token_cookie)) != 1:
        at.mistakes.add(at.path, _one_token())
    lasts = None if table.lasts is None else read_span(table.lasts)
    sending = Place(place.profile, at.path, ("token",), place.mistakes)
    call = LoginCall(
        service=place.profile.title,
        call=compile_call(table, at),
        base=place.base(),
        token=at.expression(table.token, "token"),
        token_header=table.token_header,
        cookie=table.token_cookie,
        send={name: sending.template(one, "send", name) for name, one in _sent(table).items()},
        lasts=lasts,
    )
    return lambda settings: Credentials(token=call.source(settings))


def _sent(table: Login) -> Mapping[str, str]:
    if table.send:
        return table.send
    if table.token_cookie is not None:
        return {"Cookie": table.token_cookie + "={token}"}
    return {"Authorization": "Bearer {token}"}


def _compile_python(auth: Auth, place: Place) -> Signer:
    assert auth.python is not None
    if auth.python not in named.known():
        place.mistakes.add((*place.path, "python"), named.unknown(auth.python))
    return named.named(auth.python)


_COMPILED: Final = {
    "basic": _compile_basic,
    "bearer": _compile_bearer,
    "header": _compile_header,
    "query": _compile_query,
    "oauth1": _compile_oauth1,
    "oauth2": _compile_oauth2,
    "login": _compile_login,
    "python": _compile_python,
}


class _Query(httpx.Auth):
    """Puts keys into each request's query."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self._params = dict(params)

    def auth_flow(self, request: httpx.Request) -> Any:
        """Add them."""
        request.url = request.url.copy_merge_params(self._params)
        yield request


def _pair(pair: tuple[str, str], place: Place, kind: str) -> tuple[Template, Template]:
    return place.template(pair[0], kind, 0), place.template(pair[1], kind, 1)


def _text(template: Template, settings: Any) -> str:
    return template.text(setting_values(settings)) or ""


def _texts(templates: Mapping[str, Template], settings: Any) -> dict[str, str]:
    values = setting_values(settings)
    filled = {name: one.text(values) for name, one in templates.items()}
    return {name: text for name, text in filled.items() if text is not None}


def _only_with_basic() -> Words:
    return Words(
        "over_http takes the pair of basic; say basic",
        "over_http는 basic의 키와 비밀 값을 사용합니다. basic을 적어 주세요",
    )


def _one_token() -> Words:
    return Words(
        "say where the answer holds the token: token, token_header or token_cookie",
        "응답에서 토큰이 있는 위치를 token, token_header, token_cookie 중 하나로 적어 주세요",
    )

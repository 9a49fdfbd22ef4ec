"""A request of a profile: compiled when it is loaded, filled in and sent when it is needed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol
from urllib.parse import urlencode

import httpx
import msgspec

from tillbridge.plugin import HttpClient, HttpResponse, Rejected, Retryable, Words
from tillbridge_generic_webstore.calling.answers import Answer
from tillbridge_generic_webstore.calling.rows import RowsPath, compile_rows
from tillbridge_generic_webstore.calling.templates import (
    Template,
    Tree,
    Values,
    as_text,
    compile_template,
    compile_tree,
)
from tillbridge_generic_webstore.expressions import Expression, ExpressionFault, compile_expression
from tillbridge_generic_webstore.expressions.texts import is_false
from tillbridge_generic_webstore.language.connecting import Call
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.settings import public_values, setting_values

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_ALWAYS: Final = frozenset({"GET", "PUT", "DELETE"})
# Money stays a number: msgspec would write a Decimal as text.
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_JSON: Final = {"Content-Type": "application/json"}
_XML: Final = {"Content-Type": "text/xml; charset=utf-8"}
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class Asking(Protocol):
    """For whom a call is made: a connection, or what asks for its token."""

    @property
    def http(self) -> HttpClient:
        """The client that sends it."""

    @property
    def settings(self) -> Any:
        """The settings model."""


@dataclass(frozen=True)
class CompiledCall:
    """A request, ready to be filled in.

    Attributes:
        method: HTTP's.
        path: below the connection's base.
        query: by name.
        headers: beside the connection's own.
        body: sent as JSON.
        form: sent as a form.
        xml: sent as XML.
        graphql: sent with `body` as its variables.
        error: what says, over an answer of 2xx, that it failed.
        busy: what says, over one, that it is to be asked again later.
        is_address: whether `path` is a whole address, not one below the base.
        base: the connection's base address.
        is_xml: whether answers are XML.
    """

    method: str
    path: Template
    base: Template
    query: Mapping[str, Template] = field(default_factory=dict)
    headers: Mapping[str, Template] = field(default_factory=dict)
    body: Tree | None = None
    form: Mapping[str, Template] = field(default_factory=dict)
    xml: Template | None = None
    graphql: str | None = None
    error: Expression | None = None
    busy: Expression | None = None
    is_address: bool = False
    is_xml: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The placeholders that it uses."""
        used = [self.path, *self.query.values(), *self.headers.values(), *self.form.values()]
        used += [self.xml] if self.xml else []
        names = frozenset().union(*(one.names for one in used))
        return names | self.body.names if self.body else names

    def send(
        self,
        connection: Asking,
        values: Values,
        *,
        repeatable: bool | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Fill it in, send it and return the answer; the settings' values need not be given.

        Args:
            connection: whose webstore.
            values: what the placeholders of this place stand for.
            repeatable: whether doing it twice is as good as once; None: as HTTP has it for the method.
            headers: beside its own, such as an idempotency key.

        Raises:
            ProviderError: as the HTTP client does; a failure in an answer of 2xx is `Answer.failure`.
        """
        filled = {**setting_values(connection.settings), **values}
        path = self.path.text(filled) if self.is_address else self.path.path(filled)
        if path is None:
            raise Rejected(_nowhere(self.path))
        if self.path.is_lone and path.startswith(("/", "http://")):
            path = self.absolute(connection, path)
        query = {name: one.fill(filled) for name, one in self.query.items()}
        content, kind = self._content(filled)
        given = {name: one.text(filled) for name, one in self.headers.items()}
        own = {name: value for name, value in given.items() if value is not None}
        response = connection.http.send(
            self.method,
            path,
            content=content,
            params={name: _param(name, value) for name, value in query.items() if value is not None},
            headers={**kind, **own, **(headers or {})},
            repeatable=self.method in _ALWAYS if repeatable is None else repeatable,
        )
        return self.answered(connection, response)

    def follow(self, connection: Asking, address: str, values: Values) -> Answer:
        """Ask for an address that the webstore gave ("next"); it is asked on the connection's host only."""
        filled = {**setting_values(connection.settings), **values}
        given = {name: one.text(filled) for name, one in self.headers.items()}
        own = {name: value for name, value in given.items() if value is not None}
        where = self.absolute(connection, address)
        return self.answered(connection, connection.http.send("GET", where, headers=own, repeatable=True))

    def absolute(self, connection: Asking, address: str) -> str:
        """Return an address that the webstore gave as one on the connection's host.

        It may be relative; and one of a shop behind TLS may be plain. One that begins with / is meant from
        the host's root (/api/v2/people/7) where it begins as the base's own path does, else from the base.
        """
        base = httpx.URL(self.base.text(setting_values(connection.settings)) or "")
        if address.startswith("/") and _first_step(address) != _first_step(base.path):
            base = base.copy_with(path=base.path.rstrip("/") + "/")
            address = address.lstrip("/")
        url = base.join(address)
        if url.host == base.host and base.scheme == "https" and url.scheme == "http" and url.port is None:
            url = url.copy_with(scheme="https")
        return str(url)

    def answered(self, connection: Asking, response: HttpResponse) -> Answer:
        """Return an answer with what may say that it failed.

        Raises:
            Retryable: the webstore says that it is asked too much.
        """
        names = {"_settings": public_values(connection.settings)}
        answer = Answer(response, self.error, names, self.is_xml)
        if self.busy is not None and not is_false(self.busy(answer.json, names)):
            raise Retryable(_busy(response))
        return answer

    def _content(self, filled: Values) -> tuple[bytes | None, dict[str, str]]:
        if self.form:
            pairs = {name: one.text(filled) for name, one in self.form.items()}
            kept = {name: value for name, value in pairs.items() if value is not None}
            return urlencode(kept).encode(), _FORM
        if self.xml is not None:
            return (self.xml.text(filled) or "").encode(), _XML
        body = None if self.body is None else self.body.fill(filled)
        if self.graphql is not None:
            return _ENCODER.encode({"query": self.graphql, "variables": body or {}}), _JSON
        if self.body is None:
            return None, {}
        return _ENCODER.encode({} if body is None else body), _JSON


@dataclass(frozen=True)
class Place:
    """Where in a profile a call stands, and what its placeholders may be.

    Attributes:
        profile: the profile as a whole.
        path: where the call is.
        names: placeholders that this place offers beside the settings.
        mistakes: where what is wrong goes.
    """

    profile: Profile
    path: Path
    names: Collection[str]
    mistakes: Mistakes

    @property
    def allowed(self) -> frozenset[str]:
        """Every placeholder that may stand here."""
        return frozenset(self.profile.settings) | frozenset(self.names)

    def template(self, source: str, *keys: str | int) -> Template:
        """Compile a template of this place."""
        return compile_template(source, self.allowed, (*self.path, *keys), self.mistakes)

    def rows(self, source: str, *keys: str) -> RowsPath:
        """Compile a path of rows of this place."""
        of_xml = self.profile.connect.format == "xml"
        return compile_rows(source, (*self.path, *keys), self.mistakes, of_xml=of_xml)

    def quiet(self) -> "Place":
        """Return this place for what is compiled once more, and whose mistakes are told elsewhere."""
        return replace(self, mistakes=Mistakes())

    def base(self) -> Template:
        """Return the connection's base address; its mistakes are told where it stands."""
        return Place(self.profile, ("connect",), (), Mistakes()).template(self.profile.connect.base, "base")

    def expression(
        self, source: str | None, *keys: str | int, names: Collection[str] = ()
    ) -> Expression | None:
        """Compile an expression of this place; None for none, and for one that is faulty."""
        if source is None:
            return None
        try:
            return compile_expression(source, names)
        except ExpressionFault as fault:
            self.mistakes.add((*self.path, *keys), fault.words)
            return None


def compile_call(call: Call, place: Place, *, path: str | None = None) -> CompiledCall:
    """Compile a call of a profile; what is wrong is added to the place's mistakes.

    Args:
        call: the table.
        place: where it stands.
        path: of a GET, in a table that may say `path` in the place of `get`.
    """
    method, target = _target(call, path)
    is_graphql = call.graphql is not None
    under = "variables" if is_graphql else "body"
    body = call.variables if is_graphql else call.body
    return CompiledCall(
        method=method,
        path=_graphql_path(place) if is_graphql else place.template(target, method.lower()),
        base=place.base(),
        query={name: place.template(one, "query", name) for name, one in call.query.items()},
        headers={name: place.template(one, "headers", name) for name, one in call.headers.items()},
        body=None
        if body is None
        else compile_tree(body, place.allowed, (*place.path, under), place.mistakes),
        form={name: place.template(one, "form", name) for name, one in call.form.items()},
        xml=None if call.xml is None else place.template(call.xml, "xml"),
        graphql=call.graphql,
        error=_error(call, place),
        busy=_connect(place).expression(place.profile.connect.busy, "busy", names=("_settings",)),
        is_address=is_graphql and not place.profile.connect.graphql,
        is_xml=place.profile.connect.format == "xml",
    )


def _graphql_path(place: Place) -> Template:
    """Return where GraphQL goes: the base itself, as it is written, or a path below it."""
    connect = Place(place.profile, ("connect",), (), Mistakes())
    path = place.profile.connect.graphql
    return connect.template(path, "graphql") if path else place.base()


def _target(call: Call, path: str | None) -> tuple[str, str]:
    """Return method and path; that there is exactly one is checked beforehand (`language/checks`)."""
    given = {name: source for name in _METHODS if (source := getattr(call, name)) is not None}
    if path is not None:
        given = {"get": path}
    method, target = next(iter(given.items()), ("post", ""))
    return method.upper(), target


def _error(call: Call, place: Place) -> Expression | None:
    if call.error is not None:
        return place.expression(call.error, "error", names=("_settings",))
    return _connect(place).expression(place.profile.connect.error, "error", names=("_settings",))


def _connect(place: Place) -> Place:
    """Return the place of `[connect]`, whose own mistakes are told once, there."""
    return Place(place.profile, ("connect",), (), Mistakes())


def _first_step(path: str) -> str:
    return path.lstrip("/").partition("/")[0].partition("?")[0]


def _param(name: str, value: Any) -> str | list[str]:
    """Return a value of the query: a list under a name in [] comes several times, else with commas."""
    if isinstance(value, list | tuple) and name.endswith("[]"):
        return [as_text(one) for one in value]
    return as_text(value)


def _busy(response: HttpResponse) -> Words:
    service, call = response.service, response.call
    return Words(
        f"{service} is asked too much at once, and wants {call} to be asked again later.",
        f"{service}에서 요청이 너무 많다고 합니다. {call} 요청은 나중에 다시 보냅니다.",
    )


def _nowhere(path: Template) -> Words:
    return Words(
        f"Nothing can be asked at {path.source}: what it needs is not there.",
        f"{path.source} 주소에 필요한 값이 없어 요청할 수 없습니다.",
    )

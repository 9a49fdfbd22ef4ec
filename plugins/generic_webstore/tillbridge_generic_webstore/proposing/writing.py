"""Writes a profile from a proposal: each key with what the sample has there, and what is a guess as such."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from tillbridge_generic_webstore.proposing.names import plain
from tillbridge_generic_webstore.proposing.people import Entry
from tillbridge_generic_webstore.proposing.proposal import Axis, Proposal
from tillbridge_generic_webstore.proposing.stubs import stubs

Auth = Literal["none", "basic", "bearer", "header", "query"]
_GUESS: Final = "CHECK"
_SHOWN: Final = 40
_SIZE: Final = 100
_SECRETS: Final[Mapping[Auth, tuple[str, str]]] = {
    "none": ("", ""),
    "basic": (
        'user = {{ ask = "User name or key" }}\npassword = {{ ask = "Password or secret", secret = true }}',
        'auth = {{ basic = ["{{user}}", "{{password}}"] }}',
    ),
    "bearer": ('token = {{ ask = "API token", secret = true }}', 'auth = {{ bearer = "{{token}}" }}'),
    "header": (
        'token = {{ ask = "API key", secret = true }}',
        'auth = {{ header = {{ "{name}" = "{{token}}" }} }}',
    ),
    "query": (
        'token = {{ ask = "API key", secret = true }}',
        'auth = {{ query = {{ "{name}" = "{{token}}" }} }}',
    ),
}
_OFFSETS: Final = frozenset(
    {"offset", "skip", "start", "startindex", "startat", "limitstart", "from", "first", "firstresult"}
)
_MUST: Final = {
    "id": "id",
    "placed": "created_at",
    "currency": "_settings.currency",
    "total": "total",
}
_MUST_OF_LINES: Final = {"id": "id", "name": "name", "quantity": "quantity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What no payload tells.

    Attributes:
        title: the webstore's name.
        auth: how requests are signed.
        auth_name: the header or the parameter that carries the key.
        base: what follows the shop's own address: "/api/v1/".
        path: where orders are listed, below that.
        since: the parameter that asks for what changed since; "" where there is none.
        page: the parameter for the page's number, or for how many rows are passed over; "" where the list
            comes whole.
        size: the parameter for how many orders a page has.
        sample: the payload's file, as people know it.
        guessed: which of these nobody has said.
        is_xml: the payload is XML.
    """

    title: str
    auth: Auth = "bearer"
    auth_name: str = "X-Api-Key"
    base: str = "/"
    path: str = "orders"
    since: str = ""
    page: str = ""
    size: str = ""
    sample: str = ""
    guessed: frozenset[str] = frozenset()
    is_xml: bool = False


def write_profile(about: About, found: Proposal) -> str:
    """Return the profile's text: it has no mistake, and says where it is a guess."""
    sections = [
        list(_head(about, found)),
        list(_settings(about, found)),
        list(_defaults(found)),
        list(_connect(about)),
        list(_orders(about, found)),
        list(_part(found)),
        list(_order(found)),
        *_people(found),
        *(list(_standing(axis, found)) for axis in found.standing or [Axis("'open'", {"open": "open"})]),
        list(_done(found)),
        *_charges(found),
        list(_lines(found)),
        *stubs(about.path),
    ]
    return "\n".join("\n".join(one) + "\n" for one in sections if one)


def _head(about: About, found: Proposal) -> Iterator[str]:
    yield f"# How tillbridge reads {about.title}'s orders: proposed from {about.sample or 'a sample'}."
    yield f"# What says {_GUESS} is a guess. docs/profiles.md explains every key."
    amounts = found.amounts
    if amounts.looked:
        yield f"# The amounts add up to the total in {amounts.agreed} of {amounts.looked} sample orders."
    yield ""
    yield f"title = {_text(about.title)}"


def _settings(about: About, found: Proposal) -> Iterator[str]:
    yield "[settings]"
    yield 'url = { ask = "Address of the webstore", kind = "url" }'
    secrets = _SECRETS[about.auth][0].format()
    if secrets:
        yield secrets
    if not found.has("currency"):
        yield 'currency = { ask = "Currency of the orders", kind = "currency" }'


def _defaults(found: Proposal) -> Iterator[str]:
    yield "[defaults]"
    unsure = f"  # {_GUESS}: whole numbers only; cents, or whole units?" if found.unsure_money else ""
    yield f"money = {found.money}{unsure}"
    if found.time != "iso":
        yield f"time = {_text(found.time)}"
    if not found.zoned:
        yield f'zone = "UTC"  # {_GUESS}: the times carry no zone; in which are they? such as "Asia/Seoul"'


def _connect(about: About) -> Iterator[str]:
    yield "[connect]"
    base = _text("{url}/" + about.base.strip("/") + ("/" if about.base.strip("/") else ""))
    yield f"base = {base}{_unsure(about, 'base', 'what follows the address of the shop?')}"
    if about.is_xml:
        yield 'format = "xml"'
    auth = _SECRETS[about.auth][1].format(name=about.auth_name)
    if auth:
        word = 'does a word stand before it, as in "Token {token}"?'
        asked = f"  # {_GUESS}: {word}" if about.auth_name.lower() == "authorization" else ""
        yield f"{auth}{_unsure(about, 'auth', 'how are requests signed?') or asked}"
    elif "auth" in about.guessed:
        yield f"# {_GUESS}: requests are not signed"


def _orders(about: About, found: Proposal) -> Iterator[str]:
    by = _paged_by(about, found)
    cursor = {"cursor": "{cursor}"} if by == "cursor" else {}
    given = {
        about.since: "{since}",
        about.page: "{offset}" if _counts_rows(about) else "{page}",
        about.size: "{size}",
    }
    query = {name: value for name, value in given.items() if name} | cursor
    yield "[orders]"
    yield f"get = {_text(about.path)}{_unsure(about, 'path', 'where are orders listed?')}"
    if query:
        pairs = ", ".join(f"{_key(name)} = {_text(value)}" for name, value in query.items())
        asked = f"  # {_GUESS}: by which parameter does it take a cursor?" if cursor else ""
        yield f"query = {{ {pairs} }}{asked}"
    alone = f"  # {_GUESS}: the sample is one order; where does a list hold them?"
    yield f"rows = {_text('[]' if found.rows == '@' else found.rows)}{alone if found.rows == '@' else ''}"
    if found.group_by:
        yield f"group_by = {_text(found.group_by)}  # each row is one line of an order"
    yield from _paging(about, found, by)
    if about.since:
        moved = "updated" if found.has("updated") else "placed"
        more = [] if found.zoned else ['zone = "UTC"']
        more += [f"format = {_text(found.asked_as)}"] if found.asked_as else []
        unsure = f"  # {_GUESS}: is the list asked by times as its answers write them?" if more else ""
        keys = ", ".join([f'from = "{moved}"', 'overlap = "2s"', *more])
        yield f"since = {{ {keys} }}{unsure}"
    else:
        newest = "the newest must come first"
        asked = "can the list be asked for what changed since a time? Else"
        unsure = f"{_GUESS}: {asked} {newest}" if "since" in about.guessed else newest
        yield f'since = {{ none = "stop at known" }}  # {unsure}'
    if found.group_by:
        asked = f'query = {{ {_key(found.group_by)} = "{{id}}" }}, rows = {_text(found.rows)}'
        question = "how are all rows of one order asked for?"
        yield f"one = {{ get = {_text(about.path)}, {asked} }}  # {_GUESS}: {question}"
    else:
        yield f"one = {{ get = {_text(about.path.rstrip('/') + '/{id}')} }}  # {_GUESS}"


def _counts_rows(about: About) -> bool:
    """Say whether the parameter of pages counts rows, by its name."""
    return plain(about.page) in _OFFSETS


def _paged_by(about: About, found: Proposal) -> str:
    if about.page:
        if about.since and found.has("updated"):
            return "since"
        return "offset" if _counts_rows(about) else "page"
    if found.onward:
        return "next" if found.onward.is_address else "cursor"
    return "none"


def _paging(about: About, found: Proposal, by: str) -> Iterator[str]:
    if found.onward and by in ("next", "cursor"):
        at = found.onward.at
        unsure = f"# {_GUESS}: does the list go on by it, an address or a cursor? docs/profiles.md, Lists"
        yield f'paging = {{ by = "{by}", at = {_text(at)}, size = {_SIZE} }}  {unsure}'
        return
    unsure = _unsure(about, "page", "does the list come whole, or by pages? see docs/profiles.md, Lists")
    if found.total and by == "none":
        unsure = (
            f"  # {_GUESS}: it counts {found.total} orders and holds {found.count}; "
            "how does it go on? docs/profiles.md, Lists"
        )
    size = found.count if found.total else _SIZE
    if found.total and by != "none":
        unsure = (
            f"  # {_GUESS}: the sample holds {found.count} of {found.total}; does it give more at a time?"
        )
    yield f'paging = {{ by = "{by}", size = {size} }}{unsure}'


def _unsure(about: About, name: str, question: str) -> str:
    return f"  # {_GUESS}: {question}" if name in about.guessed else ""


def _part(found: Proposal) -> Iterator[str]:
    if found.part:
        yield "[orders.parts.lines]"
        if found.unsure_part:
            question = "the sample shows no lines: by which call do they come?"
            yield f"# {_GUESS}: {question} docs/profiles.md, Second calls"
        yield from (f"{key} = {value}" for key, value in found.part.items())


def _order(found: Proposal) -> Iterator[str]:
    yield "[order]"
    yield from _entries(found.order, _MUST)
    if found.done is None:
        yield f'# money = "charged"  # {_GUESS}: is a paid order charged when it comes, or only "held"?'


def _people(found: Proposal) -> Iterator[list[str]]:
    """Yield tables of people; what the sample says of them is not repeated: a profile is passed on."""
    for name, entries in (("customer", found.customer), *found.addresses.items()):
        if entries:
            yield [f"[order.{name}]", *(f"{one.key} = {_text(one.expression)}" for one in entries)]


def _standing(axis: Axis, found: Proposal) -> Iterator[str]:
    yield "[[order.standing]]"
    perhaps = f"; is it one of {', '.join(found.states)}?" if found.states else ""
    unsure = f"  # {_GUESS}: no field was found that says it, and all are open{perhaps}"
    sure = "" if axis.of != "'open'" else unsure
    yield f"of = {_text(axis.of)}{sure}"
    if axis.every:
        yield "every = true  # an order is over where all of its rows are"
    yield ""
    yield "[order.standing.map]"
    yield "# unpaid, open, fulfilled, cancelled, refunded; - says nothing. Add what the sample does not show."
    for value, meaning in axis.values.items():
        # What nobody can tell is not sold: a word for cancelled may be among them.
        guess = "" if meaning else f"  # {_GUESS}: what does it mean? unpaid is not sold"
        yield f"{_key(value)} = {_text(meaning or 'unpaid')}{guess}"


def _done(found: Proposal) -> Iterator[str]:
    if found.done is None:
        return
    yield "[order.money]"
    yield f"of = {_text(found.done.of)}"
    yield ""
    yield "[order.money.map]"
    yield "# charged, held, on acceptance, released, refunded; - says nothing. Add what the sample lacks."
    for value, meaning in found.done.values.items():
        guess = "" if meaning else f"  # {_GUESS}"
        yield f"{_key(value)} = {_text(meaning or '-')}{guess}"


def _charges(found: Proposal) -> Iterator[list[str]]:
    for charge in found.amounts.charges:
        keys = [
            f"{key} = {value if key in ('sign', 'spread') else _text(value)}"
            for key, value in charge.keys.items()
        ]
        yield ["[[order.charges]]", f'kind = "{charge.kind}"', *keys]


def _lines(found: Proposal) -> Iterator[str]:
    yield "[lines]"
    yield f"from = {_text(found.lines_from)}"
    yield from _entries(found.lines, _MUST_OF_LINES)
    amounts = found.amounts
    if amounts.agreed < amounts.looked or not amounts.looked:
        yield f"# {_GUESS}: these do not add up to the total in every order of the sample."
    for key, expression in (amounts.lines or {"gross": "total"}).items():
        yield f"{key} = {_text(expression)}"


def _entries(entries: Sequence[Entry], must: Mapping[str, str]) -> Iterator[str]:
    known = {one.key: one for one in entries}
    for key, expression in must.items():
        if key not in known:
            guess = "" if expression.startswith("_settings") else f"  # {_GUESS}: nothing was found for it"
            yield f"{key} = {_text(expression)}{guess}"
    for one in entries:
        guess = f"{_GUESS}: {one.guess} " if one.guess else ""
        yield f"{one.key} = {_text(one.expression)}  # {guess}{_seen(one.value)}"


def _seen(value: Any) -> str:
    """Show what the sample has, on one line."""
    text = (
        str(value) if isinstance(value, str | Decimal) else json.dumps(value, default=str, ensure_ascii=False)
    )
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _text(text: str) -> str:
    """Write a text as TOML: in single quotes where it has double ones."""
    if ('"' in text or "\\" in text) and "'" not in text and "\n" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if plain else json.dumps(name, ensure_ascii=False)

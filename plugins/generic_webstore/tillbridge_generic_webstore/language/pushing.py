"""The tables of a profile that say what a webstore is told, status, stock and prices; and its webhooks."""

from typing import Literal

from pydantic import Field

from tillbridge_generic_webstore.language.connecting import Call
from tillbridge_generic_webstore.language.kinds import Expression, Part, Template, Tree

Telling = Literal["accepted", "rejected", "ready", "completed", "not_picked_up"]
"""What a webstore can be told of an order; the last two say how a reservation ended."""


class ReceiptForm(Part):
    """How the webstore's answer tells what became of each item.

    A 200 is no receipt: `confirm` is compared with what was sent, as numbers where both are.
    """

    each: Expression | None = None
    """The answer's rows, one an item; without it the answer is about one item."""
    error: Expression | None = None
    """Over a row: where it says something, the item was refused with these words."""
    key: Expression | None = None
    """Over a row: which item it is about (its `of`), where rows do not come in the order of the request."""
    of: Template = "{id}"
    confirm: Expression | None = None
    """Over a row: what the webstore has now; other than what was sent, it counts as refused."""
    confirm_price: Expression | None = None
    """The price, where stock and price go in one call."""


class Repeat(Part):
    """How what was sent once may be sent again: a key that the webstore knows, or a look first."""

    key: str | None = None
    """The field of the body, or with "header:NAME" the header, that carries the idempotency key."""
    look: Template | None = None
    """A GET: the path that shows what was sent before."""
    at: Expression | None = None
    """Over what it answers: texts, of which one contains `has` where it was sent before."""
    has: Template = "{key}"


class Step(Call):
    """One call of several."""

    each: Expression | None = None
    """Over what `let` has kept: a list, for each of which this call is made; {each} stands for it."""
    let: dict[str, Expression] = Field(default_factory=dict)
    """Values for later steps, read from this call's answer: placeholders there, and `_let` in expressions.
    `_told` is what is told, as placeholders have it: `_told.line_ids`, `_told.reason`, …"""
    done: Expression | None = None
    """Over this call's answer: what is wanted holds already; no further step is taken."""
    unless: Expression | None = None
    """Over what `let` has kept: this call is left out."""
    confirm: Expression | None = None
    """Over this call's answer: what the webstore has now, to be compared with `equals`."""
    equals: Template = "{status}"
    conflict: int | None = None
    """The status that says that the version was old: the steps are taken once more from the first."""
    holds: tuple[int, ...] = ()
    """Statuses that say that what is wanted holds already."""


class StatusPush(Step):
    """`[push.accepted]` and its like: one call, or `steps`."""

    steps: tuple[Step, ...] = ()
    status: str | None = None
    """What {status} stands for."""
    use: Telling | None = None
    """What is told in the place of this: `not_picked_up = { use = "rejected" }`."""
    repeat: Literal["natural"] | Repeat | None = None
    lines: bool = False
    """Whether single lines can be told: {line_ids} are the webstore's IDs of them, null for all."""


class StatusTable(StatusPush):
    """`[push.status]`: one call for all of what `map` has, {status} being the webstore's own word."""

    map: dict[Telling, str] = Field(min_length=1)


class SharedPush(Part):
    """`[push.shared.NAME]`: what several entries of stock, price and offers have in common."""

    group_by: Expression | None = None
    item: Tree = None
    size: int = Field(default=1, ge=1)
    on_error: Literal["split"] | None = None
    receipt: ReceiptForm | None = None
    repeat: Literal["natural"] | Repeat | None = None
    query: dict[str, Template] = Field(default_factory=dict)
    headers: dict[str, Template] = Field(default_factory=dict)
    body: Tree = None
    variables: Tree = None
    error: Expression | None = None


class OfferPush(Call):
    """`[[push.stock]]`, `[[push.price]]`: the first whose `when` holds for an item takes it."""

    when: Expression | None = None
    """Over the item's own placeholders: id, parent_id, sku, location, …"""
    use: str | None = None
    """A table of `[push.shared]` whose keys hold where this one says nothing."""
    group_by: Expression | None = None
    """Items of one call have this in common, and it may stand in the call's path."""
    before: tuple[Step, ...] = ()
    """Calls that go before: what their `let` keeps are placeholders here. `_item` is the item, where one goes
    in a call, and `_items` are all that go in it, each with its own placeholders."""
    item: Tree = None
    """What stands in {items} for each item."""
    size: int = Field(default=1, ge=1)
    """How many items go in one call."""
    on_error: Literal["split"] | None = None
    """One bad item refuses the whole call: it is halved until the item is alone. Else they go one by one."""
    holds: tuple[int, ...] = ()
    """Statuses that say, of a call about one item, that the webstore has it so already."""
    receipt: ReceiptForm | None = None
    repeat: Literal["natural"] | Repeat | None = None


class PricesTax(Part):
    """`push.tax`: whether the webstore's prices have tax in them; where the store's differ, none is told."""

    get: Template
    """The path that shows it."""
    includes_tax: Expression
    """Over what it answers."""


class Push(Part):
    """`[push]`: what the webstore is told."""

    status: StatusTable | None = None
    accepted: StatusPush | None = None
    rejected: StatusPush | None = None
    ready: StatusPush | None = None
    completed: StatusPush | None = None
    not_picked_up: StatusPush | None = None
    refunded: StatusPush | None = None
    """Money went back to the customer: {amount}, {amount_text}, {amount_number}, {amount_minor}, {currency}.
    Each refund is told once, and is no state: `repeat` is a key or a look, or its steps look first."""
    shared: dict[str, SharedPush] = Field(default_factory=dict)
    stock: tuple[OfferPush, ...] = ()
    price: tuple[OfferPush, ...] = ()
    offers: tuple[OfferPush, ...] = ()
    """Stock and price in one call."""
    tax: PricesTax | None = None
    """How to see whether prices there include tax: asked before prices are told."""
    refresh: str | None = None
    """How old what the webstore has may become before it is told everything anew ("1d")."""
    expires: str | None = None
    """How old it may become before the webstore switches the shop off."""


class SignedFields(Part):
    """The names within a header that holds `name=value` with commas between ("t=…,v1=…")."""

    signature: str = "v1"
    time: str = "t"


class Hmac(Part):
    """How a webhook is signed."""

    hash: Literal["sha256", "sha1", "sha512"] = "sha256"
    encode: Literal["base64", "hex"] = "base64"
    header: str
    """The header that holds the signature."""
    key: Template
    """The secret that both sides know: a setting."""
    over: Template = "{body}"
    """What is signed: {body} is the request's own bytes, {timestamp} its time; settings may stand here too,
    such as the address that the webstore was given ({webhook_url}), and what `let` names."""
    let: dict[str, Expression] = Field(default_factory=dict)
    """Values of the request that are signed: placeholders in `over`. Over the body, with `_headers`."""
    prefix: str = ""
    """What stands before the signature in the header: "sha256=". Of several signatures, with blanks between,
    one that is good suffices."""
    fields: SignedFields | None = None
    timestamp: str | None = None
    """The header that holds the time, where it is one of its own."""
    tolerance: str = "5m"


class Jwt(Part):
    """A webhook that is signed by a JSON Web Signature: in a header, or the body is such a token."""

    algorithm: Literal[
        "RS256",
        "RS384",
        "RS512",
        "PS256",
        "PS384",
        "PS512",
        "ES256",
        "ES384",
        "EdDSA",
        "HS256",
        "HS384",
        "HS512",
    ]
    """The one that is taken: no token chooses its own."""
    key: Template | None = None
    """The secret that both sides know, or the webstore's public key (PEM): a setting."""
    jwks: Template | None = None
    """Where the webstore shows its public keys (a JWK Set): an address on its host."""
    header: str | None = None
    """The header that holds the token; it signs the body. Without: the body is the token, and expressions are
    over its claims."""
    prefix: str = ""
    """What stands before the token in the header: "Bearer "."""
    body_hash: Expression | None = None
    """Of a token in a header that signs claims: which of them is the body's SHA-256, in hex or base64."""
    tolerance: str = "5m"
    """How far a token's own times (exp, nbf, iat) may be off."""


class Ping(Part):
    """A request that only tries the address: answered, and about no order."""

    form: str | None = None
    """The only field of a form-encoded body; such a ping need not be signed."""
    when: Expression | None = None
    """Over the body, after the signature was found good."""
    answer: Expression | None = None
    """Over the body: the text that the webstore wants to be answered."""


class Webhook(Part):
    """`[webhook]`: what the webstore sends by itself. The order is always fetched: nothing else is believed.

    Expressions are over the body, from JSON or from a form. `_headers` are the headers, their names in lower
    case, and `_query` is what stands behind the "?".
    """

    hmac: Hmac | None = None
    jwt: Jwt | None = None
    token: Template | None = None
    """A secret that comes with each request: a setting."""
    token_header: str | None = None
    token_query: str | None = None
    unsigned: bool = False
    """The webstore signs nothing: whoever knows the address can have orders fetched, and nothing else. Beside
    a `token`, it holds for connections that have none."""
    order: Expression | None = None
    """The ID of the order that it is about, or several."""
    event_id: Expression | None = None
    when: Expression | None = None
    """Which requests are about orders; without: all."""
    ping: Ping | None = Field(default=None)

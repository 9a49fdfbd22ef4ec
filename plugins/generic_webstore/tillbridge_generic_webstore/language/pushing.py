"""The tables of a profile that say what a webstore is told: status, stock and prices; and its webhooks."""

from typing import Literal

from pydantic import Field

from tillbridge_generic_webstore.language.connecting import Call
from tillbridge_generic_webstore.language.kinds import Expression, Part, Template, Tree


class ReceiptForm(Part):
    """How the webstore's answer tells what became of each item.

    A 200 is no receipt: `confirm` is compared with what was sent, as numbers where both are.
    """

    each: Expression | None = None
    error: Expression | None = None
    key: Expression | None = None
    """Which item a row is about, where rows do not come in the order of the request."""
    confirm: Expression | None = None
    ticket: Expression | None = None


class Repeat(Part):
    """How what was sent once may be sent again: a key that the webstore knows, or a look first."""

    key: str | None = None
    """The field of the body, or with "header:NAME" the header, that carries the idempotency key."""
    look: Template | None = None
    at: Expression | None = None


class Step(Call):
    """One call of several."""

    let: dict[str, Expression] = Field(default_factory=dict)
    """Values for later steps, read from this call's answer."""
    done: Expression | None = None
    """Over this call's answer: what is wanted holds already; no further step is taken."""
    unless: Expression | None = None
    """Over what `let` has kept: this call is left out."""
    confirm: Expression | None = None
    equals: Template | None = None
    conflict: int | None = None
    """The status that says that the version was old: the steps are taken once more from the first."""


class StatusPush(Step):
    """`[push.accepted]` and its like: one call, or `steps`."""

    steps: tuple[Step, ...] = ()
    repeat: Literal["natural"] | Repeat | None = None
    lines: bool = False
    """Whether single lines can be told: {line_ids} are the webstore's IDs of them."""


class OfferPush(Call):
    """`[[push.stock]]`, `[[push.price]]`: the first whose `when` holds for an item takes it."""

    when: Expression | None = None
    use: str | None = None
    """A table of `[push.shared]` whose keys hold where this one says nothing."""
    group_by: Expression | None = None
    item: Tree = None
    size: int = Field(default=1, ge=1)
    on_error: Literal["split"] | None = None
    receipt: ReceiptForm | None = None
    repeat: Literal["natural"] | Repeat | None = None


class Push(Part):
    """`[push]`: what the webstore is told."""

    accepted: StatusPush | None = None
    rejected: StatusPush | None = None
    ready: StatusPush | None = None
    completed: StatusPush | None = None
    stock: tuple[OfferPush, ...] = ()
    price: tuple[OfferPush, ...] = ()
    offers: tuple[OfferPush, ...] = ()
    """Stock and price in one call."""
    refresh: str | None = None
    expires: str | None = None


class Hmac(Part):
    """How a webhook is signed."""

    hash: Literal["sha256", "sha1", "sha512"] = "sha256"
    encode: Literal["base64", "hex"] = "base64"
    header: str
    key: Template
    over: Template = "{body}"
    prefix: str = ""
    """What stands before the signature in the header: "sha256="."""
    timestamp: str | None = None
    """The header of the time, for {timestamp}; or its name within `header` ("t")."""
    tolerance: str = "5m"


class Ping(Part):
    """A request that only tries the address: answered, and no order."""

    when: Expression | None = None
    form: str | None = None
    """A field of a form-encoded body."""
    answer: Template = ""


class Webhook(Part):
    """`[webhook]`: what the webstore sends by itself."""

    hmac: Hmac | None = None
    token: Template | None = None
    token_header: str | None = None
    unsigned: bool = False
    order: Expression | None = None
    form: str | None = None
    event_id: Template | None = None
    when: Expression | None = None
    """Which events are about orders; without: all."""
    ping: Ping | None = None

"""The tables of a profile that say how to reach a webstore, and how it lists its orders and items."""

from typing import Literal

from pydantic import Field

from tillbridge_generic_webstore.language.kinds import Expression, Part, Rows, Template, Tree


class Setting(Part):
    """`[settings.NAME]`: what is asked of the user, and stands in templates as {NAME}."""

    ask: str
    ask_ko: str = ""
    kind: Literal["text", "url", "number", "choice", "currency", "zone"] = "text"
    secret: bool = False
    default: str | None = None
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    """A regular expression that the whole value must fit, of a text, a secret or an address: what does not is
    told before the webstore is asked."""
    usual: str | None = None
    """In the place of `pattern`, where its form is only usual: what does not fit is told, and tried."""
    fits: str = ""
    """What fits the pattern, in words: shown behind "must be", or "is usually"."""
    fits_ko: str = ""
    """The same in Korean."""
    optional: bool = False
    find: str = ""
    """Where in the webstore's admin the user finds it."""
    find_ko: str = ""


class Call(Part):
    """A request: one of get, post, put, patch, delete with a path, or a graphql text."""

    get: Template | None = None
    post: Template | None = None
    put: Template | None = None
    patch: Template | None = None
    delete: Template | None = None
    graphql: str | None = None
    """Sent as it is: placeholders stand in `variables` only, for GraphQL has braces of its own."""
    variables: Tree = None
    query: dict[str, Template] = Field(default_factory=dict)
    headers: dict[str, Template] = Field(default_factory=dict)
    body: Tree = None
    form: dict[str, Template] = Field(default_factory=dict)
    xml: Template | None = None
    """The body, where the webstore takes XML only; what is filled in must be a number or an ID."""
    error: Expression | None = None
    """Over an answer of 2xx: where it says something, the call has failed with these words."""


class Login(Call):
    """A call that answers with a token: `token` in its body, or `token_header`, or `token_cookie`."""

    token: Expression | None = None
    token_header: str | None = None
    token_cookie: str | None = None
    """The cookie that is the session; it is sent back as such, where `send` says nothing else."""
    send: dict[str, Template] = Field(default_factory=dict)
    """The headers that carry {token}; without, `Authorization: Bearer`, or the cookie."""
    lasts: str | None = None
    """How long the token holds ("1h"), where the answer does not say; a 401 asks for a new one anyway."""


class OAuth2(Part):
    """OAuth 2: client credentials, or a refresh token."""

    token_url: Template
    client_id: Template
    client_secret: Template | None = None
    """Where the client has one: what is public, and has a refresh token only, does not."""
    refresh_token: Template | None = None
    scope: Template | None = None
    client_in: Literal["header", "body"] = "header"
    send: dict[str, Template] = Field(default_factory=lambda: {"Authorization": "Bearer {token}"})
    """The headers that carry {token}."""


class Auth(Part):
    """How requests are signed: exactly one, and what stands in for it over plain HTTP."""

    basic: tuple[Template, Template] | None = None
    bearer: Template | None = None
    header: dict[str, Template] | None = None
    query: dict[str, Template] | None = None
    oauth1: tuple[Template, Template] | None = None
    oauth2: OAuth2 | None = None
    login: Login | None = None
    python: str | None = None
    """The name of an authentication that a package provides (`docs/profiles.md`)."""
    over_http: Literal["oauth1"] | None = None


class Check(Call):
    """`[connect.check]`: the call that tells whose account this is."""

    account: Expression | None = None


class Connect(Part):
    """`[connect]`: where the webstore is, and how its requests are signed."""

    base: Template
    auth: Auth | None = None
    headers: dict[str, Template] = Field(default_factory=dict)
    graphql: Template = ""
    """The path that GraphQL goes to, after `base`."""
    format: Literal["json", "xml"] = "json"
    """How the webstore answers. XML is read as the JSON that it would be: `<id>7</id>` is `"id": "7"`, an
    attribute is `@name`, and a path of rows finds one element where several might stand."""
    error: Expression | None = None
    busy: Expression | None = None
    """Over an answer of 2xx: where it says something, the webstore wants to be asked again later."""
    check: Check | None = None
    account: Template | None = None
    """What names the account: a second connection to it is refused. Without: `base`."""
    admin: Template | None = None
    """Where staff see an order in the webstore's admin; {id} and {number} are the order's."""
    requests_per_second: float | None = Field(default=None, gt=0)


class Paging(Part):
    """`paging`: how a list goes on."""

    by: Literal["page", "offset", "link", "cursor", "next", "since", "none"]
    size: int = Field(default=100, ge=1)
    first: int = 1
    """The number of the first page."""
    at: Expression | None = None
    """Where the answer holds the next cursor or address."""
    values: dict[str, Expression] = Field(default_factory=dict)
    """Of "cursor": what the next page is asked with, where that is more than one value: placeholders, each
    read from the answer."""
    request: Call | None = None
    """Of "cursor": how the next page is asked for, where that is another request than the first: one that
    takes {cursor} and no filter beside it."""
    most: int | None = Field(default=None, ge=1)
    """Of "page" and "offset": how many rows the list shows at all. A span of time that has more is halved."""


class Since(Part):
    """`since`: from when a list is asked, and what of an answer is the next such time."""

    from_: Literal["updated", "placed", "clock", "id"] = Field(default="updated", alias="from")
    """What the next such time is: the newest change seen, the newest order, or the clock, where rows do not
    say what the list was asked by. "id": the list is asked by IDs, and {since} is the last one seen."""
    first: Template = "0"
    """Of "id": what {since} is at first, after which ID the list begins."""
    most: str | None = None
    """Of "clock": how much a call may ask for ("89d"), from {since} to {until}."""
    overlap: str = "2s"
    format: str | None = None
    """strftime's, "epoch" or "epoch_ms"; without: ISO 8601 with Z."""
    zone: Template = "UTC"
    header: str | None = None
    """A header of the answer that holds the webstore's clock, for lists that are asked by it."""
    at: Expression | None = None
    """A row's time of change, where the list shows it elsewhere than an order does; of "id": the ID by which
    the list goes on, where it is not the order's."""
    sorted: bool = True
    """Whether the oldest change comes first; if not, the cursor waits for the last page."""
    none: Literal["stop at known"] | None = None
    """The list has no such filter, and shows the newest first."""
    window: str = "30d"
    """Of such a list, of "placed" and "id": how far back changes are looked for ..."""
    every: str = "15m"
    """... and how often."""


class PartCall(Call):
    """`[orders.parts.NAME]`: a second call, whose rows expressions see as `_parts.NAME`."""

    for_: Expression = Field(alias="for")
    """The keys, from the order (or from an earlier part): {key}, or {keys} where they go in batches."""
    path: Template | None = None
    beside: Rows | None = None
    """In the place of a call: rows that stand in the list's own answer, beside the orders ("included[]");
    `key` is the key that such a row has."""
    rows: Rows = "@"
    next: Expression | None = None
    """Where the answer holds the address of its next page, or what {cursor} stands for in the call for it;
    without, a Link header is followed."""
    batch: int = Field(default=1, ge=1)
    """How many keys one call takes."""
    key: Expression = "id"
    """Of a batch, and of rows beside the list: the key that a row answers."""
    cache: str | None = None
    """How long an answer may be used again ("1d")."""


class Gone(Part):
    """How the webstore says that an order is no more."""

    status: int | None = None
    when: Expression | None = None
    """Over the order; over the whole answer where there is no order in it."""


class One(Call):
    """`orders.one`: one order; {id} is the webstore's ID of it, {id_number} the same as a number."""

    rows: Rows = "@"
    batch: int = Field(default=1, ge=1)
    """How many orders one call takes, where the list only names them: {ids}, or {id_numbers}."""
    as_: str | None = Field(default=None, alias="as", min_length=1)
    """The rows together are the order: an object that holds them under this name."""
    gone: Gone | None = None


class NoOrder(Part):
    """`not_an_order`: what is listed, and is none."""

    when: Expression
    reason: str
    reason_ko: str = ""


class Orders(Call):
    """`[orders]`: how new and changed orders are listed."""

    rows: Rows
    paging: Paging = Field(default_factory=lambda: Paging(by="none"))
    since: Since = Field(default_factory=Since)
    passes: tuple[dict[str, str], ...] = ()
    """The list is read once with each of these values of placeholders: `[{ date_type = "pay_date" }, …]`."""
    names: Expression | None = None
    """The list only names orders: over a row, the ID. Each is then asked for by `one`."""
    group_by: Expression | None = None
    """A row is one line of an order: over a row, the order's ID. The order is its first row, with all of its
    rows under `rows`."""
    one: One | None = None
    parts: dict[str, PartCall] = Field(default_factory=dict)
    not_an_order: tuple[NoOrder, ...] = ()
    empty_status: tuple[int, ...] = (204,)
    empty: Tree = None
    """What the whole answer is where there are no orders, if the envelope is left out then."""
    empty_when: Expression | None = None
    """Over the answer: it says that there are no orders, whatever else stands in it."""

    @property
    def shows_whole(self) -> bool:
        """Whether all rows of an order are listed: by what is the order's own, not by what is each row's."""
        return self.since.none is not None or self.since.from_ == "placed"

    @property
    def only_names(self) -> bool:
        """Whether each order that is listed is asked for by `one`."""
        return self.names is not None or (self.group_by is not None and not self.shows_whole)


class Listings(Call):
    """`[listings]`: how the webstore lists its items; the fields of each are expressions over it."""

    rows: Rows
    paging: Paging = Field(default_factory=lambda: Paging(by="none"))
    parts: dict[str, PartCall] = Field(default_factory=dict)
    empty_status: tuple[int, ...] = (204,)
    variants: Expression | None = None
    """Where an item holds its variants; the fields are then read from each, `_parent` being the item."""
    skip: tuple[Expression, ...] = ()
    id: Expression
    parent_id: Expression | None = None
    title: Expression | None = None
    sku: Expression | None = None
    gtin: Expression | None = None
    mpn: Expression | None = None
    vendor: Expression | None = None
    brand: Expression | None = None
    price: Expression | None = None
    quantity: Expression | None = None
    active: Expression | None = None
    extra: dict[str, Expression] = Field(default_factory=dict)
    """What else names the item when it is told its stock or price: placeholders of `[push]`."""

"""Connections: one account at one provider, checked before it is kept, its secrets sealed."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tillbridge.connections import files as connection_files
from tillbridge.connections import plain_secrets
from tillbridge.connections.clients import Clients, Ready
from tillbridge.connections.kept import carry_over, kept_of
from tillbridge.connections.setting_faults import setting_faults, taken
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.files import FilesSettings
from tillbridge.http import HttpClient
from tillbridge.matching.builtin import CUSTOMER_RULES, PRODUCT_RULES
from tillbridge.matching.matcher import Rules
from tillbridge.model.deadlines import Policy
from tillbridge.model.differences import OnCancellation
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.stores import Store, required_store
from tillbridge.model.words import Words
from tillbridge.provider import Capability, Connection, Provider

POLL_SECONDS = 300
ACCEPT_MINUTES = 240
_ROWS: Final = select(tables.connections).order_by(tables.connections.c.id)


@dataclass(frozen=True, kw_only=True)
class NewConnection:
    """What a connection is made of.

    Attributes:
        provider: the provider's name.
        name: what staff will call it.
        settings: the provider's settings, as text, without secrets.
        secrets: the provider's secrets.
        orders_from: UTC; orders placed before are put aside.
        default_store: a store's code; "" for the first one.
        locations: the webstore's location -> store code.
        match_by: names of customer rules that are switched on beside the usual ones.
        poll_seconds: how often it is asked for orders.
        accept_minutes: of business time, within which an order must be accepted or rejected; 0: no limit.
        overdue: what happens by itself with an order that nobody answered in time.
        cancelled: what happens by itself with an order that is cancelled before it was accepted.
        pick_up_days: for how long goods wait from when they are ready, where staff say no date; 0: no date.
        no_show_days: after how many days beyond that date an order is closed as a no-show by itself; None:
            never, staff are reminded.
    """

    provider: str
    name: str
    settings: Mapping[str, str]
    orders_from: datetime
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    default_store: str = ""
    locations: Mapping[str, str] = field(default_factory=dict)
    match_by: Sequence[str] = ()
    poll_seconds: int = POLL_SECONDS
    accept_minutes: int = ACCEPT_MINUTES
    overdue: Policy = Policy.NOTHING
    cancelled: OnCancellation = OnCancellation.CLOSE
    pick_up_days: int = 0
    no_show_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class OpenConnection:
    """A connection ready for work: what is stored of it, its provider, and what hooks are given.

    Attributes:
        accept_minutes: of business time, within which an order must be answered; 0: no limit.
        call_deadline: seconds after which a call of a worker that died can no longer arrive: the
            longest life of a call on our side, and as long again for what is under way outside.
        paid_by: the connection of the payment service that serves it, or None.
        open_service: opens that one.
    """

    id: int
    provider: Provider
    guest: Connection
    account_key: str
    stores: dict[str, Store]
    rules: Rules
    closes_cancelled: bool
    call_deadline: float
    accept_minutes: int
    paid_by: int | None = None
    open_service: Callable[[], "OpenConnection | None"] = lambda: None

    @property
    def records_itself(self) -> bool:
        """Whether its webstore charges by itself, and tells what it held and took."""
        return self.paid_by is None and {Capability.ORDERS, Capability.PAYMENTS} <= self.provider.capabilities

    @property
    def service_id(self) -> int | None:
        """The connection that has the payments of its orders; None: nobody knows of any."""
        return self.id if self.records_itself else self.paid_by

    @property
    def name(self) -> str:
        """What staff call it."""
        return self.guest.name

    def order_key(self, webstore_id: str) -> str:
        """Return the key by which the POS knows an order: it outlives this database."""
        return ":".join(_escaped(part) for part in (self.provider.name, self.account_key, webstore_id))


def _escaped(part: str) -> str:
    """Keep a part's own colons from being taken for the key's."""
    return part.replace("%", "%25").replace(":", "%3A")


def prepare(context: Context, new: NewConnection) -> OpenConnection:
    """Check settings and stores, and open the connection without keeping it.

    Raises:
        InputError: a setting is unknown, missing or wrong, or a store does not exist or never opens.
    """
    provider = context.plugins.provider(new.provider)
    settings = read_settings(provider, new.settings, new.secrets)
    files = connection_files.read_files(provider, {**new.settings, **new.secrets})
    stores = _map_stores(context, new.default_store, new.locations)
    for store in stores.values():
        store.require_open(context.clock.now())
    return OpenConnection(
        id=0,
        provider=provider,
        account_key=provider.account_key(settings),
        stores=stores,
        rules=_rules(context, new.match_by),
        closes_cancelled=new.cancelled is OnCancellation.CLOSE,
        call_deadline=_call_deadline(provider, settings, files.files_seconds if files.files else 0),
        accept_minutes=new.accept_minutes,
        # The last: it opens a client, which nobody would close if another part did not fit.
        guest=_guest(
            context,
            provider,
            _Kept(new.name, new.orders_from, stores),
            _ready(context, provider, (settings, files), Owned(0, provider.account_key(settings))),
        ),
    )


def close_client(opened: OpenConnection) -> None:
    """Close the HTTP client of a connection that `prepare` opened."""
    with suppress(Exception):  # what stands open at the other side is no reason to fail
        opened.guest.http.close()


def columns(context: Context, new: NewConnection, opened: OpenConnection, *, owner: str) -> dict[str, Any]:
    """Return what a connection's row says that may change; its secrets are sealed for `owner`."""
    return {
        "settings": json.dumps(dict(new.settings), sort_keys=True),
        "secrets": context.secrets.seal(new.secrets, owner=owner),
        "default_store": opened.stores[""].code,
        "locations": json.dumps(dict(new.locations), sort_keys=True),
        "match_by": json.dumps(list(new.match_by)),
        "orders_from": new.orders_from,
        "poll_seconds": new.poll_seconds,
        "accept_minutes": new.accept_minutes,
        "overdue": new.overdue.value,
        "cancelled": new.cancelled.value,
        "pick_up_days": new.pick_up_days,
        "no_show_days": new.no_show_days,
    }


def save(context: Context, new: NewConnection, opened: OpenConnection) -> OpenConnection:
    """Keep a prepared connection.

    Raises:
        InputError: the name is taken, or the account is connected already.
    """
    owner = f"{opened.provider.name}:{opened.account_key}"
    row = {
        "name": new.name,
        "provider": opened.provider.name,
        "account_key": opened.account_key,
        **columns(context, new, opened, owner=owner),
        "created_at": context.clock.now(),
    }
    try:
        with context.database.write("connection") as database:
            made = database.execute(insert(tables.connections).values(row))
            (connection_id,) = made.inserted_primary_key or (0,)
            carry_over(context, database, connection_id, owner)
    except IntegrityError:
        raise InputError(taken(new.name, opened.provider.title)) from None
    return replace(opened, id=connection_id)


def load(context: Context, clients: Clients, row: AnyRow) -> OpenConnection:
    """Open a stored connection (a row of `tables.connections`).

    Raises:
        InputError: its plugin is gone, its settings no longer fit, or its secrets cannot be opened.
    """
    provider = context.plugins.provider(row.provider)

    def make() -> Ready:
        secrets = context.secrets.open(row.secrets, owner=f"{row.provider}:{row.account_key}")
        plain, secrets = plain_secrets.parted(provider, json.loads(row.settings), secrets)
        files = connection_files.read_files(provider, {**plain, **secrets})
        owned = Owned(row.id, row.account_key)
        return _ready(context, provider, (read_settings(provider, plain, secrets), files), owned)

    ready = clients.ready(row.id, (row.provider, row.account_key, row.settings, row.secrets), make)
    stores = _map_stores(context, row.default_store, json.loads(row.locations))
    return OpenConnection(
        id=row.id,
        provider=provider,
        guest=_guest(context, provider, _Kept(row.name, row.orders_from, stores), ready),
        account_key=row.account_key,
        stores=stores,
        rules=_rules(context, json.loads(row.match_by)),
        closes_cancelled=row.cancelled == OnCancellation.CLOSE,
        call_deadline=_call_deadline(provider, ready.settings, ready.files.seconds if ready.files else 0),
        accept_minutes=row.accept_minutes,
        paid_by=row.paid_by,
        open_service=lambda: next(
            (load(context, clients, one) for one in rows(context) if one.id == row.paid_by), None
        ),
    )


def _call_deadline(provider: Provider, settings: BaseModel, files_seconds: float) -> float:
    """Return twice the longest life of a call: by HTTP, or of a file."""
    return 2 * max(provider.http(settings).total_deadline, files_seconds)


def rows(context: Context, name: str | None = None) -> Sequence[AnyRow]:
    """Return the stored connections, or the one named `name`.

    Raises:
        NotFound: there is none of that name.
    """
    with context.database.read() as database:
        found = database.execute(_ROWS).all()
    if name is None:
        return found
    named = [row for row in found if row.name == name]
    if not named:
        known = ", ".join(row.name for row in found) or "-"
        raise NotFound(
            Words(
                f"There is no connection named {name!r}. There are: {known}.",
                f"{name!r} 연결이 없습니다. 있는 연결: {known}",
            )
        )
    return named


def stored_settings(row: AnyRow) -> dict[str, str]:
    """Return a stored connection's settings; its secrets are not among them."""
    return dict(json.loads(row.settings))


def read_settings(provider: Provider, settings: Mapping[str, str], secrets: Mapping[str, str]) -> BaseModel:
    """Validate settings and secrets by the provider's model.

    Raises:
        InputError: names every setting that is wrong, and what the provider knows.
    """
    secret_names = connection_files.secret_fields(provider)
    astray = [name for name in settings if name in secret_names]
    if astray:
        raise InputError(
            Words(
                f"{', '.join(astray)} is a secret: give it with --secret, so that no history keeps it.",
                f"{', '.join(astray)}은(는) 비밀 값입니다. 기록에 남지 않도록 --secret으로 지정해 주세요.",
            )
        )
    known = connection_files.fields_of(provider)
    strange = [name for name in (*settings, *secrets) if name not in known]
    try:
        if strange:
            raise InputError(connection_files.unknown(provider, strange))
        return provider.settings.model_validate(connection_files.own(provider, {**settings, **secrets}))
    except ValidationError as error:
        raise InputError(setting_faults(provider.title, error, secret_names)) from None


@dataclass(frozen=True)
class _Kept:
    name: str
    orders_from: datetime
    stores: dict[str, Store]


class Owned(NamedTuple):
    """A connection's ID, 0 for one that is not kept yet; and its account."""

    id: int
    account_key: str


def _ready(
    context: Context, provider: Provider, given: tuple[BaseModel, FilesSettings], owned: Owned
) -> Ready:
    settings, files = given
    delivers = connection_files.open_for(context, files, owned.id)
    how = provider.http(settings)
    held = kept_of(context, owned.id, f"{provider.name}:{owned.account_key}") if how.token else None
    return Ready(settings, HttpClient(how, clock=context.clock, kept=held), delivers)


def _guest(context: Context, provider: Provider, kept: _Kept, ready: Ready) -> Connection:
    return Connection(
        name=kept.name,
        settings=ready.settings,
        http=ready.http,
        orders_from=kept.orders_from,
        now=context.clock.now,
        locations=sorted(location for location in kept.stores if location),
        files=ready.files,
        store=lambda location: required_store(kept.stores, location),
        log=logging.getLogger(f"tillbridge.provider.{provider.name}"),
    )


def _map_stores(context: Context, default: str, locations: Mapping[str, str]) -> dict[str, Store]:
    stores = {store.code: store for store in context.pos.stores()}
    if not stores:
        raise InputError(
            Words(
                "There is no store yet. Make one with `tillbridge store add`.",
                "매장이 없습니다. `tillbridge store add`로 먼저 매장을 만들어 주세요.",
            )
        )
    wanted = {"": default or next(iter(stores)), **locations}
    missing = sorted(set(wanted.values()) - set(stores))
    if missing:
        raise InputError(
            Words(
                f"There is no store {', '.join(missing)}. There are: {', '.join(stores)}.",
                f"{', '.join(missing)} 매장이 없습니다. 있는 매장: {', '.join(stores)}",
            )
        )
    return {location: stores[code] for location, code in wanted.items()}


def _rules(context: Context, match_by: Sequence[str]) -> Rules:
    customers = context.plugins.customer_rules(CUSTOMER_RULES)
    known = [rule.name for rule in customers]
    strange = [name for name in match_by if name not in known]
    if strange:
        raise InputError(
            Words(
                f"There is no customer rule {', '.join(strange)}. There are: {', '.join(known)}.",
                f"{', '.join(strange)} 고객 연결 규칙이 없습니다. 있는 규칙: {', '.join(known)}",
            )
        )
    return Rules(
        products=context.plugins.product_rules(PRODUCT_RULES),
        customers=[rule for rule in customers if rule.switched_on or rule.name in match_by],
    )

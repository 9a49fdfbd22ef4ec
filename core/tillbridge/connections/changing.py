"""Changing a connection that is kept: new settings or secrets for the same account."""

import json
from contextlib import suppress
from typing import Any

from sqlalchemy import select, update

from tillbridge import troubles
from tillbridge.connections import plain_secrets
from tillbridge.connections import stored as connections
from tillbridge.connections.health import subject
from tillbridge.connections.log import note_changes
from tillbridge.connections.stored import NewConnection, OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, tables
from tillbridge.db.types import AnyRow
from tillbridge.model.deadlines import Policy
from tillbridge.model.differences import OnCancellation
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.words import Words
from tillbridge.orders.timeline import SYSTEM
from tillbridge.troubles import Activity


def stored(context: Context, provider: str, name: str) -> NewConnection:
    """Return a kept connection as it would be made anew, for changes to be laid over it.

    Secrets that this key cannot open are left out: they are what has to be given again.

    Raises:
        NotFound: there is no connection of that name.
        InputError: it is another provider's.
    """
    (row,) = connections.rows(context, name)
    if row.provider != provider:
        raise InputError(
            Words(
                f"{name!r} is a connection to {row.provider}, not to {provider}.",
                f"{name!r}은(는) {provider}이(가) 아니라 {row.provider} 연결입니다.",
            )
        )
    secrets: dict[str, str] = {}
    with suppress(InputError):
        secrets = context.secrets.open(row.secrets, owner=_owner(row))
    known = context.plugins.provider(row.provider)
    settings, secrets = plain_secrets.parted(known, connections.stored_settings(row), secrets)
    return NewConnection(
        provider=row.provider,
        name=row.name,
        settings=settings,
        secrets=secrets,
        orders_from=row.orders_from,
        default_store=row.default_store,
        locations=json.loads(row.locations),
        match_by=json.loads(row.match_by),
        poll_seconds=row.poll_seconds,
        accept_minutes=row.accept_minutes,
        overdue=Policy(row.overdue),
        cancelled=OnCancellation(row.cancelled),
        pick_up_days=row.pick_up_days,
        no_show_days=row.no_show_days,
    )


def refuse_other_account(context: Context, new: NewConnection) -> None:
    """Refuse settings of another account than the one whose orders the connection holds.

    Raises:
        InputError: it is another account, or the settings do not fit.
    """
    (row,) = connections.rows(context, new.name)
    account = _account(context, new)
    if account != row.account_key:
        raise InputError(
            Words(
                f"These settings are for the account {account}, but {new.name} is connected to "
                f"{row.account_key}, and so are its orders. Connect {account} under a name of its own, "
                "without --replace.",
                f"이 설정은 {account} 계정의 것이지만 {new.name} 연결과 그 주문은 {row.account_key} "
                f"계정의 것입니다. --replace 없이 다른 이름으로 {account} 계정을 연결해 주세요.",
            )
        )


def refuse_taken(context: Context, new: NewConnection) -> None:
    """Refuse an account that is connected already, and say how to change that connection.

    Raises:
        InputError: it is connected already, or the settings do not fit.
    """
    account = _account(context, new)
    table = tables.connections
    query = select(table.c.name).where(table.c.provider == new.provider, table.c.account_key == account)
    with context.database.read() as database:
        name = database.execute(query).scalar()
    if name is not None:
        way = _way(new.provider, name)
        raise InputError(
            Words(
                f"The account {account} is connected already, as {name!r}. "
                f"To change its settings or secrets: {way}",
                f"{account} 계정은 이미 {name!r}(으)로 연결되어 있습니다. 설정이나 비밀 값을 바꾸려면: {way}",
            )
        )


def refuse_taken_name(context: Context, name: str) -> None:
    """Refuse the name of a connection that there is, and say how to change that connection.

    Raises:
        InputError: the name is taken.
    """
    row = next((row for row in connections.rows(context) if row.name == name), None)
    if row is not None:
        way = _way(row.provider, name)
        raise InputError(
            Words(
                f"The name {name!r} is taken by a connection to {row.provider} ({row.account_key}). "
                f"Choose another name; or, to change that connection's settings or secrets: {way}",
                f"{name!r} 이름은 {row.provider} 연결({row.account_key})에서 이미 사용 중입니다. 다른 이름을 "
                f"지정하거나, 그 연결의 설정이나 비밀 값을 바꾸려면: {way}",
            )
        )


def save(context: Context, new: NewConnection, opened: OpenConnection, who: str = SYSTEM) -> None:
    """Keep the changes, signed; the connection is due at once, and what it has fetched and linked stays.

    Raises:
        NotFound: it is gone meanwhile.
    """
    (row,) = connections.rows(context, new.name)
    before = stored(context, row.provider, row.name)
    table = tables.connections
    values = connections.columns(context, new, opened, owner=_owner(row)) | {"due_at": None}
    if new.orders_from < row.orders_from:
        # Behind the cursor nothing older is asked for.
        values["cursor"] = None
    with context.database.write("connection") as database:
        same = (table.c.id == row.id, table.c.account_key == opened.account_key)
        if not database.execute(update(table).where(*same).values(values)).rowcount:
            raise NotFound(
                Words(f"There is no connection {new.name!r} now.", f"{new.name!r} 연결이 지금은 없습니다.")
            )
        exports = export_tables.exports
        anew: dict[str, Any] = {"due_at": None}
        if (row.default_store, row.locations) != (values["default_store"], values["locations"]):
            anew["seen"] = 0
        database.execute(update(exports).where(exports.c.connection_id == row.id).values(anew))
        note_changes(database, row.id, (before, new), (who, context.clock.now()))
    # The settings were tried before they are kept: what did not work with the old ones is over.
    for activity in Activity:
        troubles.end(context, subject(row, activity))


def _account(context: Context, new: NewConnection) -> str:
    provider = context.plugins.provider(new.provider)
    return provider.account_key(connections.read_settings(provider, new.settings, new.secrets))


def _owner(row: AnyRow) -> str:
    return f"{row.provider}:{row.account_key}"


def _way(provider: str, name: str) -> str:
    shown = f'"{name}"' if " " in name else name
    return f"tillbridge connect {provider} --name {shown} --replace --set KEY=VALUE --secret KEY=-"

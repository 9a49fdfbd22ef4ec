"""The engine's methods about connections: checked and tried before they are kept."""

from dataclasses import replace
from datetime import timedelta

from tillbridge import connections, intake
from tillbridge.connection_views import ConnectionView, connection_views
from tillbridge.connections import NewConnection, OpenConnection
from tillbridge.connections.log import LogEntry, log_of
from tillbridge.engine.parts import Parts
from tillbridge.intake import Preview
from tillbridge.model.exchange import ConnectionCheck
from tillbridge.model.status import Status
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.provider import Capability, FilesUse
from tillbridge.web_hours import HoursProposal, proposals

_LOOK_BACK = timedelta(days=30)
_NO_FILES = Words(
    "It is sent no files (stock and prices): say where they go with --files.",
    "재고·가격 파일은 보내지 않습니다. 보내려면 --files로 위치를 지정해 주세요.",
)


class Connecting(Parts):
    """Connections."""

    def check(self, new: NewConnection) -> tuple[OpenConnection, ConnectionCheck | None, Preview]:
        """Check a connection's settings, try it, and preview its orders; nothing is kept.

        Raises:
            InputError: the settings do not fit.
            ProviderError: the service is away or refuses the credentials.
        """
        opened = connections.prepare(self.context, new)
        try:
            return opened, *self._try_out(opened)
        except BaseException:
            connections.close_client(opened)
            raise

    def _try_out(self, opened: OpenConnection) -> tuple[ConnectionCheck | None, Preview]:
        name = opened.provider.name
        checked = None
        if Capability.CHECK in opened.provider.capabilities:
            checked = self.context.plugins.check_connection(name, opened.guest)
        checked = _with_files(opened, checked)
        seen = Preview()
        if Capability.ORDERS in opened.provider.capabilities:
            seen = intake.preview(self.context, opened)
            seen.earlier = max(seen.earlier, self._open_before(opened, seen))
        return checked, seen

    def connect(self, new: NewConnection) -> tuple[ConnectionCheck | None, Preview]:
        """Check, try and preview a connection, and keep it.

        Raises:
            InputError: the settings do not fit, or the account is connected already.
            ProviderError: the service is away or refuses the credentials.
        """
        opened, checked, seen = self.check(new)
        self.keep(new, opened)
        return checked, seen

    def keep(self, new: NewConnection, opened: OpenConnection) -> None:
        """Keep a connection that `check` returned, without trying it again.

        Raises:
            InputError: the name is taken, or the account is connected already.
        """
        connections.close_client(opened)  # the kept connection opens a client of its own
        connections.save(self.context, new, opened)

    def hours_proposals(self, name: str) -> list[HoursProposal]:
        """Ask a connection's webstore for the business hours of its stores; nothing is changed by it.

        Raises:
            NotFound: there is no connection of that name.
            InputError: its webstore tells none.
            ProviderError: it is away, or refuses.
            PluginError: the plugin failed.
        """
        (row,) = connections.rows(self.context, name)
        return proposals(self.context, self.open(row))

    def stores_of(self, name: str) -> list[Store]:
        """Return the stores that a connection's orders are of, each once.

        Raises:
            NotFound: there is no connection of that name.
        """
        (row,) = connections.rows(self.context, name)
        return list({store.code: store for store in self.open(row).stores.values()}.values())

    def connections(self) -> list[ConnectionView]:
        """Return every connection, with its health."""
        return connection_views(self.context, connections.rows(self.context))

    def connection_log(self, name: str) -> list[LogEntry]:
        """Return what was changed of a connection since it was made, signed, with before and after.

        Raises:
            NotFound: there is none of that name.
        """
        return log_of(self.context, name)

    def _open_before(self, opened: OpenConnection, seen: Preview) -> int:
        """Return how many orders of the last weeks are open but older than `orders_from`.

        A webstore that lists orders from `orders_from` on does not show them by itself.
        """
        start = self.context.clock.now() - _LOOK_BACK
        if opened.guest.orders_from <= start:
            return 0
        wide = replace(opened, guest=replace(opened.guest, orders_from=start))
        return _open(intake.preview(self.context, wide)) - _open(seen)


def _with_files(opened: OpenConnection, checked: ConnectionCheck | None) -> ConnectionCheck | None:
    """Try where its files go, beside what its service said; note it where they go nowhere."""
    provider, files = opened.provider, opened.guest.files
    if provider.files is FilesUse.NONE:
        return checked
    notes = files.check() if files else (_NO_FILES,)
    known = checked or ConnectionCheck(account=opened.account_key)
    return replace(known, notes=(*known.notes, *notes))


def _open(seen: Preview) -> int:
    """Return how many of the orders that were looked at are open."""
    aside = seen.statuses.get(Status.ARCHIVED, 0)
    return seen.damaged + sum(seen.statuses.values()) - aside

"""The engine's methods about stock and prices that go out to the webstores."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, replace

from tillbridge import connections, exports, troubles
from tillbridge.connections import OpenConnection
from tillbridge.connections import files as connection_files
from tillbridge.db.types import AnyRow
from tillbridge.engine.parts import Parts
from tillbridge.events import ExportFinished
from tillbridge.exports import (
    ExportItem,
    ExportResult,
    ExportSettings,
    ExportState,
    ExportWay,
    ListingCheck,
)
from tillbridge.files import SentFile
from tillbridge.model.errors import NotAllowed
from tillbridge.provider import Capability
from tillbridge.troubles import Activity

_log = logging.getLogger("tillbridge.exports")


class Exporting(Parts):
    """The eCommerce export (MISSION S15)."""

    def export(self, name: str | None = None, way: ExportWay | None = None) -> list[ExportResult]:
        """Tell one connection's webstore, or all that are exported and not disabled, what it should show.

        Trouble stands in the results.

        Raises:
            NotFound: there is no connection of that name.
            NotAllowed: that connection is not exported.
        """
        rows = connections.rows(self.context, name)
        if name is None:
            exported = exports.exported(self.context)
            rows = [row for row in rows if row.enabled and row.id in exported]
        return [self._export(row, way or ExportWay()) for row in rows]

    def exports_due(self) -> list[str]:
        """Return the names of the connections that have something to tell, or whose time has come."""
        due = set(exports.due_exports(self.context))
        if not due:
            return []
        return [row.name for row in connections.rows(self.context) if row.id in due and row.enabled]

    def export_due(self) -> list[ExportResult]:
        """Export the connections that have something to tell, or whose time has come, for a minute each."""
        way = ExportWay(once=True)
        return [result for name in self.exports_due() for result in self.export(name, way)]

    def export_settings(self, name: str) -> ExportSettings:
        """Return how a connection is exported.

        Raises:
            NotFound: there is no connection of that name.
        """
        return exports.export_settings(self.context, name)

    def set_export(self, name: str, settings: ExportSettings) -> None:
        """Set how a connection is exported.

        Raises:
            NotFound: there is no connection of that name.
            InputError: its provider takes neither stock nor prices, or wants files and nobody said where they
                go, or a number makes no sense.
        """
        (row,) = connections.rows(self.context, name)
        connection_files.require_place(self.context.plugins.provider(row.provider), row)
        exports.set_export(self.context, name, settings)

    def exports(self, name: str | None = None) -> list[ExportState]:
        """Return how far every connection's export is, or one's.

        Raises:
            NotFound: there is no connection of that name.
        """
        return exports.export_states(self.context, name)

    def export_items(self, name: str, state: str = "due", limit: int = 100) -> list[ExportItem]:
        """Return a connection's offers: those that are "due", "refused", "pending" or "held", or "all".

        Raises:
            NotFound: there is no connection of that name.
        """
        return exports.export_items(self.context, name, state, limit)

    def release_export(self, name: str, product_ids: Sequence[str] = ()) -> int:
        """Say that held offers are right: they are told with the next export; return how many.

        Raises:
            NotFound: there is no connection of that name, or nothing of these products is held.
            NotAllowed: what of these products is held can only be corrected.
        """
        return exports.release(self.context, name, product_ids)

    def sent_files(self, name: str) -> list[SentFile]:
        """Return the copies of what a connection was sent by file, the newest first.

        Raises:
            NotFound: there is no connection of that name.
        """
        (row,) = connections.rows(self.context, name)
        return connection_files.copies(self.context.database, row.id).sent()

    def check_listings(self, name: str, limit: int = 100) -> ListingCheck:
        """Read what a webstore lists; return what would not match here, or twice, before it is ordered.

        Where it has no product list, that is what it refused, and what is held since two products have one
        barcode. `limit` is how many problems are returned; the counts are of all.

        Raises:
            NotFound: there is no connection of that name.
            ProviderError: the webstore is away; what it refuses is not known then.
            PluginError: the plugin failed.
            PosAway: the point of sale could not answer.
        """
        (row,) = connections.rows(self.context, name)
        opened = self.open(row)
        if Capability.LISTINGS in opened.provider.capabilities:
            exports.read_listings(self.context, opened)
        return exports.listing_check(self.context, opened, limit)

    def _export(self, row: AnyRow, way: ExportWay) -> ExportResult:
        """Export one connection, and let no fault of it stop the others."""
        result = ExportResult(row.name)
        try:
            self._export_whole(row, way, result)
        except NotAllowed:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, it stands in the result
            result.trouble = troubles.words_of(error)
            self._rest(row, error)
        self._told(result)
        return result

    def _told(self, result: ExportResult) -> None:
        told = asdict(result.told)
        if any(told.values()) or result.trouble:
            event = ExportFinished(
                connection=result.connection, held=result.held, trouble=result.trouble, **told
            )
            self.context.plugins.notify([event])

    def _export_whole(self, row: AnyRow, way: ExportWay, result: ExportResult) -> None:
        """Export for a minute at a time; in between orders come, and are what the next minute begins with."""
        opened = self.open(row)
        exports.export(self.context, row, opened, way, result)
        due, again = result.due, replace(way, everything=False)
        while result.more and not way.once and not self.context.stopping.is_set():
            result.more = False
            exports.export(self.context, row, opened, again, result)
            result.due = due
        if not way.dry_run and not result.busy and result.trouble is None:
            self._look_at_listings(opened)

    def _look_at_listings(self, opened: OpenConnection) -> None:
        """See whether what the webstore lists still would not match; nothing depends on it."""
        provider = opened.provider
        if Capability.LISTINGS not in provider.capabilities or provider.exporting.by_listing:
            return  # told by its own items, it was looked at before the export
        try:
            exports.look_again(self.context, opened)
        except Exception as error:  # noqa: BLE001  # the next look, or one by hand, says what is wrong
            _log.info("%s: its product list was not read: %s", opened.name, troubles.words_of(error).en)

    def _rest(self, row: AnyRow, error: Exception) -> None:
        try:
            exports.rest(self.context, row, error)
        except Exception:  # noqa: BLE001  # the database itself may be what is away
            self._note(connections.subject(row, Activity.EXPORT), error)

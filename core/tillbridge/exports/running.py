"""Runs the export of one connection.

Orders are polled and what should be shown is noted under the connection's lock, so that a web sale which
nobody has seen yet is not undone by an older stock. While the webstore is told, orders come again; two
exports of one connection never run at once.
"""

from contextlib import ExitStack

from tillbridge import connections, intake
from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.exports.changes import ChangesRun
from tillbridge.exports.results import ExportResult, ExportWay
from tillbridge.exports.stopping import Stopped
from tillbridge.exports.timing import state_of
from tillbridge.exports.whole_run import WholeRun
from tillbridge.provider import Capability
from tillbridge.troubles import Activity, end


def export(
    context: Context, row: AnyRow, connection: OpenConnection, way: ExportWay, result: ExportResult
) -> None:
    """Export one connection (a row of `tables.connections`, and opened), for a minute at most.

    What came of it stands in the result, also where it raises; `rest` is then for the caller.

    Raises:
        NotAllowed: the connection is not exported.
        TillbridgeError: the webstore or the point of sale is away, or what is due is not believed.
    """
    with intake.holding_lock(context, f"export:{connection.id}") as alone, ExitStack() as orders:
        if not (alone and orders.enter_context(intake.holding(context, connection))):
            result.busy = True
            return
        kind = WholeRun if Capability.SNAPSHOT in connection.provider.capabilities else ChangesRun
        run = kind(context, connection, way, result, state_of(context, connection.id), orders.close)
        try:
            if run.poll(row.poll_seconds):
                run.export()
        except Stopped:
            result.more = True
            return
    if result.trouble is None and not way.dry_run:
        end(context, connections.subject(connection, Activity.EXPORT))

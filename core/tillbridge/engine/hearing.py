"""The engine's methods about webhooks: the addresses, what comes there, and what is fetched for it."""

from tillbridge import connections, webhooks
from tillbridge.connections import OpenConnection
from tillbridge.db.types import AnyRow
from tillbridge.engine.parts import Parts
from tillbridge.model.webhooks import WebhookRequest
from tillbridge.orders.timeline import SYSTEM
from tillbridge.troubles import Activity
from tillbridge.webhooks import Heard, Received, WebhookDoor, WebhookState

_SETTINGS = ("name", "settings", "secrets", "default_store", "locations", "match_by", "orders_from")


class Hearing(Parts):
    """Webhooks (MISSION S1): they only make sooner what polls find anyway."""

    _heard: dict[int, tuple[object, OpenConnection]]

    def open_webhook(self, name: str, who: str = SYSTEM, *, rotate: bool = False) -> WebhookDoor:
        """Return the address of a connection's webhooks; make one, or with `rotate` one in its place.

        Raises:
            NotFound: there is no connection of that name.
            InputError: its webstore sends none, or the kept token cannot be read with this key.
        """
        return webhooks.open_door(self.context, name, who, rotate=rotate)

    def close_webhook(self, name: str, who: str = SYSTEM) -> None:
        """Let a connection have no address for webhooks any more.

        Raises:
            NotFound: there is no connection of that name, or it has none.
        """
        webhooks.close_door(self.context, name, who)

    def webhooks(self) -> list[WebhookState]:
        """Return how the webhooks are of every connection that has an address for them."""
        return list(webhooks.webhook_states(self.context.database))

    def receive_webhook(self, token: str, request: WebhookRequest) -> Received:
        """Verify and keep what a webstore sent; one commit, and nothing is asked of anybody.

        Raises:
            NotFound: nobody has that address.
            PayloadError: it cannot be read. Rejected: the webstore did not send it.
            Misconfigured: what is needed to verify it is not set.
            PluginError: the plugin failed on it.
            InputError: the connection cannot be opened.
        """
        return webhooks.receive(self.context, self._open_once, token, request)

    def webhooks_wanted(self) -> list[str]:
        """Return the names of the connections of which webhooks name an order that is to be fetched."""
        wanted = set(webhooks.connections_wanted(self.context))
        if not wanted:
            return []
        return [row.name for row in connections.rows(self.context) if row.id in wanted and row.enabled]

    def fetch_heard(self, name: str | None = None) -> list[Heard]:
        """Fetch what webhooks named (of one connection) and is due; one connection never stops the others.

        Raises:
            NotFound: there is no connection of that name.
        """
        done: list[Heard] = []
        for one in self.webhooks_wanted() if name is None else [name]:
            (row,) = connections.rows(self.context, one)
            with self._guarded(row, Activity.SETTLE):
                done.append(webhooks.fetch_wanted(self.context, self.open(row)))
        return done

    def prune_webhooks(self) -> int:
        """Forget events that are old; return how many."""
        return webhooks.prune(self.context)

    def _open_once(self, row: AnyRow) -> OpenConnection:
        """Open a connection for verifying; as long as it is set up as before, the till is not asked."""
        marker = tuple(getattr(row, name) for name in _SETTINGS)
        kept = self._heard.get(row.id)
        if kept is None or kept[0] != marker:
            kept = self._heard[row.id] = (marker, self.open(row))
        return kept[1]

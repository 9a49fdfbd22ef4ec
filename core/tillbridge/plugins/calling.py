"""The plugins of one engine: a typed call for each hook, on exactly the plugin of a connection's provider."""

import logging
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, TypeVar

from tillbridge.events import ExportFinished, OrderImported, StatusChanged
from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.errors import InputError
from tillbridge.model.exchange import (
    ConnectionCheck,
    NotAnOrder,
    OrderPage,
    Outcome,
    RawOrder,
    Receipt,
    StatusDelivery,
)
from tillbridge.model.listings import ListingPage
from tillbridge.model.offers import Offer
from tillbridge.model.orders import WebOrder
from tillbridge.model.web_hours import WebHours
from tillbridge.model.webhooks import WebhookRequest, WebhookResult
from tillbridge.model.words import Words
from tillbridge.plugins.answers import listing_page_fault, page_fault
from tillbridge.plugins.hookcall import HookCall, pages
from tillbridge.plugins.offers import HOOKS_OF
from tillbridge.plugins.payments import PaymentCalls
from tillbridge.plugins.records import (
    Adopted,
    LoadedPlugin,
    PluginProblem,
    Probe,
    did_you_mean,
    listed,
)
from tillbridge.plugins.rulecall import held
from tillbridge.plugins.transitions import Transitions
from tillbridge.provider import Capability, Connection, Provider

OfferHook = Literal["push_inventory", "push_prices"]
Event = ExportFinished | OrderImported | StatusChanged
_Rule = TypeVar("_Rule", CustomerMatchRule, ProductMatchRule)

_log = logging.getLogger("tillbridge.plugins")
_OBSERVERS: Final[Mapping[type, str]] = MappingProxyType(
    {OrderImported: "order_imported", StatusChanged: "status_changed", ExportFinished: "export_finished"}
)
_CAPABILITY_OF: Final = {hook: capability for capability, hooks in HOOKS_OF.items() for hook in hooks}


class Plugins:
    """The plugins of one engine, as `load` found them.

    Attributes:
        loaded: what came in.
        problems: what did not, and what is worth knowing; each names its plugin.
        providers: every provider by its name.
        transitions: the rules that plugins add to what staff do.
        payments: the hooks of payment services.
    """

    def __init__(
        self, adopted: Sequence[Adopted], problems: Sequence[PluginProblem], *, probe: Probe
    ) -> None:
        self.loaded = tuple(LoadedPlugin(one.name, one.version, one.offer.providers) for one in adopted)
        self.problems = tuple(problems)
        self.providers: Mapping[str, Provider] = MappingProxyType(
            {provider.name: provider for one in adopted for provider in one.offer.providers}
        )
        self._adopted = tuple(adopted)
        self._calls = {
            (provider.name, hook): HookCall(one, hook, probe)
            for one in adopted
            for provider in one.offer.providers
            for capability in provider.capabilities
            for hook in HOOKS_OF[capability]
        }
        self.transitions = Transitions(adopted, probe)
        self.payments = PaymentCalls(self._call)
        self._observers = {
            kind: [HookCall(one, hook, probe) for one in adopted if hook in one.callers]
            for kind, hook in _OBSERVERS.items()
        }

    def provider(self, name: str) -> Provider:
        """Return the provider of that name.

        Raises:
            InputError: there is none; it names those that there are.
        """
        found = self.providers.get(name)
        if found is not None:
            return found
        near = did_you_mean(name, self.providers)
        refused = dict.fromkeys(problem.plugin for problem in self.problems if problem.refused)
        lost = (
            Words(
                f" Plugins that were not loaded: {listed(refused)}.",
                f" 불러오지 못한 플러그인: {listed(refused)}",
            )
            if refused
            else Words("", "")
        )
        raise InputError(
            Words(
                f"There is no provider {name!r}.{near.en} There are: {listed(self.providers)}.{lost.en}",
                f"{name!r} 제공자가 없습니다.{near.ko} "
                f"사용 가능한 제공자: {listed(self.providers)}.{lost.ko}",
            )
        )

    def customer_rules(self, builtin: Iterable[CustomerMatchRule] = ()) -> list[CustomerMatchRule]:
        """Return the core's own rules and the plugins', by rank."""
        return _merged(builtin, [(one.name, one.offer.customer_rules) for one in self._adopted])

    def product_rules(self, builtin: Iterable[ProductMatchRule] = ()) -> list[ProductMatchRule]:
        """Return the core's own rules and the plugins', by rank."""
        return _merged(builtin, [(one.name, one.offer.product_rules) for one in self._adopted])

    def check_connection(self, provider: str, connection: Connection) -> ConnectionCheck:
        """Return whose account it is.

        Raises:
            ProviderError: the service is away, or the settings are wrong.
            PluginError: the plugin failed.
        """
        check: ConnectionCheck = self._call(provider, "check_connection")(connection=connection)
        return check

    def fetch_hours(self, provider: str, connection: Connection) -> Mapping[str, WebHours]:
        """Return the business hours that the webstore shows, by the location's ID.

        Raises:
            ProviderError: the service is away, or refuses.
            PluginError: the plugin failed.
        """
        found: Mapping[str, WebHours] = self._call(provider, "fetch_hours")(connection=connection)
        return found

    def fetch_orders(
        self, provider: str, connection: Connection, cursor: str | None
    ) -> Generator[OrderPage, None, None]:
        """Yield the pages of new and changed orders; the plugin is first asked at the first `next`.

        Close it (`contextlib.closing`) where it may not be read to its end: the plugin's own
        generator is closed with it.

        Raises:
            ProviderError: at any page: the service is away, or refuses; what came before stays.
            PluginError: at any page: the plugin failed.
        """
        call = self._call(provider, "fetch_orders")
        return pages(call, page_fault, connection=connection, cursor=cursor)

    def fetch_order(self, provider: str, connection: Connection, order_id: str) -> RawOrder:
        """Return one order as it is now.

        Raises:
            ProviderError: the service is away, refuses, or has no such order.
            PluginError: the plugin failed.
        """
        raw: RawOrder = self._call(provider, "fetch_order")(connection=connection, order_id=order_id)
        return raw

    def parse_order(self, provider: str, connection: Connection, raw: RawOrder) -> WebOrder | NotAnOrder:
        """Return the order that kept bytes say, or why they are none.

        Raises:
            PayloadError: the payload is damaged.
            PluginError: the plugin failed on it.
        """
        order: WebOrder | NotAnOrder = self._call(provider, "parse_order")(connection=connection, raw=raw)
        return order

    def receive_webhook(
        self, provider: str, connection: Connection, request: WebhookRequest
    ) -> WebhookResult:
        """Return what to fetch because of a request that the webstore sent.

        Raises:
            ProviderError: the webstore did not send it, or it cannot be read (`PayloadError`).
            PluginError: the plugin failed.
        """
        result: WebhookResult = self._call(provider, "receive_webhook")(
            connection=connection, request=request
        )
        return result

    def push_status(self, provider: str, connection: Connection, delivery: StatusDelivery) -> Receipt:
        """Tell the webstore what became of an order.

        Raises:
            ProviderError: the service is away, or refuses.
            PluginError: the plugin failed; whether the webstore heard it is not known.
        """
        receipt: Receipt = self._call(provider, "push_status")(connection=connection, delivery=delivery)
        return receipt

    def push_offers(
        self, provider: str, hook: OfferHook, connection: Connection, offers: Sequence[Offer]
    ) -> Mapping[str, Receipt]:
        """Tell the webstore of stock or prices; return the receipts by `Offer.key`.

        Raises:
            ProviderError: the service is away, or refuses the call as a whole.
            PluginError: the plugin failed; what the webstore heard is not known.
        """
        receipts: Mapping[str, Receipt] = self._call(provider, hook)(connection=connection, offers=offers)
        return receipts

    def push_snapshot(self, provider: str, connection: Connection, offers: Iterator[Offer]) -> Receipt:
        """Tell the webstore everything.

        Raises:
            ProviderError: the service is away, or refuses.
            PluginError: the plugin failed, or answers for offers that it did not read; what the webstore
                heard is not known.
        """
        call = self._call(provider, "push_snapshot")
        receipt: Receipt = call(connection=connection, offers=offers)
        if receipt.outcome in (Outcome.ACCEPTED, Outcome.PENDING) and next(offers, None) is not None:
            raise call.wrong(
                Words(
                    f"{receipt.outcome.value} without reading all offers",
                    f"모든 항목을 읽지 않은 {receipt.outcome.value}",
                )
            )
        return receipt

    def check_export(
        self, provider: str, connection: Connection, tickets: Sequence[str]
    ) -> Mapping[str, Receipt]:
        """Return what became of what was pending, by ticket.

        Raises:
            ProviderError: the service is away, or refuses.
            PluginError: the plugin failed.
        """
        receipts: Mapping[str, Receipt] = self._call(provider, "check_export")(
            connection=connection, tickets=tickets
        )
        return receipts

    def fetch_listings(
        self, provider: str, connection: Connection, cursor: str | None
    ) -> Generator[ListingPage, None, None]:
        """Yield the pages of what the webstore lists; close it as that of `fetch_orders`.

        Raises:
            ProviderError: at any page: the service is away, or refuses; what came before stays.
            PluginError: at any page: the plugin failed.
        """
        call = self._call(provider, "fetch_listings")
        return pages(call, listing_page_fault, connection=connection, cursor=cursor)

    def order_admin_url(self, provider: str, connection: Connection, order: WebOrder) -> str | None:
        """Return where staff see the order in the webstore's admin, or None where there is no such page.

        Raises:
            PluginError: the plugin failed.
        """
        if Capability.ADMIN_URL not in self.provider(provider).capabilities:
            return None
        url: str | None = self._call(provider, "order_admin_url")(connection=connection, order=order)
        return url

    @property
    def has_observers(self) -> bool:
        """Whether anybody listens to events."""
        return any(self._observers.values())

    def notify(self, events: Iterable[Event]) -> None:
        """Tell every observer, one by one, after the commit; what they raise is logged."""
        if not self.has_observers:
            return
        for event in events:
            for observer in self._observers[type(event)]:
                observer.tell(event)

    def _call(self, provider: str, hook: str) -> HookCall:
        found = self._calls.get((provider, hook))
        if found is not None:
            return found
        title = self.provider(provider).title
        needed = _CAPABILITY_OF[hook].name
        raise InputError(
            Words(
                f"{title} does not offer this: its plugin does not declare Capability.{needed}.",
                f"{title}에서는 지원하지 않는 기능입니다. "
                f"플러그인이 Capability.{needed}을(를) 선언하지 않았습니다.",
            )
        )


def _merged(builtin: Iterable[_Rule], offered: Iterable[tuple[str, Sequence[_Rule]]]) -> list[_Rule]:
    found = [(rule.rank, "", rule.name, rule) for rule in builtin]
    taken = {name for _, _, name, _ in found}
    for plugin, rules in offered:
        for rule in rules:
            if rule.name in taken:
                _log.error(
                    "plugin %r: its rule %r is left out: tillbridge has one of that name", plugin, rule.name
                )
            else:
                found.append((rule.rank, plugin, rule.name, held(plugin, rule)))
    return [rule for *_, rule in sorted(found, key=lambda one: one[:3])]

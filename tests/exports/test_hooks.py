"""The export's hooks get what they are promised, and their answers are held to the contract."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from orders import HELMET
from stub_plugins import connection, load, offering, provider
from tillbridge.events import ExportFinished
from tillbridge.model.errors import PluginError
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.listings import Listing, ListingPage
from tillbridge.model.offers import Offer
from tillbridge.provider import Capability

OFFER = Offer(key="/P1", location="", store=None, product_id="P1", title="헬멧", quantity=3)  # type: ignore[arg-type]  # no store is needed here
GOOD = Receipt(Outcome.ACCEPTED)
CHANGES = frozenset({Capability.INVENTORY, Capability.PRICES})
WHOLE = frozenset({Capability.SNAPSHOT, Capability.EXPORT_CHECK})


def _changes(answer: Any, heard: list[Any] | None = None) -> Any:
    def hook(connection: Any, offers: Any) -> Any:
        if heard is not None:
            heard.append(offers)
        return answer

    return load(a=offering(provider(capabilities=CHANGES), push_inventory=hook, push_prices=hook))


def _whole(snapshot: Callable[..., Any], check: Callable[..., Any]) -> Any:
    made = offering(provider(capabilities=WHOLE), push_snapshot=snapshot, check_export=check)
    return load(a=made)


def test_hook_push_inventory_reaches_the_plugin() -> None:
    heard: list[Any] = []
    receipts = _changes({"/P1": GOOD}, heard).push_offers("stub", "push_inventory", connection(), [OFFER])

    assert ({"/P1": GOOD}, [[OFFER]]) == (receipts, heard)


def test_hook_push_prices_reaches_the_plugin() -> None:
    heard: list[Any] = []
    receipts = _changes({}, heard).push_offers("stub", "push_prices", connection(), [OFFER])

    assert ({}, [[OFFER]]) == (receipts, heard)


def test_hook_push_snapshot_reaches_the_plugin() -> None:
    heard: list[Offer] = []

    def snapshot(connection: Any, offers: Any) -> Receipt:
        heard.extend(offers)
        return GOOD

    loaded = _whole(snapshot, lambda connection, tickets: {})

    assert GOOD == loaded.push_snapshot("stub", connection(), iter([OFFER]))
    assert [OFFER] == heard


def test_hook_check_export_reaches_the_plugin() -> None:
    loaded = _whole(lambda connection, offers: GOOD, lambda connection, tickets: dict.fromkeys(tickets, GOOD))

    assert {"T1": GOOD} == loaded.check_export("stub", connection(), ["T1"])


@pytest.mark.parametrize("answer", [None, [], {"/P1": "accepted"}, {7: GOOD}, {"/P1": Receipt("yes")}])  # type: ignore[arg-type]  # that is the point
def test_receipts_of_another_kind_are_a_fault_of_the_plugin(answer: Any) -> None:
    with pytest.raises(PluginError, match="push_inventory"):
        _changes(answer).push_offers("stub", "push_inventory", connection(), [OFFER])


def test_a_plugin_that_fails_leaves_everything_due(make_front: Any) -> None:
    front = make_front()
    front.rule()

    def fail(_: Offer) -> Receipt:
        raise KeyError(HELMET)

    front.webstore.answer = fail
    (result,) = front.engine.export("web")

    assert "push_inventory" in result.trouble.en
    assert 2 == len(front.engine.export_items("web"))


def test_receipts_may_be_any_mapping() -> None:
    class Receipts(dict[str, Receipt]):
        """A plugin's own."""

    answer: Mapping[str, Receipt] = Receipts({"/P1": GOOD})

    assert answer == _changes(answer).push_offers("stub", "push_inventory", connection(), [OFFER])


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.PENDING])
def test_a_plugin_that_answers_for_offers_that_it_did_not_read_has_failed(outcome: Outcome) -> None:
    def snapshot(connection: Any, offers: Any) -> Receipt:
        next(offers)
        return Receipt(outcome, ticket="T1")

    loaded = _whole(snapshot, lambda connection, tickets: {})

    with pytest.raises(PluginError, match="without reading all offers"):
        loaded.push_snapshot("stub", connection(), iter([OFFER, OFFER]))


def test_a_plugin_may_refuse_without_reading_everything() -> None:
    refused = Receipt(Outcome.REFUSED)
    loaded = _whole(lambda connection, offers: refused, lambda connection, tickets: {})

    assert refused == loaded.push_snapshot("stub", connection(), iter([OFFER]))


@pytest.mark.parametrize("answer", [Receipt(Outcome.REFUSED, "no"), Receipt(Outcome.PENDING, ticket=7)])  # type: ignore[arg-type]  # that is the point
def test_words_and_tickets_of_another_kind_are_a_fault_of_the_plugin(answer: Any) -> None:
    with pytest.raises(PluginError, match="push_inventory"):
        _changes({"/P1": answer}).push_offers("stub", "push_inventory", connection(), [OFFER])


LISTING = Listing(id="L1")


def _lists(*pages: Any) -> Any:
    lists = frozenset({Capability.LISTINGS})
    made = offering(provider(capabilities=lists), fetch_listings=lambda connection, cursor: iter(pages))
    return load(a=made)


def test_hook_fetch_listings_reaches_the_plugin() -> None:
    page = ListingPage([LISTING], "2")

    assert [page] == list(_lists(page).fetch_listings("stub", connection(), None))


@pytest.mark.parametrize("page", [[LISTING], ListingPage([7]), ListingPage([LISTING], 7), ListingPage("L1")])  # type: ignore[list-item, arg-type]  # that is the point
def test_pages_of_another_kind_are_a_fault_of_the_plugin(page: Any) -> None:
    with pytest.raises(PluginError, match="fetch_listings"):
        list(_lists(page).fetch_listings("stub", connection(), None))


def test_hook_export_finished_hears_what_was_told(make_front: Any) -> None:
    heard: list[Any] = []
    front = make_front()
    front.rule()
    front.engine.context.plugins._observers[ExportFinished].append(_Observer(heard))
    front.export()
    front.export()

    assert [(2, 0, None)] == [(one.accepted, one.refused, one.trouble) for one in heard]


class _Observer:
    def __init__(self, heard: list[Any]) -> None:
        self.heard = heard

    def tell(self, event: Any) -> None:
        self.heard.append(event)

"""Fixtures of the webhooks' tests: a shop whose webstore has an address to knock at."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from shop import STAFF, Shop
from tillbridge.model.webhooks import Headers, WebhookRequest
from tillbridge.webhooks import Received

TOKEN = "open sesame"


@dataclass
class Door:
    """The address of the connection "web", and somebody who knocks there."""

    shop: Shop
    path: str

    @property
    def token(self) -> str:
        return self.path.rpartition("/")[2]

    def request(
        self, *orders: str, event: str | None = None, token: str = TOKEN, **more: Any
    ) -> WebhookRequest:
        body = more.get("body", json.dumps({"event": event, "orders": orders}).encode())
        return WebhookRequest(
            method="POST",
            headers=Headers([("Memory-Token", token)]),
            body=body,
            received_at=self.shop.clock.now(),
        )

    def knock(self, *orders: str, **more: Any) -> Received:
        """Send a webhook that names these orders."""
        return self.shop.engine.receive_webhook(more.pop("at", self.token), self.request(*orders, **more))

    def fetch(self) -> int:
        """Fetch what is due; return how many orders that were."""
        return sum(one.fetched for one in self.shop.engine.fetch_heard())


@pytest.fixture
def door(shop: Shop) -> Door:
    """The address of the shop's webstore, a second after it was made."""
    made = shop.engine.open_webhook("web", STAFF.who)
    shop.clock.advance(1)
    return Door(shop, made.path)

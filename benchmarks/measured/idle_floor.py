"""The bare request that an idle poll cannot do without: the same address, one pooled client, JSON read."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx

from benchmarks import goods
from benchmarks.scene import PAGE, Place


@contextmanager
def ready(place: Place) -> Iterator[Callable[[], int]]:
    """Open a client; the work asks `limit` times for what comes after the last order."""
    params = {
        "company_id": "4711",
        "after_updated_at": (goods.FIRST_ORDER + timedelta(days=1)).isoformat(),
        "after_hash": goods.order_hash(10**6),
        "limit": str(PAGE),
    }
    with httpx.Client(base_url=place.webstore_url) as client:

        def ask() -> int:
            answer = client.get("/api/v2/orders", params=params)
            return len(json.loads(answer.content)["data"]["orders"])

        ask()
        yield lambda: sum(ask() for _ in range(place.limit))

"""django-oscar in a process of its own: its shoppers, and its staff."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import own_environments

HELMET, PUMP, BELL = 1, 2, 3
STAFF = {"user": "staff", "password": "staff-password-1"}
_SHOP = Path(__file__).with_name("webshop.py")
_PATIENCE = 60.0


class Oscar:
    """A running shop.

    Attributes:
        url: its address.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._staff = httpx.Client(
            base_url=f"{url}/api/",
            auth=(STAFF["user"], STAFF["password"]),
            timeout=_PATIENCE,
            trust_env=False,
        )

    def order(self, goods: Mapping[int, int], email: str = "ada@example.com") -> dict[str, Any]:
        """Let a guest order these pieces of products, through the shop's own API; return the order."""
        with httpx.Client(base_url=f"{self.url}/api/", timeout=_PATIENCE, trust_env=False) as guest:
            for product, pieces in goods.items():
                line = {"url": f"{self.url}/api/products/{product}/", "quantity": pieces}
                guest.post("basket/add-product/", json=line).raise_for_status()
            address = {
                "country": f"{self.url}/api/countries/KR/",
                "title": "Ms",
                "first_name": "Ada",
                "last_name": "Byron",
                "line1": "1 Street",
                "line4": "Seoul",
                "state": "",
                "postcode": "04524",
                "phone_number": "+82 2 2133 7000",
            }
            basket = guest.get("basket/").json()["url"]
            given = {"basket": basket, "guest_email": email, "shipping_address": address}
            answer = guest.post("checkout/", json=given)
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made

    def set_status(self, order: Mapping[str, Any], status: str) -> None:
        """Let staff set an order's status, as in the dashboard."""
        given = {"number": order["number"], "status": status}
        self._staff.post(f"{self.url}/staff/status/", json=given).raise_for_status()

    def stock(self, product: int) -> dict[str, Any]:
        """Return what the shop says of a product's stock and price."""
        found: dict[str, Any] = self._staff.get(f"admin/stockrecords/{product}/").json()
        return found

    def close(self) -> None:
        self._staff.close()


def id_of(order: Mapping[str, Any]) -> str:
    """Return the ID by which the API knows an order."""
    return str(order["url"]).rstrip("/").rpartition("/")[2]


@contextmanager
def running(place: Path) -> Iterator[Oscar]:
    """Run a shop of its own until the end of the block; skip or fail where it cannot be had."""
    try:
        interpreter = own_environments.python("oscar")
    except own_environments.NoEnvironmentError as error:
        if os.environ.get(own_environments.REQUIRED):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    process = subprocess.Popen(
        [interpreter, "-I", "-W", "ignore", _SHOP, place / "oscar.sqlite3"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    shop = None
    try:
        shop = Oscar(f"http://127.0.0.1:{int(process.stdout.readline())}")
        yield shop
    finally:
        if shop is not None:
            shop.close()
        process.stdin.close()
        process.wait(_PATIENCE)
        process.stdout.close()

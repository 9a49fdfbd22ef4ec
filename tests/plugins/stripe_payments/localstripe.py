"""localstripe in a process of its own, and the webstore whose customers pay there."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import own_environments

KEY = "sk_test_51Tillbridge"
FINE = "4242424242424242"
CONFIRMED_BY_CUSTOMER = "4000002500003155"
DECLINED = "4000000000000341"
_SERVER = Path(__file__).with_name("localstripe_server.py")
_PATIENCE = 20.0


class Webstore:
    """Begins payments, as a webstore does.

    Attributes:
        url: localstripe's address.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {KEY}"}, timeout=_PATIENCE, trust_env=False
        )

    def pay(self, card: str = FINE, amount: int = 89_000, *, hold: bool = True) -> str:
        """Let a customer pay; return the payment, declined or not."""
        details = {"number": card, "exp_month": "12", "exp_year": "2030", "cvc": "123"}
        method = self._post("/v1/payment_methods", {"type": "card"} | _inside("card", details)).json()
        begun = self._post(
            "/v1/payment_intents",
            {
                "amount": str(amount),
                "currency": "krw",
                "capture_method": "manual" if hold else "automatic",
                "payment_method": method["id"],
                "metadata[order_id]": "1001",
            },
        ).json()
        number: str = begun["id"]
        self._post(f"/v1/payment_intents/{number}/confirm", {})
        return number

    def confirm(self, number: str, *, success: bool) -> None:
        """Let the customer confirm a payment with the bank, or fail to."""
        secret = self._http.get(f"/v1/payment_intents/{number}").json()["client_secret"]
        form = {"client_secret": secret, "success": str(success).lower()}
        self._post(f"/v1/payment_intents/{number}/_authenticate", form)

    def listen(self, url: str, secret: str) -> None:
        """Let events be sent to an address, signed with a secret."""
        self._post("/_config/webhooks/shop", {"url": url, "secret": secret}).raise_for_status()

    def close(self) -> None:
        self._http.close()

    def _post(self, path: str, form: dict[str, Any]) -> httpx.Response:
        return self._http.post(path, data=form)


def _inside(name: str, fields: dict[str, str]) -> dict[str, str]:
    return {f"{name}[{field}]": value for field, value in fields.items()}


@contextmanager
def running() -> Iterator[Webstore]:
    """Run localstripe until the end of the block; skip or fail where it cannot be had."""
    try:
        interpreter = own_environments.python("localstripe")
    except own_environments.NoEnvironmentError as error:
        if os.environ.get(own_environments.REQUIRED):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    process = subprocess.Popen(
        [interpreter, "-I", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    webstore = None
    try:
        webstore = Webstore(f"http://127.0.0.1:{int(process.stdout.readline())}")
        yield webstore
    finally:
        if webstore is not None:
            webstore.close()
        process.stdin.close()
        process.wait(_PATIENCE)
        process.stdout.close()

"""A shopper who uses Locally's own JavaScript SDK, unchanged, in a Node process."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tillbridge_locally.sandbox.process import Sandbox

PROGRAM = Path(__file__).parent / "sdk" / "shopper.mjs"
ROOT = "/headless/api/1.0"
SESSION = "Locally-Api-Session-Id"


class Sdk:
    """The SDK's client: each call is made by it, and answered as it answers."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def call(
        self, area: str, verb: str, call: str, params: dict[str, Any] | None = None, *, session: str = ""
    ) -> dict[str, Any]:
        """Return what `client.area().verb(call, params, headers)` resolves to; `thrown` where it throws."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        headers = {SESSION: session} if session else {}
        asked = {"area": area, "verb": verb, "call": call, "params": params or {}, "headers": headers}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def get(self, area: str, call: str, params: dict[str, Any] | None = None, **more: str) -> dict[str, Any]:
        """Ask, and return the data."""
        return self._good(self.call(area, "get", call, params, **more))

    def post(self, area: str, call: str, params: dict[str, Any] | None = None, **more: str) -> dict[str, Any]:
        """Do, and return the data."""
        return self._good(self.call(area, "post", call, params, **more))

    @staticmethod
    def _good(said: dict[str, Any]) -> dict[str, Any]:
        assert said.get("success") is True, said
        return dict(said["data"])


class Shopper:
    """Somebody with a session."""

    def __init__(self, sdk: Sdk) -> None:
        self.sdk = sdk
        self.session = str(sdk.get("session", "session")["session"]["id"])

    def add(self, upc: str, *, hold: bool = False, **more: Any) -> dict[str, Any]:
        """Put a product of the shop's store into the cart, to buy or (`hold`) to reserve."""
        params = {"store_id": 20301, "upc": upc, "host_domain": "www.example.com", **more}
        return self.get("cart", "add", params | ({"hold": "true"} if hold else {}))

    def order(self, order_hash: str, **more: Any) -> dict[str, Any]:
        """Order a cart, as 김하늘."""
        who = {"full_name": "김하늘", "email": "haneul.kim@example.com", "phone": "010-0000-1001"}
        return self.post("cart", "order", {"hash": order_hash, **who, **more})

    def get(self, area: str, call: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask in this session."""
        return self.sdk.get(area, call, params, session=self.session)

    def post(self, area: str, call: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Do in this session."""
        return self.sdk.post(area, call, params, session=self.session)

    def refused(self, area: str, verb: str, call: str, params: dict[str, Any]) -> dict[str, Any]:
        """Do what is refused, and return Locally's own answer."""
        said = self.sdk.call(area, verb, call, params, session=self.session)
        assert said.get("success") is False, said
        return dict(said["data"])


@contextmanager
def sdk_on(sandbox: Sandbox, folder: Path, *, token: str | None = None) -> Iterator[Sdk]:
    """Start the SDK on a sandbox, and end it with the block.

    Args:
        sandbox: where it shops.
        folder: holds the SDK (`node_sdk.installed`).
        token: the API key; by default the sandbox's.
    """
    process = subprocess.Popen(
        ["node", str(PROGRAM), str(folder), token or sandbox.secrets["api_token"], sandbox.url + ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        # A proxy for the world outside must not be asked for this machine.
        env=os.environ | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
    )
    try:
        yield Sdk(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(20)
        process.stdout.close()

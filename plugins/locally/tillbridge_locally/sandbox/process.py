"""Starts the sandbox as a process of its own and takes it down again: for tests and demonstrations."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

_PATIENCE: Final = 20.0


class SandboxError(Exception):
    """The sandbox did not start, or did not do what was asked; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """A running sandbox.

    Attributes:
        url: its address.
        settings: the connection's settings for it, without secrets.
        secrets: the connection's secrets, by field.
        control: a client of its control door; the paths begin with `/sandbox`.
        situations: which order (by hash) stands for which situation at the start.
    """

    url: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    control: httpx.Client = field(repr=False)
    situations: Mapping[str, str]
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def do(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the control door.

        Raises:
            SandboxError: it refused; the message is its answer.
        """
        response = self.control.request(method, path, json={} if body is None else body)
        if response.is_error:
            raise SandboxError(f"{method} {path}: {response.status_code} {response.text}")
        return response.json()

    def reset(self, *, orders: int | None = None, seed: int = 1) -> None:
        """Begin anew with `orders` orders (None: one of each situation), and without faults."""
        self.do("POST", "/sandbox/reset", {"orders": orders, "seed": seed})

    def place(self, **wish: Any) -> str:
        """Place an order (see README.md) and return its hash."""
        return str(self.do("POST", "/sandbox/orders", wish)["hash"])

    def change(self, order_hash: str, **what: Any) -> None:
        """Change an order: `cart` fields, `items` by position, `updated_at`."""
        self.do("PATCH", f"/sandbox/orders/{order_hash}", what)

    def fault(self, kind: str, **parts: Any) -> None:
        """Let the next requests that it fits go wrong: a kind of `tillbridge.testing.faults`, its parts."""
        self.do("POST", "/sandbox/faults", {"kind": kind, **parts})

    def behave(self, **quirks: Any) -> None:
        """Be odd in these ways (`sandbox/quirks.py`), and in no other."""
        self.do("PUT", "/sandbox/quirks", quirks)

    def turn(self, *, open_: bool) -> None:
        """Close Locally's port, so that connections are refused, or open it again."""
        self.do("PUT", "/sandbox/port", {"open": open_})

    def recover(self) -> None:
        """Let everything be well again: no faults, no quirks, the port open."""
        self.do("DELETE", "/sandbox/faults")
        self.behave()
        self.turn(open_=True)

    def order(self, order_hash: str) -> dict[str, Any]:
        """Return what Locally believes about an order."""
        found = {one["hash"]: one for one in self.do("GET", "/sandbox/orders")["orders"]}
        return dict(found[order_hash])

    def stop(self) -> None:
        """End the process and wait until it has ended."""
        self.control.close()
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def start(*, catalogue: Path, customers: Path, options: Sequence[str] = ()) -> Iterator[Sandbox]:
    """Start a sandbox for a shop's files, and end it with the block.

    Args:
        catalogue: the shop's product file.
        customers: the shop's customer file.
        options: further options of its command line.

    Raises:
        SandboxError: it ended before it was ready; what it said stands on the standard error.
    """
    files = ["--catalogue", str(catalogue), "--customers", str(customers)]
    process = subprocess.Popen(  # noqa: S603  # our own module, by our own interpreter
        [sys.executable, "-m", "tillbridge_locally.sandbox", *files, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.communicate()
        raise SandboxError(f"the sandbox ended at once with code {process.returncode}")
    sandbox = _said(json.loads(line), process)
    try:
        yield sandbox
    finally:
        sandbox.stop()


def _said(hello: Mapping[str, Any], process: "subprocess.Popen[bytes]") -> Sandbox:
    """Make the handle from what the process said when it was ready."""
    control = httpx.Client(
        base_url=hello["control_url"],
        headers={"Authorization": f"Bearer {hello['control_token']}"},
        timeout=_PATIENCE,
        trust_env=False,
    )
    names = ("url", "settings", "secrets", "situations")
    return Sandbox(**{name: hello[name] for name in names}, control=control, process=process)

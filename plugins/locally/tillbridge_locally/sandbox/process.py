"""Starts the sandbox as a process of its own and takes it down again: for tests and demonstrations."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tillbridge.testing.process import SandboxError, SandboxProcess, started

__all__ = ["Sandbox", "SandboxError", "start"]


@dataclass(frozen=True, kw_only=True)
class Sandbox(SandboxProcess):
    """A running sandbox of Locally."""

    @property
    def situations(self) -> Mapping[str, str]:
        """Which order (by hash) stands for which situation at the start."""
        return dict(self.hello["situations"])

    @property
    def feed_settings(self) -> Mapping[str, str]:
        """What a connection needs to feed it, without secrets; it was started with `--sftp` or `--feeds`."""
        return dict(self.hello["feeds"]["settings"])

    @property
    def feed_secrets(self) -> Mapping[str, str]:
        """The secrets that a connection needs to feed it."""
        return dict(self.hello["feeds"]["secrets"])

    def feeds(self) -> dict[str, Any]:
        """Return what each store was fed, how old it is, and what is wrong with which file."""
        return dict(self.do("GET", "/sandbox/feeds"))

    def reset(self, *, orders: int | None = None, seed: int = 1) -> None:
        """Begin anew with `orders` orders (None: one of each situation), and without faults."""
        self.do("POST", "/sandbox/reset", {"orders": orders, "seed": seed})

    def place(self, **wish: Any) -> str:
        """Place an order (see README.md) and return its hash."""
        return str(self.do("POST", "/sandbox/orders", wish)["hash"])

    def change(self, order_hash: str, **what: Any) -> None:
        """Change an order: `cart` fields, `items` by position, `updated_at`."""
        self.do("PATCH", f"/sandbox/orders/{order_hash}", what)

    def behave(self, **quirks: Any) -> None:
        """Be odd in these ways (`sandbox/quirks.py`), and in no other."""
        self.do("PUT", "/sandbox/quirks", quirks)

    def recover(self) -> None:
        """Let everything be well again: no faults, no quirks, the port open."""
        super().recover()
        self.behave()

    def hook(self, **hooks: Any) -> None:
        """Say where webhooks go, and what goes wrong with them (`tillbridge.testing.webhooks.Hooks`)."""
        self.do("PUT", "/sandbox/webhooks", hooks)

    def sent(self) -> list[dict[str, Any]]:
        """Return the webhooks so far: each event, and what its tries were answered."""
        return list(self.do("GET", "/sandbox/webhooks")["sent"])

    def order(self, order_hash: str) -> dict[str, Any]:
        """Return what Locally believes about an order."""
        found = {one["hash"]: one for one in self.do("GET", "/sandbox/orders")["orders"]}
        return dict(found[order_hash])


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
    with started(Sandbox, "tillbridge_locally.sandbox", [*files, *options]) as sandbox:
        yield sandbox

"""Starts a sandbox as a process of its own and takes it down again: for tests and demonstrations."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import httpx

_PATIENCE: Final = 20.0
_Kind = TypeVar("_Kind", bound="SandboxProcess")


class SandboxError(Exception):
    """The sandbox did not start, or did not do what was asked; the message says why."""


@dataclass(frozen=True, kw_only=True)
class SandboxProcess:
    """A running sandbox, as its ready line (`tillbridge.testing.serving`) describes it.

    Attributes:
        url: its address.
        settings: the connection's settings for it, without secrets.
        secrets: the connection's secrets, by field.
        control: a client of its control door; the paths begin with `/sandbox`.
        hello: its whole ready line.
    """

    url: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    control: httpx.Client = field(repr=False)
    process: "subprocess.Popen[bytes]" = field(repr=False)
    hello: Mapping[str, Any] = field(repr=False)

    def do(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the control door.

        Raises:
            SandboxError: it refused; the message is its answer.
        """
        response = self.control.request(method, path, json={} if body is None else body)
        if response.is_error:
            raise SandboxError(f"{method} {path}: {response.status_code} {response.text}")
        return response.json()

    def fault(self, kind: str, **parts: Any) -> None:
        """Let the next requests that it fits go wrong: a kind of `tillbridge.testing.faults`, its parts."""
        self.do("POST", "/sandbox/faults", {"kind": kind, **parts})

    def turn(self, *, open_: bool) -> None:
        """Close the service's port, so that connections are refused, or open it again."""
        self.do("PUT", "/sandbox/port", {"open": open_})

    def recover(self) -> None:
        """Let everything be well again: no faults, the port open."""
        self.do("DELETE", "/sandbox/faults")
        self.turn(open_=True)

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
def started(kind: type[_Kind], module: str, options: Sequence[str] = ()) -> Iterator[_Kind]:
    """Start a sandbox, and end it with the block.

    Args:
        kind: what to make of it: `SandboxProcess`, or what a sandbox inherits from it.
        module: run as `python -m module`.
        options: its command line.

    Raises:
        SandboxError: it ended before it was ready; what it said stands on the standard error.
    """
    process = subprocess.Popen(  # noqa: S603  # an installed module, by our own interpreter
        [sys.executable, "-m", module, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.communicate()
        raise SandboxError(f"the sandbox ended at once with code {process.returncode}")
    sandbox = _said(kind, json.loads(line), process)
    try:
        yield sandbox
    finally:
        sandbox.stop()


def _said(kind: type[_Kind], hello: Mapping[str, Any], process: "subprocess.Popen[bytes]") -> _Kind:
    """Make the handle from what the process said when it was ready."""
    control = httpx.Client(
        base_url=hello["control_url"],
        headers={"Authorization": f"Bearer {hello['control_token']}"},
        timeout=_PATIENCE,
        trust_env=False,
    )
    names = ("url", "settings", "secrets")
    return kind(**{name: hello[name] for name in names}, control=control, process=process, hello=hello)

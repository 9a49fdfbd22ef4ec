"""Runs a provider's sandbox as a process of its own: the core knows its module and one line of JSON."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Final

from tillbridge.model.errors import InputError, Misconfigured
from tillbridge.model.words import Words
from tillbridge.plugins import Plugins
from tillbridge.provider import Provider

_START_SECONDS: Final = 60.0
_END_SECONDS: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class RunningSandbox:
    """A sandbox that answers.

    Attributes:
        url: its address.
        settings: what a connection to it is made of, as text; where its files go, if it takes some.
        secrets: its secrets.
        page: where a person can order in a browser; "" where it has no such page.
    """

    url: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    page: str = ""


def provider_with_sandbox(plugins: Plugins) -> Provider:
    """Return the first installed provider that has a sandbox.

    Raises:
        InputError: none has.
    """
    for provider in plugins.providers.values():
        if provider.sandbox:
            return provider
    raise InputError(
        Words(
            "No installed provider has a sandbox. See `tillbridge providers`.",
            "샌드박스가 있는 제공자가 설치되어 있지 않습니다. `tillbridge providers`로 확인해 주세요.",
        )
    )


@contextmanager
def running(module: str, options: Sequence[str]) -> Iterator[RunningSandbox]:
    """Start a sandbox, wait until it answers, and end it with the block.

    Raises:
        Misconfigured: it did not start; the message has its last words.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and an installed module
            [sys.executable, "-m", module, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            # Ctrl-C is ours: the sandbox ends when its standard input closes.
            start_new_session=True,
        )
        try:
            yield _hello(module, process, said)
        finally:
            _end(process)


def _hello(module: str, process: "subprocess.Popen[bytes]", said: IO[str]) -> RunningSandbox:
    assert process.stdout is not None
    patience = threading.Timer(_START_SECONDS, process.kill)
    patience.start()
    try:
        line = process.stdout.readline()
    finally:
        patience.cancel()
    if not line:
        process.wait()
        raise Misconfigured(_did_not_start(module, said))
    hello: dict[str, Any] = json.loads(line)
    feeds = hello.get("feeds") or {"settings": {}, "secrets": {}}
    return RunningSandbox(
        url=str(hello["url"]),
        settings={
            name: _as_text(value) for name, value in {**hello["settings"], **feeds["settings"]}.items()
        },
        secrets={name: str(value) for name, value in {**hello["secrets"], **feeds["secrets"]}.items()},
        page=str(hello.get("page", "")),
    )


def _did_not_start(module: str, said: IO[str]) -> Words:
    said.seek(0)
    last = (said.read().strip().splitlines() or ["?"])[-1]
    return Words(
        f"The sandbox {module} did not start: {last} (it needs `pip install tillbridge[sandbox]`)",
        f"샌드박스 {module}을(를) 시작하지 못했습니다: {last} "
        "(`pip install tillbridge[sandbox]`가 필요합니다)",
    )


def _as_text(value: Any) -> str:
    """Write a setting as a command line would."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _end(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()

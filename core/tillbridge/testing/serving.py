"""Serves a sandbox until its standard input closes, and says in one line of JSON when it is ready."""

import json
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

import uvicorn

from tillbridge.testing.door import HOST, Port
from tillbridge.testing.faults import App


def serve(app: App, port: Port, hello: Callable[[str, str], Mapping[str, Any]]) -> None:
    """Serve the service on its port and the control door on another one, until the standard input closes.

    It ends by SIGTERM too, so that a sandbox never outlives who started it.

    Args:
        app: both doors; it is served on both ports, and dates its own answers (`DatedDoor`).
        port: the service's own.
        hello: given both addresses, returns what is printed when both answer: at least `url`, `settings`,
            `secrets`, `control_url` and `control_token`.
    """
    port.app = app
    listening = socket.create_server((HOST, 0))
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, ws="none", lifespan="on", date_header=False
    )
    control = f"http://{HOST}:{listening.getsockname()[1]}"
    server = _Server(config, port, hello(f"http://{HOST}:{port.number}", control))
    threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
    server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """Serves the control door beside the service's port, and says that it is ready once both are."""

    def __init__(self, config: uvicorn.Config, port: Port, hello: Mapping[str, Any]) -> None:
        super().__init__(config)
        self._port = port
        self._hello = hello

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._port.close()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        await self._port.open()
        print(json.dumps(self._hello, ensure_ascii=False), flush=True)  # noqa: T201  # the answer to who started it


def _end_with_stdin(server: uvicorn.Server) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    server.should_exit = True

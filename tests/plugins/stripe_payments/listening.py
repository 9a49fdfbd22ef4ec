"""A web server of a shop's that keeps what is sent to it, to be looked at."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from serving import answering
from tillbridge.plugin import Headers, WebhookRequest


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: queue.Queue[WebhookRequest] = queue.Queue()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, _Server)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.server.heard.put(
            WebhookRequest(
                method="POST",
                headers=Headers(self.headers.items()),
                body=body,
                received_at=datetime.now(UTC),
            )
        )

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def listening() -> Iterator[tuple[str, "queue.Queue[WebhookRequest]"]]:
    """Yield the server's address, and what comes there."""
    with _Server() as server, answering(server):
        yield f"http://127.0.0.1:{server.server_port}/", server.heard

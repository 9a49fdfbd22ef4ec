"""A web service that answers exactly the bytes that a test gives it, over real HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer


class ExactServer(ThreadingHTTPServer):
    """Answers every GET with `content`."""

    daemon_threads = True
    content = b"{}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer's body waits 40 ms for its headers to be acknowledged

    def do_GET(self) -> None:
        assert isinstance(self.server, ExactServer)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.content)))
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def serving() -> Iterator[ExactServer]:
    """Serve on a free port of this computer, until the end of the block."""
    with ExactServer(("127.0.0.1", 0), _Handler) as server, answering(server):
        yield server


@contextmanager
def answering(server: BaseServer) -> Iterator[None]:
    """Let a server answer in a thread, until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()

"""A web server that takes uploads, of a whole file or of none, from whom it knows."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from serving import answering


class UploadServer(ThreadingHTTPServer):
    """Keeps what it takes in `files`, by path; `answers` are statuses given before it takes anything."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.heard: list[tuple[str, dict[str, str]]] = []
        self.answers: list[int] = []
        self.right = "Basic " + base64.b64encode(b"shop:open-sesame").decode()
        self.listed = 404

    @property
    def address(self) -> str:
        return f"http://shop@127.0.0.1:{self.server_port}/in/"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: UploadServer

    def do_GET(self) -> None:
        self._answer(self.server.listed if self._may() else 401)

    def do_PUT(self) -> None:
        size = int(self.headers["Content-Length"])
        content = self.rfile.read(size)
        self.server.heard.append((f"{self.command} {self.path}", dict(self.headers)))
        if not self._may():
            self._answer(401)
        elif self.server.answers:
            self._answer(self.server.answers.pop(0))
        else:
            self.server.files[self.path] = content
            self._answer(201)

    def do_POST(self) -> None:
        self.do_PUT()

    def _may(self) -> bool:
        return self.headers.get("Authorization") == self.server.right

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def taking_uploads() -> Iterator[UploadServer]:
    """Serve on a free port of this computer, until the end of the block."""
    with UploadServer() as server, answering(server):
        yield server

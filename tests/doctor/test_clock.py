"""A clock that is ahead or behind: of webstores, of the database server, of what is stored."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from stub_plugins import Settings, offering, provider
from tillbridge import plugins
from tillbridge.http import HttpClient, HttpSettings
from tillbridge.model.exchange import ConnectionCheck
from tillbridge.provider import Capability
from tillbridge.testing.clock import FrozenClock


@contextmanager
def dated(moment: datetime, **headers: str) -> Iterator[str]:
    """Serve a webstore whose clock shows `moment`."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def date_time_string(self, timestamp: Any = None) -> str:
            return format_datetime(moment, usegmt=True)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def shop_at(address: str) -> plugins.Plugins:
    """A webstore whose check asks one page of a real server."""

    def check_connection(connection: Any) -> ConnectionCheck:
        connection.http.get("/")
        return ConnectionCheck(account="a")

    def reach(_: Settings) -> HttpSettings:
        return HttpSettings(base_url=address, service="Stub")

    offered = provider(http=reach, capabilities=frozenset({Capability.CHECK}))
    return plugins.load([], extra={"stub": offering(offered, check_connection=check_connection)})


@pytest.mark.parametrize(
    ("ahead", "seen", "said"),
    [
        (timedelta(seconds=20), set(), ""),
        (timedelta(minutes=3), {"clock.webstore"}, "3 minutes behind the webstore's of web"),
        (-timedelta(minutes=3), {"clock.webstore"}, "3 minutes ahead of the webstore's of web"),
        (timedelta(hours=9), {"clock.webstore_far"}, "9 hours behind"),
    ],
)
def test_a_webstores_clock_is_compared_by_the_answer_to_its_check(in_file, ahead, seen, said):
    with dated(in_file.clock.now() + ahead) as address:
        in_file.sql("DELETE FROM connections")
        in_file.plugins = shop_at(address)
        in_file.connect(provider="stub")
        found = in_file.examined()

    assert seen == {one.code for one in found.findings}
    assert all(said in one.wrong.en for one in found.findings)


def test_an_answer_from_a_cache_says_nothing_of_the_time(clock):
    with dated(clock.now() - timedelta(hours=1), Age="3600") as address:
        client = HttpClient(HttpSettings(base_url=address, service="Stub"), clock=clock)
        client.get("/")
        client.close()

    assert client.service_ahead is None


def test_a_date_that_is_none_says_nothing_of_the_time(clock):
    client = HttpClient(HttpSettings(base_url="https://x.example", service="Stub"), clock=clock)
    client._health.dated({"Date": "yesterday"})
    client.close()

    assert client.service_ahead is None


def test_the_database_servers_clock_is_compared(on_server):
    ahead = FrozenClock(datetime.now(UTC) + timedelta(hours=2))

    found = on_server.finding("clock.database", on_server.options(clock=ahead))

    assert "ahead of the database server's" in found.wrong.en


def test_a_clock_that_jumped_back_is_found(patient):
    patient.sell()
    back = FrozenClock(patient.clock.now() - timedelta(days=3))

    found = patient.finding("clock.behind", patient.options(clock=back))

    assert "3 days behind what is stored" in found.wrong.en
    assert "orders do not arrive" in found.means.en


def test_a_time_zone_that_this_computer_lacks_is_found(patient):
    patient.sql("UPDATE pos_stores SET document = replace(document, 'Asia/Seoul', 'Mars/Olympus')")

    assert "Mars/Olympus" in patient.finding("clock.zone").wrong.en

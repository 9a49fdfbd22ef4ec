"""Serves the orders in a process of its own, as cheaply as Python can: pages that lie ready in memory.

It speaks the calls of Locally's contract that an import needs. A page without orders, which an idle poll
meets, takes 5 ms.
"""

import argparse
import asyncio
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Final

from benchmarks import goods

IDLE_SECONDS: Final = 0.005
_AFTER: Final = re.compile(rb"after_hash=H?(\d*)")
_LIMIT: Final = re.compile(rb"limit=(\d+)")
# A page without orders is shorter than this, and one order is longer.
_EMPTY: Final = 200
_COMPANY: Final = b'{"success":true,"data":{"id":"4711","name":"Bench","stores":[{"id":"1"}]}}'
# Pages of this many orders are kept in memory; a larger shop's are made as they are asked for.
_KEPT_PAGES: Final = 512

Pages = Callable[[int, int], bytes]


def _pages(count: int, scale: goods.Scale) -> Pages:
    server_time = (goods.FIRST_ORDER + timedelta(days=7)).isoformat()

    @lru_cache(maxsize=_KEPT_PAGES)
    def page(start: int, size: int) -> bytes:
        numbers = range(start, min(start + size, count))
        more = b"true" if numbers and numbers[-1] + 1 < count else b"false"
        head = b'{"success":true,"data":{"server_time":"' + server_time.encode() + b'","more":' + more
        return head + b',"orders":[' + b",".join(goods.order(one, scale) for one in numbers) + b"]}}"

    return page


async def _serve(pages: Pages, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            line = head.partition(b"\r\n")[0]
            body = _answer(pages, line)
            if len(body) < _EMPTY:
                await asyncio.sleep(IDLE_SECONDS)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
                + body
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _answer(pages: Pages, line: bytes) -> bytes:
    if b"/company/" in line:
        return _COMPANY
    after, limit = _AFTER.search(line), _LIMIT.search(line)
    start = int(after[1]) + 1 if after and after[1] else 0
    return pages(start, int(limit[1]) if limit else 50)


async def _run(count: int, page: int, scale: goods.Scale) -> None:
    pages = _pages(count, scale)
    if count // page < _KEPT_PAGES:
        for numbers in goods.pages(count, page):
            pages(numbers.start, page)
    server = await asyncio.start_server(lambda r, w: _serve(pages, r, w), "127.0.0.1", 0, limit=2**16)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        # The end of standard input is the end of whoever started it.
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, required=True)
    parser.add_argument("--page", type=int, required=True)
    goods.add_options(parser)
    given = parser.parse_args()
    asyncio.run(_run(given.orders, given.page, goods.given_scale(given)))

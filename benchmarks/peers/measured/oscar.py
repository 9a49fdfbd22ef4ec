"""django-oscar: each order is put into a basket and placed, in one transaction, on SQLite.

It is the one peer that sells: it finds product and customer by their exact keys, allocates stock and keeps
order, lines and prices. It keeps no payload, no version and no evidence. Each order costs it some ninety
queries, so that it is given fewer.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from benchmarks.peers.measured import oscar_shop
from benchmarks.peers.place import PeerPlace, fetch_orders


@contextmanager
def ready(place: PeerPlace) -> Iterator[Callable[[], int]]:
    """Take a copy of the prepared shop; the work places every order and answers how many there were."""
    shutil.copyfile(_prepared(place.shop), place.database)
    oscar_shop.configure(place.database)
    # Here: it meets Django's models, which need the settings first.
    from benchmarks.peers.measured.oscar_placing import Placing  # noqa: PLC0415  # as said above

    placing = Placing()

    def work() -> int:
        done = 0
        for one in fetch_orders(place):
            with transaction.atomic():
                placing.place(one["order"]["cart"])
            done += 1
        return done

    yield work
    connection.close()


def _prepared(shop: Path) -> Path:
    """Return the shop that every run starts from; the first run has another process make it."""
    file = shop / "oscar.sqlite3"
    if not file.exists():
        command = [sys.executable, "-m", oscar_shop.__name__, str(file), str(shop)]
        subprocess.run(command, check=True, stdout=sys.stderr)
    return file

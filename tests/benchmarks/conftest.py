"""A bench of a small shop: a webstore in its own process, and databases of which copies are lent."""

import pytest

from benchmarks import goods, scene

SCALE = goods.Scale(products=300, customers=100)
ORDERS = 120


@pytest.fixture(scope="module")
def webstore():
    """The address of a webstore with 120 orders, on two pages."""
    with scene.webstore(ORDERS, SCALE) as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kind(request):
    """Each kind of database in turn."""
    return request.param


@pytest.fixture(scope="module")
def key():
    """A key whose first character is "-", as one in 64 is: a command line must not take it for an option."""
    return "-AABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4="


@pytest.fixture(scope="module")
def prepared(request, tmp_path_factory, webstore, kind, key):
    """The shop with its products and customers, connected to the webstore."""
    server = request.getfixturevalue("postgres") if kind == "postgresql" else None
    made = scene.Databases(tmp_path_factory.mktemp("bench"), server, key, SCALE)
    made.prepare(kind, webstore)
    return made

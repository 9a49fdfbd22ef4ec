"""The web application: exactly the routes that are served, and nothing else."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.routing import Route

from tillbridge.api.webhooks import Webhooks
from tillbridge.engine import Engine


def make_app(engine: Engine, heard: Callable[[str], None] = lambda _: None) -> Starlette:
    """Return the application on an engine.

    Args:
        engine: whose connections are reached.
        heard: called with a connection's name, from any thread, once something is to be fetched for it.
    """
    webhooks = Webhooks(engine, heard)
    app = Starlette(routes=[Route("/webhooks/{token}", webhooks.receive, methods=["POST"])])
    app.router.redirect_slashes = False  # an address that is nobody's is answered as such
    return app

"""The sandbox's web application: both doors, and the orders that arrive by themselves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.types import ASGIApp

from tillbridge.testing.door import DatedDoor, FaultyDoor, Port
from tillbridge.testing.webhooks import Sender
from tillbridge_locally.receiving import HEADER
from tillbridge_locally.sandbox.api import Api
from tillbridge_locally.sandbox.control import Control
from tillbridge_locally.sandbox.events import Events
from tillbridge_locally.sandbox.finding import Finding
from tillbridge_locally.sandbox.headless import ROOT, Carts, Guard, mounted
from tillbridge_locally.sandbox.shopping import Shopping
from tillbridge_locally.sandbox.site.routes import Site
from tillbridge_locally.sandbox.world import World

if TYPE_CHECKING:
    from tillbridge.testing.sftp import SftpServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Who may use which door, and where webhooks go, by which token they are known."""

    company: str
    api_token: str
    control_token: str
    webhook_token: str = ""
    webhook_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happens by itself.

    Attributes:
        arrive: seconds between orders that arrive by themselves; None for none.
        change_after: seconds after which the order that is meant to change does; None for never.
    """

    arrive: float | None = None
    change_after: float | None = None


def make_app(
    world: World, keys: Keys, port: Port, happening: Happening, sftp: "SftpServer | None" = None
) -> ASGIApp:
    """Return the application.

    Args:
        world: what it serves.
        keys: the company and the tokens of both doors.
        port: Locally's own, for the control door to close.
        happening: what happens by itself.
        sftp: the server that takes feeds, opened with the application; None for none.
    """
    sender = Sender(HEADER, token=keys.webhook_token, url=keys.webhook_url)
    world.listeners.append(Events(sender, port.number).happen)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(job(seconds, world))
            for job, seconds in ((_arrivals, happening.arrive), (_change, happening.change_after))
            if seconds is not None
        ]
        tasks.append(asyncio.create_task(sender.run()))
        if sftp is not None:
            await sftp.open()
        yield
        for task in tasks:
            task.cancel()
        if sftp is not None:
            await sftp.close()

    api = Api(world, token=keys.api_token, company=keys.company)
    control = Control(world, sender, token=keys.control_token, port=port, sftp=sftp)
    shopping = Shopping(world)
    guard = Guard(world, token=keys.api_token)
    shoppers = [
        mounted([*Carts(shopping).routes(guard), *Finding(world, shopping, keys.company).routes(guard)]),
        *Site(world, shopping, sender).routes(),
    ]
    app = Starlette(routes=[*api.routes(), *shoppers, *control.routes()], lifespan=lifespan)
    door = FaultyDoor(app, faults=world.faults, prefix=("/api/", ROOT))
    return DatedDoor(door, now=world.store.now)


Job = Callable[[float, World], Awaitable[None]]


async def _arrivals(seconds: float, world: World) -> None:
    while True:
        await asyncio.sleep(seconds)
        world.arrive(1)


async def _change(seconds: float, world: World) -> None:
    await asyncio.sleep(seconds)
    world.change_the_changing()

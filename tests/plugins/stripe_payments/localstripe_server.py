"""Serves localstripe on this computer alone: run by the interpreter of its own environment, never imported.

It prints its port when it is ready, and ends with its standard input. Its answers are brought into the
version of the API that the plugin asks for, where they are of an older one: amounts that are not told are
told, and the refund that it notes for what a partial capture releases is left out (version basil).
"""

import asyncio
import json
import sys
from typing import Any

from aiohttp import web
from localstripe import server
from localstripe.resources import Store, store

Object = dict[str, Any]


def released(charge: str) -> int:
    """Return what a partial capture released of a charge; what is asked for names its payment."""
    mine = [one for key, one in store.items() if key.startswith("refund:") and one.charge == charge]
    return sum(one.amount for one in mine if one.payment_intent is None)


def told(intent: Object) -> Object:
    """Add the amounts that a payment has."""
    charge = intent.get("latest_charge")
    amount = charge["amount"] - released(charge["id"]) if charge else 0
    held, taken = intent["status"] == "requires_capture", intent["status"] == "succeeded"
    return intent | {
        "amount_capturable": amount if held else 0,
        "amount_received": amount if taken else 0,
    }


@web.middleware  # type: ignore[untyped-decorator]  # aiohttp is in the other environment only
async def newer(request: web.Request, handler: Any) -> web.StreamResponse:
    """Bring an answer into the newer version."""
    response = await handler(request)
    if not isinstance(response, web.Response) or not response.text or response.status != 200:
        return response
    answer = json.loads(response.text)
    if answer.get("object") == "payment_intent":
        answer = told(answer)
    elif answer.get("object") == "list" and request.path == "/v1/refunds":
        answer["data"] = [one for one in answer["data"] if one["payment_intent"] is not None]
    return web.json_response(answer)


async def main() -> None:
    """Serve until the standard input ends."""
    # Its own way writes everything to a file that all users of the computer share.
    Store.dump_to_disk = lambda _: None
    app = server.app
    app.middlewares.insert(0, newer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())

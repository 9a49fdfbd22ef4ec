"""Serves a sandbox of Locally on this computer: `python -m tillbridge_locally.sandbox --help`.

Prints one line of JSON when it is ready (url, settings, secrets, control_url, control_token, situations, and
page: where a person shops in a browser), and ends when its standard input closes or on SIGTERM, so that it
never outlives who started it.
"""

import argparse
import secrets
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tillbridge.testing.door import HOST, Port
from tillbridge.testing.faults import FaultTextError, fault_of_text, usage
from tillbridge.testing.serving import serve
from tillbridge_locally.sandbox.app import Happening, Keys, make_app
from tillbridge_locally.sandbox.places import Place, place_of
from tillbridge_locally.sandbox.quirks import QuirkError, quirks_of_text
from tillbridge_locally.sandbox.shop import Shop, ShopFileError, read_customers, read_products
from tillbridge_locally.sandbox.world import World

if TYPE_CHECKING:
    from tillbridge.testing.sftp import SftpServer

COMPANY: Final = "4711"
STORE: Final = "20301"
_TAX_BESIDE: Final = frozenset({"US", "CA"})


def main() -> None:
    """Serve until the standard input closes."""
    options = _options()
    try:
        shop = _shop(options)
    except (OSError, ShopFileError) as error:
        sys.exit(f"The sandbox cannot read the shop's files: {error}")
    except (ValueError, ZoneInfoNotFoundError) as error:
        sys.exit(f"The sandbox cannot be such a shop: {error}")
    keys = Keys(
        company=COMPANY,
        api_token=f"sandbox_{secrets.token_urlsafe(18)}",
        control_token=secrets.token_urlsafe(18),
        webhook_token=options.webhook_token or secrets.token_urlsafe(18),
        webhook_url=options.webhook_url,
    )
    with tempfile.TemporaryDirectory(prefix="locally-feeds-") as made:
        inbox = options.feeds or (Path(made) if options.sftp else None)
        _serve(World(shop=shop, seed=options.seed, orders=options.orders, inbox=inbox), keys, options)


def _serve(world: World, keys: Keys, options: argparse.Namespace) -> None:
    _go_wrong(world, options)
    port = Port(options.port, dated=False)
    sftp = _sftp(world.inbox) if options.sftp and world.inbox else None
    if sftp is not None:
        sftp.landed = lambda _name: world.feeds.look()
    happening = Happening(arrive=options.arrive, change_after=options.change_after)
    app = make_app(world, keys, port, happening, sftp)
    feeds = _feeds(world.inbox, sftp)
    serve(app, port, lambda url, control: {**_hello(url, control, world, keys), "feeds": feeds})


def _sftp(inbox: Path) -> "SftpServer":
    """Return an SFTP server for feeds, with a password and a host key of its own; its port is taken."""
    from tillbridge.testing.sftp import SftpServer  # noqa: PLC0415  # 0.6 s to load: only who wants it waits

    server = SftpServer(inbox, password=secrets.token_urlsafe(18))
    server.reserve()
    return server


def _feeds(inbox: Path | None, sftp: "SftpServer | None") -> dict[str, Any] | None:
    """Say where feeds are taken: what a connection needs for it."""
    if inbox is None:
        return None
    if sftp is None:
        return {"folder": str(inbox), "settings": {"files": str(inbox)}, "secrets": {}}
    settings = {"files": f"sftp://{sftp.user}@{HOST}:{sftp.port}", "files_host_key": sftp.fingerprints[0]}
    return {"folder": str(inbox), "settings": settings, "secrets": {"files_password": sftp.password}}


def _go_wrong(world: World, options: argparse.Namespace) -> None:
    """Let happen what was asked for, from the first request on."""
    try:
        for text in options.fault:
            world.faults.add(fault_of_text(text))
        world.behave(quirks_of_text(options.quirk))
    except (FaultTextError, QuirkError) as error:
        sys.exit(f"The sandbox cannot do that: {error}")


def _hello(url: str, control: str, world: World, keys: Keys) -> dict[str, Any]:
    return {
        "url": url,
        "settings": {
            "base_url": url,
            "company_id": keys.company,
            "store_ids": list(world.places),
            "currency": world.shop.currency,
            "country": world.shop.country,
            "reservations_only": world.shop.reservations_only,
        },
        "secrets": {"api_token": keys.api_token, "webhook_token": keys.webhook_token},
        "page": f"{url}/",
        "control_url": control,
        "control_token": keys.control_token,
        "situations": {entry.hash: entry.situation for entry in world.store.entries.values()},
        "impossible": world.impossible,
    }


def _shop(options: argparse.Namespace) -> Shop:
    street, city, postcode = options.store_address.split("|")
    first = Place(
        id=STORE, name="Sandbox", street=street, city=city, postcode=postcode, country=options.country
    )
    return Shop(
        products=read_products(options.catalogue),
        customers=read_customers(options.customers),
        currency=options.currency,
        country=options.country,
        tax_inside=options.country not in _TAX_BESIDE,
        tax_percent=options.tax_percent,
        places=(first, *(place_of(text, options.country) for text in options.store)),
        zone=ZoneInfo(options.timezone),
        reservations_only=options.reservations_only,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tillbridge_locally.sandbox", description=__doc__)
    add = parser.add_argument
    add("--catalogue", type=Path, required=True, help="CSV with vpn, upc, description, price (brand, vendor)")
    add(
        "--customers",
        type=Path,
        required=True,
        help="CSV with number, name, email (phone, street, city, postcode, country)",
    )
    add("--port", type=int, default=0, help="0 takes a free one")
    add("--seed", type=int, default=1, help="the same seed makes the same orders")
    add("--orders", type=int, help="how many orders stand there at the start; default: one of each situation")
    add("--arrive", type=float, help="seconds between orders that arrive by themselves; default: none do")
    add("--change-after", type=float, help="seconds after which one order changes; default: never")
    add("--fault", action="append", default=[], metavar="KIND:PART=VALUE,…", help=f"goes wrong: {usage()}")
    add(
        "--quirk",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="is odd: repeats, restless=2, whole_seconds, hours_ahead=5, refuses_key, processor=down",
    )
    add("--webhook-url", default="", help="where webhooks go; default: nowhere")
    add("--webhook-token", default="", help="what they carry; default: one is made up, and printed")
    add("--currency", type=str.upper, default="KRW", help="of all prices; default KRW")
    add("--country", type=str.upper, default="KR", help="of the store; in US and CA tax is added to prices")
    add("--tax-percent", type=Decimal, default=Decimal(10), help="on every product; default 10")
    add("--reservations-only", action="store_true", help="no paid orders, as in Korea")
    add(
        "--store-address",
        default="한강대로 100|서울특별시 용산구|04386",
        help='the store\'s own, "street|city|postcode"',
    )
    add(
        "--store",
        action="append",
        default=[],
        metavar="ID=NAME|STREET|CITY|POSTCODE",
        help="one more store; it has the same stock",
    )
    add(
        "--feeds",
        type=Path,
        help="a folder that is watched for inventory feeds; default with --sftp: its own",
    )
    add("--sftp", action="store_true", help="take feeds by SFTP")
    add("--timezone", default="Asia/Seoul", help="of the stores; default Asia/Seoul")
    options = parser.parse_args()
    if options.store_address.count("|") != 2:  # noqa: PLR2004  # three parts
        parser.error('--store-address must look like "street|city|postcode"')
    return options


if __name__ == "__main__":
    main()

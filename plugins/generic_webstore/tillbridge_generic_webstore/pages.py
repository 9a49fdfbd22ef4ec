"""What each preset can do, as the tables of `docs/webstores/`: worked out of the profile, not written.

`python -m tillbridge_generic_webstore.pages docs/webstores` writes the tables anew.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.pushing import StatusPush
from tillbridge_generic_webstore.webstores import preset_texts

_BEGIN: Final = "<!-- what it can do: written by tillbridge_generic_webstore.pages -->"
_END: Final = "<!-- end -->"
_BETWEEN: Final = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)
_TOLD: Final[dict[str, str]] = {
    "accepted": "accepted",
    "rejected": "rejected",
    "ready": "ready",
    "completed": "picked up",
    "not_picked_up": "not picked up",
    "refunded": "refunds",
}


def profiles() -> dict[str, Profile]:
    """Return the presets by name."""
    return {name: Profile.model_validate(tomllib.loads(text)) for name, text in preset_texts().items()}


def table_of(profile: Profile) -> str:
    """Return what a webstore can do by its profile, as a table of Markdown between two marks."""
    rows = [
        ("Orders come", _orders(profile)),
        ("One order can be asked for", "yes" if profile.orders.one else "no"),
        ("Knows orders that are collected", "yes" if profile.order.kind else "no"),
        ("Says what it did about the money", _money(profile)),
        ("Lists its own items", "yes" if profile.listings else "no"),
        ("Is told of an order", _told(profile)),
        ("Is told of single lines", "yes" if any(one.lines for one in _pushes(profile)) else "no"),
        ("Is told stock and prices", _offers(profile)),
        ("Webhooks", _webhooks(profile)),
        ("Link to an order in its admin", "yes" if profile.connect.admin else "no"),
    ]
    lines = ["| | |", "|---|---|", *(f"| {name} | {what} |" for name, what in rows)]
    return "\n".join([_BEGIN, *lines, _END])


def summary() -> str:
    """Return the table of all presets, between two marks."""
    head = "| webstore | orders come | is told of an order | stock and prices | webhooks |"
    lines = [head, "|---|---|---|---|---|"]
    for name, one in profiles().items():
        told = (_orders(one), _told(one), _offers(one), _webhooks(one))
        lines.append(f"| [{one.title}]({name}.md) | {' | '.join(told)} |")
    return "\n".join([_BEGIN, *lines, _END])


def filled(text: str, table: str) -> str:
    """Return a page with its table anew."""
    return _BETWEEN.sub(lambda _: table, text)


def _orders(profile: Profile) -> str:
    since = profile.orders.since
    if since.from_ in ("id", "placed"):
        way = "by their IDs" if since.from_ == "id" else "by when they were placed"
        return f"{way}, changes of the last {since.window}"
    if profile.orders.names is not None:
        return "by its feed of changes"
    if since.none is not None:
        return f"newest first, changes of the last {since.window}"
    if profile.orders.passes:
        return f"by {len(profile.orders.passes)} kinds of dates"
    return "by their time of change"


def _money(profile: Profile) -> str:
    said = profile.order.money
    if said is None:
        return "no"
    if isinstance(said, str):
        return f"{said}, of every paid order"
    words = [said.map] if isinstance(said.map, str) else said.map.values()
    return "of each order: " + ", ".join(word for word in dict.fromkeys(words) if word != "-")


def _pushes(profile: Profile) -> Iterator[StatusPush]:
    for name in _TOLD:
        one = getattr(profile.push, name, None)
        if one is not None:
            yield one


def _told(profile: Profile) -> str:
    push = profile.push
    if push is None:
        return "no"
    known = set(push.status.map) if push.status else set()
    told = [what for name, what in _TOLD.items() if getattr(push, name) is not None or name in known]
    return ", ".join(told) or "no"


def _offers(profile: Profile) -> str:
    push = profile.push
    if push is None:
        return "no"
    if push.offers:
        return "stock and prices together"
    return " and ".join(name for name, one in (("stock", push.stock), ("prices", push.price)) if one) or "no"


def _webhooks(profile: Profile) -> str:
    hook = profile.webhook
    if hook is None:
        return "no"
    if hook.hmac is not None or hook.jwt is not None:
        return "signed"
    if hook.token is not None:
        return "with a key, if one is set" if hook.unsigned else "with a key"
    return "unsigned: a hint only"


def write(folder: Path) -> None:
    """Write the tables of all pages in a folder anew."""
    for name, profile in profiles().items():
        page = folder / f"{name}.md"
        page.write_text(filled(page.read_text("utf-8"), table_of(profile)), "utf-8")
    index = folder / "index.md"
    index.write_text(filled(index.read_text("utf-8"), summary()), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))

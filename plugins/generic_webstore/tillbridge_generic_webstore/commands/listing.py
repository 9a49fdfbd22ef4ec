"""`profile list`: what can be connected by a profile, and what each can do."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.plugin import Capability, Provider, Words, command_line
from tillbridge_generic_webstore.providers import provider_of
from tillbridge_generic_webstore.webstores import Webstore, find, folder

# In the sequence in which they are shown; that a connection can be checked goes without saying.
_CAN: Final[Mapping[Capability, Words]] = {
    Capability.STATUS: Words("order status", "주문 상태 전달"),
    Capability.INVENTORY: Words("stock", "재고"),
    Capability.PRICES: Words("prices", "가격"),
    Capability.LISTINGS: Words("list of items", "상품 목록"),
    Capability.WEBHOOKS: Words("webhooks", "웹훅"),
    Capability.ADMIN_URL: Words("admin links", "관리 화면 링크"),
}


def list_(context: typer.Context) -> None:
    """List the webstores that can be connected by a profile: the shop's own, and the presets."""
    line = command_line(context)
    found = find()
    webstores = [(one, provider_of(one)) for one in found.webstores.values()]
    if line.as_json:
        line.give(
            {
                "profiles": [_data(one, provider) for one, provider in webstores],
                "problems": [{"en": one.en, "ko": one.ko} for one in found.problems],
            }
        )
    table = Table(
        line.words("Name", "이름"),
        line.words("Webstore", "웹스토어"),
        line.words("File", "파일"),
        line.words("Can", "기능"),
    )
    for one, provider in webstores:
        can = ", ".join(words.say(line.language) for words in _can(provider))
        table.add_row(one.name, Text(one.profile.title), Text(_file(one)), can)
    line.say(table)
    for problem in found.problems:
        line.say(Text(problem.say(line.language), style="red"))
    if found.problems:
        raise typer.Exit(1)


def _can(provider: Provider) -> Iterator[Words]:
    yield Words("orders", "주문")
    has = provider.capabilities
    if provider.exporting.together:
        has |= {Capability.PRICES}  # told with the stock, by the same hook
    yield from (words for capability, words in _CAN.items() if capability in has)


def _is_own(webstore: Webstore) -> bool:
    return (folder() / f"{webstore.name}.toml").is_file()


def _file(webstore: Webstore) -> str:
    return str(folder() / f"{webstore.name}.toml") if _is_own(webstore) else "-"


def _data(webstore: Webstore, provider: Provider) -> dict[str, Any]:
    return {
        "name": webstore.name,
        "title": webstore.profile.title,
        "file": _file(webstore) if _is_own(webstore) else None,
        "capabilities": sorted(provider.capabilities),
        "prices_with_stock": provider.exporting.together,
    }


COMMANDS: Final[dict[str, Callable[..., None]]] = {"list": list_}

"""The frame of the sandbox's pages: the language, the head, and how amounts and forms are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from importlib.resources import files
from typing import Final, Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tillbridge.plugin import Words
from tillbridge_locally.sandbox.site import texts

Language = Literal["en", "ko"]
_LANG: Final = "lang"
_SIGNS: Final = {"KRW": "₩", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_MENU: Final = (("/", texts.SHOP), ("/orders", texts.ORDERS), ("/faults", texts.FAULTS))
_STYLE: Final = files("tillbridge_locally.sandbox.site").joinpath("style.css").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a page.

    Attributes:
        language: what they read.
        path: the page's path, for the same page in the other language.
        asked: the page's query.
    """

    language: Language
    path: str
    asked: Mapping[str, str]

    def say(self, words: Words, **parts: object) -> str:
        """Return words in the reader's language, safe for HTML, with their parts filled in."""
        said = words.say(self.language)
        return escape(said.format(**parts) if parts else said)


def reader_of(request: Request) -> Reader:
    """Find out what a reader reads: as they chose, or as their browser asks for."""
    wanted = request.query_params.get(_LANG) or request.cookies.get(_LANG)
    if wanted not in {"en", "ko"}:
        wanted = "ko" if request.headers.get("accept-language", "").lower().startswith("ko") else "en"
    asked = {name: value for name, value in request.query_params.items() if name != _LANG}
    return Reader("ko" if wanted == "ko" else "en", request.url.path, asked)


def page(reader: Reader, title: str, body: str, *, status: int = 200, again: int = 0) -> Response:
    """Return a whole page.

    Args:
        reader: who looks at it.
        title: its heading, safe for HTML.
        body: what stands below it, safe for HTML.
        status: HTTP's own.
        again: seconds after which the browser looks again; 0 for never.
    """
    other = "en" if reader.language == "ko" else "ko"
    name = {"en": "English", "ko": "한국어"}[other]
    links = "".join(
        f'<a href="{path}"{current(path == reader.path)}>{reader.say(words)}</a>' for path, words in _MENU
    )
    switch = escape(f"{reader.path}?{urlencode({**reader.asked, _LANG: other})}")
    refresh = f'<meta http-equiv="refresh" content="{again}">' if again else ""
    html = (
        f'<!doctype html><html lang="{reader.language}"><head><meta charset="utf-8">{refresh}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · {reader.say(texts.TITLE)}</title><style>{_STYLE}</style></head><body>"
        f"<header><div><h1>{reader.say(texts.TITLE)}</h1><p>{reader.say(texts.INVENTED)}</p>"
        f'<nav>{links}<a class="language" lang="{other}" href="{switch}">{name}</a></nav></div></header>'
        f"<main><h2>{title}</h2>{body}</main></body></html>"
    )
    response = HTMLResponse(html, status)
    response.set_cookie(_LANG, reader.language, samesite="lax", httponly=True)
    return response


def current(is_it: bool) -> str:  # noqa: FBT001  # reads as the sentence that it is
    """Return the attribute of the menu's entry that is open."""
    return ' aria-current="page"' if is_it else ""


def money(amount: Decimal | int, currency: str) -> str:
    """Write an amount."""
    sign = _SIGNS.get(currency)
    return f"{sign}{amount:,}" if sign else f"{amount:,} {escape(currency)}"


def option(value: str, text: str, *, chosen: bool) -> str:
    """Return one choice of a list; `text` is safe for HTML."""
    return f'<option value="{escape(value)}"{" selected" if chosen else ""}>{text}</option>'


def hidden(name: str, value: str) -> str:
    """Return a field that is sent and not seen."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def trouble(reader: Reader, words: Words | None) -> str:
    """Say what went wrong, above a form."""
    return f'<p class="note bad" role="alert">{reader.say(words)}</p>' if words else ""

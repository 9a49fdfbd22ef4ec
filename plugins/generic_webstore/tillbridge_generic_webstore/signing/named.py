"""Authentications that a package provides: a profile names one, a few lines of Python make it.

The entry-point group is `tillbridge.webstore_auth`; each entry is a function that gets the connection's
settings as text, by name, and returns `Credentials`.
"""

import importlib.metadata
from collections.abc import Callable, Mapping
from typing import Any, Final

from tillbridge.plugin import Misconfigured, Words
from tillbridge_generic_webstore.calling.templates import as_text
from tillbridge_generic_webstore.settings import setting_values
from tillbridge_generic_webstore.signing.credentials import Credentials, Signer

GROUP: Final = "tillbridge.webstore_auth"
MakesCredentials = Callable[[Mapping[str, str]], Credentials]


def known() -> list[str]:
    """Return the names of the authentications that are installed."""
    return sorted({point.name for point in importlib.metadata.entry_points(group=GROUP)})


def named(name: str) -> Signer:
    """Return what signs by an authentication of that name; it is imported at the first use."""
    return lambda settings: _made(name, settings)


def _made(name: str, settings: Any) -> Credentials:
    make = _find(name)
    values = setting_values(settings)
    made = make({key: as_text(value) for key, value in values.items() if value is not None})
    if not isinstance(made, Credentials):
        raise Misconfigured(
            Words(
                f"The authentication {name!r} gave no credentials; tell the maker of its package.",
                f"인증 방식 {name!r}이(가) 인증 정보를 만들지 못했습니다. 패키지 개발사에 알려 주세요.",
            )
        )
    return made


def _find(name: str) -> MakesCredentials:
    for point in importlib.metadata.entry_points(group=GROUP, name=name):
        try:
            found: MakesCredentials = point.load()
        except ImportError as error:
            raise Misconfigured(
                Words(
                    f"The authentication {name!r} needs a package that is not installed: {error.name}.",
                    f"인증 방식 {name!r}에 필요한 패키지가 설치되어 있지 않습니다: {error.name}",
                )
            ) from error
        return found
    raise Misconfigured(unknown(name))


def unknown(name: str) -> Words:
    """Say that there is no such authentication."""
    listed = ", ".join(known()) or "-"
    return Words(
        f"there is no authentication {name!r}; installed are: {listed}",
        f"{name!r} 인증 방식이 없습니다. 설치된 방식: {listed}",
    )

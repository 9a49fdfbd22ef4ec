"""How a webstore is reached with a connection's settings: address, credentials, and whose account it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import SecretStr

from tillbridge.plugin import HttpSettings
from tillbridge_generic_webstore.calling.calls import Place
from tillbridge_generic_webstore.calling.templates import Template
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.settings import secret_values, setting_values
from tillbridge_generic_webstore.signing import Signer, compile_auth

_MAX_BYTES: Final = 32 * 1024 * 1024


@dataclass(frozen=True)
class Reach:
    """How a webstore is reached.

    Attributes:
        title: its name.
        base: its address.
        headers: sent with every request.
        account: what names the account.
        signer: makes the credentials.
        requests_per_second: how often it is asked at most; None: as often as needed.
    """

    title: str
    base: Template
    headers: Mapping[str, Template]
    account: Template
    signer: Signer
    requests_per_second: float | None

    def http(self, settings: Any) -> HttpSettings:
        """Return how the webstore is reached with these settings."""
        values = setting_values(settings)
        credentials = self.signer(settings)
        headers: dict[str, str | SecretStr] = {
            name: value for name, one in self.headers.items() if (value := one.text(values)) is not None
        }
        return HttpSettings(
            base_url=self.base.text(values) or "",
            service=self.title,
            headers={**headers, **credentials.headers},
            auth=credentials.auth,
            sign=credentials.sign,
            token=credentials.token,
            secrets=[*secret_values(settings), *credentials.secrets],
            requests_per_second=self.requests_per_second,
            max_bytes=_MAX_BYTES,
        )

    def account_key(self, settings: Any) -> str:
        """Return the account that settings belong to."""
        return self.account.text(setting_values(settings)) or ""


def compile_reach(profile: Profile, mistakes: Mistakes) -> Reach:
    """Compile how a webstore is reached; what is wrong is added to `mistakes`."""
    connect = profile.connect
    place = Place(profile, ("connect",), (), mistakes)
    return Reach(
        title=profile.title,
        base=place.template(connect.base, "base"),
        headers={name: place.template(one, "headers", name) for name, one in connect.headers.items()},
        account=place.base() if connect.account is None else place.template(connect.account, "account"),
        signer=compile_auth(profile, mistakes),
        requests_per_second=connect.requests_per_second,
    )

"""Uploads files by HTTPS, through the core's own client: its retries, deadline, and no secret shown."""

from dataclasses import dataclass
from typing import Final

import httpx
from pydantic import SecretStr

from tillbridge.clock import Clock
from tillbridge.files.keeping import Spooled
from tillbridge.files.places import WebPlace
from tillbridge.files.settings import FilesSettings
from tillbridge.files.words import goes_to, untried
from tillbridge.http import HttpClient, HttpRefused, HttpRejected, HttpSettings
from tillbridge.model.words import Words

_FORBIDDEN: Final = 403
_ANSWER: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class WebDelivery:
    """Puts a file below an address, or posts it to the address."""

    place: WebPlace
    settings: FilesSettings
    clock: Clock

    def put(self, name: str, spooled: Spooled) -> None:
        """Upload a file; the service replaces the old one once it has the whole.

        Raises:
            ProviderError: as `HttpClient` says.
        """
        kind = {"Content-Type": "text/csv" if name.endswith(".csv") else "application/octet-stream"}
        with self._client() as client:
            if self.settings.files_method == "PUT":
                client.put(name, content=spooled, headers=kind)
                return
            named = {"Content-Disposition": f'attachment; filename="{name}"'}
            # The same file may come twice: it replaces itself.
            client.post(self.place.url, content=spooled, headers=kind | named, idempotency_key=spooled.digest)

    def check(self, *, writing: bool) -> tuple[Words, ...]:  # noqa: ARG002  # nothing is uploaded for a trial
        """Try whether the service answers and takes the credentials; what may be written, it does not say.

        Raises:
            ProviderError: the service is away, or refuses the credentials.
        """
        with self._client() as client:
            try:
                client.get(self.place.url)
            except HttpRejected:
                pass  # no page stands there, and none has to
            except HttpRefused as error:
                if error.status != _FORBIDDEN:  # many forbid to list a folder that may be written
                    raise
        return goes_to(self.place.shown), untried(self.place.shown)

    def _client(self) -> HttpClient:
        token, password = self.settings.files_token, self.settings.files_password
        headers = {"Authorization": SecretStr(f"Bearer {token.get_secret_value()}")} if token else {}
        secret = password.get_secret_value() if password else ""
        return HttpClient(
            HttpSettings(
                base_url=self.place.url,
                service=self.place.host,
                headers=headers,
                auth=httpx.BasicAuth(self.place.user, secret) if self.place.user and not token else None,
                secrets=[one for one in (token, password) if one],
                total_deadline=float(self.settings.files_seconds),
                read_timeout=min(60.0, float(self.settings.files_seconds)),
                max_bytes=_ANSWER,
            ),
            clock=self.clock,
        )

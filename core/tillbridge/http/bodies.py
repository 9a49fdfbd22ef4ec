"""What is sent without being in memory as a whole."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol


class Body(Protocol):
    """Bytes that can be read as often as a call is tried; their number is told to the service first."""

    @property
    def size(self) -> int:
        """Return how many bytes there are."""

    def __iter__(self) -> Iterator[bytes]:
        """Read them from the beginning."""


def lengths(body: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the header that a streamed body needs: without it the service could not tell a part from all."""
    content = (body or {}).get("content")
    if content is None or isinstance(content, bytes):
        return {}
    return {"Content-Length": str(content.size)}

"""tillbridge's providers for any webstore: each is described by a profile, a page of TOML."""

from collections.abc import Sequence

from tillbridge.plugin import Provider, hookimpl


@hookimpl
def providers() -> Sequence[Provider]:
    """Offer one provider for each profile."""
    return []

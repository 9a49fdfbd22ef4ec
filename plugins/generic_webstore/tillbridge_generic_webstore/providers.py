"""Makes a provider of each webstore: what it asks for, how it is reached, and what it can do."""

from typing import Any

from tillbridge.plugin import Capability, HttpSettings, Provider
from tillbridge_generic_webstore.settings import ProfileSettings, settings_model
from tillbridge_generic_webstore.telling import Outline, outline_of
from tillbridge_generic_webstore.webstores import Webstore


def provider_of(webstore: Webstore) -> Provider:
    """Return the provider of a webstore."""
    model = settings_model(webstore.name, webstore.profile)
    model.webstore = webstore
    outline = outline_of(webstore.profile)

    def http(settings: Any) -> HttpSettings:
        return webstore.compiled.reach.http(settings)

    def account_key(settings: Any) -> str:
        return webstore.compiled.reach.account_key(settings)

    return Provider(
        name=webstore.name,
        title=webstore.profile.title,
        settings=model,
        account_key=account_key,
        http=http,
        capabilities=_capabilities(webstore, outline),
        hears=outline.hears,
        hears_lines=outline.hears_lines,
        exporting=outline.exporting,
    )


def webstore_of(settings: ProfileSettings) -> Webstore:
    """Return the webstore whose settings these are."""
    webstore: Webstore = type(settings).webstore
    return webstore


def _capabilities(webstore: Webstore, outline: Outline) -> frozenset[Capability]:
    profile = webstore.profile
    further = {
        Capability.ADMIN_URL: profile.connect.admin,
        Capability.LISTINGS: profile.listings,
        Capability.WEBHOOKS: profile.webhook,
    }
    has = {capability for capability, table in further.items() if table is not None}
    return frozenset({Capability.ORDERS, Capability.CHECK} | has) | outline.capabilities

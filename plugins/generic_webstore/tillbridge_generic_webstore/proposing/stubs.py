"""The part of a new profile that no payload tells: what the webstore is told, and how its webhooks are known.

It stands there as comments, so that the profile has no mistake; with the # taken away it has none either.
"""

from collections.abc import Iterator
from typing import Final

_PUSHES: Final = """
# What became of orders, and stock and prices, can be told to the webstore: docs/telling-by-profile.md.
# Take the # away from what it has, and put its own paths, fields and words in the place of these.
#
# [push.status]
# put = "{path}/{{order_id}}"
# map = {{ accepted = "accepted", rejected = "cancelled", ready = "ready", completed = "completed" }}
# body = {{ status = "{{status}}", note = "{{reason}}" }}
# repeat = "natural"
#
# [[push.stock]]
# put = "products/{{sku}}"
# body = {{ stock = "{{stock}}" }}
# repeat = "natural"
#
# [[push.price]]
# put = "products/{{sku}}"
# body = {{ price = "{{price}}" }}
# repeat = "natural"
"""
_WEBHOOK: Final = """
# Webhooks bring orders at once; without them the list is read every few minutes. Of a webhook only the
# order's ID is believed. [settings] asks for their secret:
#   webhook_secret = { ask = "Secret of the webhooks", secret = true, optional = true }
#
# [webhook]
# hmac = { hash = "sha256", encode = "base64", header = "X-Signature", key = "{webhook_secret}" }
# order = "id"
"""


def stubs(path: str) -> Iterator[list[str]]:
    """Yield the sections that stand as comments.

    Args:
        path: where orders are listed.
    """
    yield _PUSHES.format(path=path.rstrip("/")).strip().splitlines()
    yield _WEBHOOK.strip().splitlines()

"""A whole profile without a mistake, into which the tests put one."""

PROFILE = """\
title = "Kiosk"
defaults = { money = "major", zone = "Asia/Seoul" }

[settings]
url = { ask = "Address", kind = "url" }
token = { ask = "Token", secret = true }

[connect]
base = "{url}/api/"
auth = { bearer = "{token}" }

[orders]
get = "orders"
query = { since = "{since}", page = "{page}", size = "{size}" }
rows = "orders[]"
paging = { by = "since" }
since = { from = "updated", overlap = "2s" }
one = { get = "orders/{id}" }
not_an_order = [{ when = "state=='draft'", reason = "a draft" }]

[orders.parts.items]
for = "id"
path = "orders/{key}/items"
rows = "[]"

[order]
id = "id"
number = "number"
placed = "created"
updated = "changed"
currency = "currency"
total = "total"
standing = [{ of = "state", map = { open = "open", done = "fulfilled" }, ignore = ["trash"] }]
charges = [{ kind = "shipping", net = "shipping.net", tax = "shipping.tax" }]
tenders = [{ kind = "card", amount = "paid" }]

[lines]
from = "_parts.items"
id = "id"
name = "title"
quantity = "quantity"
sku = "sku"
net = "net"
tax = "tax"

[push]
stock = [{ put = "stock", body = { sku = "{sku}", count = "{stock}" }, repeat = "natural" }]

[webhook]
hmac = { header = "X-Kiosk-Signature", key = "{token}" }
order = "order.id"
"""

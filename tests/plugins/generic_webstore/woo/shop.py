"""A WooCommerce 11 shop in Sydney that behaves as the real one was seen to: its orders and their times."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Australia/Sydney")
_STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed")
_WALL = "%Y-%m-%dT%H:%M:%S"
_LISTED = 100


class Problem(Exception):
    """An answer that is no success: status, code and message as WordPress gives them."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def body(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "data": {"status": self.status}}


Params = dict[str, str]


@dataclass
class WooShop:
    """The shop's orders and products; time is what a test says.

    `between` is called after each list that was answered: what happens while a client reads pages.
    """

    now: Callable[[], datetime]
    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    products: dict[int, dict[str, Any]] = field(default_factory=dict)
    notes: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    refunds: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=lambda: {"tax/woocommerce_prices_include_tax": "yes"})
    lists: list[Params] = field(default_factory=list)
    between: Callable[[], None] = lambda: None
    next_id: int = 5001

    def order(self, *, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
        """Take an order of two lines; `changes` replace fields of it."""
        number = self.next_id
        self.next_id += 1
        made = {**_order(number), **changes}
        made |= {"date_created": None, "date_created_gmt": None}
        stamp(made, "date_created", at or self.now())
        stamp(made, "date_modified", at or self.now())
        self.orders[number] = made
        return made

    def touch(self, number: int, *, at: datetime | None = None, **changes: Any) -> None:
        """Change an order: each change moves its time."""
        order = self.orders[number]
        order.update(changes)
        stamp(order, "date_modified", at or self.now())

    def list_orders(self, params: Params) -> tuple[list[dict[str, Any]], int]:
        """Return a page of orders, and how many there are on all pages."""
        self.lists.append(dict(params))
        size = _number(params, "per_page", 10)
        if not 1 <= size <= _LISTED:
            raise Problem(400, "rest_invalid_param", "Invalid parameter(s): per_page")
        orderby = params.get("orderby", "date")
        if orderby not in ("date", "id", "include", "title", "slug", "modified"):
            raise Problem(400, "rest_invalid_param", "Invalid parameter(s): orderby")
        after = self._after(params)
        found = [
            order
            for order in self.orders.values()
            if order["status"] != "trash" and (after is None or _gmt(order, "date_modified") > after)
        ]
        names = {"modified": "date_modified_gmt", "id": "id"}
        found.sort(key=lambda one: (one[names.get(orderby, "date_created_gmt")], one["id"]))
        if params.get("order", "desc") == "desc":
            found.reverse()
        start = (_number(params, "page", 1) - 1) * size
        page = [dict(order) for order in found[start : start + size]]
        self.between()
        return page, len(found)

    def one_order(self, number: int) -> dict[str, Any]:
        if number not in self.orders:
            raise Problem(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
        return self.orders[number]

    def put_order(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        self.one_order(number)
        if "status" in body and body["status"] not in _STATUSES:
            raise Problem(
                400,
                "rest_invalid_param",
                f"status is not one of {', '.join(_STATUSES)}.",
            )
        self.touch(number, **body)  # the status that holds already moves the time too
        return self.orders[number]

    def note_order(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        """Add a note to an order; the customer is mailed one that is for them."""
        self.one_order(number)
        held = self.notes.setdefault(number, [])
        held.append({"id": len(held) + 1, "customer_note": False, **body})
        return held[-1]

    def list_notes(self, number: int, params: Params) -> list[dict[str, Any]]:
        self.one_order(number)
        wanted = {"customer": True, "internal": False}.get(params.get("type", "any"))
        return [one for one in self.notes.get(number, []) if wanted in (None, one["customer_note"])]

    def setting(self, name: str) -> dict[str, Any]:
        """Return one of the shop's own settings."""
        if name not in self.settings:
            raise Problem(403, "woocommerce_rest_cannot_view", "Sorry, you cannot view this resource.")
        return {"id": name.rpartition("/")[2], "value": self.settings[name]}

    def list_refunds(self, number: int, params: Params) -> tuple[list[dict[str, Any]], int]:
        """Return a page of an order's refunds, the newest first."""
        self.one_order(number)
        size, page = _number(params, "per_page", 10), _number(params, "page", 1)
        found = self.refunds.get(number, [])[::-1]
        return found[(page - 1) * size : page * size], len(found)

    def refund_order(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        """Refund an order; by default its payment gateway is asked for the money."""
        order = self.one_order(number)
        amount, held = Decimal(body["amount"]), self.refunds.setdefault(number, [])
        left = Decimal(order["total"]) - sum(Decimal(one["amount"]) for one in held)
        if not 0 < amount <= left:
            raise Problem(500, "woocommerce_rest_cannot_create_order_refund", "Invalid refund amount.")
        meta = [{"id": place, **one} for place, one in enumerate(body.get("meta_data", []), 1)]
        made = {
            "id": 9000 + len(held),
            "amount": f"{amount:.2f}",
            "reason": body.get("reason", ""),
            "refunded_payment": body.get("api_refund", True),
            "meta_data": meta,
        }
        held.append(made)
        order["refunds"].append({"id": made["id"], "reason": made["reason"], "total": f"-{amount:.2f}"})
        order["status"] = "refunded" if amount == left else order["status"]
        self.touch(number)
        return made

    def _after(self, params: Params) -> datetime | None:
        """Return the time that orders must have changed after: exclusive, by whole seconds."""
        text = params.get("modified_after")
        if text is None:
            return None
        gmt = params.get("dates_are_gmt") == "true"
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC if gmt else ZONE)
        if not gmt:
            return moment
        # The zone is heeded first, then the site's wall time is read as GMT: with a shop east of Greenwich
        # that lies in the future, and nothing is found.
        return moment.astimezone(ZONE).replace(tzinfo=UTC)


def stamp(order: dict[str, Any], name: str, moment: datetime) -> None:
    """Write a time as WooCommerce does: the site's wall clock, and GMT, both without a zone."""
    order[name] = moment.astimezone(ZONE).strftime(_WALL)
    order[f"{name}_gmt"] = moment.astimezone(UTC).strftime(_WALL)


def _gmt(order: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(order[f"{name}_gmt"]).replace(tzinfo=UTC)


def _number(params: Params, name: str, usual: int) -> int:
    text = params.get(name, str(usual))
    if not re.fullmatch(r"\d+", text):
        raise Problem(400, "rest_invalid_param", f"Invalid parameter(s): {name}")
    return int(text)


def _order(number: int) -> dict[str, Any]:
    """Return an order of a helmet and two pumps, shipped: 119.90 before tax, 131.89 with it."""
    return {
        "id": number,
        "parent_id": 0,
        "number": str(number),
        "order_key": f"wc_order_{number}",
        "status": "processing",
        "currency": "AUD",
        "prices_include_tax": False,
        "customer_id": 0,
        "discount_total": "0.00",
        "discount_tax": "0.00",
        "shipping_total": "9.90",
        "shipping_tax": "0.99",
        "cart_tax": "11.00",
        "total": "131.89",
        "total_tax": "11.99",
        "payment_method": "cod",
        "transaction_id": "",
        "customer_note": "",
        "billing": {
            "first_name": "Ada",
            "last_name": "Byron",
            "company": "",
            "address_1": "1 Harbour Street",
            "address_2": "",
            "city": "Sydney",
            "state": "NSW",
            "postcode": "2000",
            "country": "AU",
            "email": f"ada.{number}@example.com",
            "phone": "0412 000 000",
        },
        "shipping": {
            "first_name": "Ada",
            "last_name": "Byron",
            "company": "",
            "address_1": "1 Harbour Street",
            "address_2": "",
            "city": "Sydney",
            "state": "NSW",
            "postcode": "2000",
            "country": "AU",
            "phone": "",
        },
        "date_paid_gmt": None,
        "line_items": [
            _line(1, "Helmet", (21, 0), 1, Decimal("50.00"), sku="HEL-1", gtin="4006381333931"),
            _line(2, "Pump, blue", (22, 221), 2, Decimal("60.00"), sku="PUM-1-B", gtin="8801234567893"),
        ],
        "tax_lines": [],
        "shipping_lines": [
            {
                "id": 3,
                "method_title": "Flat rate",
                "method_id": "flat_rate",
                "total": "9.90",
                "total_tax": "0.99",
            }
        ],
        "fee_lines": [],
        "coupon_lines": [],
        "refunds": [],
        "meta_data": [],
    }


def _line(
    number: int, name: str, product: tuple[int, int], pieces: int, net: Decimal, *, sku: str, gtin: str
) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "product_id": product[0],
        "variation_id": product[1],
        "quantity": pieces,
        "subtotal": f"{net:.2f}",
        "subtotal_tax": f"{net / 10:.2f}",
        "total": f"{net:.2f}",
        "total_tax": f"{net / 10:.2f}",
        "sku": sku,
        "global_unique_id": gtin,
        "price": float(net / pieces),
        "taxes": [],
        "meta_data": [],
    }


SECOND = timedelta(seconds=1)

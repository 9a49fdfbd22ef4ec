"""A PrestaShop, as far as its webservice's source says: every order and number here is made up.

It refuses what the webservice refuses: fields and filters that a resource does not have, dates without
`date=1`, methods that the key may not use, XML without its required fields. What is left out of a PUT is
emptied. Lists that hold nothing are `[]`; names are lists where the shop has several languages.
"""

import base64
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

from plugins.generic_webstore.counters import Asked

KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456"
Answer = tuple[int, Any]
Row = dict[str, Any]
_RANGE = re.compile(r"\[([\d.:\-\s]+),([\d.:\-\s]+)\]")
_ONE_OF = re.compile(r"\[([^\[\],]*)\]")
SINGULAR = {
    "orders": "order",
    "order_histories": "order_history",
    "stock_availables": "stock_available",
    "products": "product",
}
REQUIRED = {
    "order_histories": {"id_order", "id_order_state"},
    "stock_availables": {
        "id",
        "id_product",
        "id_product_attribute",
        "quantity",
        "depends_on_stock",
        "out_of_stock",
    },
}


def order(number: int = 5, **more: Any) -> Row:
    """Two shirts at 33.00 with 3.00 tax each, and shipping for 11.00 with 1.00 tax; paid by card."""
    return {
        "id": number,
        "reference": "XKBKNABJK",
        "current_state": "2",
        "date_add": "2026-03-01 09:05:00",
        "date_upd": "2026-03-01 09:06:00",
        "id_customer": "3",
        "id_address_invoice": "4",
        "id_address_delivery": "4",
        "id_currency": "1",
        "id_carrier": "2",
        "module": "ps_checkout",
        "payment": "Card",
        "note": "Customer complained before.",
        "gift_message": "",
        "total_paid_tax_incl": "77.000000",
        "total_paid_tax_excl": "70.000000",
        "total_shipping_tax_incl": "11.000000",
        "total_shipping_tax_excl": "10.000000",
        "total_wrapping_tax_incl": "0.000000",
        "total_wrapping_tax_excl": "0.000000",
        "total_discounts_tax_incl": "0.000000",
        "total_discounts_tax_excl": "0.000000",
        "associations": {
            "order_rows": [
                {
                    "id": "11",
                    "product_id": "10",
                    "product_attribute_id": "0",
                    "product_quantity": "2",
                    "product_name": "Shirt",
                    "product_reference": "TS-M",
                    "product_ean13": "",
                    "product_isbn": "",
                    "product_upc": "036000291452",
                    "unit_price_tax_incl": "33.000000",
                    "unit_price_tax_excl": "30.000000",
                }
            ]
        },
        **more,
    }


def detail(number: int, order_id: int, incl: str, excl: str, **more: Any) -> Row:
    """What stands of an order's row beside it."""
    return {
        "id": number,
        "id_order": str(order_id),
        "product_mpn": "",
        "product_quantity_refunded": "0",
        "total_price_tax_incl": incl,
        "total_price_tax_excl": excl,
        **more,
    }


def state(number: int, *, paid: str = "0", shipped: str = "0", module_name: str = "") -> Row:
    return {"id": number, "paid": paid, "shipped": shipped, "module_name": module_name}


def _tables() -> dict[str, list[Row]]:
    address = {
        "id": 4,
        "id_country": "8",
        "firstname": "Ann",
        "lastname": "Lee",
        "company": "",
        "address1": "1 rue",
        "address2": "",
        "city": "Paris",
        "postcode": "75001",
        "phone": "",
        "phone_mobile": "0601020304",
    }
    customer = {
        "id": 3,
        "firstname": "Ann",
        "lastname": "Lee",
        "email": "ann@example.com",
        "newsletter": "1",
        "passwd": "$2y$10$hash",
    }
    stock = {
        "id": 77,
        "id_product": "10",
        "id_product_attribute": "0",
        "id_shop": "0",
        "id_shop_group": "1",
        "quantity": "9",
        "depends_on_stock": "0",
        "out_of_stock": "2",
        "location": "Shelf 3 & 4",
    }
    return {
        "orders": [order()],
        "customers": [customer],
        "addresses": [address],
        "countries": [{"id": 8, "iso_code": "FR"}],
        "currencies": [{"id": 1, "iso_code": "EUR"}, {"id": 2, "iso_code": "USD"}],
        "carriers": [{"id": 2, "name": "My carrier"}, {"id": 3, "name": "Click and collect"}],
        "order_states": [
            state(2, paid="1"),
            state(3, paid="1"),
            state(5, paid="1", shipped="1"),
            state(6),
        ],
        "order_details": [detail(11, 5, "66.000000", "60.000000")],
        "messages": [{"id": 1, "id_order": "0", "id_employee": "0", "private": "0", "message": "?"}],
        "order_histories": [],
        "products": [],
        "combinations": [],
        "stock_availables": [stock],
    }


@dataclass
class Presta:
    """What the shop has.

    Attributes:
        tables: the rows of each resource.
        closed: resources that the key may not read.
        told: what was written, and with which query.
    """

    tables: dict[str, list[Row]] = field(default_factory=_tables)
    closed: frozenset[str] = frozenset()
    told: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        """Answer as the webservice does."""
        self.asked.append(asked)
        split = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
        login = base64.b64decode(asked.headers.get("authorization", "Basic ").split()[-1] or "").decode()
        if login != f"{KEY}:":
            return 401, _errors(18, "Invalid authentication key format")
        if query.pop("output_format", "") != "JSON":
            return 200, b"<prestashop/>"
        name, *rest = split.path.removeprefix("/api/").split("/")
        if name not in self.tables:
            return 400, _errors(27, f"Resource of type {name} does not exists")
        if name in self.closed:
            return 401, _errors(26, f"Resource of type {name} is not allowed with this authentication key")
        if asked.method != "GET":
            return self._write(name, asked, query)
        return self._one(name, rest[0]) if rest else self._list(name, query)

    def _one(self, name: str, number: str) -> Answer:
        found = [row for row in self.tables[name] if str(row["id"]) == number]
        return (200, {SINGULAR[name]: found[0]}) if found else (404, b"")

    def _list(self, name: str, query: dict[str, str]) -> Answer:
        rows = self.tables[name]
        known = {key for row in (rows or _tables()[name]) for key in row} | {"id"}
        if query.pop("date", "") != "1":
            known -= {"date_add", "date_upd"}
        for key, value in query.items():
            if wanted := re.fullmatch(r"filter\[(\w+)\]", key):
                if wanted[1] not in known or wanted[1] in ("associations", "name"):
                    return 400, _errors(32, f"This filter does not exist: {wanted[1]}")
                rows = [row for row in rows if _fits(str(row[wanted[1]]), value)]
        if sort := query.get("sort"):
            key, _, direction = sort.strip("[]").rpartition("_")
            if direction not in ("ASC", "DESC") or key not in known:
                return 400, _errors(38, f"Unable to filter by this field: {key}")
            rows = sorted(rows, key=lambda row: row[key], reverse=direction == "DESC")
        if limit := query.get("limit"):
            first, count = (int(one) for one in limit.split(","))
            rows = rows[first : first + count]
        shown = _displayed(query.get("display", "[id]"), known | {"date_add", "date_upd"})
        if shown is None:
            return 400, _errors(35, "Unable to display this field")
        rows = [{key: row[key] for key in row if not shown or key in shown} for row in rows]
        return 200, {name: rows} if rows else []

    def _write(self, name: str, asked: Asked, query: dict[str, str]) -> Answer:
        (entity,) = ET.fromstring(asked.body)
        given = {one.tag: one.text or "" for one in entity}
        if missing := REQUIRED[name] - set(given):
            return 400, _errors(41, f"parameter {min(missing)} required")
        self.told.append((name, query))
        if name == "order_histories":
            (row,) = [row for row in self.tables["orders"] if str(row["id"]) == given["id_order"]]
            row["current_state"] = given["id_order_state"]
            return 201, {SINGULAR[name]: {"id": len(self.told), **given}}
        (row,) = [row for row in self.tables[name] if str(row["id"]) == given["id"]]
        if given["depends_on_stock"] == "1":
            return 500, _errors(133, "You cannot update the available stock when it depends on stock.")
        row.update({key: given.get(key, "") for key in row if key != "id"})
        return 200, {SINGULAR[name]: row}


def _fits(value: str, wanted: str) -> bool:
    """Return whether a value fits a filter: between two, one of several, or the same."""
    if between := _RANGE.fullmatch(wanted):
        return between[1] <= value <= between[2]
    one_of = _ONE_OF.fullmatch(wanted)
    return value in one_of[1].split("|") if one_of else value == wanted


def _displayed(display: str, known: set[str]) -> set[str] | None:
    """Return the fields that are shown, none for all of them; None where one does not exist."""
    if display == "full":
        return set()
    fields = set(display.strip("[]").split(","))
    return fields if fields <= known else None


def _errors(code: int, message: str) -> dict[str, Any]:
    return {"errors": [{"code": code, "message": message}]}

"""A mall on Cafe24, as far as its Admin API is known: every order and number here is made up.

It takes no window of three months or more, no offset beyond `deepest`, times without a zone (they are those
of Seoul), and no call without the version of its app. A refresh token works once. What is changed to what it
is already is answered 409. Products come the newest first, unless they are asked for since one of them.
"""

import copy
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from plugins.generic_webstore.counters import Asked

KST = ZoneInfo("Asia/Seoul")
_FORM = "%Y-%m-%d %H:%M:%S"
Answer = tuple[int, Any]


def item(code: str, **more: Any) -> dict[str, Any]:
    """An item of an order; the usual one is a shirt for 32,000 won, of which there are two."""
    return {
        "order_item_code": code,
        "product_no": 128,
        "variant_code": "P0000BXA000A",
        "custom_product_code": "TS",
        "custom_variant_code": "TS-RED-M",
        "product_name": "면 티셔츠",
        "option_value": "색상=빨강, 사이즈=M",
        "additional_option_values": [{"key": None, "type": None, "name": None, "value": None}],
        "product_price": "30000.00",
        "option_price": "2000.00",
        "quantity": 2,
        "additional_discount_price": "0.00",
        "coupon_discount_price": "0.00",
        "app_item_discount_amount": None,
        "product_tax_type": "A",
        "tax_rate": 10,
        "order_status": "N10",
        "ordered_date": "2026-03-01 10:05:00",
        "store_pickup": "F",
        "gift": "F",
        **more,
    }


def book(code: str, **more: Any) -> dict[str, Any]:
    """A book for 15,000 won: no tax, no option, and a code of its own on the product only."""
    return (
        item(
            code,
            product_no=77,
            variant_code="P0000CZB000A",
            custom_product_code="BK-1",
            custom_variant_code="",
            product_name="바다의 기별",
            option_value="",
            product_price="15000.00",
            option_price="0.00",
            quantity=1,
            product_tax_type="B",
            tax_rate=0,
        )
        | more
    )


def amounts(**more: str) -> dict[str, str]:
    """The usual order's amounts: 79,000 won of goods, 3,000 shipping, 5,000 off, 2,000 in points."""
    return {
        "order_price_amount": "79000.00",
        "shipping_fee": "3000.00",
        "shipping_fee_discount_amount": "0.00",
        "points_spent_amount": "2000.00",
        "credits_spent_amount": "0.00",
        "coupon_discount_price": "5000.00",
        "membership_discount_amount": "0.00",
        "set_product_discount_amount": "0.00",
        "app_discount_amount": "0.00",
        "total_amount_due": "0.00",
        "payment_amount": "75000.00",
        "tax": "0.00",
        **more,
    }


def order(order_id: str = "20260301-0000013", **more: Any) -> dict[str, Any]:
    """The usual order: two shirts and a book, paid by card and points."""
    return {
        "shop_no": 1,
        "currency": "KRW",
        "order_id": order_id,
        "market_id": "self",
        "market_order_no": None,
        "member_id": "haneul",
        "member_email": "haneul@example.com",
        "billing_name": "김하늘",
        "payment_method": ["card", "point"],
        "payment_method_name": ["신용카드", "적립금"],
        "transaction_ids": None,
        "paid": "T",
        "canceled": "F",
        "postpay": "F",
        "order_date": "2026-03-01T10:05:00+09:00",
        "order_place_id": "self",
        "naver_point": None,
        "store_pickup": "F",
        "include_tax": "T",
        "initial_order_amount": amounts(),
        "actual_order_amount": amounts(),
        "buyer": {
            "name": "김하늘",
            "email": "haneul@example.com",
            "phone": "",
            "cellphone": "010-1234-5678",
        },
        "receivers": [
            {
                "name": "김바다",
                "phone": "",
                "cellphone": "010-9876-5432",
                "zipcode": "06236",
                "address1": "서울특별시 강남구 테헤란로 1",
                "address2": "3층",
                "country_code": "KR",
                "shipping_message": "문 앞에 놓아 주세요",
            }
        ],
        "items": [item(f"{order_id}-01"), book(f"{order_id}-02")],
        **more,
    }


def at(text: str) -> datetime:
    """A moment by the clocks of Seoul: "2026-03-01 10:05"."""
    return datetime.fromisoformat(text).replace(tzinfo=KST)


@dataclass
class Mall:
    """What the mall has.

    Attributes:
        orders: by ID.
        days: by ID when what happened: date_type to moment.
        variants: of products, by their codes.
        refresh: the refresh token that works.
        version: of the app; every other is refused.
        deepest: the largest offset.
    """

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    days: dict[str, dict[str, datetime]] = field(default_factory=dict)
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)
    prices: dict[str, str] = field(default_factory=dict)
    refresh: str = "first"
    version: str = "2026-03-01"
    deepest: int = 15_000
    asked: list[Asked] = field(default_factory=list)
    windows: list[tuple[str, str, str]] = field(default_factory=list)
    _given: int = 0

    def add(self, made: dict[str, Any], **days: datetime) -> str:
        """Place an order; `days` are when what happened to it."""
        placed = datetime.fromisoformat(made["order_date"])
        self.orders[made["order_id"]] = made
        self.days[made["order_id"]] = {"order_date": placed, "pay_date": placed, **days}
        return str(made["order_id"])

    def answer(self, asked: Asked) -> Answer:
        """Answer a request as the Admin API does."""
        self.asked.append(asked)
        split = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        if split.path == "/api/v2/oauth/token":
            return self._token(asked)
        if asked.headers.get("authorization") != f"Bearer access-{self._given}":
            return 401, _error(401, "Invalid access token")
        if asked.headers.get("x-cafe24-api-version") != self.version:
            return 400, _error(400, "no such version")
        if asked.method != "GET" and not isinstance(asked.body.get("shop_no"), int):
            return 400, _error(400, "shop_no is a number")
        where = split.path.removeprefix("/api/v2/admin/").split("/")
        if where[0] == "products":
            return self._products(asked, where[1:], query)
        if asked.method == "GET":
            return self._list(query) if len(where) == 1 else self._one(where[1])
        return self._tell(asked, where)

    def _token(self, asked: Asked) -> Answer:
        form = parse_qs(asked.body if isinstance(asked.body, str) else "")
        if form.get("refresh_token") != [self.refresh]:
            return 400, {"error": "invalid_grant"}
        self._given += 1
        self.refresh = f"refresh-{self._given}"
        return 200, {
            "access_token": f"access-{self._given}",
            "issued_at": "2026-03-01T18:00:00.000",
            "expires_at": "2026-03-01T20:00:00.000",
            "refresh_token": self.refresh,
            "mall_id": "haneulbook",
        }

    def _list(self, query: dict[str, str]) -> Answer:
        try:
            since, until = (
                datetime.strptime(query[name], _FORM).replace(tzinfo=KST)
                for name in ("start_date", "end_date")
            )
        except (KeyError, ValueError):
            return 422, _error(422, "start_date and end_date are wanted")
        limit, offset, kind = int(query.get("limit", 10)), int(query.get("offset", 0)), query["date_type"]
        if until - since >= timedelta(days=89) or limit > 1000 or offset > self.deepest:
            return 422, _error(422, "beyond what may be asked")
        self.windows.append((kind, query["start_date"], query["end_date"]))
        found = [
            made
            for order_id, made in self.orders.items()
            if kind in self.days[order_id] and since <= self.days[order_id][kind] <= until
        ]
        found.sort(key=lambda made: self.days[made["order_id"]][kind], reverse=True)
        return 200, {"orders": copy.deepcopy(found[offset : offset + limit]), "links": []}

    def _one(self, order_id: str) -> Answer:
        if order_id not in self.orders:
            return 404, _error(404, "No such order")
        return 200, {"order": self.orders[order_id]}

    def _tell(self, asked: Asked, where: list[str]) -> Answer:
        made, request = self.orders[where[1]], asked.body["request"]
        if where[-1] == "cancellation":
            return self._cancel(made, request)
        meant = [one for one in made["items"] if one["order_item_code"] in request["order_item_code"]]
        if all(one["order_status"] == "N20" for one in meant):
            return 409, _error(409, "already so")
        for one in meant:
            one["order_status"] = "N20"
        return 200, {"order": {"shop_no": 1, **request}}

    def _cancel(self, made: dict[str, Any], request: dict[str, Any]) -> Answer:
        is_naver = made["order_place_id"] == "NCHECKOUT"
        own = {"payment_gateway_cancel", "claim_reason_type"} & set(request)
        if own and (is_naver or made["market_order_no"]):
            return 422, _error(422, f"not of an order of another's: {sorted(own)}")
        if ("naverpay_cancel_reason_type" in request) is not is_naver:
            return 422, _error(422, "naverpay_cancel_reason_type is NaverPay's")
        codes = [one["order_item_code"] for one in request["items"]]
        for one in made["items"]:
            if one["order_item_code"] in codes:
                one["order_status"] = "C40"
        made["canceled"] = "T" if all(one["order_status"] == "C40" for one in made["items"]) else "M"
        return 201, {"cancellation": {"shop_no": 1, "claim_code": "C20260301-0000001", **request}}

    def _products(self, asked: Asked, where: list[str], query: dict[str, str]) -> Answer:
        if asked.method == "GET":
            limit, every = int(query["limit"]), {one["product_no"] for one in self.variants.values()}
            if limit > 100:
                return 422, _error(422, "limit is at most 100")
            if "since_product_no" in query:
                numbers = sorted(no for no in every if no > int(query["since_product_no"]))
            else:
                numbers = sorted(every, reverse=True)
            return 200, {"products": [self._product(no) for no in numbers[:limit]]}
        request = asked.body["request"]
        if len(where) == 1:
            if self.prices[where[0]] == request["price"]:
                return 409, _error(409, "already so")
            self.prices[where[0]] = request["price"]
            return 200, {"product": {"product_no": int(where[0]), "price": f"{request['price']}.00"}}
        variant = self.variants.get(where[2])
        if variant is None:
            return 404, _error(404, "No such variant")
        if variant["quantity"] == request["quantity"]:
            return 409, _error(409, "already so")
        variant["quantity"] = request["quantity"]
        return 200, {"inventory": {"variant_code": where[2], "quantity": request["quantity"]}}

    def _product(self, number: int) -> dict[str, Any]:
        variants = [one for one in self.variants.values() if one["product_no"] == number]
        return {
            "product_no": number,
            "product_name": variants[0]["name"],
            "custom_product_code": f"C-{number}",
            "price": f"{self.prices[str(number)]}.00",
            "selling": "T",
            "variants": [{name: one[name] for name in one if name != "name"} for one in variants],
        }


def _error(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "more_info": {}}}


def event(order_ids: str) -> bytes:
    """A webhook of Cafe24's: which orders it is about, with commas between."""
    return json.dumps(
        {
            "event_no": 90023,
            "resource": {"mall_id": "haneulbook", "event_shop_no": "1", "order_id": order_ids},
        }
    ).encode()

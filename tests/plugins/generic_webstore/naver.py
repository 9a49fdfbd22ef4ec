"""A SmartStore, as far as Naver's Commerce API is known: every order and number here is made up.

A token is asked for by a form, signed by bcrypt. The feed takes no more than a day at a time, holds each
product order once, with its newest change, and goes on by two values: a moment that it writes with as few
decimals as it has, and takes with three only. Fails stand within answers of 200.
"""

import copy
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from plugins.generic_webstore.counters import Asked
from tillbridge_generic_webstore.signing.naver import sign

ID, SECRET = "aaaabbbb", "$2a$04$abcdefghijklmnopqrstuu"
Answer = tuple[int, Any]
_ORDERS = "/v1/pay-order/seller/"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+09:00")
_REASONS = {
    "INTENT_CHANGED",
    "COLOR_AND_SIZE",
    "WRONG_ORDER",
    "PRODUCT_UNSATISFIED",
    "DELAYED_DELIVERY",
    "SOLD_OUT",
    "INCORRECT_INFO",
}
_NOW = "2026-03-01T18:00:00.000+09:00"


def product_order(number: str, order_id: str = "2026030112345", **more: Any) -> dict[str, Any]:
    """A product order; the usual one is two shirts at 32,000 won with 4,000 off, and a package for 3,000."""
    given = {
        "productOrderId": number,
        "productOrderStatus": "PAYED",
        "placeOrderStatus": "NOT_YET",
        "productId": "5001",
        "originalProductId": "4001",
        "productName": "면 티셔츠",
        "productOption": "색상: 빨강 / 사이즈: M",
        "itemNo": "31",
        "optionManageCode": "TS-RED-M",
        "sellerProductCode": "TS",
        "unitPrice": 30000,
        "optionPrice": 2000,
        "quantity": 2,
        "initialQuantity": 2,
        "remainQuantity": 2,
        "productDiscountAmount": 4000,
        "totalPaymentAmount": 60000,
        "initialPaymentAmount": 60000,
        "remainPaymentAmount": 60000,
        "packageNumber": "P1",
        "deliveryFeeAmount": 3000,
        "deliveryDiscountAmount": 0,
        "shippingFeeType": "선불",
        "taxType": "TAXATION",
        "expectedDeliveryMethod": "DELIVERY",
        "shippingMemo": "부재 시 경비실",
        "shippingAddress": {
            "addressType": "DOMESTIC",
            "name": "김바다",
            "tel1": "0502-111-2222",
            "zipCode": "06236",
            "baseAddress": "서울특별시 강남구 테헤란로 1",
            "detailedAddress": "3층",
            "country": "한국",
        },
        **more,
    }
    return {
        "order": {
            "orderId": order_id,
            "orderDate": "2026-03-01T10:05:00.123+09:00",
            "paymentDate": "2026-03-01T10:05:30.000+09:00",
            "paymentMeans": "신용카드",
            "generalPaymentAmount": 78000,
            "naverMileagePaymentAmount": 0,
            "chargeAmountPaymentAmount": 0,
            "checkoutAccumulationPaymentAmount": 0,
            "payLaterPaymentAmount": 0,
            "ordererNo": "900100",
            "ordererName": "김하늘",
            "ordererTel": "010-1234-5678",
        },
        "productOrder": given,
    }


def book(number: str, **more: Any) -> dict[str, Any]:
    """A book for 15,000 won: no tax, no option; it goes in the package of the shirts."""
    usual = {
        "originalProductId": "4002",
        "productName": "바다의 기별",
        "productOption": "",
        "itemNo": "",
        "optionManageCode": "",
        "sellerProductCode": "BK-1",
        "unitPrice": 15000,
        "optionPrice": 0,
        "quantity": 1,
        "initialQuantity": 1,
        "remainQuantity": 1,
        "productDiscountAmount": 0,
        "totalPaymentAmount": 15000,
        "initialPaymentAmount": 15000,
        "remainPaymentAmount": 15000,
        "taxType": "TAX_EXEMPTION",
    }
    return product_order(number, **{**usual, **more})


@dataclass
class Store:
    """What the store has.

    Attributes:
        rows: product orders by their IDs.
        changed: by ID, when each has changed last.
        options: combinations by product.
        standards: options of Naver's own kinds, by product.
        plain: stock and price of what has none.
        page: how many changes the feed shows at once.
        refuses: product orders that fail, with why.
    """

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, datetime] = field(default_factory=dict)
    options: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    standards: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    plain: dict[str, dict[str, Any]] = field(default_factory=dict)
    page: int = 300
    refuses: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    windows: list[tuple[str, str]] = field(default_factory=list)

    def add(self, *rows: dict[str, Any], at: datetime) -> None:
        """Let product orders change at a moment."""
        for row in rows:
            number = row["productOrder"]["productOrderId"]
            self.rows[number], self.changed[number] = row, at

    def answer(self, asked: Asked) -> Answer:
        """Answer as the Commerce API does."""
        self.asked.append(asked)
        split = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        path = split.path
        if path == "/v1/oauth2/token":
            return self._token(asked, query)
        if asked.headers.get("authorization") != "Bearer token":
            return 401, {"code": "GW.AUTHN", "message": "unknown token", "traceId": "t"}
        if path.endswith("last-changed-statuses"):
            return self._feed(query)
        if path.endswith("product-order-ids"):
            return self._ids(path.split("/")[-2])
        if path.startswith(f"{_ORDERS}product-orders"):
            return self._tell(path.removeprefix(f"{_ORDERS}product-orders/"), asked.body)
        return self._products(asked, path.split("/")[4:])

    def _token(self, asked: Asked, query: dict[str, str]) -> Answer:
        form = {name: values[0] for name, values in parse_qs(asked.body or "").items()}
        if query or form.get("client_secret_sign") != sign(ID, SECRET, form["timestamp"]):
            return 400, {"code": "BAD_REQUEST", "message": "signature"}
        return 200, {"access_token": "token", "expires_in": 10800, "token_type": "Bearer"}

    def _feed(self, query: dict[str, str]) -> Answer:
        if not all(_MOMENT.fullmatch(query[name]) for name in ("lastChangedFrom", "lastChangedTo")):
            return 400, {"code": "BAD_REQUEST", "message": "no such moment"}
        since, until = (datetime.fromisoformat(query[name]) for name in ("lastChangedFrom", "lastChangedTo"))
        if until - since > timedelta(hours=24):
            return 400, {"code": "BAD_REQUEST", "message": "more than 24 hours"}
        self.windows.append((query["lastChangedFrom"], query["lastChangedTo"]))
        found = sorted((at, number) for number, at in self.changed.items() if since <= at <= until)
        found = [
            one
            for one in found
            if (one[0].isoformat(), one[1]) >= (since.isoformat(), query.get("moreSequence", ""))
        ]
        shown, rest = found[: self.page], found[self.page :]
        if not shown:
            return 200, {"timestamp": "2026-03-01T18:00:00.000+09:00", "traceId": "t"}
        data: dict[str, Any] = {
            "count": len(shown),
            "lastChangeStatuses": [self._change(*one) for one in shown],
        }
        if rest:
            data["more"] = {"moreFrom": _shortest(rest[0][0]), "moreSequence": rest[0][1]}
        return 200, {"timestamp": "2026-03-01T18:00:00.000+09:00", "traceId": "t", "data": data}

    def _change(self, at: datetime, number: str) -> dict[str, Any]:
        return {
            "orderId": self.rows[number]["order"]["orderId"],
            "productOrderId": number,
            "lastChangedType": "PAYED",
            "lastChangedDate": at.isoformat(),
        }

    def _ids(self, order_id: str) -> Answer:
        found = [number for number, row in self.rows.items() if row["order"]["orderId"] == order_id]
        if not found:
            return 404, {"code": "NOT_FOUND", "message": "no such order"}
        return 200, {
            "timestamp": "2026-03-01T18:00:00.000+09:00",
            "data": found,
            "traceId": f"t{len(self.asked)}",
        }

    def _tell(self, path: str, body: Any) -> Answer:
        then: dict[str, Any]
        if path == "query":
            return 200, {
                "data": [copy.deepcopy(self.rows[one]) for one in body["productOrderIds"]],
                "timestamp": _NOW,
                "traceId": "t",
            }
        if path == "confirm":
            numbers, then = body["productOrderIds"], {"placeOrderStatus": "OK"}
        elif path == "dispatch":
            numbers = [one["productOrderId"] for one in body["dispatchProductOrders"]]
            if not all(_MOMENT.fullmatch(one["dispatchDate"]) for one in body["dispatchProductOrders"]):
                return 400, {"code": "BAD_REQUEST", "message": "no such moment"}
            then = {"productOrderStatus": "DELIVERED"}
        elif path.endswith("request") and body["cancelReason"] not in _REASONS:
            return 400, {"code": "BAD_REQUEST", "message": "no such reason"}
        else:
            numbers = [path.split("/", maxsplit=1)[0]]
            then = {"productOrderStatus": "CANCELED", "remainQuantity": 0, "remainPaymentAmount": 0}
        failed = {number: self.refuses[number] for number in numbers if number in self.refuses}
        if path == "dispatch":
            late = (one for one in numbers if self.rows[one]["productOrder"]["placeOrderStatus"] != "OK")
            failed |= dict.fromkeys(late, "발주 상태 확인 필요")
        for number in numbers:
            if number not in failed:
                self.rows[number]["productOrder"].update(then)
        fails = [{"productOrderId": one, "code": "104442", "message": why} for one, why in failed.items()]
        done = [one for one in numbers if one not in failed]
        return 200, {"data": {"successProductOrderIds": done, "failProductOrderInfos": fails}, "traceId": "t"}

    def _products(self, asked: Asked, where: list[str]) -> Answer:
        if asked.path == "/v1/products/search":
            numbers = [*self.options, *self.standards, *self.plain] if asked.body["page"] == 1 else []
            return 200, {"contents": [self._product(one) for one in numbers]}
        if asked.method == "GET":
            info: dict[str, Any] = {"optionCombinations": self.options.get(where[0])}
            if where[0] in self.standards:
                info |= {"optionStandards": self.standards[where[0]], "useStockManagement": True}
            codes = {"sellerBarcode": "8801234567893"} if where[0] in self.plain else {}
            return 200, {"originProduct": {"detailAttribute": {"optionInfo": info, "sellerCodeInfo": codes}}}
        if asked.method == "PUT":
            return self._set_options(where[0], asked.body["optionInfo"])
        told = asked.body["multiProductUpdateRequestVos"]
        if not all(isinstance(one["originProductNo"], int) for one in told):
            return 400, {"code": "BAD_REQUEST", "message": "originProductNo is a number"}
        if not all(str(one["originProductNo"]) in self.plain for one in told):
            return 400, {"code": "BAD_REQUEST", "message": "unknown product"}
        for one in told:
            self.plain[str(one["originProductNo"])].update(one)
        return 200, {}

    def _set_options(self, number: str, info: dict[str, Any]) -> Answer:
        """Take the stock of all options of a product, in the way that the product has them."""
        if number in self.standards:
            if "optionCombinations" in info or info.get("useStockManagement") is not True:
                return 400, {"code": "BAD_REQUEST", "message": "9,999 of each, or options that it has not"}
            self.standards[number] = info["optionStandards"]
        else:
            if set(info) != {"optionCombinations"}:
                return 400, {"code": "BAD_REQUEST", "message": "options that it has not"}
            self.options[number] = info["optionCombinations"]
        return 200, {"originProductNo": int(number)}

    def _product(self, number: str) -> dict[str, Any]:
        channel: dict[str, Any] = {
            "name": f"상품 {number}",
            "salePrice": 15000,
            "stockQuantity": 3,
            "statusType": "SALE",
        }
        return {
            "originProductNo": int(number),
            "channelProducts": [{**channel, "sellerManagementCode": f"S-{number}"}],
        }


def _shortest(at: datetime) -> str:
    """Write a moment with no more decimals than it has: 18:00:14.5."""
    second, _, decimals = at.strftime("%Y-%m-%dT%H:%M:%S.%f").partition(".")
    return f"{second}.{decimals.rstrip('0') or '0'}+09:00"

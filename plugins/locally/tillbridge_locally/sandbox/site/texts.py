"""What the sandbox's pages say, in English and Korean."""

from collections.abc import Mapping
from typing import Final

from tillbridge.plugin import Words
from tillbridge_locally.sandbox.money import Kind

TITLE: Final = Words("Locally sandbox", "로컬리 샌드박스")
INVENTED: Final = Words(
    "A stand-in for Locally on this computer. No order is real, no card is charged.",
    "이 컴퓨터에서 로컬리를 대신하는 연습 환경입니다. 실제 주문이나 결제는 없습니다.",
)
SHOP: Final = Words("Shop", "쇼핑")
ORDERS: Final = Words("Orders", "주문")
FAULTS: Final = Words("Faults", "장애")

STORE: Final = Words("Store", "매장")
SEARCH: Final = Words("Search", "검색")
NAME_OR_NUMBER: Final = Words("Name, brand or UPC", "제품명, 브랜드 또는 UPC")
FOUND: Final = Words("{shown} of {all} products", "제품 {all}개 중 {shown}개")
IN_STOCK: Final = Words("{pieces} in stock", "재고 {pieces}개")
SOLD_OUT: Final = Words("Sold out", "품절")
CHOOSE: Final = Words("Choose", "선택")

ORDER_THIS: Final = Words("Order", "주문하기")
BUY: Final = Words(
    "Buy: your card is held now, charged when the store confirms",
    "구매: 지금 카드 승인을 보류하고 매장이 확인하면 청구합니다",
)
RESERVE: Final = Words("Reserve: pay in the store", "예약: 매장에서 결제합니다")
QUANTITY: Final = Words("Quantity", "수량")
NAME: Final = Words("Name", "이름")
EMAIL: Final = Words("E-mail", "이메일")
PHONE: Final = Words("Phone", "전화")
CONSENT: Final = Words("Send me news", "소식 받기")
CARD: Final = Words("Card", "카드")
CARD_GOOD: Final = Words("A card that works", "정상 카드")
CARD_BAD: Final = Words("A card that is declined", "승인이 거절되는 카드")
PLACE: Final = Words("Place the order", "주문 보내기")

NUMBER: Final = Words("Order", "주문")
STATE: Final = Words("State", "상태")
KIND: Final = Words("Kind", "방식")
TOTAL: Final = Words("Total", "합계")
CUSTOMER: Final = Words("Customer", "고객")
ITEM: Final = Words("Item", "품목")
PRICE: Final = Words("Price", "가격")
MONEY: Final = Words("Card", "카드")
TOLD: Final = Words("What the store said", "매장에서 알린 내용")
NOTHING_TOLD: Final = Words("Nothing yet.", "아직 없습니다.")
NO_ORDERS: Final = Words("No orders yet.", "아직 주문이 없습니다.")
NO_MONEY: Final = Words("Nothing: it is paid in the store.", "없음: 매장에서 결제합니다.")
CHANGE: Final = Words("Change the order", "주문 변경")
CHANGE_THIS: Final = Words("Change", "변경")
CANCEL: Final = Words("Cancel the order", "주문 취소")
ZERO_TAKES_OUT: Final = Words("0 takes an item out.", "0을 입력하면 품목이 빠집니다.")
REFRESHES: Final = Words("This page looks again by itself.", "이 페이지는 자동으로 새로 고침됩니다.")
DAMAGED: Final = Words("damaged on purpose", "일부러 손상한 주문")
NOT_FOUND: Final = Words("There is no such page.", "페이지를 찾을 수 없습니다.")
NOT_FROM_HERE: Final = Words("This was sent by another site.", "다른 사이트에서 보낸 요청입니다.")

BOPIS: Final = Words("bought, pick up in store", "구매(전액 결제)")
ROPIS: Final = Words("reserved, pick up in store", "예약(미결제)")
SHIPPING: Final = Words("bought, shipped", "배송")

STATES: Final[Mapping[str, Words]] = {
    "open": Words("Not ordered", "주문 전"),
    "ordered": Words("Waiting for the store", "매장 확인 대기"),
    "partially_confirmed": Words("Confirmed in part", "일부 확인"),
    "confirmed": Words("Confirmed", "매장 확인 완료"),
    "ready": Words("Ready for pick-up", "수령 준비 완료"),
    "picked_up": Words("Picked up", "수령 완료"),
    "delivered": Words("Delivered", "배송 완료"),
    "not_picked_up": Words("Not picked up", "미수령"),
    "denied": Words("Rejected by the store", "매장에서 거부"),
    "cancelled": Words("Cancelled", "취소"),
    "auto_cancelled": Words("Cancelled: nobody answered", "응답이 없어 취소"),
    "refunded": Words("Refunded", "환불"),
}
MOVES: Final[Mapping[Kind, Words]] = {
    Kind.HELD: Words("held", "승인 보류"),
    Kind.CHARGED: Words("charged", "청구"),
    Kind.RELEASED: Words("released", "보류 해제"),
    Kind.REFUNDED: Words("refunded", "환불"),
}
VERDICTS: Final[Mapping[str, Words]] = {
    "confirm": Words("accepted", "수락"),
    "deny": Words("rejected", "거부"),
    "ready": Words("ready for pick-up", "수령 준비 완료"),
}

FAULTS_SAY: Final = Words(
    "What goes wrong for whoever asks this Locally: the shop's tillbridge, and shoppers' programs. "
    "These pages stay well.",
    "이 로컬리에 요청하는 쪽(매장의 tillbridge, 쇼핑 프로그램)에서 겪는 장애입니다. "
    "이 페이지는 영향을 받지 않습니다.",
)
NEXT_THREE: Final = Words("The next three requests", "다음 요청 3건")
NEXT_WEBHOOKS: Final = Words("The next three webhooks", "다음 웹훅 3건")
NO_WEBHOOKS: Final = Words(
    "Webhooks go nowhere yet: say where with --webhook-url, or at the control door.",
    "웹훅을 보낼 주소가 없습니다. --webhook-url 또는 제어 API로 지정해 주세요.",
)
UNTIL_SWITCHED_OFF: Final = Words("Until it is switched off", "끌 때까지")
WAITING: Final = Words("{count} waiting", "{count}건 대기 중")
ON: Final = Words("on", "켜짐")
OFF: Final = Words("off", "꺼짐")
DO_IT: Final = Words("Do it", "일으키기")
SWITCH_ON: Final = Words("Switch on", "켜기")
SWITCH_OFF: Final = Words("Switch off", "끄기")
ALL_WELL: Final = Words("Let everything be well again", "모두 정상으로 되돌리기")

"""Why Locally refuses a shopper, in words."""

from typing import Final

from tillbridge.plugin import Words

MOST: Final = 99
NO_STORE: Final = Words("Store not found.", "매장을 찾을 수 없습니다.")
GONE: Final = Words(
    "This item is no longer available in this quantity.", "이 수량으로는 더 이상 주문할 수 없는 제품입니다."
)
RESERVATIONS: Final = Words("This store takes reservations only.", "이 매장은 예약만 받습니다.")
ONE_OF_EACH: Final = Words(
    "A cart is for one store, and either bought or reserved.",
    "장바구니 하나에는 매장 하나와 한 가지 방식(구매 또는 예약)만 담을 수 있습니다.",
)
NOT_IN_IT: Final = Words("This item is not in the cart.", "장바구니에 없는 제품입니다.")
NO_EMAIL: Final = Words("This is no e-mail address.", "이메일 주소가 올바르지 않습니다.")
PROCESSOR: Final = Words(
    "The payment processor cannot be reached. Try to reserve instead.",
    "결제 서비스에 연결할 수 없습니다. 예약으로 주문해 보세요.",
)
CARD: Final = Words("Stripe error: the card was declined.", "카드 승인이 거절되었습니다(Stripe).")
NO_CART: Final = Words("There is no such cart, or nothing is in it.", "장바구니가 없거나 비어 있습니다.")
WHO: Final = Words(
    "A name and an e-mail address are needed to order.", "주문하려면 이름과 이메일 주소가 필요합니다."
)
DECIDED: Final = Words("The store has decided on this item already.", "매장에서 이미 처리한 품목입니다.")
OVER: Final = Words("The order is over; it can no longer be changed.", "종료된 주문은 변경할 수 없습니다.")
DAMAGED: Final = Words("The order is damaged; it cannot be changed.", "손상된 주문이라 변경할 수 없습니다.")
QUANTITY: Final = Words(
    f"A quantity must be a whole number, and at most {MOST}.", f"수량은 {MOST} 이하의 정수여야 합니다."
)

"""Places one order as django-oscar's checkout does: a basket, then `OrderCreator.place_order`."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from oscar.apps.partner.strategy import Default
from oscar.core.loading import get_class, get_model

_Basket = get_model("basket", "Basket")
_Product = get_model("catalogue", "Product")
_Country = get_model("address", "Country")
_Address = get_model("order", "ShippingAddress")
_OrderCreator = get_class("order.utils", "OrderCreator")
_Total = get_class("checkout.calculators", "OrderTotalCalculator")
_Free = get_class("shipping.methods", "Free")


class Placing:
    """Places orders; what every checkout shares is made once."""

    def __init__(self) -> None:
        self._country = _Country.objects.get(pk="KR")
        self._strategy = Default()
        self._creator = _OrderCreator()
        self._total = _Total()
        self._shipping = _Free()

    def place(self, cart: Mapping[str, Any]) -> None:
        """Place an order for the customer who is known by the cart's address."""
        customer = User.objects.get(username=cart["email"])
        basket = _Basket.objects.create(owner=customer)
        basket.strategy = self._strategy
        for item in cart["items"]:
            basket.add_product(_Product.objects.get(upc=item["upc"]), quantity=item["qty"])
        charge = self._shipping.calculate(basket)
        self._creator.place_order(
            basket=basket,
            total=self._total.calculate(basket, charge),
            shipping_method=self._shipping,
            shipping_charge=charge,
            user=customer,
            shipping_address=self._address(cart),
            order_number=cart["hash"],
            status="New",
        )
        basket.submit()

    def _address(self, cart: Mapping[str, Any]) -> Any:
        address = _Address(
            first_name=cart["first_name"],
            last_name=cart["last_name"],
            line1=cart["address"],
            line4=cart["city"],
            postcode=cart["zip"],
            country=self._country,
            phone_number=cart["phone"],
        )
        address.save()
        return address

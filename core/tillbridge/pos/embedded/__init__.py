"""The built-in point of sale: catalogue, customers, stock and sales in tillbridge's own tables."""

from tillbridge.pos.cards import NewCustomer, NewProduct
from tillbridge.pos.embedded.counting import StockCount
from tillbridge.pos.embedded.pos import EmbeddedPos
from tillbridge.pos.embedded.views import (
    CustomerView,
    ProductIdentifier,
    ProductView,
    StockMovement,
)

__all__ = [
    "CustomerView",
    "EmbeddedPos",
    "NewCustomer",
    "NewProduct",
    "ProductIdentifier",
    "ProductView",
    "StockCount",
    "StockMovement",
]

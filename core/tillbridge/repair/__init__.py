"""Repairing what an order lacks: who ordered, what was sold; fixed once, it heals every order concerned.

`customers` and `products` look for what is lacking, and add it where the shop has none; `linking` says by
hand what something is; `repointing` mends a wrong match after
its sale; `bindings` shows what is remembered and takes it back; `healing` finds the waiting
orders that a repair concerns and lets them be processed again.
"""

from tillbridge.repair.bindings import Binding, BindingKind, bindings, forget, remembered_by
from tillbridge.repair.customers import (
    CustomerProposal,
    CustomerSearch,
    create_customer,
    propose_customer,
    search_customers,
)
from tillbridge.repair.healing import heal
from tillbridge.repair.linking import customer_name, link_customer, link_product, product_card
from tillbridge.repair.products import (
    ProductProposal,
    ProductSearch,
    create_product,
    propose_product,
    refuse_the_same,
    search_products,
)
from tillbridge.repair.repointing import Follows, Repointing, preview_repointing, repoint

__all__ = [
    "Binding",
    "BindingKind",
    "CustomerProposal",
    "CustomerSearch",
    "Follows",
    "ProductProposal",
    "ProductSearch",
    "Repointing",
    "bindings",
    "create_customer",
    "create_product",
    "customer_name",
    "forget",
    "heal",
    "link_customer",
    "link_product",
    "preview_repointing",
    "product_card",
    "propose_customer",
    "propose_product",
    "refuse_the_same",
    "remembered_by",
    "repoint",
    "search_customers",
    "search_products",
]

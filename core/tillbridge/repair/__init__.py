"""Repairing what an order lacks: who ordered, what was sold; fixed once, it heals every order concerned.

`linking` says by hand what something is, `bindings` shows what is remembered and takes it back, `healing`
finds the waiting orders that a repair concerns and lets them be processed again.
"""

from tillbridge.repair.bindings import Binding, BindingKind, bindings, forget
from tillbridge.repair.healing import heal
from tillbridge.repair.linking import link_customer, link_product

__all__ = ["Binding", "BindingKind", "bindings", "forget", "heal", "link_customer", "link_product"]

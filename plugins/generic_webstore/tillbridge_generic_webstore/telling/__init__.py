"""What a webstore is told by a profile: what became of an order, stock and prices."""

from tillbridge_generic_webstore.telling.teller import Teller, compile_teller

__all__ = ["Teller", "compile_teller"]

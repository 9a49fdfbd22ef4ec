"""What a webstore is told by a profile: what became of an order, stock and prices."""

from tillbridge_generic_webstore.telling.outline import Outline, outline_of
from tillbridge_generic_webstore.telling.teller import Teller, compile_teller

__all__ = ["Outline", "Teller", "compile_teller", "outline_of"]

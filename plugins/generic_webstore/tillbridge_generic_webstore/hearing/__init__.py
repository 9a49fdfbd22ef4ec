"""What a webstore sends by itself: how it is known, and which order it is about."""

from tillbridge_generic_webstore.hearing.hearer import Hearer, compile_hearer

__all__ = ["Hearer", "compile_hearer"]

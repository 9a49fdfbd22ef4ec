"""A sale's receipt for 80 mm paper, as text and as a page to print, in Korean and English."""

from tillbridge.receipts.content import About, Receipt, make_receipt
from tillbridge.receipts.page import as_page
from tillbridge.receipts.text import as_text

__all__ = ["About", "Receipt", "as_page", "as_text", "make_receipt"]

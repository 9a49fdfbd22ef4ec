"""Imports of files into the built-in point of sale: vendors' products, and customers."""

from tillbridge.pos.embedded.imports.customers import import_customers
from tillbridge.pos.embedded.imports.products import import_products
from tillbridge.pos.embedded.imports.report import ImportReport, LineNote, RefusedLine

__all__ = ["ImportReport", "LineNote", "RefusedLine", "import_customers", "import_products"]

"""Imports of files into the built-in point of sale: vendors' products, and customers."""

from tillbridge.pos.embedded.imports.customers import import_customers
from tillbridge.pos.embedded.imports.notes import LineNote, RefusedLine
from tillbridge.pos.embedded.imports.options import FileOptions
from tillbridge.pos.embedded.imports.products import import_products
from tillbridge.pos.embedded.imports.report import ImportReport

__all__ = ["FileOptions", "ImportReport", "LineNote", "RefusedLine", "import_customers", "import_products"]

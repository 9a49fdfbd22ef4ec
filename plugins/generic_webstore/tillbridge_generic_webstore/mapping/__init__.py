"""Mapping: what a profile says of an order, compiled once, and applied to the bytes of each.

`mapper.py` leads; beside it one module an idea: how money and times are written, where an order stands, its
people, lines, joins, charges, tenders, and the sums that must hold.
"""

from tillbridge_generic_webstore.mapping.fields import Field, Places
from tillbridge_generic_webstore.mapping.mapper import Mapper, compile_mapping
from tillbridge_generic_webstore.mapping.over import compile_over

__all__ = ["Field", "Mapper", "Places", "compile_mapping", "compile_over"]

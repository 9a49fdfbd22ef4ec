"""Tries a profile on a payload: what each order becomes, field by field, and what was not understood."""

from tillbridge_generic_webstore.trying.payloads import Payload, read_payload
from tillbridge_generic_webstore.trying.report import Absent, Row, Tried, try_all, try_order

__all__ = ["Absent", "Payload", "Row", "Tried", "read_payload", "try_all", "try_order"]

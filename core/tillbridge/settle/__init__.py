"""Settling: what waits in the queue becomes sales, or says why not.

The way of a page: `payloads` (the queue) → `folding` (the newest version of each order) → `judge`
(can it be sold?) → `drafting` (the sale it becomes) → `committing` (all of it, if it still holds) →
`attempts` (the POS is asked, its answer committed). `settling` runs it.
"""

from tillbridge.settle.settling import Counts, bench, fault_reason, parse_payload, read_links, settle

__all__ = ["Counts", "bench", "fault_reason", "parse_payload", "read_links", "settle"]

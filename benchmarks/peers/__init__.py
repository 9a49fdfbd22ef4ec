"""Measures beside tillbridge what else a shop might bring orders in with: `make bench-peers`."""

"""The point of sale: its contract, and the embedded one that keeps it."""

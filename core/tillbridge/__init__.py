"""tillbridge brings web orders into a shop's point of sale, and its decisions, stock and prices back out."""

__version__ = "0.1.0"

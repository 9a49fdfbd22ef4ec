"""The demonstration: an invented Korean bicycle shop, and the walk from its files to its first web sales."""

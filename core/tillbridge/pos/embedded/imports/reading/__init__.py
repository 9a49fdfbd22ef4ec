"""Reads files row by row, in constant memory: what they are, where their header is, what stands below it."""

"""Runs the engine's work by itself: in one process (`embedded`)."""

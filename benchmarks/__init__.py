"""Measures the main job beside its floor and beside what a shop would have instead: `make bench`."""

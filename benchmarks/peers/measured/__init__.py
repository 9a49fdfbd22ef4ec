"""The peers, one module each: `ready(place)` makes everything ready and gives the work to be timed.

Each runs in an environment of its own, where tillbridge is not, and answers how many orders it brought in.
"""

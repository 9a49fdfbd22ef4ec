"""What is measured, one module each: `ready(place)` makes everything ready and gives the work to be timed."""

"""What an integrator's and a host's tests import: a clock, a webstore in memory, and what they share."""

"""What acts on an order work with: its state, its lines, its clock, its timeline, and what is owed of it."""

"""The vocabulary of tillbridge: pure data and pure rules, no input or output."""

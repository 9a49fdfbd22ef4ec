"""The sandbox's own pages for people: a shop window, the shopper's orders, and what goes wrong on demand."""

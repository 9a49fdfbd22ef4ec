"""Web payments: where the money for orders is, what is known of it, and what is to be done with it."""

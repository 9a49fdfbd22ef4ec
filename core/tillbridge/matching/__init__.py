"""Finding the customer and the products of web orders: declarative rules, run over whole pages."""

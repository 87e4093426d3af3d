"""A small shop till: prices, carts, discounts, receipts and the cashiers who use it."""

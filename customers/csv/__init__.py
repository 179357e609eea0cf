"""Imports orders and products from the CSV files of shop systems. What a purchase is, is
`customers/orders/`'s."""

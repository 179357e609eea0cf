"""Figures of customers and their orders: sales, LTV, second purchases, cohorts, gaps between orders, payback.

What each means is pure and in the module that bears its name; the SQL beside it counts the same for a large shop.
Showing them is left to `console/`.
"""

"""Explains afterwards what was said unasked to a customer and why, and why not; lists whose step in a flow failed."""

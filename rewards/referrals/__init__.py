"""Customers who bring friends: codes, who joined and bought, which pairs a person has to judge."""

"""The address of the page about a customer, for the lists of people on every page."""

from flask import url_for


def customer_page(customer_id: int) -> str:
    """The address of the page about that customer."""
    return url_for("console.customer", customer_id=customer_id)

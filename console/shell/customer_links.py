"""The address of the page about a customer, for the lists of people on every page."""

from flask import current_app, url_for


def customer_page(customer_id: int) -> str:
    """The address of the page about a customer; that of their points where there is no other."""
    if "console.customer" in current_app.view_functions:
        return url_for("console.customer", customer_id=customer_id)
    return url_for("console.points", customer_id=customer_id)

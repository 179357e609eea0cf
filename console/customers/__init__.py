"""Pages about customers: one customer with everything about them, the list with its search and filters, the sheet."""

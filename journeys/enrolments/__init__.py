"""A customer's way through a flow: entering, waiting, the step that is due, the end."""

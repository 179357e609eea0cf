"""The owner's page of sales and LTV, the lists behind its cells, and what winning a customer costs."""

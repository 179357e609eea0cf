"""The owner's pages of imports: a file of orders or products is dropped, previewed, taken in and undone."""

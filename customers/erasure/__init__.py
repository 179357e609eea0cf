"""Erases a customer on their wish, and remembers that it was done without the person. What becomes of each table's
rows is declared beside the table (`bot/db/erasure.py`)."""

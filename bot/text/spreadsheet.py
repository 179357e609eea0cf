"""Decides what a cell of a CSV must not begin with, and what is done about it. Pure.

Customers choose their names and write what they like; a spreadsheet that opens our file shall compute nothing of it.
"""

SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """The cell with a ' before it, if a spreadsheet could take it for a formula."""
    return f"'{cell}" if cell.startswith(SIGNS) else cell

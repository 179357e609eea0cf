"""Escapes cells of a CSV that a spreadsheet would take for a formula. Pure.

Customers choose their names and write what they like; a spreadsheet that opens our file must run none of it.
"""

SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """The cell, with a ' before it if a spreadsheet could take it for a formula."""
    return f"'{cell}" if cell.startswith(SIGNS) else cell

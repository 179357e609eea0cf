"""Finds products by their codes as people type them: spaces around a code and its case do not count."""

from collections.abc import Iterable
from typing import Any

from customers.orders.tables import Product


def spellings(codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The stored spellings of each code; a code of no known product stands for itself.

    Reads all codes, in one statement: a shop has as many products as fit a catalogue.
    """
    wanted = [code.strip() for code in codes if code.strip()]
    stored: dict[str, list[str]] = {}
    if wanted:
        for code in known():
            stored.setdefault(plain(code), []).append(code)
    return {code: tuple(stored.get(plain(code), (code,))) for code in wanted}


def known() -> list[str]:
    """The codes of all known products."""
    rows: Any = Product.select(Product.sku).order_by(Product.sku).tuples()
    return [code for (code,) in rows]


def plain(code: str) -> str:
    """The code in the form in which two spellings are compared."""
    return code.strip().casefold()

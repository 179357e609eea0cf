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


def codes_of(lines: Iterable[str]) -> list[str]:
    """The codes of products of which each line has the code or the name; a line of no known product stays as it is."""
    found: list[str] = []
    wanted = [line.strip() for line in lines if line.strip()]
    named: dict[str, list[str]] = {}
    codes = set()
    if wanted:
        rows: Any = Product.select(Product.sku, Product.name).order_by(Product.sku).tuples()
        for code, name in rows:
            codes.add(plain(code))
            named.setdefault(plain(name), []).append(code)
    for line in wanted:
        found += [line] if plain(line) in codes else named.get(plain(line), [line])
    return list(dict.fromkeys(found))


def known() -> list[str]:
    """The codes of all known products."""
    rows: Any = Product.select(Product.sku).order_by(Product.sku).tuples()
    return [code for (code,) in rows]


def plain(code: str) -> str:
    """The code in the form in which two spellings are compared."""
    return code.strip().casefold()

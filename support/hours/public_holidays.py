"""Decides nothing: Japan's public holidays, as the library `jpholiday` knows them.

It is loaded by shops that close on them and at the first question only: it costs a tenth of a second and 3 MB.
"""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=8)
def from_year(year: int) -> frozenset[date]:
    """The public holidays of that year and the next two, substitute holidays among them."""
    import jpholiday

    return frozenset(day for each in range(year, year + 3) for day, _ in jpholiday.year_holidays(each))

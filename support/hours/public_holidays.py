"""Japan's public holidays, from the library `jpholiday`.

Imported only where a shop closes on them, at the first use: it takes a tenth of a second and 3 MB.
"""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=8)
def from_year(year: int) -> frozenset[date]:
    """The public holidays of that year and the next two, including substitute holidays."""
    import jpholiday

    return frozenset(day for each in range(year, year + 3) for day, _ in jpholiday.year_holidays(each))

"""How much more or less something is than before, in per cent. Pure; differences in units are worded by
`console/figures/wording.py`, and since when it is, by the caller.
"""


def percent(now: float, before: float) -> str | None:
    """The difference in per cent of what it was before: +12%, -3%, ±0%; None where that was nothing."""
    if before <= 0:
        return None
    difference = round(100 * (now - before) / before)
    sign = "+" if difference > 0 else "-" if difference < 0 else "±"
    return f"{sign}{abs(difference):,}%"

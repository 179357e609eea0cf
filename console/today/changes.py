"""Words a change as a figure with its sign, to the unit or in per cent. Pure; since when it is, is for the caller."""

MINUS = "−"


def signed(now: float, before: float) -> str:
    """The difference in whole units: +3, −2, ±0. Both are rounded first, so that it is the difference of the figures
    that are shown."""
    return _with_sign(round(now) - round(before))


def percent(now: float, before: float) -> str | None:
    """The difference in per cent of what it was before: +12%, −3%, ±0%; None where that was nothing."""
    return f"{_with_sign(round(100 * (now - before) / before))}%" if before > 0 else None


def score(value: float) -> str:
    """A score from -100 to 100, with its sign."""
    return _with_sign(round(value)) if round(value) else "0"


def _with_sign(difference: int) -> str:
    if not difference:
        return "±0"
    return f"{'+' if difference > 0 else MINUS}{abs(difference):,}"

"""All figures by name. A module of `definitions/` that is missing here is shown nowhere."""

from collections.abc import Iterable

from console.figures.definition import Definition
from console.figures.definitions import today

SUBJECTS: tuple[tuple[Definition, ...], ...] = (today.DEFINITIONS,)
"""The definitions of each subject, in the order of `docs/figures.md`."""


def by_name(definitions: Iterable[Definition]) -> dict[str, Definition]:
    """These definitions by name. Raises ValueError when two have the same name."""
    found: dict[str, Definition] = {}
    for each in definitions:
        if each.name in found:
            raise ValueError(f"two figures are called {each.name!r}")
        found[each.name] = each
    return found


FIGURES = by_name(each for subject in SUBJECTS for each in subject)

"""Assertions for lists that must be complete: they fail with each name and a sentence that says what to do."""

from collections.abc import Iterable

import pytest


def assert_none(names: Iterable[object], what_to_do: str) -> None:
    """Fail with a line for each of these names, of which there should be none."""
    if found := sorted({str(name) for name in names}):
        pytest.fail("\n".join(f"{name}: {what_to_do}" for name in found), pytrace=False)


def assert_same(found: Iterable[str], listed: Iterable[str], *, missing: str, too_many: str) -> None:
    """Fail with what to do about each name that is missing from the list, and each that is listed without
    existing."""
    there, named = {*found}, {*listed}
    assert_none(there - named, missing)
    assert_none(named - there, too_many)

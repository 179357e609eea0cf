"""Decides that every storage test runs on both databases, whether or not it asks for one by name."""

import pytest


@pytest.fixture(autouse=True)
def _on_both_databases(any_database: object) -> None:
    """Being asked for is all it does."""

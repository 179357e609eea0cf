"""Orders the fault tests: of the two long ones one first and one last, for two processes to share."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of two processes each begins with its half of the list."""
    items.sort(key=lambda item: item.path.name == "test_kill.py" and "[postgres]" in item.name)

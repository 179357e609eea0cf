"""What is to happen after a commit happens then, in order, and never after a rollback."""

from contextlib import suppress

import pytest

from bot.db import after_commit


def test_calls_come_after_the_transaction_in_their_order() -> None:
    done: list[str] = []
    with after_commit.collected():
        after_commit.call(lambda: done.append("first"))
        after_commit.call(lambda: done.append("second"))
        assert done == []
    assert done == ["first", "second"]


def test_nothing_comes_after_a_rollback() -> None:
    done: list[str] = []
    with suppress(KeyError), after_commit.collected():
        after_commit.call(lambda: done.append("never"))
        raise KeyError
    assert done == []


def test_without_a_transaction_there_is_no_commit_to_wait_for() -> None:
    with pytest.raises(RuntimeError, match="no write_transaction"):
        after_commit.call(lambda: None)

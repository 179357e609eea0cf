"""What bot/db/database.py guarantees on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import peewee
import pytest

from bot.db import database


class Visit(database.Model):
    """A table made for these tests."""

    number = peewee.IntegerField(unique=True)
    made_at = database.UtcDateTimeField(null=True)


@pytest.fixture(autouse=True)
def _table(any_database: peewee.Database) -> Iterator[None]:
    any_database.create_tables([Visit])
    yield
    any_database.drop_tables([Visit])


def test_all_migrations_are_applied() -> None:
    assert database.pending_migrations() == []
    assert database.migrate() == []


def test_a_row_that_is_there_already_is_distinguished_from_a_new_one() -> None:
    assert database.insert_once(Visit, number=1) is not None
    assert database.insert_once(Visit, number=1) is None
    assert Visit.select().count() == 1


def test_a_duplicate_does_not_spoil_the_transaction_it_happens_in() -> None:
    with database.write_transaction():
        database.insert_once(Visit, number=1)
        database.insert_once(Visit, number=1)
        database.insert_once(Visit, number=2)
    assert Visit.select().count() == 2


def test_a_failing_transaction_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), database.write_transaction():
        Visit.create(number=1)
        _ = 1 / 0
    assert Visit.select().count() == 0


def test_a_failing_savepoint_leaves_the_rest() -> None:
    with database.write_transaction():
        Visit.create(number=1)
        with pytest.raises(peewee.IntegrityError), database.savepoint():
            Visit.create(number=1)
        Visit.create(number=2)
    assert Visit.select().count() == 2


def test_transactions_open_once_at_the_edge() -> None:
    with database.write_transaction(), pytest.raises(RuntimeError), database.write_transaction():
        pass


def test_what_must_not_be_half_done_refuses_to_run_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        database.require_transaction()


def test_a_moment_comes_back_in_utc() -> None:
    noon_in_tokyo = datetime(2026, 4, 1, 12, tzinfo=timezone(timedelta(hours=9)))
    Visit.create(number=1, made_at=noon_in_tokyo)
    assert Visit.get().made_at == datetime(2026, 4, 1, 3, tzinfo=UTC)
    assert Visit.get().made_at.utcoffset() == timedelta(0)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Visit.create(number=1, made_at=datetime(2026, 4, 1))  # noqa: DTZ001 - the very mistake


def test_each_test_begins_with_an_empty_database() -> None:
    assert Visit.select().count() == 0

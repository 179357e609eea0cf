"""The models match the migrations: the same tables, columns, keys and indexes, on both databases."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import peewee
import pytest

import bot
import console
import customers
import journeys
import rewards
import support
import surveys
from bot.db.database import Model
from tests.complete import assert_none

PACKAGES = (bot, customers, journeys, surveys, rewards, support, console)
BY_MODELS = "by_models"


def models() -> list[type[Model]]:
    """Every table of the product."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.ispkg:
                importlib.import_module(found.name)
    mine = tuple(f"{package.__name__}." for package in PACKAGES)
    found_models = [each for each in Model.__subclasses__() if each.__module__.startswith(mine)]
    return sorted(found_models, key=lambda model: model._meta.table_name)


@pytest.fixture
def by_models(any_database: peewee.Database) -> Iterator[tuple[peewee.Database, str]]:
    """A database, and the schema of it in which the tables were made from the models."""
    if isinstance(any_database, peewee.PostgresqlDatabase):
        any_database.execute_sql(f"CREATE SCHEMA {BY_MODELS}")
        try:
            any_database.execute_sql(f"SET search_path TO {BY_MODELS}")
            any_database.create_tables(models(), safe=False)
            any_database.execute_sql("SET search_path TO public")
            yield any_database, BY_MODELS
        finally:
            any_database.execute_sql("SET search_path TO public")
            any_database.execute_sql(f"DROP SCHEMA {BY_MODELS} CASCADE")
    else:
        made = peewee.SqliteDatabase(":memory:")
        with made.bind_ctx(models()):
            made.create_tables(models(), safe=False)
        yield made, "main"
        made.close()


def columns(database: peewee.Database, schema: str, table: str) -> set[tuple[str, str, bool, bool]]:
    """Name, type, may be NULL, part of the key. No defaults: the models give theirs in Python."""
    is_sqlite = isinstance(database, peewee.SqliteDatabase)
    names = {"bigint": "integer", "timestamp": "datetime"} if is_sqlite else {}
    return {
        (each.name, names.get(each.data_type.lower(), each.data_type.lower()), each.null, each.primary_key)
        for each in database.get_columns(table, schema)
        if each.data_type.lower() != "tsvector"  # the search's own, on PostgreSQL alone
    }


def foreign_keys(database: peewee.Database, schema: str, table: str) -> set[tuple[str, str]]:
    return {(each.column, each.dest_table) for each in database.get_foreign_keys(table, schema)}


def indexes(database: peewee.Database, schema: str, table: str) -> set[tuple[tuple[str, ...], bool]]:
    """Columns in their order, and whether they are unique; without the key's, and without partial ones."""
    key = database.get_primary_keys(table, schema)
    return {
        (tuple(each.columns), bool(each.unique))
        for each in database.get_indexes(table, schema)
        if " WHERE " not in (each.sql or "").upper() and each.columns != key
    }


def differing(read: Any, migrated: peewee.Database, by_models: tuple[peewee.Database, str]) -> dict[str, Any]:
    """By table: what only the migrations have, and what only the models have."""
    schema = "public" if isinstance(migrated, peewee.PostgresqlDatabase) else "main"
    found = {}
    for table in (model._meta.table_name for model in models()):
        made, meant = read(migrated, schema, table), read(*by_models, table)
        if made != meant:
            found[table] = (made - meant, meant - made)
    return found


@pytest.mark.parametrize("read", [columns, foreign_keys])
def test_models_and_migrations_name_the_same(
    read: Any, any_database: peewee.Database, by_models: tuple[peewee.Database, str]
) -> None:
    assert_none(
        (
            f"{table}: only in the migrations {sorted(map(str, made))}, only in the model {sorted(map(str, meant))}"
            for table, (made, meant) in differing(read, any_database, by_models).items()
        ),
        "make both the same, with a new migration in bot/migrations where the model is right.",
    )


def test_every_index_of_a_model_was_made_and_every_unique_one_has_a_model(
    any_database: peewee.Database, by_models: tuple[peewee.Database, str]
) -> None:
    found = differing(indexes, any_database, by_models)
    not_made = {table: only_meant for table, (_, only_meant) in found.items() if only_meant}
    unsaid = {
        table: some for table, (made, _) in found.items() if (some := {each for each in made if each[1]})
    }
    assert not not_made, f"{not_made}: in a model and in no migration. Add a migration that makes the index."
    assert not unsaid, (
        f"{unsaid}: a unique index that no model has. Add it to the model, which is read as the rule."
    )


def test_every_table_has_a_model(any_database: peewee.Database) -> None:
    names = {model._meta.table_name for model in models()}
    tables = {
        table
        for table in any_database.get_tables()
        if not table.startswith(("transcript_word", "customer_name_word"))
    }
    assert_none(
        tables - names - {"schema_migration", "faq_entry_words", "sqlite_sequence"},
        "this table has no model: add one, in a package that PACKAGES of tests/storage/test_models.py names, or a "
        "migration that drops the table.",
    )
    assert len(names) > 30

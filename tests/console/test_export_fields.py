"""Every table is exported with each column described, or is left out for a reason."""

from console.data import fields
from tests.complete import assert_none, assert_same
from tests.storage.test_models import models


def test_every_table_is_exported_or_left_out_for_a_reason() -> None:
    said = fields.described()
    assert not set(said.tables) & set(said.left_out)
    assert_same(
        {model._meta.table_name for model in models()},
        {*said.tables, *said.left_out},
        missing="this table is not in console/data/fields.txt: add `table NAME|日本語|English` and a line for each "
        "column, or `not NAME|理由|reason` where it must not be exported.",
        too_many="console/data/fields.txt names it, and there is no such table.",
    )


def test_every_column_that_is_exported_is_described() -> None:
    missing = {
        f"{model._meta.table_name}.{each.column_name}"
        for model in models()
        if model._meta.table_name in fields.described().tables
        for each in model._meta.sorted_fields
        if each.column_name not in fields.SECRET_COLUMNS
        and fields.of_column(model._meta.table_name, each.column_name) is None
    }
    assert_none(missing, "this column has no line `COLUMN|日本語|English` in console/data/fields.txt.")


def test_no_secret_is_exported() -> None:
    exported = {
        (model._meta.table_name, each.column_name)
        for model in models()
        if model._meta.table_name in fields.described().tables
        for each in model._meta.sorted_fields
        if each.column_name not in fields.SECRET_COLUMNS
    }
    forbidden = ("password", "secret", "token_hash", "key_hash", "salt", "stamp", "code_hash")
    assert not {(table, name) for table, name in exported if any(word in name for word in forbidden)}


def test_each_description_says_something_in_both_languages() -> None:
    said = fields.described()
    for words in (*said.tables.values(), *said.columns.values(), *said.left_out.values()):
        assert words.ja.strip()
        assert words.en.isascii()
        assert words.en.strip()

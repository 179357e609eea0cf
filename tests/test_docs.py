"""Holds the documents to the product: what can be set is written down, whole and once."""

from bot import settings, shop
from handlers import register
from tests.project_files import ROOT


def test_the_readme_lists_every_setting_in_one_table() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme.count(settings.table()) == 1, (
        "README.md does not hold the table of settings as the code has it. Put this there:\n\n"
        + settings.table()
    )


def test_shop_toml_ships_with_every_key_and_its_default() -> None:
    register()
    shipped = (ROOT / "shop.toml").read_text("utf-8")
    assert shipped == shop.as_toml(), "shop.toml is not what the code's defaults say: write it anew"

"""Every figure of the owner's pages is what other code gets from the raw tables by the words of its definition: on the
demo's sample shop, and on random shops on both databases.
"""

import math
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db import database as bot_database
from commands.demo import MACHINERY, hire
from console.catalogue.catalogue import FIGURES
from console.figures.definition import Definition
from demo.setup import free_port
from demo.shop import people
from tests.demo.test_sample_shop import NOW, MadeOnly
from tests.storage.console import (
    recomputed_contacts,
    recomputed_people,
    recomputed_purchases,
    recomputed_rewards,
    recomputed_rfm,
    recomputed_shop,
    recomputed_stages,
)
from tests.storage.console.raw_tables import Figure, Recompute, Tables

RECOMPUTED: dict[str, Recompute] = {
    **recomputed_contacts.RECOMPUTED,
    **recomputed_people.RECOMPUTED,
    **recomputed_purchases.RECOMPUTED,
    **recomputed_rewards.RECOMPUTED,
    **recomputed_rfm.RECOMPUTED,
    **recomputed_stages.RECOMPUTED,
}
MONTH_END = datetime(2026, 11, 30, 3, 30, tzinfo=UTC)
EARLIER = timedelta(days=40)


@pytest.fixture(autouse=True)
def _on_both_databases() -> None:
    """The sample shop is on SQLite only; the others ask for both."""


def test_every_figure_is_recomputed() -> None:
    assert sorted(RECOMPUTED) == sorted(FIGURES)


def found(definition: Definition, on: date) -> Figure:
    """The figure as the pages have it."""
    value = definition.count(on)
    listed = None
    if definition.people is not None:
        listed = {int(customer_id) for (customer_id,) in definition.people(on).tuples()}
    return Figure(value.value, listed, value.part, value.count, value.low, value.high)


def is_withheld(definition: Definition, on: date) -> bool:
    """Whether the page says that it rests on too few."""
    return definition.count(on).is_too_few


def is_alike(shown: object, recomputed: object) -> bool:
    if isinstance(shown, int | float) and isinstance(recomputed, int | float):
        return math.isclose(shown, recomputed, rel_tol=1e-9, abs_tol=1e-9)
    return shown == recomputed


def compare() -> None:
    """Fails with what pages show and what is recomputed, today and 40 days ago, where it is not the same. Counts and
    ranges are compared where they are shown."""
    tables, different = Tables(localtime.now()), []
    for on in (tables.today, tables.today - EARLIER):
        for name, recompute in RECOMPUTED.items():
            shown, other = found(FIGURES[name], on), recompute(tables, on)
            for part in ("value", "part", "count", "low", "high", "people"):
                one: Any = getattr(shown, part)
                two: Any = getattr(other, part)
                if is_alike(one, two) or (
                    one is None and (part != "value" or is_withheld(FIGURES[name], on))
                ):
                    continue
                if isinstance(one, set) and isinstance(two, set):
                    one, two = sorted(one - two), sorted(two - one)
                different.append(f"{on} {name}, {part}: {one} is shown, {two} recomputed")
    if different:
        pytest.fail("\n".join(different))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The sample shop, as the demo makes it, at its fixed day."""
    folder, before = tmp_path_factory.mktemp("sample"), bot_settings._current
    shop.use({})
    stage = MadeOnly(
        free_port(), free_port(), folder, customer_count=people.CUSTOMER_COUNT, hire=hire, machinery=MACHINERY
    )
    with patch.dict(os.environ, SHOP_TOML=""), localtime.fixed(NOW), stage:
        bot_database.connect(stage.settings.database_url)
        yield
    bot_settings._current = before


@pytest.mark.usefixtures("sample")
def test_the_figures_of_the_sample_shop() -> None:
    compare()


@pytest.mark.usefixtures("any_database")
@pytest.mark.parametrize(("seed", "now", "expiry"), [(1, MONTH_END, "inactivity"), (2, NOW, "fixed")])
def test_the_figures_of_random_shops(seed: int, now: datetime, expiry: str) -> None:
    shop.use({"points": {"expiry": expiry, "expire_after_days": 120}})
    with localtime.fixed(now):
        recomputed_shop.build(seed, now)
        compare()
        tables = Tables(now)
        nothing = [name for name, each in RECOMPUTED.items() if each(tables, tables.today).value is None]
    shop.use({})
    assert nothing == []

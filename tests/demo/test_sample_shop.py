"""The sample shop keeps the product's own rules and is worth looking at: measured in plain SQL on a generated shop.

The shop is made as `manage.py demo` makes it, at a fixed day, without the product's processes.
"""

import os
import random
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from unittest.mock import create_autospec, patch

import pytest

from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db import database as bot_database
from commands.demo import MACHINERY, hire
from console.catalogue.catalogue import FIGURES
from demo.setup import Stage, free_port
from demo.shop import people
from demo.shop.plan import lives
from demo.shop.plan.causes import SLOW_REPLIES_MONTHS_AGO
from demo.shop.plan.lives import Person
from demo.shop.plan.products import CREAM, GIFT, PUMP, SOAP
from rewards.ledger import reconciliation
from tests.demo import sample_shop_figures
from tests.demo.sample_shop_figures import SampleShop

NOW = datetime(2026, 11, 18, 3, 30, tzinfo=UTC)
FEWEST = 30
"""So many in each group does a comparison ask for."""
BROUGHT = "id IN (SELECT referee_id FROM referral)"
WITH_PUMP = f"p.id IN (SELECT purchase_id FROM purchase_item WHERE sku = '{PUMP}')"
SLOWLY = (
    "p.order_number IN (SELECT order_number FROM shipment WHERE "
    "julianday(delivered_at) - julianday(dispatched_at) > 4)"
)


class MadeOnly(Stage):
    """The demo up to where its processes would begin to work."""

    def _run(self, *_: object) -> "subprocess.Popen[bytes]":
        process = create_autospec(subprocess.Popen, instance=True)
        process.poll.return_value, process.wait.return_value = None, 0
        return cast("subprocess.Popen[bytes]", process)

    def _wait_until_ready(self) -> None:
        return None


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleShop]:
    folder: Path = tmp_path_factory.mktemp("sample")
    before = bot_settings._current
    shop.use({})
    with (
        patch.dict(os.environ, SHOP_TOML=""),
        localtime.fixed(NOW),
        MadeOnly(
            free_port(),
            free_port(),
            folder,
            customer_count=people.CUSTOMER_COUNT,
            hire=hire,
            machinery=MACHINERY,
        ) as stage,
    ):
        bot_database.connect(stage.settings.database_url)
        yield sample_shop_figures.of_file(str(folder / "demo.sqlite3"))
    bot_settings._current = before


def between(low: float, value: float, high: float) -> bool:
    """Whether the figure is in that range; the test's message shows it."""
    return low <= value <= high


def test_a_tenth_of_the_buyers_makes_two_fifths_of_the_sales(made: SampleShop) -> None:
    assert between(0.35, made.top_share(), 0.5)


def test_a_quarter_of_those_who_could_buys_a_second_time_within_a_year(made: SampleShop) -> None:
    assert between(0.2, made.second_purchase_share(), 0.3)


def test_gaps_between_orders_depend_on_what_was_bought(made: SampleShop) -> None:
    gaps = made.gaps()
    assert between(19, gaps[len(gaps) // 10], 32)
    assert between(80, gaps[len(gaps) * 9 // 10], 125)
    assert made.gap_after(SOAP) + 20 < made.gap_after(CREAM)


def test_there_are_seasons_and_last_years_month(made: SampleShop) -> None:
    assert made.orders_in(2) < 0.7
    assert made.orders_in(7) > 1
    assert made.orders_in(12) > 1
    assert made.sold(GIFT, (6, 7, 12)) > 1.5 * made.sold(GIFT, (1, 2, 3, 4, 5, 8, 9, 10))
    assert between(13 * 30, made.history_days(), 18 * 30)
    assert made.number("SELECT COUNT(*) FROM purchase WHERE ordered_on LIKE '2025-11%'") > 20


def test_promoters_and_who_brings_friends_spend_twice_as_much(made: SampleShop) -> None:
    assert between(1.7, made.promoter_ratio(), 2.5)
    assert between(1.6, made.referrer_ratio(), 2.5)


def test_each_answer_has_enough_buyers_for_a_comparison(made: SampleShop) -> None:
    assert min(made.buyers_by_answer().values()) > FEWEST + 2
    compared = FIGURES["ltv-ratio-promoters-detractors"].count(localtime.today())
    assert not compared.is_too_few
    assert compared.low is not None and compared.low > 1


def test_stages_change_on_the_days_of_what_caused_them(made: SampleShop) -> None:
    changes = "FROM stage_change AS s WHERE after IN ('first', 'repeat', 'premium-product')"
    local = "date(s.changed_at, '+9 hours')"
    order = f"SELECT 1 FROM purchase AS p WHERE p.customer_id = s.customer_id AND p.ordered_on = {local}"
    bought = made.number(f"SELECT COUNT(*) {changes} AND EXISTS ({order})")
    assert bought > 150
    assert bought >= 0.95 * made.number(f"SELECT COUNT(*) {changes}"), (
        "the others: a refund, a score that fell"
    )
    months = made.rows("SELECT strftime('%Y-%m', changed_at), COUNT(*) FROM stage_change GROUP BY 1")
    assert len(months) >= 15 and min(count for _, count in months[1:-1]) > 5
    assert made.number("SELECT COUNT(*) FROM customer_profile") == people.CUSTOMER_COUNT


def test_a_share_of_orders_is_not_on_line_and_some_are_free_or_taken_back(made: SampleShop) -> None:
    assert between(0.2, made.elsewhere_share(), 0.35)
    assert between(3, made.number("SELECT COUNT(*) FROM purchase WHERE total_yen = 0"), 12)
    assert between(3, made.number("SELECT COUNT(*) FROM purchase WHERE state = 'cancelled'"), 25)
    assert between(5, made.number("SELECT COUNT(*) FROM purchase WHERE refunded_yen > 0"), 40)


def test_the_causes_can_be_found_in_the_figures(made: SampleShop) -> None:
    usual = made.score_of(f"NOT ({WITH_PUMP}) AND NOT ({SLOWLY})")
    assert made.score_of(WITH_PUMP) < usual - 3
    assert made.score_of(SLOWLY) < usual - 2
    bought_it = f"id IN (SELECT customer_id FROM purchase AS p WHERE {WITH_PUMP} AND customer_id > 0)"
    assert made.comes_back(bought_it) < 0.5 * made.comes_back(f"NOT {bought_it}")
    assert made.comes_back(BROUGHT) > 1.2 * made.comes_back(f"NOT {BROUGHT}")
    usual_minutes = max(made.reply_minutes(months) for months in (1, 3, 4))
    assert made.reply_minutes(SLOW_REPLIES_MONTHS_AGO) > 3 * usual_minutes


def test_questions_are_asked_in_the_hours_and_not_twice_within_the_days(made: SampleShop) -> None:
    assert made.number("SELECT COUNT(*) FROM survey_invitation") > 200
    assert made.asked_outside(10, 20) == 0
    assert made.asked_too_soon(90) == 0


def test_everything_that_earns_points_has_its_entry_and_the_ledger_is_consistent(made: SampleShop) -> None:
    assert set(made.promised_but_missing().values()) == {0}
    checked = reconciliation.reconcile()
    assert checked.faults == ()
    assert checked.entry_count > 800
    overdue = "SELECT COUNT(*) FROM points_account WHERE expires_on < ?"
    assert made.number(overdue, (localtime.local_date(NOW) - timedelta(days=1)).isoformat()) == 0
    assert made.number("SELECT COUNT(*) FROM ledger_entry WHERE kind = 'expire'") > 5


def test_ranks_were_reviewed_with_the_average_of_their_quarter(made: SampleShop) -> None:
    used = made.rows("SELECT average_ltv_yen, COUNT(*) FROM rank_change WHERE before IS NOT NULL GROUP BY 1")
    in_force = {int(value) for (value,) in made.rows("SELECT value FROM shop_figure")}
    default = 18_000
    assert {average for average, _ in used} - {default} <= in_force
    rises = sum(count for _, count in used)
    assert sum(count for average, count in used if average == default) < 0.25 * rises


def test_parcels_are_delivered_and_nothing_waits_that_should_not(made: SampleShop) -> None:
    assert made.undelivered() == 0
    assert made.number("SELECT COUNT(*) FROM inbox_event WHERE state <> 'done'") == 0
    assert made.number("SELECT COUNT(*) FROM outbox_message WHERE state <> 'sent'") == 0
    assert made.number("SELECT COUNT(*) FROM referral WHERE state IN ('held', 'bought')") == 0


@pytest.mark.parametrize("month", range(1, 13))
def test_the_lives_are_such_whenever_the_demo_is_started(settings: bot_settings.Settings, month: int) -> None:
    now = datetime(2027, month, 17, 3, tzinfo=UTC)
    everyone = people.all_of_them(people.CUSTOMER_COUNT, now, random.Random(20))
    first = {each.user_id: next((o for o in each.orders if o.yen), None) for each in everyone}
    matured = [each for each in everyone if (o := first[each.user_id]) and o.at < now - timedelta(days=365)]
    assert between(0.18, sum(map(bought_again, matured)) / len(matured), 0.32)
    spent = sorted((each.spent_since(now - timedelta(days=365)) for each in everyone), reverse=True)
    spent = [yen for yen in spent if yen]
    assert between(0.35, sum(spent[: len(spent) // 10]) / sum(spent), 0.5)
    assert all(each.at < now for person in everyone for each in person.orders)
    assert between(30, sum(bool(each.friend_of) for each in everyone), 60)
    assert everyone[0].joined_at > now - lives.HISTORY


def bought_again(person: Person) -> bool:
    paid = [each for each in person.orders if each.yen and each.ending in ("", "partly")]
    return len(paid) > 1 and paid[1].at - paid[0].at <= timedelta(days=365)


@pytest.mark.parametrize(
    "said",
    [
        "SELECT comment FROM survey_answer WHERE comment <> ''",
        "SELECT body FROM testimonial",
        "SELECT comment FROM satisfaction WHERE comment <> ''",
    ],
)
def test_no_two_customers_write_the_same(made: SampleShop, said: str) -> None:
    sentences = [row[0] for row in made.rows(said)]
    assert len(sentences) > 20
    assert sorted({each for each in sentences if sentences.count(each) > 1}) == []

"""`manage.py figures`: the list, one figure explained with its people, and the answer to an unknown name."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import peewee
import pytest
from click.testing import CliRunner, Result

from bot import localtime
from bot.config import settings as bot_settings
from commands import figures as commands
from console.figures import catalogue, document
from console.figures.definition import Definition, Unit, Value
from customers.people.customer import Customer
from customers.values import windows
from manage import manage

Run = Callable[..., Result]
BUYERS = Definition(
    name="buyers-of-the-year",
    title="数字",
    meaning="いま現在",
    population="チャット",
    window_text="直近12か月",
    unit=Unit.SHARE,
    window=windows.year,
    count=lambda _on: Value(0.25, 0.125, 0.4, part=3, count=12),
    people=lambda _on: Customer.select(Customer.id).where(Customer.purchase_count > 0),
)
QUESTIONS = Definition(
    name="questions-asked",
    title="回答",
    meaning="いま現在",
    population="チャット",
    window_text="直近12か月",
    unit=Unit.QUESTIONS,
    window=lambda _on: None,
    count=lambda _on: Value(1_364),
)


@pytest.fixture
def run(settings: bot_settings.Settings, database: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on a shop with two figures, and three buyers among four customers."""
    monkeypatch.setattr(commands, "start", lambda declare: declare())
    monkeypatch.setattr(catalogue, "SUBJECTS", ((BUYERS,), (QUESTIONS,)))
    monkeypatch.setattr(catalogue, "FIGURES", {each.name: each for each in (BUYERS, QUESTIONS)})
    now = localtime.now()
    for number in range(4):
        Customer.create(
            display_name=f"=客{number}", first_seen_at=now, purchase_count=number, sales_yen=1_500 * number
        )
    return lambda *words: CliRunner().invoke(manage, ["figures", *words])


def test_the_list_has_names_and_titles_in_both_languages(run: Run) -> None:
    said = run("list").output
    assert "  buyers-of-the-year：数字 / Figures" in said
    assert "  questions-asked：回答 / Answers" in said


def test_a_figure_is_explained_with_window_value_and_people(run: Run) -> None:
    said = run("explain", "buyers-of-the-year", "--on", "2026-11-30", "--limit", "2").output
    for line in (
        "  数え方: いま現在",
        "  How it is counted: As of now",
        "  期間: 直近12か月 (2025年12月1日 – 2026年11月30日)",
        "  Window: Last 12 months (Dec 1, 2025 – Nov 30, 2026)",
        "値 / value: 25.0%",
        "95 %: 12.5%–40.0%",
        "もとになった数 / counted from: 3 / 12",
        "数えた方 / people: 3",
        "=客1：1回 / orders, ¥1,500：—",
        "  … 1 （--limit N, --csv）",
    ):
        assert line in said, said
    assert "=客3" not in said


def test_what_is_no_figure_of_people_has_no_list(run: Run) -> None:
    said = run("explain", "questions-asked").output
    assert "値 / value: 1,364件 / 1,364 questions" in said
    assert "no figure of people" in said
    refused = run("explain", "questions-asked", "--csv")
    assert refused.exit_code == 1


def test_all_people_come_as_csv_in_which_no_cell_is_a_formula(run: Run) -> None:
    said = run("explain", "buyers-of-the-year", "--csv").output
    rows = list(csv.reader(io.StringIO(said)))
    assert rows[0] == ["customer", "name", "orders", "sales_yen", "last_purchased_on"]
    assert [row[1:] for row in rows[1:]] == [
        ["'=客1", "1", "1500", ""],
        ["'=客2", "2", "3000", ""],
        ["'=客3", "3", "4500", ""],
    ]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("buyers-of-year", "buyers-of-the-year"),
        ("questions", "questions-asked"),
        ("xyz", "manage.py figures list"),
    ],
)
def test_an_unknown_name_gets_the_nearest(run: Run, name: str, nearest: str) -> None:
    refused = run("explain", name)
    assert refused.exit_code == 1
    assert f"there is no figure {name!r}; nearest: {nearest}" in refused.output


def test_a_day_that_has_not_come_is_refused(run: Run) -> None:
    tomorrow = (localtime.today() + timedelta(days=1)).isoformat()
    refused = run("explain", "questions-asked", "--on", tomorrow)
    assert refused.exit_code == 1
    assert "has not come yet" in refused.output


def test_the_document_is_printed(run: Run) -> None:
    said = run("doc").output
    assert said == document.markdown()
    assert "### `buyers-of-the-year`" in said
    assert "**Figures** (数字)" in said

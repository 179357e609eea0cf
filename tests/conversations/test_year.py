"""Some weeks of a small shop with both flows on, customers by chance, day and night: everything that LINE received
keeps the promises. `python -m benchmarks.year` simulates a whole year."""

from benchmarks import year, year_checks
from tests.conversations.scenario import Scenario


def test_weeks_of_a_shop_keep_every_promise(scenario: Scenario) -> None:
    people = year.simulate(scenario, customers=14, days=50, seed=3, acts_a_month=3)

    assert year_checks.violations(people.lives, scenario.platform, year.SLACK) == []
    found = year.figures()
    assert found.sent.total() > 60, "or nothing was tested"
    assert found.ratio() < 1

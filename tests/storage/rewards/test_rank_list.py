"""Every fact that counts for a rank is in every place that needs it; a failure says what is missing, and where."""

import json
from collections.abc import Iterator
from dataclasses import fields

import pytest

from bot import localtime
from bot.db.database import write_transaction
from console.loyalty import rank_simulation_form
from rewards.ledger.rule_versions import RuleVersion
from rewards.ranks import facts, versions
from rewards.ranks.rules import BEHAVIOUR, EFFORT, RELATIONSHIP, Counted, Facts, RankRules, Step
from rewards.ranks.settings import RankSection
from rewards.ranks.versions import LATER
from rewards.ranks.words import RankWords

COUNTED = (*BEHAVIOUR, *RELATIONSHIP)
READ_APART = {"purchase_count", "testimonial_count", "months_since_joining"}
"""Facts with a query of their own in `rewards/ranks/facts.py` and in `rewards/ranks/batch_sql.py`."""
MONEY = {"sales_yen", "average_ltv_yen"}
FIRST_RELEASE = {
    *("qualifying_months", "average_ltv_yen", "fewest_customers", "money_at_average"),
    *("purchase", "survey_answer", "referral", "testimonial", "opinion", "month"),
    *("active", "premium", "ambassador", "review_day", "grace_days", "told_a_day"),
    *("basic_perk", "active_perk", "premium_perk", "ambassador_perk"),
}
"""The rank rules of the first release: every stored version names them."""


def names_of(kind: type) -> set[str]:
    return {field.name for field in fields(kind)}


def missing(one: Counted) -> Iterator[str]:
    """What a fact still needs, each as the line to write."""
    read = {*facts.ACTIONS, *facts.DAYS, *READ_APART}
    if one.fact not in names_of(Facts):
        yield f"rewards/ranks/rules.py, Facts: {one.fact}: int = 0"
    if one.rule not in names_of(RankRules):
        yield f"rewards/ranks/rules.py, RankRules: {one.rule}: Worth = (points each time, how often it counts)"
    if one.rule not in RankSection.model_fields:
        yield f"rewards/ranks/settings.py, RankSection: {one.rule}: Worth = Field(RankRules.{one.rule}, description=…)"
    if one.fact not in read:
        yield f"ranks/facts.py, ACTIONS or DAYS: {one.fact!r}, or a query there and in batch_sql.py (READ_APART)"
    if f"holds_{one.rule}s" not in RankWords.model_fields:
        yield f"rewards/ranks/words.py, RankWords: holds_{one.rule}s: str = Field('…{{count}}…', description=…)"
    if one.rule not in {number.key for number in rank_simulation_form.numbers()}:
        yield f"console/loyalty/rank_simulation_form.py, TABLES: {one.rule!r}: N_('…')"
    if one.step is not None:
        yield from missing_of(one.step)


def missing_of(step: Step) -> Iterator[str]:
    if step not in EFFORT:
        yield f"rewards/ranks/rules.py, EFFORT: Step.{step.name}: how much it asks of a customer"
    word = f"next_{step.replace('-', '_')}"
    if word not in RankWords.model_fields:
        yield f"rewards/ranks/words.py, RankWords: {word}: str = Field('…{{count}}…', description=…)"


@pytest.mark.parametrize("one", COUNTED, ids=lambda one: one.rule)
def test_what_counts_is_in_every_place(one: Counted) -> None:
    lines = list(missing(one))
    assert not lines, f"{one.fact} counts for the rank. Write as well:\n" + "\n".join(lines)


def test_every_place_names_what_counts() -> None:
    listed = {one.fact for one in COUNTED}
    worths = {field.name for field in fields(RankRules) if isinstance(field.default, tuple)}
    unlisted: dict[str, set[str]] = {
        "Facts": names_of(Facts) - MONEY - listed,
        "RankRules": worths - {"active", "premium", "ambassador"} - {one.rule for one in COUNTED},
        "rank_facts.ACTIONS and DAYS": {*facts.ACTIONS, *facts.DAYS} - listed,
        "Step": {*Step} - {Step.PURCHASE, *(one.step for one in COUNTED if one.step)},
    }
    lines = [f"{place} has {name}" for place, names in unlisted.items() for name in sorted(names)]
    assert not lines, "Add to BEHAVIOUR or RELATIONSHIP in rewards/ranks/rules.py what counts:\n" + "\n".join(
        lines
    )


def test_a_list_that_is_short_of_something_is_named() -> None:
    lines = "\n".join(missing(Counted("visit_count", "visit", Step.REFERRAL)))
    for place in (
        "rules.py, Facts",
        "RankRules",
        "ranks/settings.py",
        "ranks/facts.py",
        "holds_visits",
        "rank_simulation_form.py",
    ):
        assert place in lines


def test_every_rule_says_what_it_was_worth_before_it_came() -> None:
    new = RankSection.model_fields.keys() - FIRST_RELEASE - LATER.keys()
    assert not new, (
        f"{', '.join(sorted(new))}: rules stored by earlier releases do not name it. Write into LATER of "
        "rewards/ranks/versions.py what it was worth until now: (0, 0) for something that counts from now on, its "
        "default where that changes nothing."
    )
    assert not LATER.keys() - RankSection.model_fields.keys()


@pytest.mark.parametrize("rule", LATER)
def test_a_version_of_an_earlier_release_is_read_as_it_was_meant(rule: str) -> None:
    rules = RankSection.model_validate({}).model_dump(mode="json")
    del rules[rule]
    store("earlier", rules)
    assert getattr(versions.read("earlier"), rule) == LATER[rule]


def test_a_version_is_read_that_no_shop_could_begin_with_now() -> None:
    store("lenient", RankSection.model_validate({}).model_dump(mode="json") | {"ambassador": [25, 40, 30]})
    read = versions.read("lenient")
    assert read is not None
    assert read.ambassador == (25, 40, 30)


def store(version: str, rules: dict[str, object]) -> None:
    with write_transaction():
        RuleVersion.insert(
            version=version, section="ranks", rules=json.dumps(rules), first_used_at=localtime.now()
        ).execute()

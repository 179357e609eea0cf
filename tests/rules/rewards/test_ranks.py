"""Which rank a year's activity gives: tables of what customers did, and properties that always hold."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.ranks.rules import (
    EFFORT,
    EFFORT_OF_1000_YEN,
    Axes,
    Facts,
    NextAction,
    Rank,
    RankRules,
    Step,
    axes_of,
    keeping_action,
    next_action,
    rank_of,
)

RULES = RankRules()
TOP = Rank.AMBASSADOR
COUNTED = {
    Step.SURVEY_ANSWER: "survey_answer_count",
    Step.REPLY_DAY: "reply_day_count",
    Step.OPINION: "opinion_count",
    Step.TESTIMONIAL: "testimonial_count",
    Step.REFERRAL: "referral_bought_count",
    Step.PURCHASE: "purchase_count",
}
ADDING = [field.name for field in fields(Facts) if field.name != "average_ltv_yen"]


def ranked(facts: Facts) -> Rank:
    return rank_of(axes_of(facts, RULES), facts, RULES)


def facts() -> st.SearchStrategy[Facts]:
    few = st.integers(0, 12)
    return st.builds(
        Facts,
        sales_yen=st.integers(0, 200_000),
        purchase_count=few,
        survey_answer_count=few,
        reply_day_count=few,
        click_day_count=few,
        referral_bought_count=few,
        testimonial_count=few,
        opinion_count=few,
        months_since_joining=st.integers(0, 240),
        average_ltv_yen=st.integers(1, 100_000),
    )


@pytest.mark.parametrize(
    ("who", "did", "rank"),
    [
        ("followed, never bought", Facts(), Rank.BASIC),
        ("bought once", Facts(sales_yen=3_980, purchase_count=1), Rank.BASIC),
        (
            "bought once and answered",
            Facts(sales_yen=980, purchase_count=1, survey_answer_count=1),
            Rank.ACTIVE,
        ),
        ("answers, never bought", Facts(survey_answer_count=2), Rank.BASIC),
        (
            "bought once, replied on eight days",
            Facts(sales_yen=980, purchase_count=1, reply_day_count=8),
            Rank.ACTIVE,
        ),
        (
            "bought once, replied on seven days",
            Facts(sales_yen=980, purchase_count=1, reply_day_count=7),
            Rank.BASIC,
        ),
        (
            "the same, and opened a link once",
            Facts(sales_yen=980, purchase_count=1, reply_day_count=7, click_day_count=1),
            Rank.ACTIVE,
        ),
        ("replies every day, never bought", Facts(reply_day_count=365, click_day_count=365), Rank.BASIC),
        ("bought three times", Facts(sales_yen=12_000, purchase_count=3), Rank.ACTIVE),
        ("spends a fortune", Facts(sales_yen=10**8, purchase_count=99, months_since_joining=99), Rank.ACTIVE),
        (
            "above average, answers, wrote a testimonial, with us half a year",
            Facts(
                sales_yen=18_000,
                purchase_count=3,
                survey_answer_count=1,
                testimonial_count=1,
                months_since_joining=6,
            ),
            Rank.PREMIUM,
        ),
        (
            "the same, one yen below average",
            Facts(
                sales_yen=17_999,
                purchase_count=3,
                survey_answer_count=1,
                testimonial_count=1,
                months_since_joining=6,
            ),
            Rank.ACTIVE,
        ),
        (
            "spends half the average, brought two friends, says what she thinks",
            Facts(
                sales_yen=9_000,
                purchase_count=2,
                survey_answer_count=2,
                referral_bought_count=2,
                opinion_count=2,
            ),
            Rank.AMBASSADOR,
        ),
        (
            "writes and speaks, but brought nobody",
            Facts(
                sales_yen=90_000,
                purchase_count=9,
                survey_answer_count=9,
                testimonial_count=9,
                opinion_count=9,
                months_since_joining=99,
            ),
            Rank.PREMIUM,
        ),
    ],
)
def test_a_year_deserves_its_rank(who: str, did: Facts, rank: Rank) -> None:
    assert ranked(did) is rank, who


@pytest.mark.parametrize(
    ("did", "axes"),
    [
        (Facts(), Axes(0, 0, 0)),
        (Facts(sales_yen=18_000, purchase_count=1), Axes(50, 10, 0)),
        (Facts(sales_yen=36_000, purchase_count=4), Axes(100, 40, 0)),
        (Facts(sales_yen=10**9, purchase_count=10**6), Axes(100, 40, 0)),
        (Facts(survey_answer_count=1), Axes(0, 15, 0)),
        (Facts(reply_day_count=3), Axes(0, 6, 0)),
        (Facts(reply_day_count=300), Axes(0, 20, 0)),
        (Facts(click_day_count=1), Axes(0, 2, 0)),
        (Facts(click_day_count=300), Axes(0, 10, 0)),
        (
            Facts(purchase_count=4, survey_answer_count=2, reply_day_count=10, click_day_count=5),
            Axes(0, 100, 0),
        ),
        (
            Facts(referral_bought_count=1, testimonial_count=1, opinion_count=1, months_since_joining=7),
            Axes(0, 0, 52),
        ),
        (Facts(sales_yen=-5), Axes(0, 0, 0)),
        (Facts(sales_yen=100, average_ltv_yen=0), Axes(100, 0, 0)),
    ],
)
def test_axes_are_what_the_rules_say(did: Facts, axes: Axes) -> None:
    assert axes_of(did, RULES) == axes


@given(facts(), st.sampled_from(ADDING), st.integers(0, 50_000))
def test_doing_more_never_lowers_anything(did: Facts, what: str, more: int) -> None:
    after = replace(did, **{what: getattr(did, what) + more})
    assert axes_of(after, RULES).reach(axes_of(did, RULES))
    assert ranked(after) >= ranked(did)


@given(facts())
def test_axes_stay_between_0_and_100(did: Facts) -> None:
    axes = axes_of(did, RULES)
    assert all(0 <= axis <= 100 for axis in (axes.money, axes.behaviour, axes.relationship))


@given(st.integers(0, 10**12), st.integers(0, 10**6), st.integers(0, 10**4), st.integers(1, 10**6))
def test_money_and_time_alone_never_make_a_premium(yen: int, count: int, months: int, average: int) -> None:
    bought = Facts(sales_yen=yen, purchase_count=count, months_since_joining=months, average_ltv_yen=average)
    assert ranked(bought) <= Rank.ACTIVE


@given(facts())
def test_taking_part_after_one_purchase_is_enough_for_active(did: Facts) -> None:
    least_money = replace(did, sales_yen=1, purchase_count=max(1, did.purchase_count))
    assert ranked(replace(least_money, survey_answer_count=max(1, did.survey_answer_count))) >= Rank.ACTIVE


@given(facts())
def test_nobody_is_ambassador_without_a_friend_who_bought(did: Facts) -> None:
    assert ranked(replace(did, referral_bought_count=0)) < Rank.AMBASSADOR


@pytest.mark.parametrize(
    ("did", "action"),
    [
        (Facts(sales_yen=3_980, purchase_count=1), NextAction(Step.SURVEY_ANSWER, 1, Rank.ACTIVE)),
        (Facts(sales_yen=3_980, purchase_count=2), NextAction(Step.SURVEY_ANSWER, 1, Rank.ACTIVE)),
        (
            Facts(survey_answer_count=1),
            NextAction(Step.PURCHASE, 1, Rank.ACTIVE),
        ),
        (
            Facts(sales_yen=20_000, purchase_count=3, survey_answer_count=2, months_since_joining=6),
            NextAction(Step.TESTIMONIAL, 1, Rank.PREMIUM),
        ),
        (
            Facts(sales_yen=20_000, purchase_count=3, survey_answer_count=1, testimonial_count=1),
            NextAction(Step.OPINION, 1, Rank.PREMIUM),
        ),
        (
            Facts(sales_yen=15_000, purchase_count=3, survey_answer_count=2, testimonial_count=2),
            NextAction(Step.PURCHASE, 1, Rank.PREMIUM, yen=3_000),
        ),
        (
            Facts(sales_yen=13_000, purchase_count=3, survey_answer_count=2, testimonial_count=1),
            NextAction(
                Step.OPINION,
                1,
                Rank.PREMIUM,
                also=(NextAction(Step.PURCHASE, 1, Rank.PREMIUM, yen=5_000),),
            ),
        ),
    ],
)
def test_the_cheapest_next_action_is_named(did: Facts, action: NextAction) -> None:
    assert next_action(did, RULES) == action


def test_days_of_messages_are_named_where_they_are_less_than_an_order() -> None:
    rules = replace(RULES, premium=(50, 65, 10))
    did = Facts(
        sales_yen=20_000, purchase_count=3, survey_answer_count=2, testimonial_count=1, reply_day_count=1
    )
    assert next_action(did, rules) == NextAction(Step.REPLY_DAY, 2, Rank.PREMIUM)


def test_the_next_action_is_found_at_once_whatever_a_shop_lets_count() -> None:
    rules = replace(RULES, opinion=(1, 100), testimonial=(1, 100), referral=(1, 100), premium=(50, 40, 90))
    action = next_action(Facts(sales_yen=20_000, purchase_count=4), rules, Rank.ACTIVE)
    assert action == NextAction(Step.OPINION, 60, Rank.AMBASSADOR)


def test_what_the_shop_would_refuse_now_is_not_offered() -> None:
    did = Facts(sales_yen=3_980, purchase_count=2)
    assert next_action(did, RULES, possible={Step.SURVEY_ANSWER: 0}) == NextAction(
        Step.REPLY_DAY, 3, Rank.ACTIVE
    )
    neither = {Step.SURVEY_ANSWER: 0, Step.REPLY_DAY: 0}
    assert next_action(did, RULES, possible=neither) == NextAction(Step.PURCHASE, 1, Rank.ACTIVE)


@pytest.mark.parametrize(("sales", "named"), [(17_983, 100), (17_900, 100), (17_899, 200), (12_345, 5_700)])
def test_missing_yen_are_rounded_up(sales: int, named: int) -> None:
    did = Facts(sales_yen=sales, purchase_count=4, testimonial_count=2, average_ltv_yen=18_000)
    action = keeping_action(did, replace(RULES, premium=(50, 40, 20)), Rank.PREMIUM)
    assert action == NextAction(Step.PURCHASE, 1, Rank.PREMIUM, yen=named)


def done(did: Facts, steps: list[NextAction]) -> Facts:
    for step in steps:
        name = COUNTED[step.kind]
        did = replace(did, **{name: getattr(did, name) + step.count}, sales_yen=did.sales_yen + step.yen)
    return did


def one_less(step: NextAction) -> NextAction:
    return replace(step, count=step.count - 1)


@given(facts(), st.sampled_from(list(Rank)))
def test_doing_what_is_named_raises_the_rank_and_less_does_not(did: Facts, held: Rank) -> None:
    action = next_action(did, RULES, held)
    before = max(held, ranked(did))
    if action is None:
        assert before is TOP
        return
    steps = [replace(action, also=()), *action.also]
    assert ranked(done(did, steps)) >= action.rank > before
    for index, step in enumerate(steps):
        fewer = [*steps[:index], one_less(step), *steps[index + 1 :]]
        if step.yen and step.count == 1:
            continue
        assert ranked(done(did, fewer)) < action.rank


@given(facts(), st.sampled_from(list(Rank)))
def test_doing_what_keeps_a_rank_is_enough_for_it(did: Facts, held: Rank) -> None:
    action = keeping_action(did, RULES, held)
    if action is None:
        assert ranked(did) >= held
        return
    assert action.rank is held
    assert ranked(done(did, [replace(action, also=()), *action.also])) >= held > ranked(did)


@given(facts())
def test_no_other_single_action_is_cheaper(did: Facts) -> None:
    action = next_action(did, RULES)
    if action is None:
        return
    effort = sum(
        EFFORT[step.kind] * step.count + EFFORT_OF_1000_YEN * step.yen // 1000
        for step in (action, *action.also)
    )
    for step, name in COUNTED.items():
        for count in range(1, effort // EFFORT[step] + 1):
            if EFFORT[step] * count < effort:
                assert ranked(replace(did, **{name: getattr(did, name) + count})) == ranked(did)


def test_ranks_have_names_in_japanese_and_english() -> None:
    assert [rank.ja for rank in Rank] == ["ベーシック", "アクティブ", "プレミアム", "アンバサダー"]
    assert [rank.en for rank in Rank] == ["Basic", "Active", "Premium", "Ambassador"]

"""When a rank falls, as a table: late, after a warning, one rank at a time, and not while the rank is deserved."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.ranks.changes import FallRules, RankVerdict, after, fall_day, may_warn, verdict
from rewards.ranks.rules import Rank

B, A, P, M = Rank
TODAY = date(2026, 6, 1)
LATER, EARLIER = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("held", "deserved", "falls_on", "comes_to", "then"),
    [
        (B, B, None, RankVerdict.STAYS, B),
        (B, A, None, RankVerdict.RISES, A),
        (B, M, None, RankVerdict.RISES, M),  # all the way, at once
        (P, A, None, RankVerdict.TO_BE_WARNED, P),
        (M, B, None, RankVerdict.TO_BE_WARNED, M),
        (P, A, LATER, RankVerdict.IN_GRACE, P),
        (P, A, TODAY, RankVerdict.FALLS, A),
        (P, A, EARLIER, RankVerdict.FALLS, A),  # the clock did not run on the day
        (M, B, TODAY, RankVerdict.FALLS, P),  # one rank, however far below
        (P, P, TODAY, RankVerdict.STAYS, P),  # deserved again on the last day
        (P, M, LATER, RankVerdict.RISES, M),  # from the grace upwards
    ],
)
def test_what_a_review_comes_to(
    held: Rank, deserved: Rank, falls_on: date | None, comes_to: RankVerdict, then: Rank
) -> None:
    assert verdict(held, deserved, falls_on, TODAY) is comes_to
    assert after(held, deserved, falls_on, TODAY) is then


@pytest.mark.parametrize(
    ("warned_on", "rules", "falls_on"),
    [
        (date(2026, 5, 2), FallRules(1, 30), date(2026, 6, 1)),
        (date(2026, 5, 3), FallRules(1, 30), date(2026, 7, 1)),
        (date(2026, 12, 15), FallRules(1, 30), date(2027, 2, 1)),
        (date(2027, 1, 20), FallRules(28, 30), date(2027, 2, 28)),
        (date(2026, 1, 31), FallRules(15, 14), date(2026, 2, 15)),
    ],
)
def test_the_day_of_the_fall(warned_on: date, rules: FallRules, falls_on: date) -> None:
    assert fall_day(warned_on, rules) == falls_on


@given(
    st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 400), st.integers(1, 28), st.integers(7, 365)
)
def test_no_rank_falls_before_the_day_until_which_it_stays(
    today: date, days_left: int, review_day: int, grace: int
) -> None:
    rules, held_until = FallRules(review_day, grace), today + timedelta(days=days_left)
    if may_warn(held_until, today, rules):
        assert fall_day(today, rules) >= held_until
    else:
        assert verdict(P, A, None, today, warnable=False) is RankVerdict.STAYS
    assert may_warn(None, today, rules)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(1, 28), st.integers(7, 365))
def test_the_day_is_the_first_review_day_past_the_grace(warned_on: date, day: int, grace: int) -> None:
    falls_on = fall_day(warned_on, FallRules(day, grace))
    assert falls_on.day == day
    assert grace <= (falls_on - warned_on).days <= grace + 31


ranks = st.sampled_from(list(Rank))
days = st.none() | st.dates(EARLIER - timedelta(days=40), LATER + timedelta(days=40))


@given(ranks, ranks, days)
def test_nobody_falls_unwarned_early_or_further_than_deserved(
    held: Rank, deserved: Rank, falls_on: date | None
) -> None:
    then = after(held, deserved, falls_on, TODAY)
    assert then >= min(held, deserved)
    assert held - then <= 1
    if then < held:
        assert falls_on is not None and falls_on <= TODAY

"""The steps from an invitation to a reward, and referrers' LTV, over small tables worked by hand."""

from datetime import date

import pytest

from customers.figures import intervals
from rewards.figures import referrer_ltv
from rewards.figures.referral_steps import Friend, Step, count, day_of
from rewards.referrals.tables import ReferralState as State

MAY, JUNE = date(2026, 5, 20), date(2026, 6, 10)
FRIENDS = (
    Friend(State.JOINED, MAY),
    Friend(State.JOINED, JUNE),
    Friend(State.BOUGHT, MAY, bought_on=JUNE),
    Friend(State.REWARDED, MAY, bought_on=MAY, rewarded_on=JUNE),
    Friend(State.REWARDED, JUNE, bought_on=JUNE, rewarded_on=JUNE),
    Friend(State.HELD, MAY, bought_on=JUNE, held_on=JUNE),
    Friend(State.HELD, JUNE),
    Friend(State.REJECTED, MAY, bought_on=JUNE, held_on=JUNE, decided_on=JUNE),
)


@pytest.mark.parametrize(
    ("step", "in_may", "in_june", "ever"),
    [
        (Step.JOINED, 5, 3, 8),  # whatever became of them
        (Step.BOUGHT, 1, 2, 3),  # neither who is held nor who was rejected
        (Step.REWARDED, 0, 2, 2),
        (Step.HELD, 0, 2, 2),  # one without a day of the hold counts on the day of joining
        (Step.REJECTED, 0, 1, 1),
        (Step.INVITED, 0, 0, 0),  # counted from codes, not from friends
    ],
)
def test_each_step_counts_a_friend_on_one_day(step: Step, in_may: int, in_june: int, ever: int) -> None:
    assert count(FRIENDS, step, date(2026, 5, 1), date(2026, 5, 31)) == in_may
    assert count(FRIENDS, step, date(2026, 6, 1), date(2026, 6, 30)) == in_june
    assert count(FRIENDS, step, None, date(2026, 6, 30)) == ever
    assert sum(day_of(friend, step) is not None for friend in FRIENDS) == ever


def test_referrers_ltv_is_over_buyers_of_the_year_alone() -> None:
    """Referrers 1, 2 and 9: ¥20,000 and ¥10,000, the third bought nothing. Others: ¥6,000, ¥9,000 and ¥0."""
    sales = {1: 20_000, 2: 10_000, 3: 6_000, 4: 9_000, 5: 0}
    referrers, others = referrer_ltv.of_sales(sales, [1, 2, 9])
    assert (referrers.count, referrers.total, referrers.squares) == (2, 30_000, 500_000_000)
    assert (others.count, others.total, others.squares) == (2, 15_000, 117_000_000)
    ratio = intervals.ratio_of_means(referrers, others)
    assert ratio is not None
    assert ratio[0] == 2.0
    assert ratio[1] < 2.0 < ratio[2]

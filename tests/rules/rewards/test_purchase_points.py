"""What a purchase earns, and the name of a version of the rules."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.ledger import actions


@dataclass(frozen=True)
class Rate:
    purchase_per_100_yen: int = 1


@pytest.mark.parametrize(
    ("total_yen", "per_100_yen", "earned"),
    [
        (0, 1, 0),
        (99, 1, 0),
        (100, 1, 1),
        (199, 1, 1),
        (3_980, 1, 39),
        (3_980, 3, 117),
        (3_980, 0, 0),
        (-500, 1, 0),
    ],
)
def test_each_full_100_yen_earns(total_yen: int, per_100_yen: int, earned: int) -> None:
    assert actions.for_purchase(total_yen, Rate(per_100_yen)) == earned


@given(st.integers(-(10**6), 10**9), st.integers(0, 10**6), st.integers(0, 100))
def test_more_money_never_earns_less(total_yen: int, more: int, per_100_yen: int) -> None:
    rate = Rate(per_100_yen)
    assert 0 <= actions.for_purchase(total_yen, rate) <= actions.for_purchase(total_yen + more, rate)


def test_rules_are_named_by_what_they_say_and_not_by_their_order() -> None:
    named = actions.version_of({"purchase": 1, "comment": 10})
    assert named == actions.version_of({"comment": 10, "purchase": 1})
    assert named != actions.version_of({"purchase": 2, "comment": 10})
    assert len(named) == 12


def test_no_action_carries_a_score() -> None:
    assert not [action for action in actions.Action if any(mark.isdigit() for mark in action)]

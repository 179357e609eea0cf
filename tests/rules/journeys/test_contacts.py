"""Who is due for an individual message, who comes first, what is usual, and how the draft begins."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import shop
from bot.config.shop import ShopFileError
from journeys.contacts import rules
from journeys.contacts.rules import Window
from journeys.contacts.settings import ContactRules, configured_percent
from journeys.contacts.words import words as contact_words

TODAY = date(2026, 4, 1)
USUAL = Window(30, 60)


@pytest.mark.parametrize(
    ("repurchase_days", "days_since", "is_open"),
    [
        (None, 29, False),
        (None, 30, True),
        (None, 59, True),
        (None, 60, False),
        (45, 44, False),  # the product lasts longer than thirty days …
        (45, 45, True),
        (45, 74, True),  # … and the window is as long as ever
        (45, 75, False),
        (14, 13, False),  # … or not so long
        (14, 14, True),
        (14, 43, True),
        (14, 44, False),
        (0, 29, False),  # no cycle at all
        (0, 30, True),
    ],
)
def test_the_window_begins_with_the_products_own_cycle(
    repurchase_days: int | None, days_since: int, is_open: bool
) -> None:
    bought_on = TODAY - timedelta(days=days_since)
    own = USUAL.of_product(repurchase_days)
    assert own.is_open(bought_on, TODAY) is is_open
    assert (own.begins_on(bought_on) <= TODAY < own.ends_on(bought_on)) is is_open


@pytest.mark.parametrize(
    ("days", "usual"),
    [
        ([], None),
        ([0], None),
        ([0, 0], None),  # two orders on one day are one visit
        ([0, 28], 28),
        ([0, 28, 57], 28),
        ([0, 30, 60, 200], 30),  # one long pause does not change the habit
        ([200, 60, 0, 30], 30),
    ],
)
def test_what_is_usual_is_the_middle_of_the_times_between(days: list[int], usual: int | None) -> None:
    assert rules.usual_days([TODAY + timedelta(days=each) for each in days]) == usual


def test_the_most_valuable_come_first_then_the_most_overdue() -> None:
    people = {
        "spends most, early": (50_000, 31, 60),
        "spends less, twice their time": (20_000, 56, 28),
        "spends less, just past": (20_000, 34, 28),
        "spends less, no habit": (20_000, 34, None),  # measured against the window's thirty days
        "spends nothing": (0, 59, 10),
    }
    keys = {
        name: rules.importance(yen, days, usual, 30, number)
        for number, (name, (yen, days, usual)) in enumerate(people.items())
    }
    assert sorted(people, key=lambda name: keys[name]) == list(people)


def test_equals_come_in_the_order_they_were_found() -> None:
    assert rules.importance(1, 30, 30, 30, 7) < rules.importance(1, 30, 30, 30, 8)


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 400), st.integers(1, 400)), max_size=20))
def test_nobody_with_less_sales_comes_first(people: list[tuple[int, int, int]]) -> None:
    order = sorted(
        (rules.importance(yen, days, usual, 30, number), yen)
        for number, (yen, days, usual) in enumerate(people)
    )
    yens = [yen for _, yen in order]
    assert yens == sorted(yens, reverse=True)


@pytest.mark.parametrize(
    ("rank", "product", "key"),
    [
        (1, "美容液", "draft_for_basic"),
        (2, "美容液", "draft"),
        (4, "美容液", "draft"),
        (4, "", "draft_without_product"),
        (1, "", "draft_without_product"),
    ],
)
def test_the_draft_fits_the_rank(rank: int, product: str, key: str) -> None:
    assert rules.draft_key(rank, product) == key


def test_no_draft_sells_anything_to_basic() -> None:
    words = contact_words()
    for said in (words.draft_for_basic, words.draft_without_product):
        assert not any(
            each in said for each in ("なくなる", "買", "購入", "注文", "おすすめ", "円", "クーポン")
        )


@pytest.mark.parametrize(
    ("items", "product"),
    [
        ([], ("", None)),
        ([("", None), ("化粧水", None)], ("化粧水", None)),
        ([("化粧水", None), ("美容液", 45), ("石けん", 20)], ("石けん", 20)),
    ],
)
def test_the_product_to_speak_of(
    items: list[tuple[str, int | None]], product: tuple[str, int | None]
) -> None:
    assert rules.product_of(items) == product


@pytest.mark.parametrize(
    ("capacity", "taken", "room"), [(5, 0, 5), (5, 3, 2), (5, 5, 0), (3, 5, 0), (0, 0, 0)]
)
def test_no_more_are_shown_than_staff_can_write_to(capacity: int, taken: int, room: int) -> None:
    assert rules.room(capacity, taken) == room


def test_the_settings_are_checked_together_and_the_share_may_be_automatic() -> None:
    shop.use({"contacts": {"holdout_percent": 20}})
    assert configured_percent() == 20
    shop.use({})
    assert configured_percent() is None
    with pytest.raises(ShopFileError, match=r"until_days .* must be greater than from_days, which is 90"):
        shop.use({"contacts": {"from_days": 90}})
    assert shop.get(ContactRules).from_days == 30

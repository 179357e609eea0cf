"""RFM and recency as both databases count them, on random shops: what the rules say of each customer."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.db.database import write_transaction
from customers.figures import recency, recency_counts, rfm, rfm_counts
from customers.figures.rfm import BANDS, Axis, Bought
from customers.figures.rfm_counts import Sought
from customers.orders import purchases
from customers.orders.tables import CANCELLED, PAID, Purchase
from customers.people.customer import Customer
from customers.values import windows

A, B = date(2026, 8, 31), date(2026, 11, 30)
AT = datetime(2026, 1, 1, tzinfo=UTC)
Shop = dict[int, list[Bought]]


@pytest.fixture(params=(1, 2, 3))
def random_shop(request: pytest.FixtureRequest) -> Shop:
    """The purchases that count, by customer, of a shop of eighty; others, that do not count, are among the orders."""
    dice = random.Random(request.param)
    bought: Shop = defaultdict(list)
    with write_transaction():
        who = [Customer.create(first_seen_at=AT) for _ in range(80)]
        for number in range(320):
            customer = dice.choice([*who[: 8 + dice.randrange(72)], None])
            on = B - timedelta(days=int(dice.expovariate(1 / 90)) - 5)
            total = dice.choice((0, 900, 4_999, 5_000, 18_000, 60_000))
            refunded = dice.choice((0, 0, 0, 400, total))
            state = dice.choice((PAID, PAID, PAID, CANCELLED))
            Purchase.create(
                source="t", order_number=f"N-{number}", customer=customer, ordered_on=on, total_yen=total,
                ordered_at=datetime(on.year, on.month, on.day, 3, tzinfo=UTC), refunded_yen=min(refunded, total),
                state=state, recorded_at=AT,
            )  # fmt: skip
            yen = total - min(refunded, total)
            if customer is not None and state == PAID and yen > 0:
                bought[customer.id].append(Bought(on, yen))
        for each in who:
            purchases.refresh(each)
    return bought


def test_groups_are_those_of_the_rules(random_shop: Shop) -> None:
    def key(group: rfm.Group) -> str:
        return repr(group)

    expected = rfm.groups_of(random_shop.values(), A, B)
    assert sorted(rfm_counts.groups(A, B), key=key) == sorted(expected, key=key)
    assert sum(each.people for each in expected) > 40


def test_the_people_of_each_class_are_those_of_the_rules(random_shop: Shop) -> None:
    for day in (A, B):
        classes = {who: rfm.classes_of(bought, day) for who, bought in random_shop.items()}
        for r in range(len(BANDS[Axis.RECENCY])):
            for f in (None, *range(len(BANDS[Axis.FREQUENCY]))):
                expected = [w for w, c in classes.items() if c and c.r == r and f in (None, c.f)]
                assert listed(Sought(day, r=r, f=f)) == sorted(expected)
        for m in range(len(BANDS[Axis.MONEY])):
            assert listed(Sought(day, m=m)) == sorted(w for w, c in classes.items() if c and c.m == m)


def test_who_moved_between_the_days(random_shop: Shop) -> None:
    groups = rfm.groups_of(random_shop.values(), A, B)
    moves = rfm.moves(groups, Axis.RECENCY)
    for (before, after), people in moves.items():
        earlier = Sought(A, is_new=True) if before is None else Sought(A, r=before)
        assert len(listed(earlier, Sought(B, r=after))) == people
    assert len(listed(Sought(A, is_new=True), Sought(B))) == rfm.new_count(groups)
    assert len(listed(Sought(A, is_gone=False), Sought(B, is_gone=True))) == rfm.lost_count(groups)
    assert len(listed(Sought(A, is_gone=True), Sought(B, is_gone=False))) == rfm.returned_count(groups)


def test_pages_leave_nobody_out(random_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_them = listed(Sought(B, f=1))
    for near in (1, 7, 20_000):
        monkeypatch.setattr(rfm_counts, "NEAR", near)
        found: list[int] = []
        while page := rfm_counts.page((Sought(B, f=1),), found[-1] if found else 0, 3):
            found += page
        assert found == all_of_them


def test_bands_of_repeat_buyers_are_those_of_the_rules(random_shop: Shop) -> None:
    days = {who: [each.on for each in bought] for who, bought in random_shop.items()}
    for on in (A, B):
        for band in recency.BANDS:
            expected = [who for who, bought in days.items() if recency.band_of(bought, on) is band]
            assert ids(recency_counts.people_in(band, on)) == sorted(expected)
            assert recency_counts.count_in(band, on) == len(expected)


def test_who_passed_sixty_days_in_a_month(random_shop: Shop) -> None:
    for window in windows.calendar_months(B, 12):
        expected = [
            who
            for who, bought in random_shop.items()
            if recency.passed_within([each.on for each in bought], window)
        ]
        assert ids(recency_counts.people_passed(window)) == sorted(expected)
        assert recency_counts.count_passed(window) == len(expected)


def listed(*sought: Sought) -> list[int]:
    return ids(rfm_counts.people(*sought))


def ids(query) -> list[int]:  # type: ignore[no-untyped-def] # a query of peewee's
    return sorted(customer_id for (customer_id,) in query.tuples())

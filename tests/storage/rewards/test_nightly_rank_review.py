"""The nightly review of all ranks: what it writes, whom it notifies, and that repeating it changes nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db import database, workloads
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from customers.orders import purchases
from customers.orders.order import Order
from customers.people import customer as customers
from handlers import rank_review_jobs
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ranks import customer_rank, nightly_review, notifications, shown_testimonials
from rewards.ranks.rules import Rank
from rewards.ranks.tables import CustomerRank, RankChange, RankNews, RankReview

NOON = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    shop.use({})
    with localtime.fixed(NOON):
        yield
    shop.use({})


def a_customer(letter: str = "a") -> int:
    user_id = "U" + letter * 32
    customer_id = int(customers.follow(user_id, conversations.ensure(user_id, user_id)).id)
    customer_rank.register(customer_id)
    return customer_id


def buy(letter: str, number: str, total_yen: int) -> purchases.Purchase:
    now = localtime.now()
    order = Order(
        source="test",
        order_number=number,
        ordered_at=now,
        ordered_on=localtime.local_date(now),
        total_yen=total_yen,
        line_user_id="U" + letter * 32,
    )
    return purchases.record(order).purchase


def did(customer_id: int, action: Action, *causes: str) -> None:
    for cause in causes:
        ledger.earn(customer_id, action, 1, f"{action}:{cause}")


def an_active(letter: str = "a") -> int:
    customer_id = a_customer(letter)
    buy(letter, f"{letter}1", 3_980)
    did(customer_id, Action.SURVEY_ANSWER, letter)
    customer_rank.review(customer_id)
    return customer_id


def review_run_after(days: float, *, notify: bool = True) -> int:
    """A nightly review, and the day after it, so many days from the first noon."""
    with localtime.fixed(NOON + timedelta(days=days)):
        changed = rank_review_jobs.review_all_ranks()
        if notify:
            rank_review_jobs.notify_rank_changes()
    return changed


def held(customer_id: int) -> CustomerRank:
    found = customer_rank.of_customer(customer_id)
    assert found is not None
    return found


def story(customer_id: int) -> list[tuple[int | None, int, str]]:
    return [(each.before, each.after, each.cause) for each in customer_rank.changes(customer_id)]


def test_a_nightly_review_without_changes_writes_nothing() -> None:
    with write_transaction():
        an_active()
    assert review_run_after(1) == 0
    assert RankNews.select().count() == 0
    review_run = RankReview.get()
    assert (review_run.review_on, review_run.finished_at is not None) == (date(2026, 3, 11), True)


def test_who_has_no_rank_begins_one() -> None:
    with write_transaction():
        customers.follow("U" + "b" * 32)
    review_run_after(0)
    assert [(each.before, each.after) for each in RankChange.select()] == [(None, Rank.BASIC)]
    assert customer_rank.count_by_rank()[Rank.BASIC] == 1
    assert RankNews.select().count() == 0, "a beginning is no rise"


def test_a_rise_by_time_alone_is_written_and_announced_once() -> None:
    with write_transaction():
        customer_id = a_customer()
        buy("a", "1", 20_000)
        did(customer_id, Action.SURVEY_ANSWER, "1", "2")
        shown_testimonials.add(customer_id, "testimonial:1")
        customer_rank.review(customer_id)
    assert held(customer_id).rank == Rank.ACTIVE
    assert review_run_after(160) == 1
    assert held(customer_id).rank == Rank.PREMIUM
    assert story(customer_id)[-1] == (Rank.ACTIVE, Rank.PREMIUM, "night:2026-08-17")
    assert review_run_after(160.01) == 0, "the same night again"
    assert review_run_after(161) == 0
    assert [event.source for event in InboxEvent.select()] == ["rank.rose"]


def test_a_fall_is_warned_of_and_comes_on_the_review_day_one_rank_at_a_time() -> None:
    with write_transaction():
        customer_id = an_active()
        CustomerRank.update(rank=Rank.AMBASSADOR, held_until=None).execute()
    assert review_run_after(1, notify=False) == 1
    assert (held(customer_id).below_since, held(customer_id).falls_on) == (date(2026, 3, 11), None)
    review_run_after(2)
    assert held(customer_id).falls_on == date(2026, 5, 1), "the first review day 30 days after the warning"
    assert [event.event_id for event in InboxEvent.select()] == [f"rank-below:{customer_id}:2026-03-11"]
    review_run_after(51)
    assert held(customer_id).rank == Rank.AMBASSADOR, "30 April"
    review_run_after(52)
    assert held(customer_id).rank == Rank.PREMIUM
    assert story(customer_id)[-1] == (Rank.AMBASSADOR, Rank.PREMIUM, "night:2026-05-01")
    assert held(customer_id).falls_on == date(2026, 6, 1), "warned anew, for the rank it is now"
    review_run_after(53)
    assert held(customer_id).rank == Rank.PREMIUM
    review_run_after(83)
    assert held(customer_id).rank == Rank.ACTIVE, "deserved: no further"
    assert (held(customer_id).below_since, held(customer_id).falls_on) == (None, None)
    assert InboxEvent.select().count() == 2


def test_deserving_the_rank_again_ends_the_warning_at_once() -> None:
    with write_transaction():
        customer_id = an_active()
    review_run_after(370)
    assert held(customer_id).falls_on == date(2027, 5, 1)
    with localtime.fixed(NOON + timedelta(days=375)), write_transaction():
        buy("a", "2", 100)
        did(customer_id, Action.SURVEY_ANSWER, "again")
        customer_rank.review(customer_id)
    assert (held(customer_id).below_since, held(customer_id).falls_on) == (None, None)
    review_run_after(430)
    assert held(customer_id).rank == Rank.ACTIVE


def test_nobody_falls_before_being_warned_however_long_that_takes() -> None:
    shop.use({"ranks": {"told_a_day": 1}})
    with write_transaction():
        first, second = an_active("a"), an_active("b")
    review_run_after(370)
    assert [held(each).falls_on is not None for each in (first, second)] == [True, False]
    review_run_after(371)
    assert held(second).falls_on == date(2027, 5, 1)
    assert InboxEvent.select().count() == 2


def test_who_blocked_the_shop_hears_nothing_and_falls_after_the_same_grace() -> None:
    with write_transaction():
        customer_id = an_active()
        customers.block(customers.Customer.get_by_id(customer_id))
    review_run_after(370)
    assert InboxEvent.select().count() == 0
    assert held(customer_id).falls_on == date(2027, 5, 1)
    review_run_after(418)
    assert held(customer_id).rank == Rank.BASIC


def a_review_run_that_begins() -> tuple[RankReview, str]:
    with write_transaction():
        review_run = nightly_review.begin_or_resume_review(localtime.today())
    assert review_run is not None
    return review_run, nightly_review.measure_statement(review_run)


def test_an_interrupted_nightly_review_resumes() -> None:
    with write_transaction():
        for letter in "abcde":
            an_active(letter)
        CustomerRank.update(rank=Rank.BASIC).execute()
    review_run, measured_sql = a_review_run_that_begins()
    assert nightly_review.measure_next(review_run, measured_sql, 4) == 4
    chunk = nightly_review.next_chunk(review_run, 2)
    assert chunk is not None
    assert (chunk.last_id, chunk.rose_count) == (2, 2)
    with write_transaction():
        assert nightly_review.write(review_run, chunk)
    assert rank_review_jobs.review_all_ranks() == 3
    assert RankReview.get().rose_count == 5
    assert {each.rank for each in CustomerRank.select()} == {Rank.ACTIVE}
    assert RankNews.select().count() == 5


def test_what_is_written_little_by_little_is_what_was_measured_at_once() -> None:
    """Customers who rise, who begin, who fall, who are to be warned, and one without a change."""
    with write_transaction():
        rising, new, falling, warned = (an_active(letter) for letter in "abcd")
        a_customer("e")
        CustomerRank.update(rank=Rank.BASIC).where(CustomerRank.customer == rising).execute()
        CustomerRank.delete().where(CustomerRank.customer == new).execute()
        for each, falls_on in ((falling, date(2026, 3, 10)), (warned, None)):
            changes = {
                "rank": Rank.PREMIUM,
                "falls_on": falls_on,
                "below_since": falls_on,
                "held_until": None,
            }
            CustomerRank.update(**changes).where(CustomerRank.customer == each).execute()
    review_run, measured_sql = a_review_run_that_begins()
    assert nightly_review.measure_next(review_run, measured_sql, 10) == 5
    found = []
    while (chunk := nightly_review.next_chunk(review_run, 1)) is not None:
        found.append((chunk.rose_count, chunk.fell_count, chunk.below_count))
        with write_transaction():
            assert nightly_review.write(review_run, chunk)
    assert found == [(1, 0, 0), (0, 0, 0), (0, 1, 0), (0, 0, 1)]
    ranks = [held(each).rank for each in (rising, new, falling, warned)]
    assert ranks == [Rank.ACTIVE, Rank.ACTIVE, Rank.ACTIVE, Rank.PREMIUM]
    assert [story(each)[-1] for each in (rising, new, falling)] == [
        (Rank.BASIC, Rank.ACTIVE, "night:2026-03-10"),
        (None, Rank.ACTIVE, "night:2026-03-10"),
        (Rank.PREMIUM, Rank.ACTIVE, "night:2026-03-10"),
    ]
    assert {(each.customer_id, each.kind) for each in RankNews.select()} == {
        (rising, "rose"),
        (warned, "below"),
    }
    assert str(held(warned).below_since) == "2026-03-10"


def test_of_two_who_begin_the_same_review_only_one_writes() -> None:
    with write_transaction():
        an_active()
        CustomerRank.update(rank=Rank.BASIC).execute()
    (review_run, measured_sql), (other, _) = a_review_run_that_begins(), a_review_run_that_begins()
    nightly_review.measure_next(review_run, measured_sql, 10)
    chunk = nightly_review.next_chunk(review_run, 10)
    assert chunk is not None
    with write_transaction():
        assert nightly_review.write(review_run, chunk)
    with write_transaction():
        assert not nightly_review.write(other, chunk)
    assert RankReview.get().rose_count == 1


@pytest.mark.parametrize(
    "meanwhile",
    [{"reviewed_at": NOON + timedelta(seconds=1)}, {"falls_on": None, "below_since": None}],
    ids=["reviewed", "put off"],
)
def test_a_rank_that_moved_since_it_was_measured_is_left_alone(meanwhile: dict[str, Any]) -> None:
    with write_transaction():
        customer_id = an_active()
        fall = {"rank": Rank.PREMIUM, "falls_on": date(2026, 3, 10), "below_since": date(2026, 2, 1)}
        CustomerRank.update(**fall).execute()
    review_run, measured_sql = a_review_run_that_begins()
    nightly_review.measure_next(review_run, measured_sql, 10)
    chunk = nightly_review.next_chunk(review_run, 10)
    assert chunk is not None
    assert chunk.fell_count == 1
    with write_transaction():
        CustomerRank.update(**meanwhile).execute()
        nightly_review.write(review_run, chunk)
    assert held(customer_id).rank == Rank.PREMIUM
    assert not story(customer_id)[-1][2].startswith("night")


def test_nightly_reviews_write_less_safely_only_for_themselves() -> None:
    asked = "SHOW synchronous_commit" if database.is_postgres() else "PRAGMA synchronous"
    before = database.execute(asked).fetchone()[0]
    with workloads.background_work():
        assert database.execute(asked).fetchone()[0] in ("off", 1)
    assert database.execute(asked).fetchone()[0] == before


def test_nothing_happens_before_three_in_the_morning() -> None:
    with write_transaction():
        an_active()
        CustomerRank.update(rank=Rank.BASIC).execute()
    with localtime.fixed(datetime(2026, 3, 10, 17, 59, tzinfo=UTC)):
        assert rank_review_jobs.review_all_ranks() == 0
    with localtime.fixed(datetime(2026, 3, 10, 18, 1, tzinfo=UTC)):
        assert rank_review_jobs.review_all_ranks() == 1


def test_news_that_nobody_received_in_a_week_is_dropped() -> None:
    shop.use({"ranks": {"told_a_day": 1}})
    with write_transaction():
        for letter in "abc":
            an_active(letter)
        CustomerRank.update(rank=Rank.BASIC).execute()
    review_run_after(0)
    with localtime.fixed(NOON + timedelta(days=9)), write_transaction():
        assert notifications.take(10) == []
    assert RankNews.select().count() == 1


def test_chunks_grow_and_shrink_with_the_time_they_take() -> None:
    assert rank_review_jobs.next_size(1_000, 1_000, 0.001, 0.01) == 1_250
    assert rank_review_jobs.next_size(1_000, 1_000, 0.02, 0.01) == 500
    assert rank_review_jobs.next_size(1_000, 1_000, 0.01, 0.01) == 1_000
    assert rank_review_jobs.next_size(1_000, 3, 0.001, 0.01) == 1_000, "too few to learn from"
    assert rank_review_jobs.next_size(1_000, 100, 0.02, 0.01) == 50
    assert rank_review_jobs.next_size(150, 150, 5.0, 0.01) == rank_review_jobs.FEWEST_IN_A_CHUNK
    assert rank_review_jobs.next_size(4_900, 4_900, 0.001, 0.01) == rank_review_jobs.MOST_IN_A_CHUNK


def test_a_refund_undoes_the_rise_that_only_this_order_caused() -> None:
    with write_transaction():
        customer_id = a_customer()
        did(customer_id, Action.SURVEY_ANSWER, "1")
        bought = buy("a", "1", 3_980)
        assert customer_rank.review(customer_id).rose
        purchases.cancel(bought)
        undone = customer_rank.review_after_refund(customer_id)
    assert (undone.before, undone.after) == (Rank.ACTIVE, Rank.BASIC)
    assert story(customer_id)[-1] == (Rank.ACTIVE, Rank.BASIC, "refund")


def test_a_refund_leaves_a_rank_that_other_deeds_deserve() -> None:
    with write_transaction():
        customer_id = an_active()
        bought = buy("a", "2", 30_000)
        customer_rank.review(customer_id)
        purchases.cancel(bought)
        assert customer_rank.review_after_refund(customer_id).after == Rank.ACTIVE
    assert len(story(customer_id)) == 2


def test_a_refund_is_no_reason_to_lose_what_the_year_took_away() -> None:
    """Active by the first order; the year passed; then a later order that changed nothing is reversed."""
    with write_transaction():
        customer_id = an_active()
    with localtime.fixed(NOON + timedelta(days=380)), write_transaction():
        later = buy("a", "2", 500)
        customer_rank.review(customer_id)
        purchases.cancel(later)
        assert customer_rank.review_after_refund(customer_id).after == Rank.ACTIVE
    assert [each[2] for each in story(customer_id)] == ["joined", "acted"]


def test_a_rise_of_two_ranks_by_one_order_is_undone_to_where_it_began() -> None:
    with write_transaction():
        customer_id = a_customer()
        did(customer_id, Action.SURVEY_ANSWER, "1", "2")
        shown_testimonials.add(customer_id, "testimonial:1")
        did(customer_id, Action.COMMENT, "1", "2")
        bought = buy("a", "1", 20_000)
        assert customer_rank.review(customer_id).after == Rank.PREMIUM
        purchases.refund(bought, "refund:1", 15_000)
        assert customer_rank.review_after_refund(customer_id).after == Rank.ACTIVE, (
            "the order stands, and is small now"
        )
        purchases.refund(bought, "refund:2", 5_000)
        assert customer_rank.review_after_refund(customer_id).after == Rank.BASIC
        assert customer_rank.review_after_refund(customer_id).after == Rank.BASIC
    assert [each[:2] for each in story(customer_id)] == [(None, 1), (1, 3), (3, 2), (2, 1)]


def test_a_rise_is_judged_by_the_rules_and_the_average_of_its_day() -> None:
    with write_transaction():
        customer_id = an_active()
        shop.use({"ranks": {"active": [90, 25, 0]}})
        small = buy("a", "2", 100)
        purchases.cancel(small)
        assert customer_rank.review_after_refund(customer_id).after == Rank.ACTIVE

"""Individual contact on both databases: who is found and once, who writes of two, what came of it."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import peewee
import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from customers.orders import purchases
from customers.orders.tables import Product, Purchase
from customers.people import customer as customers
from customers.people import staff_lines
from customers.people.customer import Customer
from handlers import contact_jobs, register
from journeys.contacts import contacts, outcomes
from journeys.contacts.tables import MISSED, Contact
from journeys.proof.tables import HoldOutPeriod
from support.bad_moments import quiet_period
from support.tickets import tickets
from tests.orders import ordered

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
TODAY = date(2026, 4, 1)
ALL = {"contacts": {"holdout_percent": 0}}
"""Nobody is held out."""
STAFF, COLLEAGUE = 7, 8


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    register()
    shop.use(ALL)
    with localtime.fixed(NOW):
        yield
    shop.use({})


def person(name: str) -> Customer:
    user_id = f"U-{name}"
    with write_transaction():
        customer = customers.follow(user_id, conversations.ensure(user_id, user_id))
    return customers.learn_profile(customer, name)


def bought(who: Customer, *days_ago: int, yen: int = 3_000, sku: str = "", cycle: int | None = None) -> None:
    """Orders so many days ago, of that product."""
    with write_transaction():
        for days in days_ago:
            ordered(who, NOW - timedelta(days=days), yen, sku)
        if sku:
            Product.insert(sku=sku, name=sku, repurchase_days=cycle).on_conflict_ignore().execute()


def repeat_buyer(name: str, days_ago: int = 34, yen: int = 3_000) -> Customer:
    who = person(name)
    bought(who, days_ago + 28, days_ago, yen=yen)
    return who


def found() -> list[str]:
    """Who is in the table after today's search."""
    contact_jobs.find_due()
    return [row.customer.display_name for row in Contact.select().order_by(Contact.id)]


def shown(count: int = 10) -> list[str]:
    rows = contacts.queue(localtime.today(), count, quiet_period.among)
    return [row.customer.display_name for row in rows]


def states() -> dict[str, tuple[str, str]]:
    return {row.customer.display_name: (row.state, row.reason) for row in Contact.select()}


def write(contact: Contact, staff_id: int = STAFF) -> int | None:
    with write_transaction():
        return contacts.take(contact.id, staff_id, "お元気ですか？", contact.attempt_count)


def contacted(who: Customer) -> Contact:
    """The customer was written to just now."""
    row: Contact = Contact.get(Contact.customer == who.id)
    attempt = write(row)
    assert attempt is not None
    with write_transaction():
        contacts.record_sent(row.id, attempt, localtime.now())
    return Contact.get_by_id(row.id)


def later(days: int) -> AbstractContextManager[None]:
    return localtime.fixed(NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("days_ago", "sku", "cycle", "is_found"),
    [
        ((60, 29), "", None, False),
        ((60, 30), "", None, True),
        ((90, 59), "", None, True),
        ((90, 60), "", None, False),
        ((34,), "", None, False),  # bought once
        ((34, 34), "", None, True),
        ((60, 34), "serum", 45, False),  # the product lasts longer
        ((90, 45), "serum", 45, True),
        ((90, 74), "serum", 45, True),
        ((90, 75), "serum", 45, False),
        ((60, 14), "soap", 14, True),  # and this one shorter
        ((90, 44), "soap", 14, False),
        ((60, 34), "jar", None, True),
    ],
)
def test_repeat_buyers_are_found_in_their_window(
    days_ago: tuple[int, ...], sku: str, cycle: int | None, is_found: bool
) -> None:
    bought(person("美咲"), *days_ago, sku=sku, cycle=cycle)
    assert found() == (["美咲"] if is_found else [])


def test_what_is_stored_is_what_staff_read() -> None:
    misaki = person("美咲")
    bought(misaki, 400, 90, 62, yen=3_000)
    bought(misaki, 34, yen=5_000, sku="美容液", cycle=30)
    contact_jobs.find_due()
    row = Contact.get()
    assert (row.usual_days, row.order_count, row.product_name, row.repurchase_days) == (28, 4, "美容液", 30)
    assert row.year_yen == 11_000, "the order of 400 days ago is older than a year"
    assert (row.due_on, row.until_on) == (TODAY - timedelta(days=4), TODAY + timedelta(days=26))


def test_a_lapse_is_found_once_and_a_clock_that_was_down_catches_up() -> None:
    misaki = repeat_buyer("美咲", 25)
    assert found() == []
    with later(12):  # nobody looked for eleven days
        assert (contact_jobs.find_due(), contact_jobs.find_due()) == (1, 0)
        contacted(misaki)
    with later(13):
        assert contact_jobs.find_due() == 0
    with later(14), write_transaction():
        ordered(misaki, localtime.now())
    with later(50):
        assert contact_jobs.find_due() == 1, "the time since the next order is another lapse"


def test_two_clocks_at_once_store_each_customer_once() -> None:
    for number in range(5):
        repeat_buyer(f"客{number}")
    database.close()
    counts: list[int] = []

    def clock() -> None:
        counts.append(contact_jobs.find_due())
        database.close()

    clocks = [threading.Thread(target=clock) for _ in range(2)]
    for each in clocks:
        each.start()
    for each in clocks:
        each.join()
    assert (Contact.select().count(), len(counts)) == (5, 2)


def test_a_reversed_order_does_not_have_the_customer_written_to_again() -> None:
    misaki = person("美咲")
    bought(misaki, 80, 45, 33)
    assert found() == ["美咲"]
    contacted(misaki)
    with write_transaction():
        purchases.cancel(Purchase.select().order_by(Purchase.ordered_at.desc()).get())
    with later(1):
        assert contact_jobs.find_due() == 0, "45 days since the order before, and written to a day ago"


def test_staff_themselves_are_not_in_it() -> None:
    owner = repeat_buyer("店主")
    with write_transaction():
        staff_lines.choose(1, owner)
    assert found() == []


def test_the_most_valuable_come_first_and_no_more_than_asked_for() -> None:
    for name, yen, days in (
        ("少", 1_000, 50),
        ("多", 9_000, 31),
        ("中", 3_000, 31),
        ("中の古い方", 3_000, 50),
    ):
        repeat_buyer(name, days, yen)
    found()
    assert shown() == ["多", "中の古い方", "中", "少"]
    assert shown(2) == ["多", "中の古い方"]


def test_equal_sales_beyond_a_chunk_are_still_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts, "CHUNK", 2)
    for number in range(5):
        repeat_buyer(f"客{number}", 31 + number)
    found()
    assert shown(2) == ["客4", "客3"], "the most overdue, found last"


@pytest.mark.parametrize("what", ["blocked", "opted-out", "ticket", "quiet-period", "snoozed", "bought"])
def test_nobody_is_shown_who_may_not_be_written_to(what: str) -> None:
    misaki = repeat_buyer("美咲")
    found()
    assert shown() == ["美咲"]
    row, conversation_id = Contact.get(), misaki.conversation_id or 0
    with write_transaction():
        match what:
            case "blocked":
                customers.block(misaki)
            case "opted-out":
                customers.opt_out(misaki)
            case "ticket":
                tickets.open_ticket(misaki.id, conversation_id, cause=tickets.ASKED, cause_key="a")
            case "quiet-period":
                made = tickets.open_ticket(misaki.id, conversation_id, cause=tickets.UPSET, cause_key="a")
                tickets.resolve(made.ticket.id, STAFF)
            case "snoozed":
                contacts.snooze(row.id, STAFF, 3, TODAY)
            case "bought":
                ordered(misaki, NOW)
    assert shown() == []
    if what == "snoozed":
        with later(3):
            assert shown() == ["美咲"]
    elif what in ("blocked", "opted-out", "ticket", "quiet-period"):
        reason = {"quiet-period": "quiet-period"}.get(what, what)
        with write_transaction():
            customers.opt_in(misaki)
            if what == "opted-out":
                customers.opt_out(misaki)
        with later(26):
            is_over = what == "quiet-period"
            contact_jobs.follow_up()
            assert states() == {"美咲": ("missed", "") if is_over else ("left-out", reason)}


def test_of_two_who_write_at_once_one_is_sent() -> None:
    repeat_buyer("美咲")
    found()
    row = Contact.get()
    database.close()
    taken: list[int | None] = []

    def send(staff_id: int) -> None:
        taken.append(write(row, staff_id))
        database.close()

    people = [threading.Thread(target=send, args=(each,)) for each in (STAFF, COLLEAGUE)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert sorted(taken, key=str) == [1, None]
    with write_transaction():
        assert not contacts.snooze(row.id, COLLEAGUE, 3, TODAY)
        assert not contacts.set_not_needed(row.id, COLLEAGUE, "gift")
    assert shown() == []


def test_what_was_not_sent_is_in_the_queue_again_and_an_older_page_cannot_send() -> None:
    repeat_buyer("美咲")
    found()
    older = Contact.get()
    assert write(older) == 1
    with write_transaction():
        assert contacts.record_not_sent(older.id, 1, "too-late")
    assert shown() == ["美咲"]
    assert write(older) is None, "that page was opened before the first attempt"
    assert write(Contact.get()) == 2


def test_those_who_buy_by_themselves_leave_and_those_out_of_time_are_missed() -> None:
    buys, waits = repeat_buyer("買う方"), repeat_buyer("待つ方")
    cancels = person("取り消す方")
    bought(cancels, 90, 70, 34)
    found()
    with write_transaction():
        ordered(buys, NOW)
        purchases.cancel(
            Purchase.select().where(Purchase.customer == cancels.id).order_by(Purchase.id.desc()).get()
        )
    contact_jobs.follow_up()
    assert states() == {"買う方": ("bought", ""), "待つ方": ("due", ""), "取り消す方": ("reversed", "")}
    with later(25):
        contact_jobs.follow_up()
        assert states()["待つ方"] == ("due", ""), "day 59"
    with later(26):
        contact_jobs.follow_up()
        assert states()["待つ方"] == ("missed", "")
    assert waits.id


@pytest.mark.parametrize(
    ("after_days", "yen", "won"),
    [
        (0, 4_000, 4_000),
        (30, 4_000, 4_000),
        (31, 4_000, 0),  # too long after
        (3, 0, 0),  # a free sample
        (-1, 4_000, 0),  # placed before the message, reported after it
    ],
)
def test_won_back_is_an_order_after_the_message_within_the_days(after_days: int, yen: int, won: int) -> None:
    misaki = repeat_buyer("美咲")
    found()
    contacted(misaki)
    with later(40):
        with write_transaction():
            made = ordered(misaki, NOW + timedelta(days=after_days, minutes=1), yen)
        contact_jobs.follow_up()
        row = Contact.get()
        assert (row.won_yen, row.won_on) == (won, made.ordered_on if won else None)
        totals = outcomes.totals(NOW - timedelta(days=90))
        assert (totals.contacted_count, totals.won_count, totals.won_yen) == (1, bool(won), won)
        if won:
            with write_transaction():
                purchases.cancel(made)
            contact_jobs.follow_up()
            assert (Contact.get().won_yen, Contact.get().won_on) == (0, None), (
                "a reversed order was no return"
            )


def test_an_answer_counts_once_and_within_its_days() -> None:
    misaki = repeat_buyer("美咲")
    found()
    row = contacted(misaki)
    with later(6):
        assert contacts.awaiting_answer(misaki.id) == row
    with later(7):
        assert contacts.awaiting_answer(misaki.id) is None
    with write_transaction():
        assert (contacts.record_answered(row.id), contacts.record_answered(row.id)) == (True, False)
    assert contacts.awaiting_answer(misaki.id) is None
    assert outcomes.totals(NOW - timedelta(days=1)).replied_count == 1


def test_a_share_is_held_out_when_found_never_shown_and_compared() -> None:
    shop.use({"contacts": {"holdout_percent": 50}, "proof": {"shop_percent": 10}})
    for number in range(60):
        repeat_buyer(f"客{number}")
    with write_transaction():
        customers.opt_out(Customer.get(Customer.display_name == "客0"))
    assert len(found()) == 60, "whoever may not be written to is assigned, too"
    held = Contact.select().where(Contact.state == "held-out")
    by_shop = held.where(Contact.reason == "shop").count()
    assert 15 < held.count() < 45
    assert not set(shown(60)) & {row.customer.display_name for row in held}
    assert HoldOutPeriod.get(HoldOutPeriod.subject == "contacts").percent == 50
    sides = {row.customer_id: row.state for row in Contact.select()}
    buyer = held.where(Contact.reason == "").get().customer
    with write_transaction():
        ordered(buyer, NOW + timedelta(days=5))
    with later(31):
        result = outcomes.effect()
        assert result is not None
        assert (result.treated.count, result.held_out.count) == (60 - held.count(), held.count() - by_shop)
        assert (result.treated.buyer_count, result.held_out.buyer_count) == (0, 1)
        contact_jobs.follow_up()
    assert {row.customer_id: row.state for row in held} == {
        key: state for key, state in sides.items() if state == "held-out"
    }


def test_the_number_for_today_is_todays() -> None:
    assert contacts.capacity(TODAY) == 5
    with write_transaction():
        contacts.set_capacity(TODAY, 2)
        contacts.set_capacity(TODAY, 3)
    assert (contacts.capacity(TODAY), contacts.capacity(TODAY + timedelta(days=1))) == (3, 5)


def test_finding_takes_the_same_statements_for_many_as_for_few(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    execute_sql: Any = peewee.Database.execute_sql

    def count(self: Any, sql: str, *more: Any, **options: Any) -> Any:
        counted.append(sql)
        return execute_sql(self, sql, *more, **options)

    monkeypatch.setattr(peewee.Database, "execute_sql", count)
    totals = []
    for begin, end in ((0, 3), (3, 40)):
        for number in range(begin, end):
            repeat_buyer(f"客{number}")
        counted.clear()
        with localtime.fixed(NOW + timedelta(hours=24 * begin)):
            contact_jobs.find_due()
        totals.append(len(counted))
        Contact.delete().execute()
    assert abs(totals[0] - totals[1]) <= 3


def test_the_queue_is_read_in_the_order_of_its_index() -> None:
    sql, values = contacts._visible(TODAY).order_by(Contact.year_yen.desc(), Contact.id).limit(200).sql()
    with write_transaction():
        if database.is_postgres():
            for way in ("seqscan", "bitmapscan", "sort"):  # which it prefers for a table this small
                database.execute(f"SET LOCAL enable_{way} = off")
        explain = "EXPLAIN" if database.is_postgres() else "EXPLAIN QUERY PLAN"
        plan = str(database.database.execute_sql(f"{explain} {sql}", values).fetchall())
    assert "contact_queue" in plan
    assert "TEMP B-TREE" not in plan


def test_the_history_is_by_date_and_pages_go_on_where_the_last_ended() -> None:
    for number in range(4):
        bought(person(f"客{number}"), 90, 40)
    contact_jobs.find_due()
    ids = [each.id for each in Contact.select().order_by(Contact.id)]
    for contact_id, days_ago in zip(ids, (3, 9, 3, 1), strict=True):
        ended = {"state": MISSED, "ended_at": NOW - timedelta(days=days_ago)}
        Contact.update(ended).where(Contact.id == contact_id).execute()
    expected = [ids[3], ids[2], ids[0], ids[1]]
    assert [each.id for each in outcomes.history([MISSED], None, 10)] == expected
    for place, last in enumerate(expected, 1):
        assert [each.id for each in outcomes.history([MISSED], last, 10)] == expected[place:]

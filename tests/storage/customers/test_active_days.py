"""Active days of customers: each stored once, in whatever order they are reported."""

from datetime import date

from bot.db.database import write_transaction
from customers.people import active_days
from customers.people import customer as customers
from customers.people.active_days import CustomerDay, DayKind
from customers.people.customer import Customer

MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)


def test_a_day_counts_once_and_a_late_one_for_itself() -> None:
    with write_transaction():
        hanako = customers.follow("U" + "1" * 32)
        assert [
            active_days.record_message_day(hanako, day) for day in (TUESDAY, TUESDAY, MONDAY, TUESDAY)
        ] == [
            True,
            False,
            True,
            False,
        ]
        active_days.note(hanako.id, DayKind.OPENED, MONDAY)
        active_days.note(hanako.id, DayKind.OPENED, MONDAY)
    stored = {(row.kind, row.day) for row in CustomerDay.select()}
    assert stored == {("w", MONDAY), ("w", TUESDAY), ("o", MONDAY)}
    assert CustomerDay.select().count() == 3
    assert Customer.get().last_wrote_on == TUESDAY


def test_who_has_no_chat_opens_nothing() -> None:
    with write_transaction():
        hanako = customers.get_or_create_by_line_user("U" + "1" * 32, seen=False)
        assert not active_days.record_link_opened(hanako.id)

"""Who is due for the survey, by one query on both databases; the plan as the command shows it; what a question
stores."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import conversations, localtime
from bot.config import shop
from bot.db.database import write_transaction
from commands import survey as command
from customers.orders import purchases
from customers.orders.order import Order
from customers.people import customer as customers
from customers.people.customer import Customer
from customers.people.customer_names import CustomerName
from handlers import survey_due
from support.tickets import tickets
from surveys.nps import answers, invitations, postponed
from surveys.nps.asking import Occasion, Refusal, drip_day
from surveys.nps.invitations import SurveyInvitation

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(command, "start", lambda _: None)  # the database of the test is connected already
    shop.use({})
    with localtime.fixed(NOW):
        yield
    shop.use({})


def person(name: str) -> Customer:
    user_id = f"U-{name}"
    customer = customers.follow(user_id, conversations.ensure(user_id, user_id))
    return customers.learn_profile(customer, name)


def bought(customer: Customer, days_ago: int) -> int:
    at = NOW - timedelta(days=days_ago)
    order = Order(
        source="csv",
        order_number=f"{customer.id}-{days_ago}",
        ordered_at=at,
        ordered_on=localtime.local_date(at),
        total_yen=3_000,
        line_user_id=customer.line_user_id,
    )
    return int(purchases.record(order).purchase.id)


def asked(customer: Customer, days_ago: float, cause: str) -> int:
    with localtime.fixed(NOW - timedelta(days=days_ago)):
        return invitations.invite(customer.id, cause)


def ticket_of(customer: Customer, cause: str, resolved_days_ago: int | None = None) -> int:
    opened = tickets.open_ticket(
        customer.id, customer.conversation_id or 0, cause=cause, cause_key=f"{customer.id}:{cause}"
    )
    if resolved_days_ago is not None:
        with localtime.fixed(NOW - timedelta(days=resolved_days_ago)):
            tickets.resolve(opened.ticket.id)
    return int(opened.ticket.id)


def a_small_shop() -> None:
    """Ten people, each with a history of their own."""
    with write_transaction():
        bought(person("買って14日"), 14)
        bought(person("買って13日"), 13)
        bought(person("買って28日"), 28)
        bought(person("買って29日"), 29)
        lately = person("先月たずねた")
        bought(lately, 14)
        asked(lately, 30, "word:x")
        blocked = person("ブロック")
        bought(blocked, 15)
        customers.block(blocked)
        silent = person("配信停止")
        bought(silent, 16)
        customers.opt_out(silent)
        with_staff = person("相談中")
        bought(with_staff, 17)
        ticket_of(with_staff, tickets.ASKED)
        mended = person("解決した")
        asked(mended, 20, "purchase:900001")
        ticket_of(mended, tickets.DETRACTOR, resolved_days_ago=8)
        open_question = person("返事がない")
        asked(open_question, 5, "purchase:900002")
        answered = person("返事をした")
        answers.record_score(answered.id, asked(answered, 5, "purchase:900003"), 9)
        Customer.create(display_name="LINEにいない", first_seen_at=NOW)


def decided() -> dict[str, tuple[Occasion, Refusal | None]]:
    return {
        each.due.display_name: (each.due.candidate.occasion, each.refusal) for each in survey_due.decisions()
    }


def test_each_history_has_its_decision() -> None:
    a_small_shop()

    assert decided() == {
        "解決した": (Occasion.TICKET, None),
        "返事がない": (Occasion.REMINDER, None),
        "買って14日": (Occasion.PURCHASE, None),
        "先月たずねた": (Occasion.PURCHASE, Refusal.ASKED_LATELY),
        "ブロック": (Occasion.PURCHASE, Refusal.BLOCKED),
        "配信停止": (Occasion.PURCHASE, Refusal.OPTED_OUT),
        "相談中": (Occasion.PURCHASE, Refusal.OPEN_TICKET),
        "買って28日": (Occasion.PURCHASE, None),
    }


def test_the_most_pressing_come_first_and_the_day_takes_so_many() -> None:
    shop.use({"survey": {"asked_a_day": 2}})
    a_small_shop()

    asked_today = [name for name, (_, refusal) in decided().items() if refusal is None]

    assert asked_today == ["解決した", "返事がない"]
    assert decided()["買って14日"] == (Occasion.PURCHASE, Refusal.DAY_IS_FULL)


def test_the_clock_puts_what_the_plan_says_and_puts_it_once() -> None:
    a_small_shop()

    assert survey_due.ask_who_is_due() == 4
    assert survey_due.ask_who_is_due() == 0
    assert [cause.partition(":")[0] for _, cause, _ in postponed.since(localtime.today())] == ["purchase"]


def test_questions_and_reminders_of_the_day_are_counted_and_those_asked_for_are_not() -> None:
    with write_transaction():
        today, lately = person("きょう"), person("先日")
        asked(today, 0, "purchase:900001")
        asked(today, 0.1, "word:x")
        invitations.remind(asked(lately, 4, "purchase:900002"))

    assert invitations.written_count(localtime.today()) == 2


def test_a_question_remembers_the_purchase_it_is_about() -> None:
    with write_transaction():
        buyer = person("買った人")
        purchase_id = bought(buyer, 14)
        about = invitations.invite(buyer.id, f"purchase:{purchase_id}")
        about_nothing = invitations.invite(buyer.id, "word:x")

    assert SurveyInvitation.get_by_id(about).purchase_id == purchase_id
    assert SurveyInvitation.get_by_id(about_nothing).purchase_id is None


def test_a_postponed_question_is_stored_once() -> None:
    with write_transaction():
        open_question = asked(person("返事がない"), 5, "purchase:900002")
        assert invitations.remind(open_question)
        assert not invitations.remind(open_question)


def test_what_waits_too_long_is_forgotten() -> None:
    with write_transaction():
        waiting = person("待つ人")
        with localtime.fixed(NOW - timedelta(days=15)):
            postponed.postpone(waiting.id, "staff:1")
        postponed.postpone(waiting.id, "staff:2")
        postponed.postpone(waiting.id, "staff:2")

        assert postponed.forget_before(localtime.today() - timedelta(days=14)) == 1
        assert [cause for _, cause, _ in postponed.since(localtime.today())] == ["staff:2"]
        postponed.settle("staff:2")
        assert postponed.since(localtime.today()) == []


def test_sql_and_the_rule_agree_on_whose_day_it_is() -> None:
    shop.use({"survey": {"drip_days": 9, "catch_up_days": 0, "asked_a_day": 1_000}})
    with write_transaction():
        ids = [person(f"客{number}").id for number in range(60)]
        CustomerName.delete().where(CustomerName.customer == ids[-1]).execute()
        Customer.update(id=Customer.id + 70_000_000).where(Customer.id == ids[-1]).execute()
        ids[-1] += 70_000_000
    met = []
    for days in range(9):
        with localtime.fixed(NOW + timedelta(days=days)):
            today = localtime.today()
            drips = {each.due.customer_id: each.due for each in survey_due.decisions()}
            assert set(drips) == {each for each in ids if drip_day(each, 9, today) == today}
            assert all(each.due_on == today for each in drips.values())
            met += list(drips)
    assert sorted(met) == sorted(ids), "every customer once a round"


def test_the_daily_share_makes_up_for_missed_days_nearest_first() -> None:
    shop.use({"survey": {"drip_days": 9, "catch_up_days": 4, "asked_a_day": 1_000}})
    with write_transaction():
        for number in range(60):
            person(f"客{number}")

    behind = [(localtime.today() - each.due.due_on).days for each in survey_due.decisions()]

    assert behind == sorted(behind)
    assert set(behind) == {0, 1, 2, 3, 4}


def plan(*options: str) -> Result:
    result = CliRunner().invoke(command.survey, ["plan", *options])
    assert result.exit_code == 0, result.output
    return result


def test_the_plan_shows_who_is_asked_and_why_others_are_not(tmp_path: Path) -> None:
    a_small_shop()
    with write_transaction():
        Customer.update(display_name="=1+1").where(Customer.display_name == "ブロック").execute()
    listed = tmp_path / "plan.csv"

    shown = plan("--csv", str(listed)).output

    for words in (
        "asked after a purchase",
        "reminded, once",
        "have an open ticket",
        "are not on LINE",
        "drip_days",
    ):
        assert words in shown
    with listed.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["name"]: row["today"] for row in csv.DictReader(file)}
    assert rows["買って14日"] == "asked"
    assert rows["'=1+1"] == "blocked", "a name is no formula"
    assert SurveyInvitation.select().where(SurveyInvitation.cause.startswith("purchase:1")).count() == 0


def test_the_plan_lists_no_more_than_was_asked_for() -> None:
    a_small_shop()

    shown = plan("--limit", "1").output

    assert "解決した" in shown
    assert "買って14日" not in shown
    assert "and 7 more" in shown

"""`budget show` says whether the month's pushes last; `budget simulate` replays what the database remembers."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import peewee
import pytest
from click.testing import CliRunner, Result

from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db.database import write_transaction
from bot.line.month import Month
from bot.queue import inbox, month_quota
from bot.queue.inbox import NewEvent
from commands import budget as commands
from customers.people.customer import Customer
from handlers import past_messages
from journeys.flows.tables import OFF, Flow
from journeys.sending.budget_state import MonthBudget
from journeys.sending.message_kinds import Kind
from manage import manage
from rewards.ranks.tables import RankChange
from support.tickets.tickets import Ticket
from surveys.nps.invitations import SurveyInvitation
from tests.storage.budget_scene import NOON, customer, flow, order, said

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Run = Callable[..., Result]


@pytest.fixture
def run(
    settings: bot_settings.Settings, any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Run the command on the test's database, at noon of 15 November."""
    monkeypatch.setattr(commands, "start", lambda declare: declare())
    monkeypatch.setenv("COLUMNS", "80")  # as in a terminal, and in a job without one
    shop.use({})
    with localtime.fixed(NOON):
        yield lambda *words: CliRunner().invoke(manage, ("budget", *words))
    shop.use({})


def wrote(who: Customer, *days_ago: float) -> None:
    """The customer wrote to the shop."""
    for number, days in enumerate(days_ago):
        at = NOON - days * DAY
        event_id, key = f"e{who.id}-{number}", str(who.line_user_id)
        body = '{"type": "message", "replyToken": "t"}'
        with write_transaction():
            inbox.store([NewEvent(event_id, key, key, inbox.LINE, body, at, at)])


def row_of(result: Result, name: str) -> list[str]:
    """The cells of the table's row that begins with that name."""
    assert result.exit_code == 0, result.output
    line = next(each for each in result.output.splitlines() if re.match(rf"\s*{name}\b", each))
    return line.split()[-7:]


def test_an_empty_shop_has_nothing_to_compare(run: Run) -> None:
    result = run("simulate")
    assert result.exit_code == 0, result.output
    assert "There was nothing to send." in result.output


def test_the_past_year_is_replayed(run: Run) -> None:
    hanako, taro = customer("花子"), customer("太郎")
    for days in (300, 200, 100, 400):
        order(hanako, NOON - days * DAY)
    SurveyInvitation.create(customer=hanako.id, cause="purchase:1", asked_at=NOON - 86 * DAY)
    SurveyInvitation.create(customer=hanako.id, cause="word:1", asked_at=NOON - 80 * DAY)
    for days, before in ((199, 1), (50, 2)):
        RankChange.create(
            customer=hanako.id,
            before=before,
            after=before + 1,
            money=1,
            behaviour=1,
            relationship=1,
            changed_at=NOON - days * DAY,
            rule_version="x",
            cause="night:2026-01-01",
        )
    wrote(hanako, 198, 10)  # a day after the rank rose: the news rides
    wrote(taro, 5)
    result = run("simulate")
    # singly, rode, shared, pushed, dropped, cost, ratio
    assert row_of(result, "order-received") == ["3", "0", "0", "3", "0", "¥9", "1.00"]
    assert row_of(result, "survey") == ["1", "0", "0", "1", "0", "¥3", "1.00"]
    assert row_of(result, "rank-rose") == ["2", "1", "0", "1", "0", "¥3", "0.50"]
    assert row_of(result, "合計") == ["6", "1", "0", "5", "0", "¥15", "0.83"]
    assert "365 days, 2 customers, 3 replies (free)" in result.output
    assert "Free first costs 0.83 of pushing singly." in result.output


def test_a_reply_in_a_ticket_carries_nothing(run: Run) -> None:
    who = customer()
    flow(step=[{"key": "tip", "text": "使い方", "latest_days": 3, "wait": {"days": 1}}])
    order(who, NOON - 11 * DAY)
    wrote(who, 9)
    assert row_of(run("simulate"), "large-shop")[1] == "1"
    Ticket.create(
        customer=who.id,
        conversation=who.conversation_id,
        cause="staff",
        cause_key="t1",
        opened_at=NOON - 9.5 * DAY,
        since_at=NOON,
    )
    assert row_of(run("simulate"), "large-shop")[1] == "0"


def test_flows_that_are_on_or_named_are_replayed(run: Run) -> None:
    who = customer()
    steps = [
        {"key": "thanks", "text": "ありがとうございます"},
        {"key": "tip", "text": "使い方", "wait": {"days": 7}},
        {"key": "tag", "set_tags": ["x"], "wait": {"days": 1}},
        {"key": "more", "text": "次に", "wait": {"days": 22, "at": "10:00"}, "class": "selling"},
    ]
    flow("large-shop", goal={"on": "order"}, step=steps)
    flow("other", entry="each-order", step=steps)
    for days in (200, 190, 100):
        order(who, NOON - days * DAY)
    Flow.update(state=OFF).where(Flow.key == "other").execute()
    result = run("simulate")
    assert row_of(result, "large-shop")[0] == "2", "once, and ended by the order ten days later"
    assert "other" not in result.output
    assert row_of(run("simulate", "--flow", "other"), "other")[0] == "9", (
        "three steps for each of three orders"
    )
    missing = run("simulate", "--flow", "nothing")
    assert missing.exit_code == 1
    assert "There is no flow nothing. Known: after-purchase, large-shop, other, six-walls." in missing.output


def test_a_shipped_flow_can_be_tried_before_it_is_switched_on(run: Run) -> None:
    order(customer(), NOON - 100 * DAY)
    assert int(row_of(run("simulate", "--flow", "after-purchase"), "after-purchase")[0]) > 2


def test_a_flow_whose_triggers_nobody_stored_is_named(run: Run) -> None:
    flow("sent", trigger={"on": "dispatch"})
    assert "not replayed" in run("simulate").output


def test_customers_are_read_in_blocks(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_messages, "CUSTOMERS_AT_ONCE", 2)
    for _ in range(5):
        order(customer(), NOON - DAY)
    assert row_of(run("simulate"), "order-received")[0] == "5"
    assert row_of(run("simulate", "--days", "1"), "order-received")[0] == "5"


def test_this_month_and_its_forecast(run: Run) -> None:
    who = customer()
    said(who, NOON - HOUR, Kind.RANK_ROSE, Kind.COUPON_GIVEN)
    said(who, NOON - HOUR, Kind.SURVEY, sent_as="reply")
    with write_transaction():
        month_quota.keep(Month(200, 40))
    result = run("show")
    assert result.exit_code == 0, result.output
    for words in ("sent unasked *│ *3 ", "free, with a reply *│ *1 ", "free share *│ *67% ", "saved *│ *¥6 "):
        assert re.search(words, result.output), words
    assert "The month's messages last." in result.output
    assert not MonthBudget.select().exists(), "it stores nothing"


def test_the_day_on_which_the_limit_is_reached_is_said(run: Run) -> None:
    shop.use({"sending": {"month_limit": 50}})
    who = customer()
    for number in range(140):  # ten a day for two weeks
        said(who, NOON - (number // 10) * DAY - HOUR, Kind.BIRTHDAY)
    assert "このままだと15日ごろに上限です" in run("show").output

"""A link in a message that nobody asked for: opened by the customer, by programs before them, by others after."""

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest

from bot import localtime
from bot.db.database import write_transaction
from bot.line import messages as line
from bot.queue.aggregation_units import MessageInsight
from bot.queue.outbox import OutboxMessage
from customers.people.active_days import CustomerDay
from customers.people.customer import Customer
from handlers import flow_triggers, unasked
from journeys.enrolments.tables import Enrolment
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.tables import Flow
from journeys.links import clicks, short_links
from journeys.links import units as units_of_steps
from journeys.links.tables import LinkClick, ShortLink
from journeys.sending import planned
from journeys.sending.message_kinds import Kind
from journeys.sending.planned import NewMessage
from tests.conversations.scenario import Phone, Scenario

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari Line/15.3.0"
PREVIEW = "facebookexternalhit/1.1;line-poker/1.0"
HOW_TO = "https://shop.example/how-to"


@pytest.fixture
def occurred(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Occurrence]]:
    """What flows were given to know, with the customer."""
    found: list[tuple[int, Occurrence]] = []

    def note(customer: Customer, occurrence: Occurrence) -> None:
        found.append((customer.id, occurrence))

    monkeypatch.setattr(flow_triggers, "note", note)
    return found


def gets_a_step(scenario: Scenario, phone: Phone) -> str:
    """Send the message of a flow's step with a link; the path that its button opens."""
    cause = f"flow:{phone.customer.id}:how-to"
    with write_transaction():
        address = short_links.make(phone.customer.id, HOW_TO, cause, flow_key="first", step_key="how-to")
        card = line.flex(
            "使い方", line.bubble([line.words("使い方です。")], [line.button(line.open_uri("見る", address))])
        )
        now = localtime.now()
        assert unasked.say(phone.customer, [card], kind=Kind.REFERRAL, cause=cause, latest_at=now)
    assert phone.hears()
    return urlsplit(phone.opens("見る")).path


def opens(scenario: Scenario, path: str, agent: str = PHONE) -> str:
    answer = scenario.web.get(path, headers={"User-Agent": agent})
    scenario.settle()
    return answer.headers["Location"]


def opened_days(phone: Phone) -> list[date]:
    mine = CustomerDay.select().where(CustomerDay.customer == phone.customer.id, CustomerDay.kind == "o")
    return sorted(row.day for row in mine)


def test_an_opened_link_makes_the_day_active(
    scenario: Scenario, occurred: list[tuple[int, Occurrence]]
) -> None:
    misaki = scenario.customer()
    path = gets_a_step(scenario, misaki)
    occurred.clear()
    assert opens(scenario, path, PREVIEW) == HOW_TO
    assert (opened_days(misaki), occurred) == ([], [])

    assert opens(scenario, path) == HOW_TO
    assert opens(scenario, path) == HOW_TO
    assert opened_days(misaki) == [localtime.today()]
    assert len(clicks.first_clicks(misaki.customer.id)) == 1
    [(who, click)] = occurred
    assert (who, click.on, click.flow, click.step) == (misaki.customer.id, On.CLICK, "first", "how-to")
    assert misaki.hears() == []


def test_a_link_that_was_passed_on_counts_once_a_day_for_its_owner(
    scenario: Scenario, occurred: list[tuple[int, Occurrence]]
) -> None:
    misaki, yui = scenario.customer(), scenario.customer("高橋 結衣")
    path = gets_a_step(scenario, misaki)
    occurred.clear()
    for _ in range(3):
        opens(scenario, path)
        scenario.sleep(minutes=10)
    assert opened_days(misaki) == [localtime.today()]
    assert opened_days(yui) == []
    scenario.sleep(days=1)
    opens(scenario, path)
    assert opened_days(misaki) == [localtime.today() - timedelta(days=1), localtime.today()]
    assert LinkClick.select().count() == 4
    assert len({click.cause for _, click in occurred}) == 1, "one link triggers a flow once"


def test_a_link_that_went_with_its_customer_does_nothing(
    scenario: Scenario, occurred: list[tuple[int, Occurrence]]
) -> None:
    """Erasing a customer deletes their links (tests/storage/journeys); the click is still in the inbox."""
    misaki = scenario.customer()
    path = gets_a_step(scenario, misaki)
    occurred.clear()
    scenario.web.get(path, headers={"User-Agent": PHONE})
    with write_transaction():
        ShortLink.delete().execute()
    scenario.settle()
    assert (opened_days(misaki), occurred) == ([], [])
    assert scenario.web.get(path, headers={"User-Agent": PHONE}).status_code == 404


def test_line_sums_up_the_pushes_of_a_step(scenario: Scenario) -> None:
    misaki = scenario.customer()
    now = localtime.now()
    times = {"starts_at": now, "changed_at": now, "created_at": now}
    flow = Flow.create(key="first", name="はじめて", state="on", trigger_on="order", **times)
    for number, step in enumerate(("how-to", "voices")):
        with write_transaction():
            enrolment = Enrolment.create(
                customer=misaki.customer,
                flow=flow,
                entry_key=str(number),
                version_id=1,
                step_key=step,
                base_at=now,
                cause="test",
                entered_at=now,
                state="sending",
            )
            new = NewMessage(
                Kind.REFERRAL,
                f"flow:{number}:{step}",
                (line.text(step),),
                latest_at=localtime.now() + timedelta(days=number),
                enrolment_id=enrolment.id,
                step_key=step,
            )
            planned.plan(misaki.customer, new)
    misaki.hears()
    units = [
        row.aggregation_unit for row in OutboxMessage.select().where(OutboxMessage.cause == "flow:0:how-to")
    ]
    assert units == [units_of_steps.name_of("first/how-to", localtime.today())]
    assert [row.subject for row in MessageInsight.select()] == ["first/how-to"]
    assert scenario.platform.channel.units.names(now.timestamp()) == units

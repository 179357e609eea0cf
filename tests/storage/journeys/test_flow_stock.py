"""Flows and their versions in the database: what a state permits, what makes a version, what is cached."""

from datetime import UTC, datetime, timedelta

import peewee
import pytest

from bot import localtime
from bot.config import settings, shop
from bot.db.database import write_transaction
from journeys.flows import stock
from journeys.flows.check_facts import CheckFacts
from journeys.flows.definition import FlowDefinition, as_json
from journeys.flows.occurrences import On
from journeys.flows.tables import Flow, FlowVersion

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 30, 15, tzinfo=UTC)
"""1 December begins in Tokyo at 15:00 UTC."""
THANKS: dict[str, object] = {"key": "thanks", "latest_days": 0, "text": "ありがとうございます！"}
LATER: dict[str, object] = {"key": "later", "wait": {"days": 7}, "text": "いかがですか？"}
UNFINISHED: dict[str, object] = {"key": "empty", "wait": {"days": 9}}
FACTS = CheckFacts()


def flow(*steps: dict[str, object], **values: object) -> FlowDefinition:
    """A flow after each order, with these steps."""
    made = {"key": "after", "name": "あとから", "trigger": {"on": "order"}, "holdout_percent": 0}
    made["step"] = steps or (THANKS, LATER)
    return FlowDefinition.model_validate(made | values)


def imported(definition: FlowDefinition) -> Flow:
    with write_transaction():
        return stock.import_flow(definition)


def switched_on(definition: FlowDefinition) -> Flow:
    made = imported(definition)
    with write_transaction():
        return stock.switch_on(made, NOW, FACTS)


def versions() -> list[tuple[int, str]]:
    """Each version with the text of its first step."""
    return [
        (each.number, stock.definition_of_version(each.id).step[0].text)
        for each in FlowVersion.select().order_by(FlowVersion.number)
    ]


@pytest.fixture(autouse=True)
def _at_noon(any_database: object) -> object:
    shop.use({})
    with localtime.fixed(NOW):
        yield


def test_an_imported_flow_is_a_draft_that_nobody_enters() -> None:
    made = imported(flow())
    assert (made.state, made.version_id is not None) == ("draft", True)
    assert stock.definition_of(made) == flow()
    assert stock.published_flows_triggered_by(On.ORDER) == []


def test_a_flow_that_is_on_lets_enter_from_tomorrow_on() -> None:
    made = switched_on(flow())
    assert (made.state, made.starts_at) == ("on", TOMORROW)
    [(found, definition)] = stock.published_flows_triggered_by(On.ORDER)
    assert (found.id, found.starts_at, definition) == (made.id, TOMORROW, flow())
    assert stock.published_flows_triggered_by(On.FOLLOW) == []


@pytest.mark.parametrize(
    ("zone", "begin"),
    [("Asia/Tokyo", TOMORROW), ("Europe/Berlin", datetime(2026, 11, 30, 23, tzinfo=UTC))],
)
def test_days_and_hours_are_the_shops_own_and_the_same_after_reopening(zone: str, begin: datetime) -> None:
    settings.use(settings.current().model_copy(update={"shop_timezone": zone}))
    on_a_day = {**LATER, "wait": {"date": "2027-01-15", "at": "11:00"}}
    made = switched_on(
        flow(THANKS, {**LATER, "wait": {"days": 7, "at": "11:00"}}, {**on_a_day, "key": "day"})
    )
    stock.forget_cached()
    reopened = stock.definition_of(Flow.get_by_id(made.id))
    assert [(step.wait.at, str(step.wait.date)) for step in reopened.step[1:]] == [
        ("11:00", "None"),
        ("11:00", "2027-01-15"),
    ]
    assert Flow.get().starts_at == begin


def test_switching_on_twice_moves_no_beginning() -> None:
    made = switched_on(flow())
    with write_transaction():
        again = stock.switch_on(made, NOW + timedelta(days=3), FACTS)
    assert again.starts_at == TOMORROW


def test_a_flow_with_faults_is_refused_with_them() -> None:
    made = imported(flow(THANKS, UNFINISHED))
    with write_transaction(), pytest.raises(stock.Refused) as refused:
        stock.switch_on(made, NOW, FACTS)
    assert [(each.step_key, each.code) for each in refused.value.faults] == [("empty", "unfinished")]
    assert "まだ中身がありません" in str(refused.value)
    assert Flow.get().state == "draft"


def test_a_flow_that_is_on_takes_no_faulty_version() -> None:
    switched_on(flow())
    with pytest.raises(stock.Refused):
        imported(flow(THANKS, UNFINISHED))
    assert stock.definition_of(Flow.get()) == flow()


def test_a_warning_refuses_nothing() -> None:
    soon = {**LATER, "wait": {"days": 1}}
    assert switched_on(flow({**THANKS, "latest_days": 3}, soon)).state == "on"


@pytest.mark.parametrize(
    ("before", "act", "after"),
    [
        ("draft", "pause", "draft"),
        ("draft", "switch_off", "draft"),
        ("on", "pause", "paused"),
        ("on", "switch_off", "off"),
        ("paused", "pause", "paused"),
        ("paused", "switch_off", "off"),
        ("off", "pause", "off"),
        ("off", "switch_off", "off"),
    ],
)
def test_states(before: str, act: str, after: str) -> None:
    made = imported(flow())
    Flow.update(state=before).execute()
    with write_transaction():
        assert getattr(stock, act)(made).state == after
    assert Flow.get().state == after


def test_a_paused_flow_goes_on_without_what_happened_meanwhile() -> None:
    made = switched_on(flow())
    with write_transaction():
        stock.pause(made)
        assert stock.published_flows_triggered_by(On.ORDER) == []
    later = NOW + timedelta(days=10)
    with write_transaction():
        assert stock.switch_on(made, later, FACTS).starts_at == later
    assert len(stock.published_flows_triggered_by(On.ORDER)) == 1


def test_importing_another_structure_makes_a_version_and_leaves_the_old_one() -> None:
    switched_on(flow())
    again = imported(flow({**THANKS, "text": "どうも！"}, {**LATER, "wait": {"days": 8}}))
    assert versions() == [(1, "ありがとうございます！"), (2, "どうも！")]
    assert FlowVersion.get_by_id(again.version_id).number == 2
    assert (again.state, again.starts_at) == ("on", TOMORROW)


def test_wording_is_live_at_once_in_the_version_that_is_published() -> None:
    made = switched_on(flow())
    imported(flow({**THANKS, "text": "どうも！"}, LATER, name="べつの名前"))
    assert versions() == [(1, "どうも！")]
    assert Flow.get().name == "べつの名前"
    [(_, definition)] = stock.published_flows_triggered_by(On.ORDER)
    assert definition.step[0].text == "どうも！"
    assert Flow.get().version_id == made.version_id


def test_those_on_an_older_version_get_the_new_wording_too() -> None:
    switched_on(flow())
    changed = {**LATER, "wait": {"days": 8}}
    imported(flow(THANKS, changed))
    imported(flow({**THANKS, "text": "どうも！"}, changed))
    assert versions() == [(1, "どうも！"), (2, "どうも！")]


def test_another_process_sees_new_wording_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    made = switched_on(flow())
    assert stock.definition_of(made).step[0].text == "ありがとうございます！"
    FlowVersion.update(definition=as_json(flow({**THANKS, "text": "どうも！"}, LATER))).execute()
    assert stock.definition_of(made).step[0].text == "ありがとうございます！"
    monkeypatch.setattr(stock, "FRESH_SECONDS", 0)
    assert stock.definition_of(made).step[0].text == "どうも！"


def test_what_is_cached_costs_no_statement(
    any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched_on(flow())
    stock.published_flows_triggered_by(On.ORDER)
    monkeypatch.setattr(any_database, "execute_sql", lambda *_: pytest.fail("a statement was run"))
    assert [len(stock.published_flows_triggered_by(on)) for on in (On.ORDER, On.SCORE)] == [1, 0]


def test_an_edit_waits_as_a_draft_until_it_is_published() -> None:
    made = switched_on(flow())
    edited = flow({**THANKS, "text": "どうも！"}, LATER, UNFINISHED)
    with write_transaction():
        made = stock.save_draft(made, edited)
    assert (stock.draft_of(made), stock.definition_of(made)) == (edited, flow())
    assert [each.code for each in stock.faults_of(made, FACTS)] == ["unfinished"]
    with write_transaction():
        assert stock.draft_of(stock.drop_draft(made)) is None
    assert stock.definition_of(Flow.get()) == flow()


def test_a_new_flow_is_a_draft_that_switching_on_publishes() -> None:
    with write_transaction():
        made = stock.save_draft(None, flow())
        made = stock.save_draft(made, flow(name="なまえ", key="renamed"))
    assert (made.key, made.name, made.version_id) == ("renamed", "なまえ", None)
    with write_transaction():
        made = stock.switch_on(made, NOW, FACTS, staff_id=7)
    assert (made.state, made.draft) == ("on", None)
    assert FlowVersion.get().published_by == 7


def test_two_flows_never_share_a_key_and_a_published_one_stays() -> None:
    made = imported(flow())
    with write_transaction():
        other = stock.save_draft(None, flow(key="other"))
    for draft_of, key in ((None, "after"), (other, "after"), (made, "third")):
        with write_transaction(), pytest.raises(ValueError, match="key"):
            stock.save_draft(draft_of, flow(key=key))


def test_shipped_flows_are_drafts_until_they_are_switched_on() -> None:
    shipped = stock.all_flows()
    assert [each.state for each in shipped if each.id is None] == ["draft", "draft"]
    assert {each.key for each in shipped} == {"after-purchase", "six-walls"}
    for each in shipped:
        found = stock.find(each.key)
        assert found is not None
        with write_transaction():
            assert stock.switch_on(found, NOW, FACTS).state == "on"
    assert sorted(each.key for each in stock.all_flows() if each.id) == ["after-purchase", "six-walls"]
    assert stock.find("unknown") is None

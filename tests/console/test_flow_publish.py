"""The page on which a change of a flow with people inside is published: who is where, and the owner's choices."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from console.journeys import publish
from console.shell.audit import AuditEntry
from journeys.enrolments.tables import DONE, SENDING, WAITING, Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow
from journeys.moves import move_choices
from tests.console import chats
from tests.console.conftest import SignIn, get, post

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
PAGE = "/console/flows/after-order/publish"


def definition(*keys: str) -> FlowDefinition:
    steps = [{"key": key, "text": f"{key}の本文", "wait": {"days": 7}} for key in keys]
    return FlowDefinition.model_validate(
        {
            "key": "after-order",
            "name": "ご注文のあと",
            "trigger": {"on": "order"},
            "holdout_percent": 0,
            "step": steps,
        }
    )


@pytest.fixture
def owner(sign_in: SignIn) -> FlaskClient:
    """A flow of three steps, published; a draft lacks the second and has a new last one."""
    with write_transaction():
        flow = stock.import_flow(definition("a", "b", "c"))
        stock.save_draft(flow, definition("a", "c", "new"))
    return sign_in("owner")


def flow() -> Flow:
    found = stock.find("after-order")
    assert found is not None
    return found


def put(step_key: str, state: str = WAITING, count: int = 1) -> list[int]:
    version = flow()
    return [
        Enrolment.create(
            customer=chats.customer(f"お客様{number}").id,
            flow=version.id,
            entry_key="once",
            version_id=version.version_id,
            state=state,
            step_key=step_key,
            due_at=NOW + timedelta(days=1),
            base_at=NOW,
            cause="order:1",
            entered_at=NOW,
        ).id
        for number in range(count)
    ]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def field(step_key: str) -> str:
    return f"choice.{flow().version_id}.{step_key}"


def send(owner: FlaskClient, **form: Any) -> str:
    mark = re.search(r'name="mark" value="(\w+)"', get(owner, PAGE).text)
    assert mark
    answer = post(owner, f"{PAGE}-and-move", page=PAGE, mark=mark[1], **form)
    assert answer.status_code == 303
    return words(get(owner, answer.headers["Location"]).text)


def test_the_page_shows_what_changes_and_who_is_where(owner: FlaskClient) -> None:
    put("b", count=2)
    put("b", SENDING)
    put("c", DONE, count=4)
    page = words(get(owner, PAGE).text)
    assert "b 削除 —" in page
    assert "new 追加 newの本文" in page
    assert "いま途中にいる3人" in page
    assert "送る直前 1" in page
    assert "このステップは新しい版にありません。" in page
    assert "もう終わった4人 この方たちには、足したステップ（new）は届きません。" in page


def test_unless_the_owner_chooses_all_go_on_as_they_were(owner: FlaskClient) -> None:
    [there] = put("b")
    version_id = flow().version_id
    page = send(owner, **{field("b"): "keep"})
    assert "公開しました。" in page
    assert flow().version_id != version_id
    assert (Enrolment.get_by_id(there).version_id, Enrolment.get_by_id(there).step_key) == (version_id, "b")
    assert flow().draft is None


def test_each_group_goes_where_the_owner_says(owner: FlaskClient) -> None:
    [at_a], [at_b], [at_c] = put("a"), put("b"), put("c")
    page = send(owner, **{field("a"): "move", field("b"): "move:new", field("c"): "end"})
    assert "3人を、選んだとおりにしました。" in page
    new = flow().version_id
    found = [Enrolment.get_by_id(each) for each in (at_a, at_b, at_c)]
    assert [(each.version_id == new, each.step_key, each.state) for each in found] == [
        (True, "a", WAITING),
        (True, "new", WAITING),
        (False, "c", "ended"),
    ]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.kind, entry.details) == (
        "publish_and_move",
        '{"name": "ご注文のあと", "groups": {"move": 2, "end": 1}}',
    )


def test_more_than_a_request_can_move_goes_on_by_the_clock(
    owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "AT_ONCE", 2)
    monkeypatch.setattr("journeys.moves.moving.CHUNK", 2)
    put("c", count=5)
    page = send(owner, **{field("c"): "move"})
    assert "2人を、選んだとおりにしました。" in page
    assert "残りの3人は、数分のうちに順番にします。" in page
    assert move_choices.waiting_count(flow()) == 3
    assert "前に選んだ3人を、いま順番に移しています。" in words(get(owner, PAGE).text)


def test_what_was_edited_meanwhile_is_not_published_unseen(owner: FlaskClient) -> None:
    mark = re.search(r'name="mark" value="(\w+)"', get(owner, PAGE).text)
    assert mark
    with write_transaction():
        stock.save_draft(flow(), definition("a"))
    answer = post(owner, f"{PAGE}-and-move", page=PAGE, mark=mark[1])
    assert "まだ公開していません" in get(owner, answer.headers["Location"]).text
    assert stock.definition_of(flow()) == definition("a", "b", "c")


def test_without_a_draft_those_of_older_versions_can_be_moved(owner: FlaskClient) -> None:
    [there] = put("b")
    older = flow().version_id
    send(owner)
    put("a")
    page = get(owner, PAGE).text
    assert "前の版にいる方" in page
    assert "いま途中にいる1人" in words(page)
    send(owner, **{f"choice.{older}.b": "move:c"})
    found = Enrolment.get_by_id(there)
    assert (found.version_id, found.step_key) == (flow().version_id, "c")
    assert "前の版にいる方もいません" in get(owner, PAGE).text


def test_a_flow_that_is_on_is_not_published_with_faults(owner: FlaskClient) -> None:
    Flow.update(state="on").where(Flow.key == "after-order").execute()
    faulty = definition("a", "c").model_dump(mode="json", by_alias=True, exclude_defaults=True)
    faulty["step"][0]["then"] = "a"
    with write_transaction():
        stock.save_draft(flow(), FlowDefinition.model_validate(faulty))
    version_id = flow().version_id
    mark = re.search(r'name="mark" value="(\w+)"', get(owner, PAGE).text)
    assert mark
    answer = post(owner, f"{PAGE}-and-move", page=PAGE, mark=mark[1])
    assert 'class="flash flash-error"' in get(owner, answer.headers["Location"]).text
    assert flow().version_id == version_id


@pytest.mark.parametrize(
    "strange",
    [
        {"choice.x.b": "move"},
        {"choice.1": "end"},
        {"choice.99.b": "end"},
        {"choice.1.b": "burn"},
        {"choice.9999999999.b": "end"},
    ],
)
def test_strange_choices_change_nobody(owner: FlaskClient, strange: dict[str, str]) -> None:
    [there] = put("b")
    send(owner, **strange)
    assert (Enrolment.get_by_id(there).state, Enrolment.get_by_id(there).step_key) == (WAITING, "b")


def test_an_unknown_flow_is_not_found(owner: FlaskClient) -> None:
    assert get(owner, "/console/flows/nothing/publish").status_code == 404


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOW):
        yield


def test_the_editors_button_leads_here_where_people_are_inside(owner: FlaskClient) -> None:
    put("b")
    version_id = flow().version_id
    answer = post(owner, PAGE, page="/console/flows/after-order")
    assert answer.headers["Location"].endswith(PAGE)
    assert flow().version_id == version_id


def test_the_editors_button_publishes_where_nobody_is_concerned(owner: FlaskClient) -> None:
    version_id = flow().version_id
    post(owner, PAGE, page="/console/flows/after-order")
    assert flow().version_id != version_id

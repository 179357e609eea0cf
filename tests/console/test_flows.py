"""Flows in the console: the list, the editor, publishing, switching on, taking in, test sends; and who may."""

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from bot.queue.aggregation_units import MessageInsight
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.routing import event_kinds
from console.figures import cache
from console.figures import flows as flow_figures
from console.figures.cache import CachedFigures
from console.journeys import own_line
from console.shell.audit import AuditEntry
from customers.people.customer import Customer
from customers.people.staff_lines import StaffLine
from journeys.enrolments.tables import Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import DRAFT, OFF, ON, PAUSED, Flow
from journeys.links import short_links, units
from journeys.links.tables import LinkClick, ShortLink
from journeys.sending.tables import PlannedMessage
from journeys.taking_in import take_in
from tests.console import chats
from tests.console.conftest import BASE, SignIn, get, post

NEW: dict[str, Any] = {
    "name": "はじめての方へ",
    "key": "welcome",
    "class": "care",
    "trigger.on": "follow",
    "entry.policy": "once",
}


def a_flow(key: str = "welcome", **more: Any) -> Flow:
    """A published flow that can be switched on."""
    values = {
        "key": key,
        "name": "はじめての方へ",
        "trigger": {"on": "follow"},
        "holdout_percent": 0,
        "step": [
            {"key": "hello", "text": "{name}さん、ようこそ！", "latest_days": 0},
            {"key": "how-to", "wait": {"days": 7, "at": "11:00"}, "text": "使い方です。"},
        ],
    }
    with write_transaction():
        return stock.import_flow(FlowDefinition.model_validate(values | more))


def the(key: str) -> Flow:
    """The flow with that key."""
    found = stock.find(key)
    assert found
    return found


def draft(key: str) -> FlowDefinition:
    """What was edited of it and not published."""
    found = stock.draft_of(the(key))
    assert found
    return found


def form_of(page: str) -> dict[str, Any]:
    """The fields of the open step's form as a browser would send them."""
    form = page.split('id="step-form"')[1].split("</form>")[0]
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', form))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'value="([^"]*)"', options
        )
        fields[name] = chosen[1] if chosen else ""
    ticks = re.findall(r'<input type="checkbox" value="1" id="[^"]+" name="([^"]+)"[^>]*>', form)
    return {name: value for name, value in fields.items() if name not in ticks and name != "csrf_token"}


def change(owner: FlaskClient, flow: str, step: str, /, **typed: Any) -> Any:
    """Type that into the step's form and send it."""
    page = f"/console/flows/{flow}?step={step}"
    fields = form_of(get(owner, page).text) | typed
    return post(owner, f"/console/flows/{flow}/steps/{step}", page=page, **fields)


def test_a_flow_is_made_published_and_switched_on(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    made = post(owner, "/console/new-flow", page="/console/new-flow", **NEW)
    assert made.headers["Location"] == "/console/flows/welcome?step=step-1"
    assert (the("welcome").state, the("welcome").version_id) == (DRAFT, None)
    refused = post(owner, "/console/flows/welcome/on", page="/console/flows")
    assert refused.status_code == 422
    assert "はじめる前に直すところ" in refused.text
    saved = change(
        owner, "welcome", "step-1", text="{name}さん、ようこそ！", **{"wait.days": "０", "key": "hello"}
    )
    assert saved.headers["Location"] == "/console/flows/welcome?step=hello#step-hello"
    assert "下書きに保存しました" in get(owner, "/console/flows/welcome").text
    assert post(owner, "/console/flows/welcome/publish", page="/console/flows").status_code == 303
    before = get(owner, "/console/flows/welcome/on").text
    assert "明日のきっかけから始まります。いまのお客さまには送りません。" in before
    assert post(owner, "/console/flows/welcome/on", page="/console/flows").status_code == 303
    flow = the("welcome")
    assert flow.state == ON
    assert flow.starts_at == localtime.start_of(localtime.today() + timedelta(days=1))
    assert stock.definition_of(flow).step[0].text == "{name}さん、ようこそ！"
    assert InboxEvent.select().where(InboxEvent.source == event_kinds.FLOW_ENTRY_REQUESTED).count() == 0
    kinds = {entry.kind for entry in AuditEntry.select()}
    assert {"make_flow", "change_step", "publish_flow", "switch_flow_on"} <= kinds


def test_nothing_typed_is_lost_on_a_fault(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow()
    answer = change(
        owner,
        "welcome",
        "hello",
        text="長い文の下書き",
        **{"wait.days": "三日", "link.label": "見る", "note": "メモ"},
    )
    assert answer.status_code == 422
    for words in (
        "長い文の下書き",
        'value="三日"',
        'value="見る"',
        "メモ",
        "数字で入れてください",
        'href="#f-wait.days"',
    ):
        assert words in answer.text
    assert re.search(r'id="f-link.url"[^>]*aria-invalid="true"', answer.text)
    assert stock.draft_of(the("welcome")) is None
    again = post(
        owner, "/console/new-flow", page="/console/new-flow", **(NEW | {"trigger.on": "tag", "key": "two"})
    )
    assert again.status_code == 422
    assert "はじめての方へ" in again.text
    assert 'value="two"' in again.text
    assert stock.find("two") is None


def test_an_edit_of_a_text_leaves_what_the_form_does_not_show(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow(
        step=[
            {"key": "hello", "text": "まえ", "when": {"min_orders": 1, "any": [{"tag": "a"}, {"tag": "b"}]}}
        ]
    )
    assert "「どれかに当てはまる」条件が2件" in get(owner, "/console/flows/welcome?step=hello").text
    assert change(owner, "welcome", "hello", text="あと").status_code == 303
    [step] = draft("welcome").step
    assert step.when
    assert (step.text, step.when.min_orders, [each.tag for each in step.when.any]) == ("あと", 1, ["a", "b"])


def test_who_was_slower_is_warned_once_and_keeps_what_they_wrote(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow()
    seen = form_of(get(owner, "/console/flows/welcome?step=hello").text)
    change(owner, "welcome", "hello", text="先に")
    page = "/console/flows/welcome?step=hello"
    slower = post(owner, "/console/flows/welcome/steps/hello", page=page, **(seen | {"text": "あとから"}))
    assert slower.status_code == 422
    assert "ほかの人が先に変更しました" in slower.text
    assert "あとから" in slower.text
    assert draft("welcome").step[0].text == "先に"
    form = form_of(slower.text)
    assert post(owner, "/console/flows/welcome/steps/hello", page=page, **form).status_code == 303
    assert draft("welcome").step[0].text == "あとから"


def test_steps_are_moved_copied_added_and_taken_out(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow()

    def keys() -> list[str]:
        found = the("welcome")
        return [step.key for step in (stock.draft_of(found) or stock.definition_of(found)).step]

    change(owner, "welcome", "how-to", do="up")
    assert keys() == ["how-to", "hello"]
    change(owner, "welcome", "how-to", do="copy", text="直して写す")
    assert keys() == ["how-to", "how-to-2", "hello"]
    assert draft("welcome").step[1].text == "直して写す"
    change(owner, "welcome", "how-to", do="add")
    assert keys() == ["how-to", "step-1", "how-to-2", "hello"]
    post(owner, "/console/flows/welcome/steps", page="/console/flows")
    assert keys()[-1] == "step-2"
    for gone in ("step-1", "step-2", "how-to-2", "hello"):
        change(owner, "welcome", gone, do="remove")
    assert keys() == ["how-to"]
    change(owner, "welcome", "how-to", do="remove")
    assert keys() == ["how-to"]
    assert "ステップは1つ以上必要です" in get(owner, "/console/flows/welcome").text
    post(owner, "/console/flows/welcome/drop-draft", page="/console/flows")
    assert keys() == ["hello", "how-to"]


def test_the_phone_shows_what_is_typed_and_stores_nothing(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow()
    page = "/console/flows/welcome?step=hello"
    typed = form_of(get(owner, page).text) | {
        "text": "お選びください <b>",
        "buttons.0.label": "はい",
        "buttons.0.value": "yes",
        "link.label": "くわしく",
        "link.url": "https://shop.example/",
        "card.title": "カードの題",
        "card.picture": "https://shop.example/a.jpg",
    }
    answer = post(owner, "/console/flows/welcome/steps/hello/preview", page=page, htmx=True, **typed)
    for words in (
        "お選びください &lt;b&gt;",
        "はい",
        "くわしく",
        "カードの題",
        'src="https://shop.example/a.jpg"',
    ):
        assert words in answer.text
    assert "<b>" not in answer.text
    whole = post(
        owner, "/console/flows/welcome/steps/hello/preview", page=page, **(typed | {"wait.days": "x"})
    )
    assert "数字で入れてください" in whole.text
    assert stock.draft_of(the("welcome")) is None
    assert AuditEntry.select().where(AuditEntry.kind == "preview_step").count() == 0
    assert "img-src 'self' data: https:;" in whole.headers["Content-Security-Policy"]


def test_a_flow_is_paused_resumed_and_switched_off(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow()
    post(owner, "/console/flows/welcome/on", page="/console/flows")
    for switch, state in (("pause", PAUSED), ("on", ON), ("off", OFF)):
        assert post(owner, f"/console/flows/welcome/{switch}", page="/console/flows").status_code == 303
        assert the("welcome").state == state


def customers_who(*names: str, days_ago: int = 3) -> list[Customer]:
    found = [chats.customer(name) for name in names]
    at = localtime.now() - timedelta(days=days_ago)
    Customer.update(registered_at=at).where(Customer.id.in_([each.id for each in found])).execute()
    return found


def requests() -> list[tuple[str, int]]:
    """Customer and flow of each entry that was asked for."""
    query = (
        InboxEvent.select()
        .where(InboxEvent.source == event_kinds.FLOW_ENTRY_REQUESTED)
        .order_by(InboxEvent.id)
    )
    return [(event.event_id.split(":")[2], json.loads(event.body)["flow"]) for event in query]


def test_a_large_shop_counts_whom_a_flow_would_take_in_beside_the_page(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "LARGE", 0)
    counted: list[cache.Figures] = []
    monkeypatch.setattr(cache, "_count_in_background", counted.append)
    owner = sign_in("owner")
    a_flow()
    customers_who("一", "二")
    page = get(owner, "/console/flows/welcome/on").text
    assert "いま数えています" in page
    assert "<strong>2人</strong>" not in page
    cache.refresh(counted[0])
    page = get(owner, "/console/flows/welcome/on").text
    assert "<strong>2人</strong>" in page
    assert "に数えた数字です" in page
    assert len(counted) == 1, "a count of this minute is not repeated"
    with localtime.fixed(localtime.now() + timedelta(minutes=2)):
        assert "<strong>2人</strong>" in get(owner, "/console/flows/welcome/on").text
    assert len(counted) == 2
    with localtime.fixed(localtime.now() + timedelta(days=2)):
        flow_figures.refresh()
    assert not CachedFigures.select().where(CachedFigures.name.startswith(flow_figures.PREFIX)).exists()


def test_todays_customers_are_taken_in_only_with_a_tick_and_once(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_in, "CHUNK", 1)
    monkeypatch.setattr(take_in, "MOST_AT_ONCE", 2)
    owner = sign_in("owner")
    flow = a_flow()
    new = customers_who("一", "二", "三", "四", "五")
    customers_who("むかしの方", days_ago=60)
    Customer.update(opted_out_at=localtime.now()).where(Customer.id == new[0].id).execute()
    Customer.update(blocked_at=localtime.now()).where(Customer.id == new[1].id).execute()
    assert "<strong>3人</strong>" in get(owner, "/console/flows/welcome/on").text
    assert "<strong>4人</strong>" in get(owner, "/console/flows/welcome/on?days=90").text
    begun = post(owner, "/console/flows/welcome/on", page="/console/flows", take_in="1", days="30")
    assert begun.headers["Location"] == f"/console/flows/welcome/take-in?days=30&after={new[3].id}"
    rest = begun.headers["Location"]
    assert "続きを入れられます" in get(owner, rest).text
    post(owner, "/console/flows/welcome/take-in", page=rest, days="30", after=str(new[3].id))
    assert requests() == [(str(each.id), flow.id) for each in new[2:]]
    post(owner, "/console/flows/welcome/take-in", page="/console/flows", days="30")
    assert len(requests()) == 3
    with write_transaction():
        now = localtime.now()
        Enrolment.create(
            customer=new[2].id,
            flow=flow.id,
            entry_key="once",
            version_id=flow.version_id,
            step_key="hello",
            base_at=now,
            cause="x",
            entered_at=now,
        )
    assert "<strong>2人</strong>" in get(owner, "/console/flows/welcome/take-in").text


def test_a_step_says_its_name_and_how_many_opened_it(sign_in: SignIn) -> None:
    step = {
        "key": "how-to",
        "name": "使い方のコツ",
        "text": "使い方です。",
        "link": {"label": "見る", "url": "https://hidamari.jp/how-to"},
    }
    flow, now = a_flow(step=[step]), localtime.now()
    [customer] = customers_who("佐藤 美咲")
    with write_transaction():
        short_links.make(
            customer.id, "https://hidamari.jp/how-to", "flow:1:how-to", flow_key=flow.key, step_key="how-to"
        )
        LinkClick.create(link=ShortLink.get(), clicked_at=now)
        MessageInsight.create(
            unit="goen_1",
            subject=units.subject_of(flow.key, "how-to"),
            first_used_on=now.date(),
            opened_count=1_234,
        )

    page = get(sign_in("owner"), f"/console/flows/{flow.key}").text

    assert "使い方のコツ" in page
    assert "リンクを開いた方 1<" in page
    assert "開封 1,234<" in page


def test_one_customer_is_put_in_by_hand_by_number_or_name(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow()
    [who, twin, other] = customers_who("佐藤 美咲", "鈴木", "鈴木")
    page = "/console/flows/welcome"
    post(owner, "/console/flow-entries", page=page, flow="welcome", customer=str(who.id))
    assert "配信中のシナリオだけ" in get(owner, page).text
    post(owner, "/console/flows/welcome/on", page=page)
    for _ in range(2):
        post(owner, "/console/flow-entries", page=page, flow="welcome", customer=f"#{who.id}", request="once")
    post(owner, "/console/flow-entries", page=page, flow="welcome", customer="佐藤 美咲", request="again")
    assert [customer for customer, _ in requests()] == [str(who.id)] * 2
    post(owner, "/console/flow-entries", page=page, flow="welcome", customer="鈴木")
    assert f"#{twin.id}、#{other.id}" in get(owner, page).text
    post(owner, "/console/flow-entries", page=page, flow="welcome", customer="いない方")
    assert "見つかりませんでした" in get(owner, page).text
    assert post(owner, "/console/flow-entries", page=page, flow="no-such", customer="1").status_code == 404


def test_failure_32_a_test_send_reaches_ones_own_line_and_no_figure(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow()
    change(owner, "welcome", "hello", do="send")
    assert "先に、このページの下で「自分のLINE」を" in get(owner, "/console/flows/welcome").text
    me = chats.customer("店主")
    post(owner, "/console/own-line", page="/console/flows/welcome", customer=str(me.id), flow="welcome")
    assert StaffLine.get().customer_id == me.id
    change(owner, "welcome", "hello", do="send", text="{name}さん、こんにちは")
    [sent] = OutboxMessage.select().where(OutboxMessage.cause.startswith(own_line.TEST))
    said = json.loads(sent.messages)
    assert said[0]["text"] == "【テスト】はじめての方へ・hello"
    assert said[1]["text"] == "店主さん、こんにちは"
    assert sent.conversation_id == me.conversation_id
    assert PlannedMessage.select().count() == 0
    assert Enrolment.select().count() == 0


def test_a_file_goes_out_and_comes_in_again(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    flow = a_flow()
    file = get(owner, "/console/flows/welcome/export")
    assert 'filename="welcome.toml"' in file.headers["Content-Disposition"]
    text = file.text.replace('key = "welcome"', 'key = "welcome-2"').encode()
    page = "/console/flow-file"
    taken = post(owner, page, page=page, file=(io.BytesIO(text), "flow.toml"))  # type: ignore[arg-type]
    assert taken.headers["Location"] == "/console/flows/welcome-2"
    assert draft("welcome-2").step == stock.definition_of(flow).step


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "TOML"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"key = ", "1"),
        (b"x" * 1_000_001, "1MB"),
        (b"x = " + b"[" * 100_000 + b"]" * 100_000, "かっこ"),
        (b"[[step]]\n" * 10_000, "ほかに"),
        (
            'key = "a"\nname = "名"\ncolour = "red"\n[[step]]\nkey = "s"\nlatest_days = 99\n'.encode(),
            "colour",
        ),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_reasons(
    sign_in: SignIn, content: bytes, words: str
) -> None:
    owner, page = sign_in("owner"), "/console/flow-file"
    answer = post(owner, page, page=page, file=(io.BytesIO(content), "flow.toml"))  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert words in answer.text
    assert Flow.select().count() == 0


def test_a_copy_is_a_draft_with_a_key_of_its_own(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow()
    for expected in ("welcome-2", "welcome-3"):
        copied = post(owner, "/console/flows/welcome/copy", page="/console/flows")
        assert copied.headers["Location"] == f"/console/flows/{expected}"
        assert the(expected).state == DRAFT


def test_the_list_names_every_flow_and_the_ones_that_come_with_the_product(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow()
    text = get(owner, "/console/flows").text
    for each in stock.all_flows():
        assert each.name in text
    assert text.count("見本") >= 2


def test_staff_see_nothing_of_it(sign_in: SignIn) -> None:
    staff = sign_in("staff")
    a_flow()
    for path in (
        "flows",
        "flows/welcome",
        "flows/welcome/on",
        "new-flow",
        "flow-file",
        "flows/welcome/export",
    ):
        assert get(staff, f"/console/{path}").status_code == 403
    assert "/console/flows" not in get(staff, "/console/tickets").text


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "'; DROP TABLE flow; --",
    "../../etc/passwd",
    "あ" * 10_000,
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_input_is_only_text(sign_in: SignIn, typed: str) -> None:
    owner = sign_in("owner")
    a_flow()
    page = "/console/flows/welcome?step=hello"
    form = form_of(get(owner, page).text)
    everywhere: dict[str, Any] = {name: typed for name in form if name != "seen"} | {"seen": form["seen"]}
    answer = post(owner, "/console/flows/welcome/steps/hello", page=page, **everywhere)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    settings: dict[str, Any] = dict.fromkeys((*NEW, "goal.on", "trigger.products", "holdout_percent"), typed)
    made = post(owner, "/console/new-flow", page="/console/new-flow", **settings)
    assert made.status_code == 422
    assert "<script>alert" not in made.text
    for path in (
        f"/console/flows/{'x' * 200}",
        "/console/flows/welcome?step=" + "y" * 3000,
        "/console/flows/a%00b",
    ):
        assert owner.get(path, base_url=BASE).status_code in {200, 400, 404}
    assert Flow.select().count() == 1


def test_a_flow_of_200_steps_is_a_page_of_collapsed_steps(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    a_flow(
        step=[{"key": f"s-{number}", "wait": {"days": 1}, "text": f"{number}通目"} for number in range(200)]
    )
    page = get(owner, "/console/flows/welcome?step=s-150").text
    assert page.count('<li id="step-') == 200
    assert page.count('id="step-form"') == 1
    assert len(page) < 400_000

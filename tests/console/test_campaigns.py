"""Campaigns in the console: drafts, faults at their fields, the live count, the shop's zone, switches, lists, roles."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from bot.queue.aggregation_units import MessageInsight
from bot.queue.outbox import OutboxMessage
from console.campaigns import campaign_form
from console.figures import cache
from console.figures import campaigns as figures
from console.journeys import own_line
from console.shell.audit import AuditEntry
from customers.orders.tables import Product
from customers.people.customer import Customer
from journeys.audience import saved_audiences
from journeys.audience.definition import Audience
from journeys.audience.tables import CustomerProfile, SavedAudience
from journeys.campaigns import campaigns as engine
from journeys.campaigns import results, tables
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import Campaign, CampaignRecipient
from journeys.sending.tables import PlannedMessage
from rewards.coupons import reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from tests.console import chats
from tests.console.conftest import SignIn, get, post

NEW: dict[str, Any] = {"name": "春のご案内", "class": "care"}
SELLING: dict[str, Any] = {"class": "selling"}
HELLO = {"text": "春の新しい石けんができました。"}


def a_campaign(name: str = "春のご案内", **more: Any) -> Campaign:
    """A draft that can be sent."""
    values = {"name": name, "class": "care", "message": HELLO, "holdout_percent": 0, **more}
    with write_transaction():
        return engine.create(CampaignDefinition.model_validate(values), None)


def scheduled(campaign: Campaign, at: datetime | None = None) -> Campaign:
    """The same, scheduled."""
    with write_transaction():
        assert engine.schedule(campaign, at)
    return the(campaign)


def the(campaign: Campaign) -> Campaign:
    """The campaign as it is stored now."""
    return Campaign.get_by_id(campaign.id)


def put(campaign: Campaign, **columns: Any) -> None:
    """Bring a campaign into a state that takes a worker or an outage."""
    Campaign.update(columns).where(Campaign.id == campaign.id).execute()


def page_of(campaign: Campaign) -> str:
    """Its address."""
    return f"/console/campaigns/{campaign.id}"


def form_of(page: str) -> dict[str, Any]:
    """The fields of the editor as a browser would send them; each ticked box as a list."""
    form = page.split('id="campaign-form"')[1].split("</form>")[0]
    fields: dict[str, Any] = {
        name: unescape(value)
        for name, value in re.findall(
            r'<input(?![^>]*type="(?:checkbox|radio)")[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form
        )
    }
    fields |= {
        name: unescape(text)
        for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', form)
    }
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'value="([^"]*)"', options
        )
        fields[name] = chosen[1] if chosen else ""
    for name, value in re.findall(
        r'<input type="(?:checkbox|radio)" name="([^"]+)" value="([^"]+)" checked', form
    ):
        fields.setdefault(name, []).append(value)
    fields.pop("csrf_token", None)
    return fields


def change(owner: FlaskClient, campaign: Campaign, path: str = "", /, **typed: Any) -> Any:
    """Type that into the editor and send it."""
    htmx = typed.pop("htmx", False)
    page = page_of(campaign)
    fields = form_of(get(owner, page).text) | typed
    return post(owner, page + path, page=page, htmx=htmx, **fields)


def some_customers(count: int = 3) -> list[Customer]:
    """Customers who can be written to, each of the rank Active."""
    made = [chats.customer(f"お客様 {number}") for number in range(count)]
    for each in made:
        profile(each, 2)
    return made


def profile(who: Customer, rank: int, stage: str = "repeat") -> None:
    """What the customer is to the shop, as the profiles' upkeep stores it."""
    now = localtime.now()
    CustomerProfile.delete().where(CustomerProfile.customer == who.id).execute()
    CustomerProfile.create(customer=who.id, rank=rank, stage=stage, stage_since=now, changed_at=now)


def test_a_campaign_is_made_written_confirmed_and_scheduled(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    some_customers()
    made = post(
        owner,
        "/console/campaigns/new",
        page="/console/campaigns/new",
        **NEW,
    )
    campaign = Campaign.get()
    assert made.headers["Location"] == page_of(campaign)
    refused = change(owner, campaign, do="confirm")
    assert refused.status_code == 422
    assert re.search(r'id="f-text"[^>]*aria-invalid="true"', refused.text)
    tomorrow = localtime.today() + timedelta(days=1)
    typed = {"text": "{shop}です。", "when": "at", "at": f"{tomorrow}T10:30", "holdout_percent": "0"}
    confirmed = change(owner, campaign, do="confirm", **typed)
    assert confirmed.headers["Location"] == f"{page_of(campaign)}/confirm"
    confirm = get(owner, f"{page_of(campaign)}/confirm").text
    sentence = re.search(r'in-a-sentence"><strong>([^<]+)', confirm)
    assert sentence
    for words in ("10:30", "3人のお客様", "約3人", "春のご案内", "¥9"):
        assert words in sentence[1]
    assert "ご相談中の方、お困りごとのあとの方" in confirm
    seen = re.search(r'name="seen" value="(\w+)"', confirm)
    assert seen
    page = f"{page_of(campaign)}/confirm"
    assert post(owner, f"{page_of(campaign)}/schedule", page=page, seen=seen[1]).status_code == 303
    now = the(campaign)
    assert now.state == tables.SCHEDULED
    assert now.scheduled_at == datetime(
        tomorrow.year, tomorrow.month, tomorrow.day, 10, 30, tzinfo=localtime.zone()
    )
    kinds = {entry.kind for entry in AuditEntry.select()}
    assert {"make_campaign", "change_campaign", "schedule_campaign"} <= kinds
    assert "キャンペーンを予約した、または送りはじめた" in get(owner, "/console/audit").text


def test_failure_30_the_time_is_the_shops_and_stays_the_same_after_reopening(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), a_campaign()
    year = localtime.today().year + 1
    typed = f"{year}-12-24T10:00"
    change(owner, campaign, when="at", at=typed, do="save")
    assert the(campaign).scheduled_at == datetime(year, 12, 24, 1, 0, tzinfo=UTC)  # Asia/Tokyo is UTC+9
    for _ in range(2):
        page = get(owner, page_of(campaign)).text
        assert form_of(page)["at"] == typed
        assert "Asia/Tokyo" in page
        change(owner, campaign, do="save")
    assert the(campaign).scheduled_at == datetime(year, 12, 24, 1, 0, tzinfo=UTC)
    scheduled(campaign, the(campaign).scheduled_at)
    assert f"{year}年12月24日 10:00" in get(owner, page_of(campaign)).text
    post(owner, f"{page_of(campaign)}/edit", page=page_of(campaign))
    assert (the(campaign).state, form_of(get(owner, page_of(campaign)).text)["at"]) == (tables.DRAFT, typed)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, "name", "入れてください"),
    ({"class": "order"}, "class", "選んで"),
    ({"text": "あ" * 5001}, "text", "5,000文字まで"),
    ({"link.label": "見る"}, "link.url", "入れて"),
    ({"link.label": "見る", "link.url": "http://shop.example"}, "link.url", "https://"),
    ({"buttons.0.label": "はい"}, "buttons.0.value", "入れて"),
    ({"points": "たくさん"}, "points", "数字で"),
    ({"points": "1000000"}, "points", "100,000以下"),
    ({"holdout_percent": "91"}, "holdout_percent", "90以下"),
    ({"early_access_hours": "200"}, "early_access_hours", "168以下"),
    ({"defer_days": "31"}, "defer_days", "30以下"),
    ({"outcome_days": "0"}, "outcome_days", "1以上"),
    ({"audience.min_orders": "3", "audience.max_orders": "2"}, "audience.max_orders", "大きく"),
    ({"audience.min_days_since_order": "x"}, "audience.min_days_since_order", "数字で"),
    ({"audience.tags": "あ" * 61}, "audience.tags", "60文字まで"),
    ({"audience.ranks": "emperor"}, "audience.ranks", "選んで"),
    ({"audience.customer_ids": "12\n花子"}, "audience.customer_ids", "数字で"),
    ({"audience.customer_ids": "\n".join(["1"] * 1001)}, "audience.customer_ids", "1,000人まで"),
    ({"when": "at", "at": ""}, "at", "2026-12-24 10:00 のように"),
    ({"when": "at", "at": "2020-01-01T10:00"}, "at", "もう過ぎた"),
    ({"when": "at", "at": "2099-01-01T10:00+09:00"}, "at", "のように"),
]


@pytest.mark.parametrize(("typed", "field", "words"), WRONG, ids=[field for _, field, _ in WRONG])
def test_each_fault_is_at_its_field_and_nothing_typed_is_lost(
    sign_in: SignIn, typed: dict[str, Any], field: str, words: str
) -> None:
    owner, campaign = sign_in("owner"), a_campaign()
    before = the(campaign).definition
    answer = change(owner, campaign, do="save", note="", **(typed | {"card.title": "消えない題"}))
    assert answer.status_code == 422
    fault = re.search(rf'id="w-(?:f-)?{re.escape(field)}"[^>]*>([^<]*)', answer.text)
    assert fault
    assert words in fault[1]
    assert f'href="#f-{field}"' in answer.text
    assert "消えない題" in answer.text
    assert the(campaign).definition == before


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"text": ""}, "text", "メッセージがまだありません"),
        (
            {"text": "おすすめです", "audience.ranks": ["basic"], "class": "selling"},
            "audience.ranks",
            "ベーシック",
        ),
        ({"audience.bought_products": "NO-SUCH"}, "audience.bought_products", "NO-SUCH"),
        ({"audience.tags": "ない札"}, "audience.tags", "ない札"),
    ],
)
def test_what_keeps_it_from_being_sent_is_at_its_field(
    sign_in: SignIn, typed: dict[str, Any], field: str, words: str
) -> None:
    owner, campaign = sign_in("owner"), a_campaign()
    answer = change(owner, campaign, do="confirm", **typed)
    assert answer.status_code == 422
    fault = re.search(rf'id="w-f-{re.escape(field)}"[^>]*>([^<]*)', answer.text)
    assert fault
    assert words in unescape(fault[1])
    assert change(owner, campaign, do="save", **typed).status_code == 303
    confirm = get(owner, f"{page_of(campaign)}/confirm").text
    assert "送る前に直すところ" in confirm
    assert "いますぐ送る" not in confirm


def test_every_part_of_a_campaign_survives_the_form(app: Any) -> None:
    definition = CampaignDefinition.model_validate(
        {
            "name": "全部",
            "class": "care",
            "message": {
                "text": "\n一行目のあと",
                "card": {"title": "題", "text": "文", "picture": "https://shop.example/a.jpg"},
                "buttons": [
                    {"label": "はい", "tag": "yes"},
                    {"label": "見る", "url": "https://shop.example/"},
                ],
                "link": {"label": "開く", "url": "https://shop.example/b"},
                "coupon": 3,
                "testimonial": "newest",
            },
            "audience": {
                "ranks": ["premium", "ambassador"],
                "segments": ["promoter"],
                "silent": True,
                "stages": ["fan"],
                "min_days_since_order": 0,
                "max_sales_yen": 9_999_999,
                "bought_products": ["A-1", "B-2"],
                "not_tags": ["退会"],
                "clicked_within_days": 30,
                "inside_flow": "welcome",
                "customer_ids": [3, 1, 2],
            },
            "points": 50,
            "holdout_percent": 0,
            "early_access_hours": 24,
            "when_busy": "skip",
            "defer_days": 5,
            "outcome_days": 14,
        }
    )
    at = localtime.now().replace(second=0, microsecond=0) + timedelta(days=3)
    with app.test_request_context():
        read = campaign_form.read(campaign_form.of_campaign(definition, at))
    assert read.faults == {}
    assert (read.definition, read.at) == (definition, at)


def test_a_product_may_be_typed_by_its_name_or_its_code(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), a_campaign()
    for code, name in (("TEA-50", "緑茶"), ("TEA-100", "緑茶"), ("SOAP", "石けん")):
        Product.create(sku=code, name=name)
    typed = {"audience.bought_products": " 緑茶 \nsoap", "audience.not_bought_products": "ほうじ茶"}
    assert change(owner, campaign, do="save", **typed).status_code == 303
    audience = engine.definition_of(the(campaign)).audience
    assert audience.bought_products == ("TEA-100", "TEA-50", "soap")
    assert audience.not_bought_products == ("ほうじ茶",)


def test_the_count_is_of_what_is_typed_and_says_who_is_left_out(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), a_campaign(holdout_percent=None, **SELLING)
    for who in some_customers(40)[:10]:
        profile(who, 1)
    Customer.update(opted_out_at=localtime.now()).where(Customer.id == Customer.select().first().id).execute()
    found = change(owner, campaign, "/reach", htmx=True).text
    assert ">39</strong>" in found
    assert re.search(r"ベーシックの方（ご案内は送りません）</dt><dd>9<", found)
    assert "約20人" in found  # of 30, with 30 % and 5 % held out
    assert "¥60" in found
    narrowed = change(owner, campaign, "/reach", htmx=True, **{"audience.ranks": ["premium"]}).text
    assert ">0</strong>" in narrowed
    named = change(owner, campaign, "/reach", htmx=True, text="{name}さん").text
    assert "1通ずつ送ります" in named
    wrong = change(owner, campaign, "/reach", htmx=True, **{"audience.min_orders": "x"}).text
    assert "数えられません" in wrong
    assert AuditEntry.select().where(AuditEntry.kind == "count_campaign").count() == 0


def test_failure_25_the_people_can_be_listed_before_sending(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), a_campaign(audience={"ranks": ["active"]})
    made = some_customers(30)
    profile(made[0], 3)
    first = get(owner, f"{page_of(campaign)}/people").text
    assert "29人" in first
    names = re.findall(r">(お客様 \d+)</a>", first)
    assert names == [each.display_name for each in made[1:26]]
    rest = re.search(r'href="([^"]+after=[^"]+)"', first)
    assert rest
    assert re.findall(r">(お客様 \d+)</a>", get(owner, rest[1]).text) == [
        each.display_name for each in made[26:]
    ]
    saved = change(owner, campaign, do="people", **{"audience.ranks": ["premium"]})
    assert re.findall(r">(お客様 \d+)</a>", get(owner, saved.headers["Location"]).text) == ["お客様 0"]


def test_the_phone_shows_what_is_typed_and_stores_nothing(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), a_campaign()
    before = the(campaign).definition
    answer = change(owner, campaign, "/preview", htmx=True, text="{name}さん <b>", **{"card.title": "題"})
    assert "佐藤さん &lt;b&gt;" in answer.text
    assert "題" in answer.text
    whole = change(owner, campaign, "/preview", text="見え方だけ", points="x")
    assert "数字で入れてください" in whole.text
    assert "img-src 'self' data: https:;" in whole.headers["Content-Security-Policy"]
    assert the(campaign).definition == before


def test_the_phone_shows_what_is_added_to_the_message(sign_in: SignIn) -> None:
    with write_transaction():
        soap = RewardDraft(name="石けん", kind=RewardKind.THANK_YOU, value_text="石けん", value_yen=100)
        coupon = reward_list.make(soap)
    owner, campaign = sign_in("owner"), a_campaign(message={**HELLO, "coupon": coupon}, points=50)
    for page in (
        change(owner, campaign, "/preview", htmx=True).text,
        get(owner, f"{page_of(campaign)}/confirm").text,
    ):
        assert "50ポイントをお贈りしました" in page
        assert "クーポンを見る" in page, "one message goes to all: it opens each one's own coupons"
        assert "クーポンコード" not in page
    assert "70ポイント" in change(owner, campaign, "/preview", htmx=True, points="70").text
    by_name = change(owner, campaign, "/preview", htmx=True, text="{name}さんへ").text
    assert "クーポンコード" in by_name


def test_failure_32_a_test_send_reaches_ones_own_line_and_no_figure(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), a_campaign()
    change(owner, campaign, do="send")
    assert "先に、このページの下で「自分のLINE」を" in get(owner, page_of(campaign)).text
    me = chats.customer("店主")
    chosen = post(
        owner, "/console/own-line", page=page_of(campaign), customer=str(me.id), campaign=str(campaign.id)
    )
    assert chosen.headers["Location"] == page_of(campaign)
    change(owner, campaign, do="send", text="{name}さん、こんにちは")
    [sent] = OutboxMessage.select().where(OutboxMessage.cause.startswith(own_line.TEST))
    assert [each["text"] for each in json.loads(sent.messages)] == [
        "【テスト】春のご案内",
        "店主さん、こんにちは",
    ]
    assert PlannedMessage.select().count() == CampaignRecipient.select().count() == 0


def test_an_audience_is_stored_under_a_name_and_used_again(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), a_campaign()
    change(owner, campaign, do="keep-audience", audience_name="ファンの方", **{"audience.stages": ["fan"]})
    [saved] = SavedAudience.select()
    other = a_campaign("秋のご案内")
    change(owner, other, do="use-audience", saved=str(saved.id))
    assert engine.definition_of(the(other)).audience.stages == ("fan",)
    assert form_of(get(owner, page_of(other)).text)["audience.stages"] == ["fan"]
    post(owner, f"/console/saved-audiences/{saved.id}/drop", page=page_of(other), campaign=str(other.id))
    assert SavedAudience.select().count() == 0
    assert engine.definition_of(the(other)).audience.stages == ("fan",)


def test_who_was_slower_is_warned_once_and_keeps_what_they_wrote(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), a_campaign()
    seen = form_of(get(owner, page_of(campaign)).text)
    change(owner, campaign, text="先に")
    slower = post(owner, page_of(campaign), page=page_of(campaign), **(seen | {"text": "あとから"}))
    assert slower.status_code == 422
    assert "ほかの人が先に変更しました" in slower.text
    assert "あとから" in slower.text
    assert engine.definition_of(the(campaign)).message.text == "先に"
    assert post(owner, page_of(campaign), page=page_of(campaign), **form_of(slower.text)).status_code == 303
    assert engine.definition_of(the(campaign)).message.text == "あとから"


def test_what_was_not_confirmed_is_not_scheduled(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), a_campaign()
    page = f"{page_of(campaign)}/confirm"
    seen = re.search(r'name="seen" value="(\w+)"', get(owner, page).text)
    assert seen
    change(owner, campaign, text="あとで変えた文")
    again = post(owner, f"{page_of(campaign)}/schedule", page=page, seen=seen[1])
    assert again.headers["Location"] == page
    assert the(campaign).state == tables.DRAFT


def test_a_scheduled_campaign_cannot_be_changed_but_made_a_draft_cancelled_and_copied(
    sign_in: SignIn,
) -> None:
    owner, campaign = sign_in("owner"), a_campaign()
    seen = form_of(get(owner, page_of(campaign)).text)
    scheduled(campaign, localtime.now() + timedelta(days=1))
    post(owner, page_of(campaign), page=page_of(campaign), **(seen | {"text": "変えた"}))
    assert engine.definition_of(the(campaign)).message.text == HELLO["text"]
    post(owner, f"{page_of(campaign)}/cancel", page=page_of(campaign))
    assert the(campaign).state == tables.CANCELLED
    copied = post(owner, f"{page_of(campaign)}/copy", page="/console/campaigns/new")
    other = Campaign.select().order_by(Campaign.id.desc()).first()
    assert copied.headers["Location"] == page_of(other)
    assert (other.state, other.name) == (tables.DRAFT, "春のご案内（写し）")
    assert engine.definition_of(other).message.text == HELLO["text"]
    post(owner, f"{page_of(other)}/drop", page="/console/campaigns/new")
    assert Campaign.select().count() == 1
    again = post(owner, f"{page_of(campaign)}/drop", page="/console/campaigns/new")
    assert again.headers["Location"] == page_of(campaign)
    assert Campaign.select().count() == 1


def on_its_way(count: int = 4, **columns: Any) -> Campaign:
    """A campaign in the middle: one recipient of each state in turn."""
    campaign = scheduled(a_campaign())
    now = localtime.now()
    put(campaign, state=tables.SENDING, started_at=now, frozen_at=now, progress_at=now, **columns)
    states = [(tables.SENT, ""), (tables.WAITING, ""), (tables.SKIPPED, "ticket"), (tables.HELD_OUT, "")]
    for number, who in enumerate(some_customers(count)):
        state, reason = states[number % len(states)]
        settled = None if state == tables.WAITING else now
        CampaignRecipient.create(
            campaign=campaign,
            customer=who,
            conversation_id=who.conversation_id,
            state=state,
            reason=reason,
            send_at=now,
            settled_at=settled,
        )
    return the(campaign)


def test_it_is_stopped_goes_on_and_is_cancelled(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), on_its_way()
    page = get(owner, page_of(campaign)).text
    assert 'aria-valuenow="3"' in page
    assert 'hx-trigger="every' in page
    for switch, state in (("stop", tables.STOPPED), ("go-on", tables.SENDING), ("cancel", tables.CANCELLED)):
        assert post(owner, f"{page_of(campaign)}/{switch}", page=page_of(campaign)).status_code == 303
        assert the(campaign).state == state
    post(owner, f"{page_of(campaign)}/stop", page="/console/campaigns/new")
    assert the(campaign).state == tables.CANCELLED
    assert "もう「取り消し」です" in get(owner, page_of(campaign)).text
    assert AuditEntry.select().where(AuditEntry.kind == "switch_campaign").count() == 3


def test_the_progress_is_polled_and_a_new_state_loads_the_page_again(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), on_its_way()
    same = get(owner, f"{page_of(campaign)}/progress?seen=sending")
    assert "HX-Refresh" not in same.headers
    assert re.search(r"届けました</dt><dd>1<", same.text)
    put(campaign, state=tables.STOPPED, reason="quota")
    assert get(owner, f"{page_of(campaign)}/progress?seen=sending").headers["HX-Refresh"] == "true"
    stopped = get(owner, page_of(campaign)).text
    assert "LINEの今月の送信数がなくなったため" in stopped
    assert "続きを送る" in stopped


@pytest.mark.parametrize(
    ("form", "state"),
    [
        ({"do": "now"}, tables.SCHEDULED),
        ({"do": "at"}, tables.SCHEDULED),
        ({"do": "at", "at": "x"}, tables.LATE),
    ],
)
def test_failure_4_a_late_campaign_asks(sign_in: SignIn, form: dict[str, Any], state: str) -> None:
    owner, campaign = sign_in("owner"), scheduled(a_campaign())
    put(
        campaign,
        state=tables.LATE,
        reason="outage",
        scheduled_at=localtime.now() - timedelta(hours=2, minutes=1),
    )
    page = get(owner, page_of(campaign)).text
    assert "予定の時刻を2時間過ぎています。いま送りますか。" in page
    tomorrow = f"{localtime.today() + timedelta(days=1)}T11:00"
    answer = post(owner, f"{page_of(campaign)}/late", page=page_of(campaign), **{"at": tomorrow, **form})
    assert the(campaign).state == state
    if form.get("at"):
        assert answer.status_code == 422
        assert "のように入れてください" in answer.text
    elif form["do"] == "at":
        assert campaign_form.typed_time(the(campaign).scheduled_at) == tomorrow


def test_recipients_are_listed_by_state_and_go_into_a_file(sign_in: SignIn) -> None:
    owner, campaign = sign_in("owner"), on_its_way(60)
    page = get(owner, page_of(campaign)).text
    assert "送りませんでした（対応中の相談があるため）" in page
    listed = get(owner, f"{page_of(campaign)}/recipients?state=skipped&reason=ticket").text
    assert len(re.findall(r'data-label="どうなったか"', listed)) == 15
    all_of_them = get(owner, f"{page_of(campaign)}/recipients").text
    assert len(re.findall(r'data-label="どうなったか"', all_of_them)) == 25
    assert get(owner, f"{page_of(campaign)}/recipients?state=nonsense").status_code == 404
    file = get(owner, f"{page_of(campaign)}/recipients.csv")
    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert len(rows) == 60
    assert {row["state"] for row in rows} == {"sent", "waiting", "skipped", "held-out"}
    assert rows[2]["in words"] == "送りませんでした（対応中の相談があるため）"
    assert rows[0]["settled_at"].endswith("+09:00")


def test_the_list_shows_each_campaign_and_pages(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    assert "まだキャンペーンはありません" in get(owner, "/console/campaigns").text
    for number in range(26):
        a_campaign(f"第{number}回", audience={"stages": ["fan"]})
    first = get(owner, "/console/campaigns").text
    assert re.findall(r">(第\d+回)</a>", first) == [f"第{number}回" for number in range(25, 0, -1)]
    assert "ステージがファンの方" in first
    older = re.search(r'href="([^"]+before=[^"]+)"', first)
    assert older
    assert re.findall(r">(第\d+回)</a>", get(owner, older[1]).text) == ["第0回"]


def test_no_page_of_a_campaign_that_is_not_there(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    for path in ("", "/people", "/recipients", "/confirm", "/progress", "/recipients.csv"):
        assert get(owner, f"/console/campaigns/4711{path}").status_code == 404


def test_a_large_shop_keeps_the_results_with_lines_sums(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app
    campaign, now = scheduled(a_campaign()), localtime.now().replace(microsecond=0)
    put(campaign, state=tables.SENDING, started_at=now)
    for answered_at in (None, now):
        unit = f"unit-{answered_at is None}"
        MessageInsight.create(
            unit=unit,
            subject=engine.subject_of(campaign.id),
            first_used_on=now.date(),
            opened_count=30,
            answered_at=answered_at,
        )
        with monkeypatch.context() as large:
            large.setattr(cache, "is_large", lambda: True)
            figures.refresh()
            shown = figures.shown()
        assert shown is not None
        assert shown.is_cached
        assert figures.of_campaign(shown, campaign) == results.of(campaign)


def test_a_new_campaign_takes_an_audience_from_its_address(sign_in: SignIn) -> None:
    client = sign_in("owner")
    address = "/console/campaigns/new?audience.stages=fan&audience.stages=repeat&audience.min_orders=3"
    page = get(client, address).text
    assert "ステージがファンかリピート・お買い物3回以上の方" in page
    hidden = re.findall(r'type="hidden" name="(audience\.[a-z_]+)" value="([^"]*)"', page)
    form: dict[str, Any] = {"audience.stages": [value for name, value in hidden if name == "audience.stages"]}
    form |= {"audience.min_orders": dict(hidden)["audience.min_orders"], **NEW}
    assert post(client, address, page=address, **form).status_code == 303
    audience = engine.definition_of(Campaign.get()).audience
    assert (set(audience.stages), audience.min_orders) == ({"fan", "repeat"}, 3)


def test_a_new_campaign_takes_a_saved_audience_and_names_a_wrong_one(sign_in: SignIn) -> None:
    client = sign_in("owner")
    with write_transaction():
        saved = saved_audiences.save("ファン", Audience.model_validate({"stages": ["fan"]}), None)
    assert "ステージがファンの方" in get(client, f"/console/campaigns/new?saved={saved.id}").text
    assert "宛先：" not in get(client, "/console/campaigns/new?saved=99").text
    for wrong in (
        "audience.stages=nowhere",
        "audience.min_orders=many",
        "audience.min_orders=5&audience.max_orders=2",
    ):
        answer = get(client, f"/console/campaigns/new?{wrong}")
        assert answer.status_code == 200
        assert 'role="alert"' in answer.text, wrong

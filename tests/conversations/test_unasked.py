"""What the shop says unasked, as a customer gets it over the weeks: along with a reply, as one push, later or never."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.line import messages as line
from bot.notices import Notice
from bot.queue import inbox
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.worker.worker import handle_next
from customers.people.customer import Customer
from handlers import message_jobs, planned_content, unasked
from journeys.sending import planned
from journeys.sending.message_kinds import KIND_RULES, Kind, MessageClass
from journeys.sending.planned import NewMessage
from journeys.sending.tables import JourneyEntry, PlannedMessage
from rewards.coupons.rules import RewardKind
from rewards.ranks import shown_testimonials
from rewards.ranks.customer_rank import CustomerRank
from rewards.ranks.rules import Rank
from tests.conversations.scenario import QUESTION, STAFF, Phone, Scenario, said
from tests.conversations.test_coupons import a_reward


def care(phone: Phone, words: str, cause: str = "care:1", **more: Any) -> bool:
    """Say something caring unasked, as a handler does."""
    with write_transaction():
        return unasked.say(phone.customer, [line.text(words)], kind=Kind.REFERRAL, cause=cause, **more)


def step(phone: Phone, words: str, cause: str, message_class: MessageClass = MessageClass.CARE) -> None:
    """What waits up to three days for a reply, as a step of a flow does."""
    with write_transaction():
        assert planned.plan(phone.customer, like_a_step(cause, line.text(words), message_class=message_class))


def like_a_step(
    cause: str, *messages: line.Message, message_class: MessageClass = MessageClass.CARE
) -> NewMessage:
    """A message with the class, the priority and the days of a step, whose words are in its row."""
    rules = KIND_RULES[Kind.FLOW_STEP]
    return NewMessage(
        Kind.REFERRAL,
        cause,
        messages,
        message_class=message_class,
        priority=rules.priority,
        latest_at=localtime.now() + rules.waits,
    )


def state_of(cause: str) -> tuple[str, str]:
    row = PlannedMessage.get(PlannedMessage.cause == cause)
    return row.state, row.reason


def pushes(phone: Phone) -> list[list[dict[str, Any]]]:
    """The messages of each push to that customer."""
    query = OutboxMessage.select().where(
        OutboxMessage.conversation == phone.customer.conversation_id, OutboxMessage.sent_as == "push"
    )
    return [json.loads(row.messages) for row in query.order_by(OutboxMessage.id)]


def rises_by_a_link(scenario: Scenario, phone: Phone) -> None:
    """A customer who is about to be Premium opens her page, which makes her rise."""
    shop.use({"ranks": {"premium": [10, 14, 11]}})
    with write_transaction():
        shown_testimonials.add(phone.customer.id, "testimonial:1")
    CustomerRank.update(rank=Rank.ACTIVE).where(CustomerRank.customer == phone.customer.id).execute()
    with write_transaction():
        day = localtime.today().isoformat()
        inbox.put("link.opened", f"opened:{day}", phone.user_id, {"day": day}, line_user_id=phone.user_id)


# Along with a reply, or as a push


def test_a_step_goes_along_with_the_reply_to_the_next_message_and_is_free(scenario: Scenario) -> None:
    misaki = scenario.customer()
    step(misaki, "使いはじめて1週間ですね。", "flow:1:hello")
    scenario.pass_time(days=1)
    assert misaki.hears() == []

    heard = misaki.says("ポイント")

    assert len(heard) == 2
    assert heard[1] == "使いはじめて1週間ですね。"
    assert misaki.came_by()[-2:] == ["reply", "reply"]
    assert "スタッフと話す" in misaki.chips, "the answer's buttons are below the last message"
    row = PlannedMessage.get()
    assert (row.state, row.carries_cost) == ("sent", True)
    assert OutboxMessage.get_by_id(row.outbox_id).sent_as == "reply"
    assert [entry.what for entry in JourneyEntry.select()] == ["planned", "sent"]


def test_without_a_message_from_the_customer_it_is_pushed_after_three_days(scenario: Scenario) -> None:
    misaki = scenario.customer()
    step(misaki, "いかがですか。", "flow:1:hello")

    scenario.pass_time(days=2, hours=23)
    assert misaki.hears() == []
    scenario.pass_time(hours=1)

    assert misaki.hears() == ["いかがですか。"]
    assert misaki.came_by()[-1] == "push"


def test_the_buttons_of_what_rides_go_before_those_of_the_answer(scenario: Scenario) -> None:
    misaki = scenario.customer()
    asked = line.text("つづきを聞きますか？", [line.say("はい"), line.say("いいえ")])
    new = like_a_step("flow:1:ask", asked)
    with write_transaction():
        planned.plan(misaki.customer, new)
    step(misaki, "お知らせもあります。", "flow:2:news")

    misaki.says("ポイント")

    assert misaki.chips == {"はい", "いいえ"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("誕生日", "the bot has asked something"),
        ("最悪です。金返せ", "never under a complaint"),
        ("スタッフと話す", "never in a ticket"),
    ],
)
def test_nothing_rides_where_the_answer_leaves_no_room(scenario: Scenario, words: str, why: str) -> None:
    misaki = scenario.customer()
    step(misaki, "お使い方のコツです。", "flow:1:tricks")

    assert "お使い方" not in said(misaki.says(words)), why
    assert state_of("flow:1:tricks") == ("waiting", "free-ride")


def test_a_carousel_that_would_be_a_sixth_object_waits(scenario: Scenario) -> None:
    misaki = scenario.customer()
    many = tuple(line.text(f"{number}") for number in range(5))
    with write_transaction():
        planned.plan(misaki.customer, like_a_step("flow:1:many", *many))
    step(misaki, "短いお知らせ。", "flow:2:short")

    assert misaki.says("ポイント")[-1] == "短いお知らせ。"
    assert state_of("flow:1:many")[0] == "waiting"


def test_a_second_offer_waits_for_another_day(scenario: Scenario) -> None:
    misaki = scenario.customer()
    CustomerRank.update(rank=Rank.ACTIVE).execute()
    for number in (1, 2):
        step(misaki, f"ご案内{number}", f"flow:{number}:offer", MessageClass.SELLING)

    assert [words for words in misaki.says("ポイント") if "ご案内" in words] == ["ご案内1"]
    assert "ご案内" not in said(misaki.says("ポイント"))
    scenario.sleep(days=1)
    assert "ご案内2" in said(misaki.says("ポイント"))


def test_nothing_is_offered_to_basic(scenario: Scenario) -> None:
    misaki = scenario.customer()
    step(misaki, "ご案内", "flow:1:offer", MessageClass.SELLING)
    assert "ご案内" not in said(misaki.says("ポイント"))
    assert state_of("flow:1:offer") == ("dropped", "basic")


# One push


def test_what_comes_of_several_on_one_day_is_one_push(scenario: Scenario) -> None:
    gift, misaki = a_reward("お礼の石けん", kind=RewardKind.THANK_YOU), scenario.customer()
    misaki.buys(5_000, "1001")
    kenta = scenario.customer("山本 健太")
    misaki.says("紹介")
    code = str(misaki.handset.received()[-1]["altText"]).partition("：")[2].rstrip("）")
    kenta.says(f"紹介コード {code}")
    misaki.hears()
    before = len(pushes(misaki))
    scenario.sleep(days=14)  # the survey's day
    rises_by_a_link(scenario, misaki)
    with write_transaction():
        data = {"customer_id": misaki.customer.id, "reward_id": gift, "staff_id": STAFF}
        inbox.put("coupon.grant_requested", "gift:1", misaki.user_id, data, line_user_id=misaki.user_id)
        inbox.put(
            "survey.due",
            "survey:1",
            misaki.user_id,
            {"cause": "purchase:1"},
            line_user_id=misaki.user_id,
        )
    scenario.order("2001", 4_000, line_user_id=kenta.user_id)
    scenario.settle()
    scenario.pass_time(hours=8)

    (one,) = pushes(misaki)[before:]
    assert len(one) <= 5
    words = json.dumps(one, ensure_ascii=False)
    for part in ("お礼の石けん", "お友達", QUESTION, "ランクアップ"):
        assert part in words
    rows = list(
        PlannedMessage.select().where(PlannedMessage.kind.in_(["survey", "coupon-given", "rank-rose"]))
    )
    assert len({row.outbox_id for row in rows}) == 1
    assert [row.carries_cost for row in rows].count(True) == 1


# Night, limits, opt-out


def test_at_night_it_waits_for_nine(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.sleep(hours=10)  # ten in the evening
    care(misaki, "お友達のお買い上げがありました。")
    scenario.settle()
    assert misaki.hears() == []
    assert state_of("care:1") == ("waiting", "quiet-hours")
    for _ in range(10):
        scenario.pass_time(hours=1)
    assert misaki.hears() == []
    assert JourneyEntry.select().where(JourneyEntry.what == "held").count() == 1, "not one a minute"
    scenario.pass_time(hours=1)
    assert misaki.hears() == ["お友達のお買い上げがありました。"]


def test_thanks_for_an_order_placed_just_now_come_at_night_too(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.sleep(hours=10)
    assert "お買い上げありがとう" in said(misaki.buys(5_000, "1001"))


def test_one_a_day_and_three_in_seven_days(scenario: Scenario) -> None:
    misaki = scenario.customer()
    for number in range(5):
        care(misaki, f"お知らせ{number}", f"care:{number}")
        scenario.settle()
        scenario.pass_time(minutes=1)
    heard = []
    for day in range(12):
        heard += [(day, words) for words in misaki.hears()]
        scenario.pass_time(days=1)

    # The second push carries all that waited, so nothing is left for the third.
    assert heard == [(0, "お知らせ0"), *((1, f"お知らせ{number}") for number in range(1, 5))]

    for number in range(5, 11):
        care(misaki, f"お知らせ{number}", f"care:{number}")
        scenario.settle()
        scenario.pass_time(days=1)
    assert len(misaki.hears()) == 3
    assert state_of("care:8") == ("waiting", "weekly-limit")


def test_an_opt_out_stops_care_also_what_is_planned_and_no_order_message(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    step(misaki, "いかがですか。", "flow:1:hello")
    misaki.says("配信停止")
    assert not care(misaki, "お友達のお買い上げがありました。")
    scenario.pass_time(days=4)
    assert misaki.hears() == []
    assert state_of("flow:1:hello") == ("dropped", "opted-out")

    answer = scenario.web.post(
        "/api/v1/orders/1001/cancel",
        json={},
        headers={"Authorization": f"Bearer {scenario._api_key}"},
    )
    assert answer.status_code == 202, answer.get_data(as_text=True)
    assert "1001" in said(misaki.hears())


# Tickets and the days after a complaint


def test_care_waits_for_the_end_of_a_ticket_and_an_order_message_does_not(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    care(misaki, "お友達のお買い上げがありました。")
    with write_transaction():
        order_words = [line.text("発送しました。")]
        unasked.say(misaki.customer, order_words, kind=Kind.ORDER_REVERSED, cause="order:1")
    assert misaki.hears() == ["発送しました。"]
    assert misaki.chips == set(), "plain"
    assert state_of("care:1") == ("waiting", "ticket")

    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    for _ in range(3):
        scenario.pass_time(hours=8)
    assert "お友達のお買い上げがありました。" in misaki.hears()


def test_after_a_complaint_nothing_caring_comes_for_a_week(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("最悪です。金返せ")
    scenario.staff_say(misaki.ticket, "申し訳ありません。")
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    care(misaki, "お友達のお買い上げがありました。")
    scenario.settle()
    assert state_of("care:1") == ("waiting", "quiet-period")
    assert "お友達のお買い上げがありました。" not in said(misaki.says("ポイント"))
    for _ in range(6):
        scenario.pass_time(days=1)
    assert "お友達のお買い上げがありました。" not in said(misaki.hears())
    for _ in range(3):
        scenario.pass_time(days=1)
    assert "お友達のお買い上げがありました。" in said(misaki.hears())


def test_a_coupon_of_staff_comes_in_the_ticket(scenario: Scenario) -> None:
    gift, misaki = a_reward("お詫びの石けん", kind=RewardKind.THANK_YOU), scenario.customer()
    misaki.says("最悪です。金返せ")
    with write_transaction():
        data = {"customer_id": misaki.customer.id, "reward_id": gift, "staff_id": STAFF}
        inbox.put("coupon.grant_requested", "gift:1", misaki.user_id, data, line_user_id=misaki.user_id)
    assert "お詫びの石けん" in said(misaki.hears())


def test_the_last_warning_of_points_comes_in_the_days_after_a_complaint(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.pass_time(days=340)
    scenario.pass_time(days=2)
    assert "30ポイント" in said(misaki.hears())
    scenario.pass_time(days=15)
    misaki.says("最悪です。金返せ")
    scenario.staff_say(misaki.ticket, "申し訳ありません。")
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    scenario.pass_time(days=1)
    scenario.pass_time(days=2)
    assert "30ポイント" in said(misaki.hears())


def test_what_is_held_for_two_weeks_is_given_up(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    care(misaki, "お友達のお買い上げがありました。")
    for _ in range(15):
        scenario.pass_time(days=1)
    assert state_of("care:1") == ("dropped", "too-late")
    assert "お友達のお買い上げがありました。" not in said(misaki.hears())


def test_who_blocks_the_shop_gets_nothing_when_they_come_back(scenario: Scenario) -> None:
    misaki = scenario.customer()
    step(misaki, "いかがですか。", "flow:1:hello")
    misaki.blocks()
    scenario.pass_time(days=4)
    assert state_of("flow:1:hello") == ("dropped", "blocked")


# Faults


def test_one_message_that_cannot_be_made_is_given_up_alone(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    misaki = scenario.customer()

    def broken(_row: PlannedMessage, _customer: Customer) -> None:
        Customer.update(display_name="途中").execute()
        raise KeyError("voices")

    monkeypatch.setitem(planned_content.RENDERERS, Kind.BIRTHDAY, broken)
    with write_transaction():
        for number in (1, 2):
            unasked.say(misaki.customer, None, kind=Kind.BIRTHDAY, cause=f"birthday:{number}")
    care(misaki, "お友達のお買い上げがありました。")

    assert misaki.hears() == ["お友達のお買い上げがありました。"]
    assert state_of("birthday:1") == state_of("birthday:2") == ("dropped", "error")
    assert misaki.customer.display_name != "途中", "what it wrote is undone"
    (notice,) = Notice.select()
    assert "KeyError" in notice.sentence
    scenario.pass_time(days=1)
    assert misaki.hears() == []
    assert Notice.select().count() == 1
    scenario.pass_time(days=7)
    assert Notice.select().count() == 0


def test_a_fault_of_what_rides_costs_no_answer(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    misaki = scenario.customer()
    step(misaki, "いかがですか。", "flow:1:hello")

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as broken_here:
        # After the reply with both was stored: that row is undone, and never reaches LINE.
        broken_here.setattr("journeys.sending.release.Release.settle", broken)
        assert "いまのポイント" in said(misaki.says("ポイント"))
    assert state_of("flow:1:hello")[0] == "waiting", "nothing is lost"
    assert misaki.says("ポイント")[-1] == "いかがですか。"
    assert "いかが" not in said(misaki.says("ポイント")), "nothing is sent twice"


def test_a_crash_before_the_commit_loses_nothing_and_doubles_nothing(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    misaki = scenario.customer()
    step(misaki, "いかがですか。", "flow:1:hello")
    scenario.sleep(days=3)
    message_jobs.release_planned_messages()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(inbox, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            handle_next(scenario.sender)
    assert state_of("flow:1:hello")[0] == "waiting"

    assert misaki.hears() == ["いかがですか。"]
    scenario.pass_time(days=1)
    assert misaki.hears() == []


def test_two_clocks_put_one_event(scenario: Scenario) -> None:
    misaki = scenario.customer()
    step(misaki, "いかがですか。", "flow:1:hello")
    step(misaki, "もうひとつ。", "flow:2:hello")
    scenario.sleep(days=3)

    assert message_jobs.release_planned_messages() == 2
    assert message_jobs.release_planned_messages() == 0
    assert InboxEvent.select().where(InboxEvent.source == "messages.due").count() == 1
    assert misaki.hears() == ["いかがですか。", "もうひとつ。"]


def test_what_is_planned_for_somebody_else_is_sent_in_their_own_chat(scenario: Scenario) -> None:
    misaki, kenta = scenario.customer(), scenario.customer("山本 健太")
    assert care(kenta, "お友達のおかげです。")
    assert not care(kenta, "お友達のおかげです。"), "once for each cause"
    assert misaki.hears() == []
    assert kenta.hears() == ["お友達のおかげです。"]


def test_a_clock_that_slept_two_days_catches_up(scenario: Scenario) -> None:
    misaki = scenario.customer()
    step(misaki, "いかがですか。", "flow:1:hello")
    scenario.pass_time(days=5)
    assert misaki.hears() == ["いかがですか。"]
    assert localtime.now() - PlannedMessage.get().settled_at < timedelta(minutes=1)

"""A second LINE account for individual contact, against a strict platform: who gets what from where."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot import localtime, notices
from bot.db.database import write_transaction
from bot.files import media
from bot.queue import inbox, support_friends
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.web import webhook
from customers.people.customer import Customer
from handlers import planned_content, unasked
from journeys.sending.message_kinds import INDIVIDUAL_KINDS, Kind, MessageClass
from journeys.sending.tables import PlannedMessage
from support.satisfaction.words import words as satisfaction_words
from support.tickets.second_account_words import words
from tests.conversations.scenario import Phone, Scenario, said

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 100
INVITATION = "担当者のLINEを追加"


@pytest.fixture
def misaki(two_accounts: Scenario) -> tuple[Phone, Phone]:
    """A customer who is a friend of both accounts: her chat with the shop, and the one with a person of staff."""
    main = two_accounts.customer()
    return main, two_accounts.on_the_second_account(main)


def test_adding_the_account_is_greeted_once(two_accounts: Scenario) -> None:
    main = two_accounts.customer()
    second = two_accounts.on_the_second_account(main, follows=False)
    heard = second.follows()
    assert len(heard) == 1
    assert "担当者です" in heard[0]
    assert main.hears() == []
    assert support_friends.is_friend(main.customer.conversation_id or 0)
    assert support_friends.count() == 1
    assert Customer.select().count() == 1, "the same user id in both accounts"


@pytest.mark.parametrize(
    "command", ["こんにちは", "ポイント", "アンケート", "送料はいくらですか？", "スタッフと話す"]
)
def test_every_text_goes_to_a_person(misaki: tuple[Phone, Phone], command: str) -> None:
    main, second = misaki
    heard = second.says(command)
    assert len(heard) == 1
    assert "担当者に届きました" in heard[0]
    assert "までに、このトークでお返事" in heard[0]
    assert second.chips == set()
    assert second.came_by()[-1] == "reply"
    assert main.hears() == []
    assert main.ticket is not None
    assert main.ticket.handed_over_at is not None
    assert second.says("もう一つあります") == [], "the ticket is joined without a second acknowledgement"


def test_stickers_pictures_and_places_go_to_a_person(two_accounts: Scenario) -> None:
    sent: dict[str, Any] = {
        "sticker": lambda phone: phone.handset.send_sticker(),
        "image": lambda phone: phone.handset.send_image(JPEG),
        "location": lambda phone: phone.handset.send_location("家", "東京", 35.0, 139.0),
    }
    for name, send in sent.items():
        main = two_accounts.customer(f"佐藤 {name}")
        second = two_accounts.on_the_second_account(main)
        send(second)
        assert "担当者に届きました" in said(second.hears()), name
        assert main.ticket is not None, name


def test_a_picture_is_fetched_with_the_second_accounts_token(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    message_id = second.handset.send_image(JPEG)
    second.hears()
    found = media.find(message_id)
    assert found is not None
    assert found.state == media.STORED
    assert "content" not in [call.endpoint for call in main.scenario.platform.calls]
    assert "content" in [call.endpoint for call in main.scenario.platform.support_calls]


def test_staff_answer_from_the_second_account(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    scenario = main.scenario
    main.says("スタッフと話す")
    scenario.staff_say(main.ticket, "担当の田中です。")
    assert second.hears() == ["担当の田中です。"]
    assert main.hears() == []
    assert second.came_by()[-1] == "push", "the main account's token is of no use there"


def test_staff_answer_with_the_second_accounts_own_token(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    second.says("相談があります")
    second.says("つづきです")  # nothing answers this, so its token is left
    main.scenario.staff_say(main.ticket, "はい、どうぞ。")
    assert second.hears() == ["はい、どうぞ。"]
    assert second.came_by()[-1] == "reply"


def test_staff_answer_from_the_main_account_to_who_is_no_friend(two_accounts: Scenario) -> None:
    main = two_accounts.customer()
    main.says("スタッフと話す")
    two_accounts.staff_say(main.ticket, "担当の田中です。")
    assert main.hears() == ["担当の田中です。"]


def test_what_is_answered_with_a_token_stays_where_it_was_asked(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    assert "スタッフにおつなぎしました" in said(main.says("スタッフと話す"))
    assert second.hears() == []


def test_a_ticket_is_closed_and_rated_on_the_second_account(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    scenario = main.scenario
    second.says("相談があります")
    scenario.staff_say(main.ticket, "お答えします。")
    second.hears()
    scenario.staff_resolve(main.ticket)
    heard = second.hears()
    assert words().closed in heard[0]
    assert satisfaction_words().question in said(heard)
    assert main.hears() == []
    assert "ポイント" not in second.chips
    thanked = second.taps(satisfaction_words().best)
    assert satisfaction_words().best in said(thanked)
    assert second.chips == {satisfaction_words().no_comment_button, satisfaction_words().change_button}
    assert second.says("ていねいでした") == [satisfaction_words().comment_thanks]
    assert second.chips == set()
    assert main.hears() == []
    assert main.ticket is None


def test_the_apology_for_a_late_answer_comes_from_the_second_account(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    second.says("相談があります")
    main.scenario.pass_time(days=1)
    main.scenario.pass_time(hours=2)
    main.scenario.pass_time(minutes=2)
    assert "お約束の時刻を過ぎても" in said(second.hears())
    assert main.hears() == []


@pytest.mark.parametrize("text", ["死にたい", "顔が腫れて痛いです", "もう二度と買わない！！ふざけるな"])
def test_danger_injury_and_anger_are_answered_as_on_the_main_account(
    two_accounts: Scenario, text: str
) -> None:
    on_main = two_accounts.customer("山本 健太").says(text)
    main = two_accounts.customer()
    second = two_accounts.on_the_second_account(main)
    assert second.says(text) == on_main
    assert main.hears() == []
    assert main.ticket is not None
    assert main.ticket.cause_key.startswith("heard:")


def test_opting_out_counts_wherever_it_is_written(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    assert "もうお送りしません" in said(second.says("配信停止"))
    assert main.customer.opted_out_at is not None
    assert main.ticket is None
    assert "またお知らせ" in said(second.taps("やっぱり受け取る"))
    assert main.customer.opted_out_at is None


def test_other_buttons_are_answered_kindly(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    assert second.sends_back("nps.score?s=9") == [words().button]
    assert main.ticket is None
    assert second.causes("videoPlayComplete") == []


def test_what_the_bot_asked_on_the_main_account_is_answered_there(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    main.says("アンケート")
    main.taps("9")
    assert "担当者に届きました" in said(second.says("発送はいつですか"))
    main.scenario.staff_resolve(main.ticket)


def test_a_block_of_one_account_leaves_the_other(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    scenario = main.scenario
    main.says("スタッフと話す")
    second.blocks()
    assert main.customer.blocked_at is None
    scenario.staff_say(main.ticket, "お店のトークから失礼します。")
    assert main.hears() == ["お店のトークから失礼します。"]
    assert "担当者です" in said(second.follows())
    main.blocks()
    assert second.scenario is scenario
    scenario.staff_say(main.ticket, "担当者のトークから失礼します。")
    assert second.hears() == ["担当者のトークから失礼します。"]


def test_a_late_report_of_a_block_changes_nothing(misaki: tuple[Phone, Phone]) -> None:
    main, _ = misaki
    key = main.customer.conversation_id or 0
    with write_transaction():
        support_friends.leave(key, localtime.now() - timedelta(hours=1))
    assert support_friends.is_friend(key)
    with write_transaction():
        support_friends.leave(key, localtime.now() + timedelta(seconds=1))
        assert not support_friends.follow(key, localtime.now())
    assert not support_friends.is_friend(key)


def test_a_friend_whom_line_does_not_know_gets_it_from_the_main_account(two_accounts: Scenario) -> None:
    main = two_accounts.customer()
    two_accounts.platform.support_handset(main.handset)  # known, and never a friend
    key = main.customer.conversation_id or 0
    with write_transaction():
        support_friends.follow(key, localtime.now())
    main.says("スタッフと話す")
    two_accounts.staff_say(main.ticket, "担当の田中です。")
    assert main.hears() == ["担当の田中です。"]
    assert not support_friends.is_friend(key)
    pushes = [[call for call in calls if call.endpoint == "push"] for calls in _calls(two_accounts)]
    assert [len(each) for each in pushes] == [1, 1]
    assert pushes[0][0].retry_key != pushes[1][0].retry_key
    row = OutboxMessage.get(OutboxMessage.staff_id.is_null(False))
    assert (row.channel, row.state, row.sent_as) == ("main", "sent", "push")


def test_a_spent_month_of_the_second_account_costs_no_message(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    assert main.scenario.platform.support is not None
    main.scenario.platform.support.quota.limit = 0
    main.says("スタッフと話す")
    main.scenario.staff_say(main.ticket, "担当の田中です。")
    assert main.hears() == ["担当の田中です。"]
    assert second.hears() == []
    assert support_friends.is_friend(main.customer.conversation_id or 0)
    assert "support-month-is-spent" in {notice.cause for notice in notices.current()}


def test_an_account_that_is_taken_away_leaves_nothing_behind(
    misaki: tuple[Phone, Phone], monkeypatch: pytest.MonkeyPatch
) -> None:
    main, second = misaki
    scenario = main.scenario
    main.says("スタッフと話す")
    monkeypatch.setattr(scenario.sender, "_support", None)  # as a worker that was started without it
    scenario.staff_say(main.ticket, "担当の田中です。")
    assert main.hears() == ["担当の田中です。"]
    assert second.hears() == []


def test_the_main_account_offers_to_add_the_second_once_in_thirty_days(two_accounts: Scenario) -> None:
    main = two_accounts.customer()
    main.says("スタッフと話す")
    assert INVITATION in main.buttons
    assert "tantou" in main.opens(INVITATION)
    assert INVITATION not in said(_again(two_accounts, main))
    two_accounts.sleep(days=31)
    assert INVITATION in said(_again(two_accounts, main))


def test_a_friend_is_not_invited(misaki: tuple[Phone, Phone]) -> None:
    main, _ = misaki
    assert INVITATION not in said(main.says("スタッフと話す"))


def test_without_a_second_account_nothing_is_offered(scenario: Scenario) -> None:
    main = scenario.customer()
    assert len(main.says("スタッフと話す")) == 1
    answer = scenario.web.post("/callback/support", data=b"{}")
    assert answer.status_code == 404
    assert "LINE_SUPPORT_CHANNEL_SECRET" in answer.text


@pytest.mark.parametrize("kind", list(Kind))
def test_only_individual_kinds_go_from_the_second_account(
    misaki: tuple[Phone, Phone], kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    main, second = misaki
    news = [{"type": "text", "text": "お知らせ"}]
    monkeypatch.setattr(planned_content, "render", lambda *_: news)
    monkeypatch.setattr(planned_content, "settled", lambda _: None)
    with write_transaction():
        assert unasked.say(main.customer, news, kind=kind, cause=f"test:{kind}")
        PlannedMessage.update(message_class=MessageClass.ORDER).execute()  # so that no limit keeps it back
    main.scenario.pass_time(days=4)
    heard = {"main": main.hears(), "second": second.hears()}
    assert ("お知らせ" in said(heard["second"])) == (kind in INDIVIDUAL_KINDS), heard
    assert ("お知らせ" in said(heard["main"])) == (kind not in INDIVIDUAL_KINDS), heard


def test_messages_of_both_accounts_never_share_a_call(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    for kind in (Kind.SATISFACTION, Kind.ORDER_REVERSED):
        with write_transaction():
            unasked.say(main.customer, [{"type": "text", "text": kind}], kind=kind, cause=f"test:{kind}")
    main.scenario.pass_time(minutes=1)
    main.scenario.pass_time(minutes=2)
    main.scenario.pass_time(minutes=2)
    assert main.hears() == [Kind.ORDER_REVERSED]
    assert second.hears() == [Kind.SATISFACTION]


def test_an_individual_message_does_not_go_along_with_the_shops_reply(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    with write_transaction():
        unasked.say(
            main.customer,
            [{"type": "text", "text": "お元気ですか"}],
            kind=Kind.SATISFACTION,
            cause="test:satisfaction",
        )
    assert "お元気ですか" not in said(main.says("ポイント"))
    main.scenario.pass_time(minutes=2)
    assert second.hears() == ["お元気ですか"]


def test_a_shop_message_does_not_go_along_with_a_persons_reply(misaki: tuple[Phone, Phone]) -> None:
    main, second = misaki
    with write_transaction():
        unasked.say(
            main.customer,
            [{"type": "text", "text": "ランクのお知らせ"}],
            kind=Kind.RANK_ROSE,
            cause="test:rank",
        )
    assert "ランクのお知らせ" not in said(second.says("相談があります"))


def test_a_signature_of_one_account_is_refused_by_the_other(misaki: tuple[Phone, Phone]) -> None:
    scenario = misaki[0].scenario
    body = json.dumps({"destination": "U0", "events": [scenario.event("unknown-kind")]}).encode()
    support = scenario.platform.support
    assert support is not None
    for path, mine, others in (
        ("/callback", scenario.platform.channel.identity, support.identity),
        ("/callback/support", support.identity, scenario.platform.channel.identity),
    ):
        for identity, status in ((others, 401), (mine, 200)):
            signed = {"x-line-signature": webhook.signature(body, identity.channel_secret)}
            assert scenario.web.post(path, data=body, headers=signed).status_code == status
    scenario.settle()


def test_the_same_event_id_in_both_accounts_is_two_events(misaki: tuple[Phone, Phone]) -> None:
    scenario = misaki[0].scenario
    before = InboxEvent.select().count()
    body = json.dumps({"events": [scenario.event("unknown-kind")]}).encode()
    for channel in ("main", "support"):
        with write_transaction():
            assert inbox.store(webhook.split(body, localtime.now(), channel)) == 1
            assert inbox.store(webhook.split(body, localtime.now(), channel)) == 0
    assert InboxEvent.select().count() == before + 2
    scenario.settle()


def _calls(scenario: Scenario) -> tuple[Any, Any]:
    return scenario.platform.calls, scenario.platform.support_calls


def _again(scenario: Scenario, phone: Phone) -> list[str]:
    scenario.staff_resolve(phone.ticket)
    phone.hears()
    return phone.says("スタッフと話す")

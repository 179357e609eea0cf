"""The owner's page of unasked messages: cost, savings, whether the month's pushes last, and what waits."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db.database import write_transaction
from bot.line.channels import SUPPORT
from bot.line.month import Month
from bot.queue import month_quota, outbox, support_friends
from bot.queue.outbox import OutboxMessage
from console.figures import cache
from console.figures import messages as figures
from journeys.sending import budget_counts, budget_state
from journeys.sending.message_kinds import Kind, MessageClass
from tests.console.conftest import SignIn, get, post
from tests.storage.budget_scene import NOON, call, customer, enrolled, flow, order, planned, said, step_sent

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _noon(app: object) -> Iterator[None]:
    """Noon of 15 November in Tokyo."""
    with localtime.fixed(NOON):
        yield


def text_of(page: str) -> str:
    """The page's words, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<main")[1]).split())


def compute() -> None:
    """The clock came round."""
    row = budget_state.compute()
    with write_transaction():
        budget_state.store(row)


def test_an_empty_shop_has_a_page_too(sign_in: SignIn) -> None:
    page = text_of(get(sign_in("owner"), "/console/messages").text)
    assert "今月はまだ、こちらから送っていません。" in page
    assert "まだ計算していません" in page


def test_only_the_owner_may_see_it(sign_in: SignIn) -> None:
    assert get(sign_in("staff"), "/console/messages").status_code == 403


def test_this_month_in_both_languages(sign_in: SignIn) -> None:
    who, inside = customer(), flow("large-shop")
    said(who, NOON - HOUR, Kind.RANK_ROSE, Kind.COUPON_GIVEN)
    said(who, NOON - HOUR, Kind.SURVEY, sent_as="reply")
    step_sent(
        *(who, NOON - HOUR / 2, enrolled(who, inside, None, "done")),
        message_class=MessageClass.CARE,
    )
    order(who, NOON, 4_200)
    call(who, NOON - HOUR, staff_id=1)
    said(who, NOON - 40 * DAY, Kind.BIRTHDAY)
    client = sign_in("owner")
    page = text_of(get(client, "/console/messages").text)
    assert "こちらから送ったお知らせ 4 うち1件は返信に添えたので無料、有料は2通です。" in page
    assert "無料の割合 50%" in page
    assert "¥6 1通ずつ送っていたら¥12。¥6の節約です（1通¥3）。" in page
    assert "シナリオ large-shop 1 0% 1 ¥3 1 ¥4,200" in page
    assert "クーポンのお届け 1 100% 0 ¥0 0 ¥0" in page
    assert "スタッフの返信1通" in page
    assert "2026年10月 1 0% 1 ¥3 ¥0 0" in page
    post(client, "/console/language/en", page="/console/messages")
    english = text_of(get(client, "/console/messages").text)
    assert "Sent one by one: ¥12. That saved ¥6 (¥3 each)." in english
    assert "Coupon given 1 100% 0 ¥0 0 ¥0" in english


def test_the_page_says_when_the_limit_is_reached_and_what_waits(sign_in: SignIn) -> None:
    shop.use({"sending": {"month_limit": 60, "reserve_percent": 10, "push_cost_yen": 5}})
    who = customer()
    with write_transaction():
        month_quota.keep(Month(200, 40))
    for _ in range(17):
        planned(who, Kind.BIRTHDAY, NOON + DAY)
        planned(who, Kind.FLOW_STEP, NOON + DAY, message_class=MessageClass.SELLING, priority=20)
    for _ in range(2):
        planned(who, Kind.FLOW_STEP, NOON + DAY, priority=7)
    compute()
    page = text_of(get(sign_in("owner"), "/console/messages").text)
    assert "今月の残り 20 / 60 このままだと23日ごろに上限です。" in page
    assert "LINEの上限は200通。 お店の上限は60通。" in page
    assert "スタッフの返信、ご注文とご相談の連絡 2 けっして待ちません" in page
    assert "誕生日のお祝い 17 送ります" in page
    assert "そのほか（優先度7） 2 残りがあるかぎり送ります" in page
    assert "シナリオのご提案 17 返信に添えるか、来月まで待ちます" in page
    assert "月末の見込み 78 うち18通が足りません" in page
    shop.use({})


@pytest.mark.parametrize(
    ("quota", "used", "words"),
    [
        (None, 7, "上限はありません。月末までの見込みは17通です。"),
        (200, 7, "このままで月末まで足ります（見込み17通、上限200通）。"),
        (200, 200, "今月の上限に達しました。"),
        (12, 7, "このままだと23日ごろに上限です。"),
    ],
)
def test_the_forecast_in_words(sign_in: SignIn, quota: int | None, used: int, words: str) -> None:
    shop.use({"sending": {"reserve_percent": 0}})
    with write_transaction():
        month_quota.keep(Month(quota, used))
    for _ in range(10):
        planned(customer(), Kind.BIRTHDAY, NOON + DAY)
    compute()
    assert words in text_of(get(sign_in("owner"), "/console/messages").text)
    shop.use({})


def test_the_second_account_is_shown_with_its_friends_and_its_own_month(sign_in: SignIn) -> None:
    who = customer()
    client = sign_in("owner")
    assert "設定されていません" in text_of(get(client, "/console/messages").text)
    second = {"line_support_channel_secret": "s", "line_support_channel_access_token": "t"}
    bot_settings.use(bot_settings.current().model_copy(update=second))
    with write_transaction():
        month_quota.keep(Month(200, 40))
        month_quota.keep(Month(5000, 7), SUPPORT)
        support_friends.follow(who.conversation_id or 0, NOON)
        outbox.push_individually(who.conversation_id or 0, [{"type": "text", "text": "はい"}], cause="x")
        OutboxMessage.update(state="sent", sent_as="push", sent_at=localtime.now()).execute()
    page = text_of(get(client, "/console/messages").text)
    assert "友だち1人 · 今月8通／上限5,000通 · 今月の個別のプッシュ1通（¥3）" in page
    assert budget_counts.used_this_month() == (200, 40), "the budget is the main account's"


def test_a_large_shops_figures_come_from_the_clock(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "is_large", lambda: True)
    said(customer(), NOON - HOUR, Kind.SURVEY)
    figures.refresh()
    said(customer(), NOON - HOUR, Kind.SURVEY)
    shown = figures.of_shop()
    assert shown
    assert (shown.is_cached, shown.months[0].total.sent_count) == (True, 1)
    assert "集計" in get(sign_in("owner"), "/console/messages").text

"""The owner's page 「きょう」: each to-do with its yen and its link, what is left to set up, the tiles."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask

from bot import facts, localtime, notices
from bot.backups import jobs
from bot.backups.jobs import DataJob, JobKind
from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from bot.queue.rich_menus import RichMenu
from bot.worker.send_records import TOKEN_REFUSED
from console.auth.staff_accounts import Staff
from console.figures import cache
from console.figures.definitions.today import DEFINITIONS
from console.today import counted, set_up, to_dos
from console.today.ranking import MOST, ToDo
from customers.orders.tables import Purchase
from rewards.referrals import referrals
from rewards.referrals.tables import Referral
from support.faq import entries
from support.faq.tables import Content
from surveys.nps import answers, invitations
from tests.console import chats, figures_of_a_year, today_scene
from tests.console.conftest import SignIn, get, post
from tests.orders import ordered

PAGE = "/console/today"
NOON = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
"""Noon of Monday, 30 November 2026 in Tokyo."""


@pytest.fixture(autouse=True)
def _noon(app: object) -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


def main_of(page: str) -> str:
    return unescape(page.split("<main")[1])


def words(page: str) -> str:
    """The page's words, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", main_of(page)).split())


def to_do_links(page: str) -> list[str]:
    listed = re.search(r'<ol class="to-dos">(.*?)</ol>', main_of(page), re.DOTALL)
    return re.findall(r'<a href="([^"]+)">', listed[1]) if listed else []


def found() -> dict[str, ToDo]:
    return {each.key: each for each in to_dos.found(counted.morning())}


def set_up_all() -> None:
    """Everything that a shop needs at the beginning."""
    who = chats.customer("はじめの 友")
    with write_transaction():
        ordered(who, localtime.now() - timedelta(days=400), 3_000)
        entries.create(Content("送料は？", "全国一律500円です。"), by=1)
        facts.keep("hours-confirmed", value=True)
        answers.record_score(who.id, invitations.invite(who.id, "word:1"), 8)
    RichMenu.create(name="goen:1", content_hash="0", line_id="r", published_at=localtime.now())


def test_an_owner_begins_here_and_staff_at_the_chats(sign_in: SignIn) -> None:
    assert get(sign_in("owner"), "/console/").location == PAGE
    staff = sign_in("staff")
    assert get(staff, "/console/").location == "/console/tickets"
    assert get(staff, PAGE).status_code == 403


def test_the_morning_of_an_empty_shop_says_what_to_set_up(sign_in: SignIn) -> None:
    with write_transaction():
        entries.seed_if_empty()
    page = get(sign_in("owner"), PAGE).text
    text = words(page)
    assert "準備が、あと6つ残っています" in text
    for said in (
        "LINEからの知らせが、まだ一度も届いていません",
        "注文が、まだ1件も",
        "下のメニューが、まだ",
        "お店にしか書けない答えが、あと10つ",
        "お返事する時間が、はじめの",
        "質問に答えた方が、まだ",
    ):
        assert said in text
    assert "Webhook URLが https://goen.example/callback" in text
    assert '<a href="/console/set-up/orders">注文が' in page
    assert to_do_links(page) == []
    assert "お客様のことで急ぐものは、いまありません" in text
    assert "0 : 届く支持者 人 / 100人" in text


def test_what_is_done_is_gone_and_nothing_to_do_is_said_warmly(sign_in: SignIn) -> None:
    set_up_all()
    text = words(get(sign_in("owner"), PAGE).text)
    assert "残っています" not in text
    assert "急ぐことは、何もありません。鈴木 一郎さん、どうぞよい一日を。" in text
    assert "あとでもよい準備" in text
    sign_in("staff")
    assert set_up.left() == []


def test_a_refused_token_and_an_address_without_https_come_first(app: Flask) -> None:
    with write_transaction():
        notices.notify(TOKEN_REFUSED, "LINEがチャネルアクセストークンを認めませんでした。")
    before = bot_settings.current()
    with_http = before.model_copy(update={"public_url": "http://shop.example", "demo_dir": None})
    bot_settings.use(with_http)
    try:
        with app.test_request_context():
            assert [each.key for each in set_up.left()][:2] == ["line-token", "https"]
    finally:
        bot_settings.use(before)


@pytest.mark.parametrize(
    ("staff_days", "backup_days", "is_whole", "said"),
    [
        (2, None, True, ""),
        (4, None, True, "バックアップが、まだ一度も取れていません。"),
        (90, 2, True, ""),
        (90, 4, True, "最後のよいバックアップは"),
        (90, 2, False, "バックアップが、まだ一度も取れていません。"),
    ],
)
def test_days_without_a_whole_backup_are_said(
    app: Flask, sign_in: SignIn, *, staff_days: int, backup_days: int | None, is_whole: bool, said: str
) -> None:
    owner = sign_in("owner")
    now = localtime.now()
    Staff.update(created_at=now - timedelta(days=staff_days)).execute()
    if backup_days is not None:
        with write_transaction():
            job_id = jobs.request(JobKind.BACKUP, None)
        assert job_id is not None
        jobs.finish(job_id, "goen.zip", 1, checked=is_whole)
        DataJob.update(finished_at=now - timedelta(days=backup_days)).execute()
    before = bot_settings.current()
    bot_settings.use(before.model_copy(update={"demo_dir": None}))
    try:
        text = get(owner, PAGE).text
        shown = words(text)
    finally:
        bot_settings.use(before)
    assert ("バックアップ" in shown) is bool(said)
    assert said in shown
    assert not said or 'href="/console/data"' in text


@pytest.mark.parametrize("key", today_scene.SCENES)
def test_each_to_do_has_its_sentence_its_yen_and_its_link(sign_in: SignIn, app: Flask, key: str) -> None:
    scene, said, yen, href = today_scene.SCENES[key]
    owner = sign_in("owner")
    with app.test_request_context():
        assert key not in found()
    scene()
    with app.test_request_context():
        to_do = found()[key]
    assert said in to_do.sentence
    assert to_do.href == href
    assert to_do.estimate
    if yen:
        assert to_do.yen_at_stake == yen
    page = get(owner, PAGE).text
    assert href in to_do_links(page)
    assert said in words(page)
    assert get(owner, href).status_code == 200, "the link leads to a page"


def test_every_to_do_has_a_scene() -> None:
    made = {re.sub(r":.*", "", key).replace("-", "_") for key in today_scene.SCENES}
    functions = {each.__name__ for each in to_dos.TO_DOS}
    assert {
        "effects" if each == "effect" else "waiting_campaigns" if each == "campaign" else each
        for each in made
    } == (functions)


def test_the_effect_of_a_flow_is_worth_the_measured_difference(app: Flask) -> None:
    today_scene.effects()
    [answer] = counted.morning().answered
    assert answer.verdict == "earns"
    assert answer.share == pytest.approx(0.30), "only those held out would get it"
    with app.test_request_context():
        to_do = found()["effect:flow:1"]
    assert to_do.yen_at_stake == round(abs(answer.yen_a_head or 0) * answer.people_a_year * 0.30)
    assert to_do.yen_at_stake > 0


def test_the_morning_of_a_shop_in_trouble(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    today_scene.a_shop_in_trouble()
    page = get(owner, PAGE).text
    assert len(to_do_links(page)) == MOST
    assert to_do_links(page)[0].startswith("/console/tickets/"), "somebody's life first"
    yen = [int(each.replace(",", "")) for each in re.findall(r"およそ¥([\d,]+)", main_of(page))]
    assert yen[1:] == sorted(yen[1:], reverse=True)
    assert "ほかに" in words(page)
    post(owner, "/console/language/en", page=PAGE)
    english = words(get(owner, PAGE).text)
    assert "To do today" in english
    assert not re.search(r"[ぁ-ん]", re.sub(r"「[^」]*」|“[^”]*”|冬のご案内|お買い物のあと", "", english)), (
        english
    )


def test_the_tiles_have_their_change_and_since_when(sign_in: SignIn) -> None:
    set_up_all()
    for number, days_ago in enumerate((60, 5, 3)):
        chats.scored(chats.customer(f"支持 {number}"), 10, days_ago=days_ago)
    gone = chats.customer("去った 方")
    chats.scored(gone, 10, days_ago=2)
    type(gone).update(blocked_at=localtime.now()).where(type(gone).id == gone.id).execute()
    who = chats.customer("買った 方")
    with write_transaction():
        for days_ago, yen in ((3, 8_000), (33, 4_000), (365, 16_000), (300, 0)):
            ordered(who, localtime.now() - timedelta(days=days_ago), yen)
        Purchase.update(customer=None).where(Purchase.total_yen == 16_000).execute()
    page = get(sign_in("owner"), PAGE).text
    text = words(page)
    assert "3 : 届く支持者 人 / 100人" in text
    assert "10月30日から +2人" in text
    assert "¥8,000 : 今月の売上（11月30日まで） ご注文1件" in text
    assert "先月の同じ日まで ¥4,000 → +100%" in text
    assert "去年の同じ日まで ¥16,000 → -50%" in text
    assert "LINEにつながっている分 100%" in text
    for name in ("supporters", "sales-month", "messages-yen", "oldest-wait"):
        assert "数え方" in text
        assert f"/console/figures/{name}" in page


def test_on_the_first_of_a_month_some_hours_are_not_compared_with_a_whole_day(sign_in: SignIn) -> None:
    set_up_all()
    who = chats.customer("買った 方")
    with write_transaction():
        ordered(who, localtime.now() - timedelta(days=29), 4_000)
    with localtime.fixed(localtime.now() + timedelta(days=1)):
        text = words(get(sign_in("owner"), PAGE).text)
    assert "先月の同じ日まで ¥4,000 : " in text


def test_the_oldest_wait_is_in_working_time_and_live(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = sign_in("owner")
    with localtime.fixed(NOON):
        counted.refresh()
    monkeypatch.setattr(cache, "LARGE", 0)
    chats.customer("最初の 方")
    counted.refresh()
    with localtime.fixed(NOON - timedelta(days=2, hours=20)):  # Friday, 16:00
        chats.ticket(chats.customer("待野 長"))
    text = words(get(owner, PAGE).text)
    assert "1 : お返事待ち 件" in text, "waiting chats are not cached"
    assert "集計" in text
    assert "いちばん長い方 3時間0分（営業時間）" in text


def test_a_large_shop_waits_for_no_count(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = sign_in("owner")
    today_scene.late_promises()
    monkeypatch.setattr(cache, "LARGE", 0)
    monkeypatch.setattr(cache, "_count_in_background", lambda _figures: None)
    page = get(owner, PAGE)
    assert "はじめての集計をしています" in page.text
    assert "お返事の約束を過ぎたお客様が2人" in words(page.text), "promises are live"


def test_the_referrals_of_this_month_and_of_all_time(sign_in: SignIn) -> None:
    inviter, friend, earlier = (chats.customer(name) for name in ("紹介 花子", "友達 太郎", "前の 友達"))
    with localtime.fixed(NOON - timedelta(days=40)), write_transaction():
        code = referrals.invite(inviter.id)
        referrals.join(code, earlier.id, is_new=True)
    with write_transaction():
        referrals.join(code, friend.id, is_new=True)
        referrals.reward_first_purchase(friend.id, "order:N-1", localtime.today() - timedelta(days=99))
    assert {row.state for row in Referral.select()} == {"joined", "rewarded"}
    text = words(get(sign_in("owner"), PAGE).text)
    funnel = text.split("はじめから", 1)[1]
    for said in ("案内 0人", "参加 1人", "購入 1人", "お礼 1人"):
        assert said in funnel
    assert re.search(r"案内 0人[^人]*先月の同じ日までより -1人 1人", funnel)
    assert re.search(r"参加 1人[^人]*先月の同じ日までより ±0人 2人", funnel)


@pytest.mark.parametrize("name", [each.name for each in DEFINITIONS])
def test_each_figure_has_its_page_its_people_and_a_value_of_any_day(sign_in: SignIn, name: str) -> None:
    figures_of_a_year.build(40)
    owner = sign_in("owner")
    assert get(owner, f"/console/figures/{name}").status_code == 200
    definition = next(each for each in DEFINITIONS if each.name == name)
    for days_ago in (0, 31, 366):
        definition.count(localtime.today() - timedelta(days=days_ago))
    window = definition.window(localtime.today())
    assert window is None or window.last_on <= localtime.today()

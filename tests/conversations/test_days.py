"""Active days: days on which customers write or open a link count once each, and the rank card says so."""

from urllib.parse import urlsplit

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.people.active_days import CustomerDay, DayKind
from rewards.ranks import shown_testimonials
from rewards.ranks.rules import Rank
from rewards.ranks.tables import CustomerRank
from tests.conversations.scenario import QUESTION, Phone, Scenario, said

LINES_BROWSER = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 Safari Line/15.7.1"
)


def days_stored(misaki: Phone, kind: DayKind) -> list[str]:
    """The customer's stored active days."""
    rows = CustomerDay.select().where(CustomerDay.customer == misaki.customer.id, CustomerDay.kind == kind)
    return [str(row.day) for row in rows.order_by(CustomerDay.day)]


def opens_her_page(scenario: Scenario, misaki: Phone, **headers: str) -> None:
    misaki.says("特典")
    path = urlsplit(misaki.opens("特典ページをひらく")).path
    scenario.web.get(path, headers={"User-Agent": LINES_BROWSER, **headers})
    scenario.settle()


def a_premium(scenario: Scenario) -> Phone:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    CustomerRank.update(rank=Rank.PREMIUM).execute()
    return misaki


def test_many_messages_on_one_day_are_one_day(scenario: Scenario) -> None:
    misaki = scenario.customer()
    for words in ("こんにちは", "ランク", "ポイント"):
        misaki.says(words)
    misaki.sends(type="sticker")
    misaki.sends_back("menu")
    assert days_stored(misaki, DayKind.WROTE) == ["2026-04-01"]

    scenario.sleep(hours=11, minutes=59)  # 23:59
    misaki.says("こんばんは")
    assert days_stored(misaki, DayKind.WROTE) == ["2026-04-01"]
    scenario.sleep(minutes=2)
    misaki.says("まだ起きています")
    assert days_stored(misaki, DayKind.WROTE) == ["2026-04-01", "2026-04-02"]


def test_following_buying_and_what_the_shop_sends_are_no_days_of_hers(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    scenario.pass_time(days=14)
    assert QUESTION in said(misaki.hears())
    assert days_stored(misaki, DayKind.WROTE) == []
    misaki.taps("9")
    assert days_stored(misaki, DayKind.WROTE) == ["2026-04-15"]


def test_the_card_names_the_days_and_the_axis_holds_them(scenario: Scenario) -> None:
    misaki = a_premium(scenario)
    opens_her_page(scenario, misaki)
    scenario.sleep(days=1)
    card = said(misaki.says("ランク"))
    assert "お買い物1回・トーク2日・特典ページ1日" in card
    assert CustomerRank.get().behaviour == 10 + 2 * 2 + 2


def test_opening_a_page_again_on_the_same_day_adds_nothing(scenario: Scenario) -> None:
    misaki = a_premium(scenario)
    opens_her_page(scenario, misaki)
    opens_her_page(scenario, misaki)
    assert days_stored(misaki, DayKind.OPENED) == ["2026-04-01"]
    scenario.sleep(days=1)
    opens_her_page(scenario, misaki)
    assert days_stored(misaki, DayKind.OPENED) == ["2026-04-01", "2026-04-02"]


def test_a_preview_of_the_link_is_no_visit(scenario: Scenario) -> None:
    """The list of preview programs is tested in tests/rules/bot/test_crawler_detection.py."""
    misaki = a_premium(scenario)
    opens_her_page(scenario, misaki, **{"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"})
    opens_her_page(scenario, misaki, **{"User-Agent": "Slackbot-LinkExpanding 1.0"})
    opens_her_page(scenario, misaki, **{"User-Agent": ""})
    opens_her_page(scenario, misaki, **{"Sec-Purpose": "prefetch;prerender"})
    scenario.web.head(urlsplit(misaki.opens("特典ページをひらく")).path)
    scenario.settle()
    assert days_stored(misaki, DayKind.OPENED) == []


def test_a_rise_by_an_opened_link_is_announced_within_two_days(scenario: Scenario) -> None:
    shop.use({"ranks": {"premium": [10, 14, 11], "pages": {"active_body": "いつもの方へ"}}})
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    with write_transaction():
        shown_testimonials.add(misaki.customer.id, "testimonial:1")
    CustomerRank.update(rank=Rank.ACTIVE).execute()
    opens_her_page(scenario, misaki)
    assert misaki.hears() == [], "it waits for a reply that it can go along with"
    scenario.pass_time(days=2)
    assert "ランクアップ、おめでとうございます🎉\nプレミアム" in said(misaki.hears())


def test_writing_to_us_makes_an_active_of_who_bought_once(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    for _ in range(7):
        misaki.says("こんにちは")
        scenario.sleep(days=1)
    assert misaki.rank == "ベーシック"
    assert "ランクアップ、おめでとうございます" in said(misaki.says("ランク"))
    assert misaki.rank == "アクティブ"


def test_what_the_shop_and_the_clock_do_is_no_sign_of_life(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    seen_at = misaki.customer.last_seen_at

    scenario.sleep(days=3)
    scenario.staff_say(misaki.ticket, "その後いかがでしょうか")
    scenario.staff_resolve(misaki.ticket)
    misaki.buys(5_000, "1001")
    scenario.pass_time(days=14)
    assert QUESTION in said(misaki.hears())
    assert misaki.customer.last_seen_at == seen_at

    misaki.taps("9")
    assert misaki.customer.last_seen_at == localtime.now()

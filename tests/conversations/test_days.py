"""Days on which customers talk with the shop or open what it sent: each counts once, and the rank card says so."""

from urllib.parse import urlsplit

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.people.active_days import CustomerDay, Kind
from rewards.ranks import shown_testimonials
from rewards.ranks.rules import Rank
from rewards.ranks.tables import Standing
from tests.conversations.scenario import QUESTION, Phone, Town, said

LINES_BROWSER = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 Safari Line/15.7.1"
)


def kept(misaki: Phone, kind: Kind) -> list[str]:
    """The days kept of her."""
    rows = CustomerDay.select().where(CustomerDay.customer == misaki.customer.id, CustomerDay.kind == kind)
    return [str(row.day) for row in rows.order_by(CustomerDay.day)]


def opens_her_page(town: Town, misaki: Phone, **headers: str) -> None:
    misaki.says("特典")
    path = urlsplit(misaki.opens("特典ページをひらく")).path
    town.web.get(path, headers={"User-Agent": LINES_BROWSER, **headers})
    town.settle()


def a_premium(town: Town) -> Phone:
    misaki = town.customer()
    misaki.buys(5_000, "1001")
    Standing.update(rank=Rank.PREMIUM).execute()
    return misaki


def test_many_messages_on_one_day_are_one_day(town: Town) -> None:
    misaki = town.customer()
    for words in ("こんにちは", "ランク", "ポイント"):
        misaki.says(words)
    misaki.sends(type="sticker")
    misaki.sends_back("menu")
    assert kept(misaki, Kind.WROTE) == ["2026-04-01"]

    town.sleep(hours=11, minutes=59)  # 23:59
    misaki.says("こんばんは")
    assert kept(misaki, Kind.WROTE) == ["2026-04-01"]
    town.sleep(minutes=2)
    misaki.says("まだ起きています")
    assert kept(misaki, Kind.WROTE) == ["2026-04-01", "2026-04-02"]


def test_following_buying_and_what_the_shop_sends_are_no_days_of_hers(town: Town) -> None:
    misaki = town.customer()
    misaki.buys(5_000, "1001")
    town.pass_time(days=14)
    assert QUESTION in said(misaki.hears())
    assert kept(misaki, Kind.WROTE) == []
    misaki.taps("9")
    assert kept(misaki, Kind.WROTE) == ["2026-04-15"]


def test_the_card_names_the_days_and_the_axis_holds_them(town: Town) -> None:
    misaki = a_premium(town)
    opens_her_page(town, misaki)
    town.sleep(days=1)
    card = said(misaki.says("ランク"))
    assert "お買い物1回・トーク2日・特典ページ1日" in card
    assert Standing.get().behaviour == 10 + 2 * 2 + 2


def test_opening_a_page_again_on_the_same_day_adds_nothing(town: Town) -> None:
    misaki = a_premium(town)
    opens_her_page(town, misaki)
    opens_her_page(town, misaki)
    assert kept(misaki, Kind.OPENED) == ["2026-04-01"]
    town.sleep(days=1)
    opens_her_page(town, misaki)
    assert kept(misaki, Kind.OPENED) == ["2026-04-01", "2026-04-02"]


def test_a_preview_of_the_link_is_no_visit(town: Town) -> None:
    """Which programs there are is in tests/rules/bot/test_crawler_detection.py."""
    misaki = a_premium(town)
    opens_her_page(town, misaki, **{"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"})
    opens_her_page(town, misaki, **{"User-Agent": "Slackbot-LinkExpanding 1.0"})
    opens_her_page(town, misaki, **{"User-Agent": ""})
    opens_her_page(town, misaki, **{"Sec-Purpose": "prefetch;prerender"})
    town.web.head(urlsplit(misaki.opens("特典ページをひらく")).path)
    town.settle()
    assert kept(misaki, Kind.OPENED) == []


def test_a_rise_by_an_opened_link_is_told_at_once(town: Town) -> None:
    shop.use({"ranks": {"premium": [10, 14, 11], "pages": {"active_body": "いつもの方へ"}}})
    misaki = town.customer()
    misaki.buys(5_000, "1001")
    with write_transaction():
        shown_testimonials.count(misaki.customer.id, "testimonial:1")
    Standing.update(rank=Rank.ACTIVE).execute()
    opens_her_page(town, misaki)
    assert "ランクアップ、おめでとうございます🎉\nプレミアム" in said(misaki.hears())


def test_talking_with_us_makes_an_active_of_who_bought_once(town: Town) -> None:
    misaki = town.customer()
    misaki.buys(5_000, "1001")
    for _ in range(7):
        misaki.says("こんにちは")
        town.sleep(days=1)
    assert misaki.rank == "ベーシック"
    assert "ランクアップ、おめでとうございます" in said(misaki.says("ランク"))
    assert misaki.rank == "アクティブ"


def test_what_the_shop_and_the_clock_do_is_no_sign_of_life(town: Town) -> None:
    misaki = town.customer()
    misaki.says("スタッフと話す")
    seen_at = misaki.customer.last_seen_at

    town.sleep(days=3)
    town.staff_say(misaki.ticket, "その後いかがでしょうか")
    town.staff_resolve(misaki.ticket)
    misaki.buys(5_000, "1001")
    town.pass_time(days=14)
    assert QUESTION in said(misaki.hears())
    assert misaki.customer.last_seen_at == seen_at

    misaki.taps("9")
    assert misaki.customer.last_seen_at == localtime.now()

"""The rich menu of each rank, published to LINE's API: shown to all of the rank, recreated only when changed."""

import io
from typing import Any

import pytest
from PIL import Image

from bot.config import settings as bot_settings
from bot.config import shop
from bot.db.database import write_transaction
from bot.line.delivery import Answer
from bot.queue import rich_menus as menus_at_line
from bot.queue.rich_menus import MenuLink, MenuRefused, RichMenu
from handlers import rich_menus
from rewards.cards.rich_menu_picture import BELOW_PX, GAP, HEIGHT, WIDTH, WORD_PX, Field, bounds, png
from rewards.drawing.japanese_text import BOLD, fit
from rewards.ranks.customer_rank import CustomerRank
from rewards.ranks.rules import Rank
from tests.conversations.scenario import Phone, Scenario


def publish(scenario: Scenario) -> tuple[int, int, int]:
    return rich_menus.publish(scenario.sender._line)  # type: ignore[arg-type] # it is the real client


def seen_by(phone: Phone) -> str:
    """The name of the menu below that phone's chat."""
    channel = phone.scenario.platform.channel
    menu = channel.rich_menus.seen_by(phone.handset.person.rich_menu_id)
    return str(menu.design["name"]) if menu else ""


def set_rank(phone: Phone, rank: Rank) -> None:
    CustomerRank.update(rank=int(rank)).where(CustomerRank.customer == phone.customer.id).execute()


def test_each_customer_sees_the_menu_of_their_rank(scenario: Scenario) -> None:
    hanako, taro = scenario.customer(), scenario.customer("鈴木 太郎")
    set_rank(taro, Rank.PREMIUM)
    assert publish(scenario) == (4, 1, 0)
    assert seen_by(hanako) == "goen:rank-basic"
    assert seen_by(taro) == "goen:rank-premium"
    for menu in scenario.platform.channel.rich_menus.all():
        assert menu.image is not None
        assert len(menu.image) < 1024 * 1024
        with Image.open(io.BytesIO(menu.image)) as picture:
            assert picture.size == (2500, 1686)


def test_published_again_nothing_happens(scenario: Scenario) -> None:
    set_rank(scenario.customer(), Rank.ACTIVE)
    publish(scenario)
    before = {row.name: row.line_id for row in RichMenu.select()}
    assert publish(scenario) == (0, 0, 0)
    assert {row.name: row.line_id for row in RichMenu.select()} == before


def test_changed_words_make_new_menus_and_the_old_ones_go(scenario: Scenario) -> None:
    hanako, taro = scenario.customer(), scenario.customer("鈴木 太郎")
    set_rank(taro, Rank.AMBASSADOR)
    publish(scenario)
    shop.use({"menu": {"words": {"staff": "店主がお答えします"}}})
    assert publish(scenario) == (4, 1, 4)
    assert len(scenario.platform.channel.rich_menus.all()) == 4
    assert (seen_by(hanako), seen_by(taro)) == ("goen:rank-basic", "goen:rank-ambassador")


def test_a_menu_that_line_lost_is_made_anew_and_the_owners_own_is_left_alone(scenario: Scenario) -> None:
    scenario.customer()
    publish(scenario)
    channel = scenario.platform.channel
    own = channel.rich_menus.create(rich_menus.design(Rank.BASIC).as_line_wants_it() | {"name": "年末セール"})
    channel.rich_menus.delete(str(menus_at_line.id_of("rank-active")))
    assert publish(scenario)[0] == 1
    assert channel.rich_menus.find(own) is not None


def test_a_rise_changes_the_menu_at_once(scenario: Scenario) -> None:
    hanako = scenario.customer()
    publish(scenario)
    hanako.buys(3_980, "A-1")
    assert seen_by(hanako) == "goen:rank-basic"
    hanako.says("アンケート")
    hanako.taps("8")
    assert hanako.rank == "アクティブ"
    assert seen_by(hanako) == "goen:rank-active"


def test_a_fall_is_followed_by_the_clock(scenario: Scenario) -> None:
    hanako = scenario.customer()
    set_rank(hanako, Rank.PREMIUM)
    publish(scenario)
    assert seen_by(hanako) == "goen:rank-premium"
    set_rank(hanako, Rank.BASIC)
    scenario.pass_time(minutes=10)
    assert seen_by(hanako) == "goen:rank-basic"
    assert rich_menus.catch_up() == 0


def test_a_menu_deleted_meanwhile_costs_nothing_and_is_tried_again(scenario: Scenario) -> None:
    hanako = scenario.customer()
    publish(scenario)
    with write_transaction():
        RichMenu.update(line_id="richmenu-gone").where(RichMenu.name == "rank-active").execute()
        rich_menus.follow_rank(hanako.customer.id, Rank.ACTIVE)
    scenario.settle()
    assert seen_by(hanako) == "goen:rank-basic"
    assert MenuLink.select().count() == 0


def test_without_published_menus_nothing_is_sent(scenario: Scenario) -> None:
    hanako = scenario.customer()
    with write_transaction():
        rich_menus.follow_rank(hanako.customer.id, Rank.ACTIVE)
    scenario.pass_time(minutes=10)
    assert MenuLink.select().count() == 0


def test_many_are_linked_five_hundred_at_a_time(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [scenario.customer(f"客{number}") for number in range(5)]
    for phone in people:
        set_rank(phone, Rank.ACTIVE)
    monkeypatch.setattr(menus_at_line, "MOST_AT_ONCE", 2)
    line: Any = scenario.sender._line
    calls: list[int] = []
    real = line.show_rich_menu_to_many

    def counted(user_ids: list[str], menu_id: str) -> Answer:
        calls.append(len(user_ids))
        answer: Answer = real(user_ids, menu_id)
        return answer

    monkeypatch.setattr(line, "show_rich_menu_to_many", counted)
    assert publish(scenario)[1] == 5
    assert calls == [2, 2, 1]


def test_what_line_refuses_is_said(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    line: Any = scenario.sender._line
    monkeypatch.setattr(line, "put_rich_menu_picture", lambda *_: Answer(413, "too large"))
    with pytest.raises(MenuRefused, match="given its picture: LINE answered 413 too large"):
        publish(scenario)
    assert scenario.platform.channel.rich_menus.all() == []
    assert RichMenu.select().count() == 0


def test_every_field_says_a_word_the_bot_knows(scenario: Scenario) -> None:
    hanako = scenario.customer()
    for area in rich_menus.design(Rank.BASIC).areas:
        assert hanako.says(area["action"]["text"]), area


def test_the_menu_begins_with_orders_and_has_the_member_card_only_for_a_store(scenario: Scenario) -> None:
    words = [area["action"]["text"] for area in rich_menus.design(Rank.BASIC).areas]
    assert words == ["注文状況", "ポイント", "クーポン", "紹介", "よくある質問", "スタッフと話す"]

    shop.use({"talk": {"member_card_in_menu": True}})
    words = [area["action"]["text"] for area in rich_menus.design(Rank.BASIC).areas]
    assert words == ["注文状況", "ポイント", "クーポン", "会員証", "紹介", "よくある質問", "スタッフと話す"]


def test_a_menu_of_an_older_version_is_replaced_at_line(scenario: Scenario) -> None:
    hanako = scenario.customer()
    shop.use({"talk": {"member_card_in_menu": True}})
    publish(scenario)
    assert "会員証" in hanako.buttons
    shop.use({})
    assert publish(scenario) == (4, 0, 4)
    assert "会員証" not in hanako.buttons


@pytest.mark.parametrize("count", [6, 7])
def test_the_shipped_words_are_large_enough_on_a_phone(scenario: Scenario, count: int) -> None:
    """On a phone 390 points wide: labels of 16 points, the text below of 10, and none is cut."""
    shop.use({"talk": {"member_card_in_menu": count == 7}})
    labels = rich_menus.fields()
    assert len(labels) == count
    for (word, _, below, _), place in zip(labels, bounds(count), strict=True):
        points = 390 / WIDTH
        for text, smallest, sizes in ((word, 16, WORD_PX), (below, 10, BELOW_PX)):
            drawn, face = fit(text, BOLD, *sizes, place.width - 3 * GAP)
            assert drawn == text
            assert face.size * points >= smallest - 0.1, text


@pytest.mark.parametrize("count", [6, 7])
def test_the_fields_cover_the_picture_and_long_words_fit(settings: bot_settings.Settings, count: int) -> None:
    places = bounds(count)
    assert sum(place.width * place.height for place in places) == WIDTH * HEIGHT
    picture = png(
        "店" * 40, Rank.AMBASSADOR, (Field("長い言葉" * 9, "とても長い説明" * 9, "parcel"),) * len(places)
    )
    assert len(picture) < 1024 * 1024

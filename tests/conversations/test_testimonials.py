"""From a customer's words to the public page and back: with consent, and for as long as they want."""

import pytest

from bot.config import shop
from bot.db.database import write_transaction
from bot.files import media
from bot.files.media import Media
from bot.queue import inbox
from customers.people import customer as customers
from surveys.testimonials import moderation, tables
from tests.console.pictures import broken_lid
from tests.conversations.scenario import Phone, Scenario, said

WORDS = "母にも贈りました！\n肌がしっとりして、香りも {やさしい} です。"


def newest() -> tables.Testimonial:
    found: tables.Testimonial = tables.Testimonial.select().order_by(tables.Testimonial.id.desc()).get()
    return found


def writes(phone: Phone, words: str = WORDS) -> str:
    """Words without a picture; the questions that follow."""
    phone.says("感想を書く")
    phone.says(words)
    return said(phone.taps("スキップ"))


def consented(scenario: Scenario, name: str = "佐藤 美咲", button: str = "名前を出して掲載OK") -> Phone:
    misaki = scenario.customer(name)
    writes(misaki)
    misaki.taps(button)
    return misaki


def publishes(scenario: Scenario) -> tables.Testimonial:
    """Staff publish the newest, as the console stores it."""
    found = newest()
    with write_transaction():
        decision = moderation.publish(found, 7)
    assert decision is not None
    put_decision(scenario, "testimonial.published", found, decision)
    return found


def put_decision(scenario: Scenario, kind: str, found: tables.Testimonial, decision: int) -> None:
    user_id = str(found.customer.line_user_id)
    with write_transaction():
        inbox.put(kind, f"{kind}:{decision}", user_id, {"testimonial_id": found.id}, line_user_id=user_id)
    scenario.settle()


def page(scenario: Scenario, path: str = "/voices") -> str:
    answer = scenario.web.get(path)
    return answer.get_data(as_text=True) if answer.status_code == 200 else f"{answer.status_code}"


# Writing


def test_words_are_taken_as_they_are_and_shown_only_with_consent(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("10")

    assert "感想をそのまま" in said(misaki.taps("感想を書く"))
    assert "お写真も1枚いかがですか？" in said(misaki.says(WORDS))
    assert {"スキップ", "写真をえらぶ", "写真をとる"} == misaki.chips
    (asked,) = misaki.taps("スキップ")

    assert f"「{WORDS}」" in asked
    assert "ご紹介してもよろしいですか" in asked
    assert "佐藤 美咲さん" in asked, "how each name would be shown"
    assert "匿名のお客さま" in asked
    assert "お写真1枚" not in asked
    stored = newest()
    assert (stored.body, stored.consent, stored.state) == (WORDS, "asked", "written"), (
        "nobody may show it yet"
    )
    assert WORDS not in page(scenario)


@pytest.mark.parametrize(
    ("button", "consent", "state", "name", "points"),
    [
        ("名前を出して掲載OK", "named", "waiting", "佐藤 美咲", 50),
        ("匿名なら掲載OK", "anonymous", "waiting", "", 50),
        ("掲載しない", "refused", "private", "", 0),
    ],
)
def test_the_customer_decides_how_it_is_shown(
    scenario: Scenario, button: str, consent: str, state: str, name: str, points: int
) -> None:
    misaki = scenario.customer()
    before = misaki.points
    writes(misaki)

    assert "ありがとうございます" in said(misaki.taps(button))

    stored = newest()
    assert (stored.consent, stored.state, stored.shown_name) == (consent, state, name)
    assert misaki.points - before == points


def test_a_nickname_is_typed_seen_as_it_will_appear_and_agreed_to(scenario: Scenario) -> None:
    misaki = scenario.customer()
    writes(misaki)

    assert "20文字まで" in said(misaki.taps("ニックネームで掲載OK"))
    assert "20文字までのお名前で" in said(misaki.says("あ" * 21))
    preview = said(misaki.says(" M.S.\n"))
    assert "このように載ります" in preview
    assert f"「{WORDS}」" in preview
    assert "M.S.さん" in preview
    assert "この感想にはお礼として50ポイントを進呈しています" in preview
    assert newest().consent == "asked", "seeing it is no consent"

    assert "M.S.さんのお声として" in said(misaki.taps("この名前で掲載OK"))
    assert (newest().consent, newest().shown_name) == ("nickname", "M.S.")


def test_a_name_can_be_chosen_again(scenario: Scenario) -> None:
    misaki = scenario.customer()
    writes(misaki)
    misaki.taps("ニックネームで掲載OK")
    misaki.says("はな")

    assert "お名前の出かた" in said(misaki.taps("えらびなおす"))
    misaki.taps("匿名なら掲載OK")

    assert (newest().consent, newest().shown_name) == ("anonymous", "")


def test_who_has_no_name_is_not_offered_to_show_it(scenario: Scenario) -> None:
    stranger = scenario.customer("")
    writes(stranger)

    assert "名前を出して掲載OK" not in stranger.buttons
    assert "古くなって" in said(stranger.sends_back(f"testimonial.consent?t={newest().id}&c=named"))
    assert newest().consent == "asked"


def test_nobody_decides_over_another_persons_words(scenario: Scenario) -> None:
    misaki = consented(scenario)
    stranger = scenario.customer("山本 健太")
    mine = newest().id

    for data in (f"consent?t={mine}&c=anonymous", f"withdraw?t={mine}", f"skip?t={mine}", "withdraw?t=all"):
        stranger.sends_back(f"testimonial.{data}")
    stranger.sends_back("testimonial.consent?t=1&c=published")

    assert newest().consent == "named"
    assert (stranger.points, misaki.points) == (30, 80), "for adding the shop, and nothing else"


# Pictures


def test_a_picture_stands_beside_the_words_and_the_consent_says_so(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("感想を書く")
    misaki.says(WORDS)

    message_id = misaki.handset.send_image(broken_lid())
    (asked,) = misaki.hears()

    assert "お写真1枚も、いっしょに掲載します。" in asked
    assert newest().picture_message_id == message_id
    assert Media.get().state == media.STORED


def test_a_picture_may_come_first(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("感想を書く")
    message_id = misaki.handset.send_image(broken_lid())
    assert "感想を文章でも" in said(misaki.hears())

    assert "お写真1枚も" in said(misaki.says(WORDS))
    assert newest().picture_message_id == message_id


def test_what_is_no_picture_is_not_taken_for_one(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("感想を書く")
    misaki.says(WORDS)

    for heard in (
        misaki.sends(type="video", id="1", contentProvider={"type": "line"}),
        misaki.sends(type="image", id="2", contentProvider={"type": "external"}),
        misaki.sends(type="sticker", packageId="1", stickerId="2"),
        misaki.says("あとで送ります"),
    ):
        assert "載せられるのは写真1枚" in said(heard)
        assert "スキップ" in misaki.chips
    assert "ご紹介してもよろしいですか" in said(misaki.says("スキップ"))
    assert newest().picture_message_id is None


def test_a_picture_sent_at_any_other_time_belongs_to_no_testimonial(scenario: Scenario) -> None:
    misaki = consented(scenario)
    misaki.handset.send_image(broken_lid())

    assert "お写真ありがとうございます" in said(misaki.hears())
    assert newest().picture_message_id is None


# Changed consent


def test_a_changed_consent_is_stored_and_earns_nothing_more(scenario: Scenario) -> None:
    misaki = consented(scenario)
    earned = misaki.points

    misaki.taps("匿名なら掲載OK")

    assert (newest().consent, misaki.points) == ("anonymous", earned)
    assert [each.change for each in tables.TestimonialChange.select()] == ["consented", "consented"]


def test_a_second_testimonial_on_one_day_is_thanked_for_without_speaking_of_points(
    scenario: Scenario,
) -> None:
    misaki = consented(scenario)
    assert "ポイント" not in writes(misaki, "香りもすてきです"), "what is not given is not promised"

    heard = said(misaki.taps("名前を出して掲載OK"))

    assert "大切にご紹介します" in heard
    assert "ポイント" not in heard


def test_a_new_name_on_a_published_testimonial_waits_for_staff_and_no_name_does_not(
    scenario: Scenario,
) -> None:
    misaki = consented(scenario)
    found = publishes(scenario)
    assert "佐藤 美咲さん" in page(scenario)

    misaki.sends_back(f"testimonial.consent?t={found.id}&c=anonymous")
    assert "佐藤" not in page(scenario)
    assert "匿名のお客さま" in page(scenario)

    misaki.sends_back(f"testimonial.consent?t={found.id}&c=nickname&n=Z")
    assert newest().state == "waiting"
    assert "母にも" not in page(scenario)


# Withdrawing


@pytest.mark.parametrize(
    "words", ["お客様の声を取り下げる", "声を取り下げる", "感想を取り下げる", "掲載をやめる"]
)
def test_a_word_withdraws_at_once_and_the_points_stay(scenario: Scenario, words: str) -> None:
    misaki = consented(scenario)
    publishes(scenario)
    earned, path = misaki.points, f"/voices/{newest().id}"
    assert "母にも贈りました" in page(scenario)

    heard = said(misaki.says(words))

    assert "取り下げました" in heard
    assert "ポイントは、そのまま" in heard
    assert "母にも" not in page(scenario)
    assert page(scenario, path) == "404"
    assert misaki.points == earned
    assert newest().state == "withdrawn"
    assert "掲載している感想はありません" in said(misaki.says(words))


def test_the_button_under_the_thanks_withdraws_too(scenario: Scenario) -> None:
    misaki = consented(scenario)

    assert "取り下げました" in said(misaki.taps("取り下げる"))
    assert (newest().consent, newest().state) == ("withdrawn", "withdrawn")


def test_of_several_the_customer_is_asked_which(scenario: Scenario) -> None:
    misaki = consented(scenario)
    writes(misaki, "香りもすてきです")
    misaki.taps("匿名なら掲載OK")
    first, second = tables.Testimonial.select().order_by(tables.Testimonial.id)

    asked = said(misaki.says("声を取り下げる"))
    assert "どの感想を取り下げますか" in asked
    assert "「香りもすてきです」" in asked
    assert {each.consent for each in tables.Testimonial.select()} == {"named", "anonymous"}, (
        "asked, nothing done yet"
    )

    misaki.sends_back(f"testimonial.withdraw?t={first.id}")
    assert [each.consent for each in tables.Testimonial.select().order_by(tables.Testimonial.id)] == [
        "withdrawn",
        "anonymous",
    ]
    misaki.taps("ぜんぶ取り下げる")
    assert tables.Testimonial.get_by_id(second.id).consent == "withdrawn"


def test_what_was_withdrawn_may_be_allowed_again_and_waits_again(scenario: Scenario) -> None:
    misaki = consented(scenario)
    publishes(scenario)
    misaki.says("声を取り下げる")

    misaki.sends_back(f"testimonial.consent?t={newest().id}&c=anonymous")

    assert newest().state == "waiting"
    assert "母にも" not in page(scenario)


def test_words_unsent_on_line_are_gone_and_forgotten(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("感想を書く")
    message_id = misaki.handset.say(WORDS)
    misaki.hears()
    misaki.taps("スキップ")
    misaki.taps("名前を出して掲載OK")
    publishes(scenario)

    misaki.causes("unsend", unsend={"messageId": message_id})

    assert "母にも" not in page(scenario)
    assert (newest().state, newest().body) == ("withdrawn", "")


# Shown to others


def test_others_read_it_with_what_was_given_for_it(scenario: Scenario) -> None:
    consented(scenario)
    publishes(scenario)
    kenta = scenario.customer("山本 健太")

    heard = said(kenta.says("お客様の声"))

    assert f"「{WORDS}」" in heard
    assert "佐藤 美咲さん" in heard
    assert "この感想にはお礼として50ポイントを進呈しています" in heard
    assert kenta.opens("ぜんぶ読む") == "https://goen.example/voices"
    assert "この感想にはお礼として50ポイントを進呈しています" in page(scenario)


def test_what_earned_nothing_says_nothing_of_points(scenario: Scenario) -> None:
    misaki = consented(scenario)
    writes(misaki, "香りもすてきです")
    misaki.taps("匿名なら掲載OK")
    publishes(scenario)

    assert "進呈しています" not in page(scenario)


def test_the_chat_offers_the_page_and_says_so_when_there_is_none(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("メニュー")

    assert "まだこれから" in said(misaki.taps("お客様の声"))
    assert "感想をそのまま" in said(misaki.taps("感想を書く"))


# The rank


def test_the_rank_counts_what_is_published_and_nothing_else(scenario: Scenario) -> None:
    misaki = consented(scenario)

    def counted() -> bool:
        return "掲載中のご感想1件" in said(misaki.says("ランク"))

    assert not counted(), "written, consented to, thanked for"
    found = publishes(scenario)
    assert counted()
    with write_transaction():
        decision = moderation.refuse(moderation.find(found.id) or found, 7, "同じ写真が2回")
    assert decision is not None
    put_decision(scenario, "testimonial.unpublished", found, decision)
    assert not counted()
    publishes(scenario)
    assert counted()
    misaki.says("声を取り下げる")
    assert not counted()


def test_a_decision_that_is_overtaken_by_the_customer_counts_for_nothing(scenario: Scenario) -> None:
    misaki = consented(scenario)
    found = newest()
    with write_transaction():
        decision = moderation.publish(found, 7)
    misaki.says("声を取り下げる")
    assert decision is not None
    put_decision(scenario, "testimonial.published", found, decision)

    assert "掲載中のご感想" not in said(misaki.says("ランク"))


def test_publishing_is_announced_only_with_a_rise(scenario: Scenario) -> None:
    misaki = consented(scenario)
    publishes(scenario)
    assert misaki.hears() == []

    kenta = scenario.customer("山本 健太")
    kenta.buys(40_000, "1001")
    for number in ("1002", "1003"):
        kenta.says("アンケート")
        kenta.taps("8")
        kenta.says("香りが選べたら")
        scenario.sleep(days=100)
        kenta.buys(4_000, number)
    writes(kenta)
    kenta.taps("匿名なら掲載OK")
    before = kenta.rank
    publishes(scenario)
    assert kenta.hears() == [], "it waits two days for a reply that it can go along with"
    scenario.pass_time(days=2)

    heard = said(kenta.hears())
    assert kenta.rank != before
    assert "「お客様の声」に載せました" in heard
    assert "ランクアップ" in heard


def test_nobody_is_congratulated_in_the_middle_of_a_conversation_with_staff(scenario: Scenario) -> None:
    shop.use({"ranks": {"active": [0, 0, 15]}})
    misaki = scenario.customer()
    misaki.buys(3_000, "1001")
    writes(misaki)
    misaki.taps("匿名なら掲載OK")
    misaki.says("スタッフと話す")
    publishes(scenario)
    assert misaki.hears() == []
    scenario.staff_resolve(misaki.ticket)

    assert "ランクアップ" in said(misaki.hears()), "sent when the ticket is resolved"


def test_who_declined_messages_is_not_notified(scenario: Scenario) -> None:
    misaki = consented(scenario)
    with write_transaction():
        customers.opt_out(misaki.customer)
    publishes(scenario)

    assert misaki.hears() == []
    assert "母にも" in page(scenario)

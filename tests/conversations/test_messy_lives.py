"""Customers who do not follow the flow: answers in the wrong place, words that must not be lost, one question at
a time."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import notices
from support.satisfaction.ratings import Satisfaction
from surveys.nps.answers import SurveyAnswer
from surveys.testimonials import tables
from tests.conversations.scenario import QUESTION, Phone, Scenario, said

CLOSED = "自動のご案内に戻ります"
HOW_IT_WENT = "対応はいかがでしたか？"
EXCHANGES = ("passive", "detractor", "testimonial", "picture", "nickname", "birthday", "satisfaction")


def waited_for(scenario: Scenario, exchange: str, name: str = "佐藤 美咲") -> Phone:
    """A customer from whom the bot awaits text."""
    misaki = scenario.customer(name)
    match exchange:
        case "passive" | "detractor":
            misaki.says("アンケート")
            misaki.taps("8" if exchange == "passive" else "2")
        case "testimonial" | "picture" | "nickname":
            misaki.says("感想を書く")
            if exchange != "testimonial":
                misaki.says("朝が楽しみになりました")
            if exchange == "nickname":
                misaki.taps("スキップ")
                misaki.taps("ニックネームで掲載OK")
        case "birthday":
            misaki.says("誕生日")
        case "satisfaction":
            misaki.says("スタッフと話す")
            scenario.staff_say(misaki.ticket, "いま確認しますね。")
            scenario.staff_resolve(misaki.ticket)
            misaki.hears()
            misaki.taps("🙂良い")
    return misaki


def stored_words() -> list[str]:
    """The texts that the shop stored as a comment or a testimonial."""
    comments = [each.comment for each in SurveyAnswer.select()] + [
        each.comment for each in Satisfaction.select()
    ]
    return [words for words in comments + [each.body for each in tables.Testimonial.select()] if words]


def is_over(phone: Phone) -> bool:
    """Nothing is awaited any more: an ordinary text is read as one."""
    return "うまく読み取れませんでした" in said(phone.says("ぬるぽガッほげほげ"))


# Words that must not be lost


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("配信停止してください", "もうお送りしません"),
        ("お知らせはいりません", "もうお送りしません"),
        ("退会したいです", "お手続きは「スタッフと話す」から"),
        ("注文をキャンセルしたいです", "発送前でしたらキャンセルできます"),
        ("連携コード", "連携"),
        ("あとで", "ここまでにしますね"),
        ("いいえ", "ここまでにしますね"),
    ],
)
def test_plain_wishes_are_heard_in_every_exchange(scenario: Scenario, words: str, answer: str) -> None:
    for number, exchange in enumerate(EXCHANGES):
        misaki = waited_for(scenario, exchange, f"お客さま{number}")
        before = stored_words()

        heard = said(misaki.says(words))

        if exchange == "picture" and answer == "ここまでにしますね":
            assert "ご紹介してもよろしいですか" in heard, "no picture is no reason to lose the words"
        else:
            assert answer in heard, exchange
        assert stored_words() == before, exchange
        assert misaki.chips or "［匿名なら掲載OK］" in heard, "a way on"
        if words != "連携コード" and "［匿名なら掲載OK］" not in heard:  # otherwise the exchange goes on
            assert is_over(misaki), exchange


def test_what_only_resembles_a_wish_is_a_comment(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "passive")

    misaki.says("お知らせがもう少し少ないとうれしいです")

    assert stored_words() == ["お知らせがもう少し少ないとうれしいです"]


def test_leaving_is_answered_once_while_the_chat_waits_for_staff(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")

    assert "お店の責任者がいたします" in said(misaki.says("退会したいです"))
    assert misaki.says("退会したいです") == []


def test_a_sticker_in_between_keeps_the_way_out_visible(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "passive")

    assert "つづきは、文字で" in said(misaki.sends(type="sticker", packageId="1", stickerId="2"))
    assert "ここまでにしますね" in said(misaki.taps("今はやめておく"))


def test_an_answer_that_speaks_of_staff_has_them_below_it(scenario: Scenario) -> None:
    misaki = scenario.customer()

    assert "「スタッフと話す」" in said(misaki.says("退会するにはどうしたらいいですか"))
    assert "スタッフにおつなぎしました" in said(misaki.taps("スタッフと話す"))


@pytest.mark.parametrize("exchange", ["picture", "nickname", "birthday"])
def test_anger_is_no_name_and_no_day(scenario: Scenario, exchange: str) -> None:
    misaki = waited_for(scenario, exchange)

    assert "担当者に伝えました" in said(misaki.says("最悪です。もう二度と買いません"))
    assert misaki.says("ぬるぽガッほげほげ") == [], "said to staff"
    assert misaki.ticket is not None
    assert misaki.ticket.cause == "upset"


def test_a_question_among_a_passives_words_is_answered_too(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "passive")

    thanks, answer = misaki.says("送料はいくらですか？")

    assert "聞かせてくださって" in thanks
    assert "送料は、お届け先や商品によって" in answer


def test_a_passives_anger_brings_a_person(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "passive")

    assert "担当者に伝えました" in said(misaki.says("対応が悪いです"))
    assert misaki.ticket is not None
    assert stored_words() == ["対応が悪いです"]


QUESTIONS = ["testimonial", "picture", "nickname", "birthday"]


@pytest.mark.parametrize("exchange", QUESTIONS)
def test_a_question_in_between_is_answered_and_the_thread_is_not_lost(
    scenario: Scenario, exchange: str
) -> None:
    misaki = waited_for(scenario, exchange)
    before = stored_words()

    *answer, asked_again = misaki.says("これって送料かかりますか？")

    assert "送料" in said(answer)
    assert stored_words() == before
    match exchange:
        case "testimonial":
            assert "引きつづきこのまま" in asked_again
            misaki.says("朝が楽しみになりました")
            assert stored_words() == ["朝が楽しみになりました"]
        case "picture":
            assert "お写真も1枚いかがですか" in asked_again
            assert "ご紹介してもよろしいですか" in said(misaki.taps("スキップ"))
        case "nickname":
            assert "20文字まで" in asked_again
            assert "はるかさん" in said(misaki.says("はるか")), "a name, though か is its last letter"
        case _:
            assert "「4月1日」のように" in asked_again
            assert "4月1日ですね" in said(misaki.says("4月1日"))


@pytest.mark.parametrize(
    ("words", "heard_as"),
    [
        ("こんなに肌が変わるなんて、信じられますか？", "感想は、引きつづき"),
        ("金返せと言いたくなるほど前の店はひどかった", "担当者に伝えました"),
    ],
)
def test_what_only_sounds_like_a_question_or_anger_is_a_testimonial_at_a_tap(
    scenario: Scenario, words: str, heard_as: str
) -> None:
    misaki = waited_for(scenario, "testimonial")
    assert heard_as in said(misaki.says(words))
    assert stored_words() == []

    assert "お写真も1枚いかがですか" in said(misaki.taps("感想として送る"))
    assert stored_words() == [words]
    assert "古くなって" in said(misaki.sends_back("testimonial.meant")), "once"


def test_words_that_were_unsent_meanwhile_are_no_testimonial(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "testimonial")
    message_id = misaki.handset.say("信じられますか？")
    misaki.hears()
    misaki.causes("unsend", unsend={"messageId": message_id})

    misaki.taps("感想として送る")

    assert stored_words() == []


@pytest.mark.parametrize("exchange", ["passive", "detractor", "satisfaction"])
def test_a_comment_is_what_its_message_says_now_and_nothing_once_it_is_unsent(
    scenario: Scenario, exchange: str
) -> None:
    misaki = waited_for(scenario, exchange)
    message_id = misaki.handset.say("香りがきつい")
    misaki.hears()
    assert stored_words() == ["香りがきつい"]

    changed = {"type": "text", "id": message_id, "text": "香りが少しきつい"}
    assert misaki.causes("messageEdited", message=changed) == []
    assert stored_words() == ["香りが少しきつい"]
    assert misaki.causes("unsend", unsend={"messageId": message_id}) == []
    assert stored_words() == []


def test_a_question_after_a_conversation_is_thanked_for_and_answered(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "satisfaction")

    thanks, answer = misaki.says("助かりました！送料はいくらですか？")

    assert "大切に読みますね" in thanks
    assert "送料は、お届け先や商品によって" in answer


# Asking for staff


@pytest.mark.parametrize("words", ["スタッフに電話してほしい", "店員さんと話したい", "人と話したい"])
def test_a_wish_for_a_person_is_heard_in_every_exchange(scenario: Scenario, words: str) -> None:
    for number, exchange in enumerate(EXCHANGES):
        misaki = waited_for(scenario, exchange, f"お客さま{number}")
        before = stored_words()

        assert "スタッフにおつなぎしました" in said(misaki.says(words)), exchange
        assert misaki.says("先週の注文のことです") == [], "said to staff"
        assert stored_words() == before


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_wish_after_other_words_brings_a_person_and_no_comment_is_lost(
    scenario: Scenario, exchange: str
) -> None:
    misaki = waited_for(scenario, exchange)
    before, words = stored_words(), "届いた箱が大きすぎました。スタッフに電話してほしいです。"

    assert "スタッフにおつなぎしました" in said(misaki.says(words))

    is_comment = exchange in ("passive", "detractor", "satisfaction")
    assert stored_words() == before + [words] * is_comment
    assert misaki.says("先週の注文のことです") == [], "said to staff"


def test_praise_of_staff_calls_nobody(scenario: Scenario) -> None:
    words = "スタッフの対応が良かった"
    misaki = scenario.customer()
    misaki.says(words)
    assert misaki.ticket is None

    misaki = waited_for(scenario, "testimonial", "山本 健太")
    misaki.says(words)
    assert (misaki.ticket, stored_words()) == (None, [words])


# Staff write in between


@pytest.mark.parametrize("exchange", ["testimonial", "nickname", "birthday", "detractor"])
def test_what_is_written_after_staffs_words_is_an_answer_to_them(scenario: Scenario, exchange: str) -> None:
    misaki = waited_for(scenario, exchange)
    misaki.says("ポイント")
    if misaki.ticket is None:
        misaki.says("スタッフと話す")
        misaki.says("感想を書く")
    before = stored_words()

    scenario.staff_say(misaki.ticket, "サイズはMでよろしいですか？")
    misaki.hears()

    assert misaki.says("はい、Mでお願いします") == []
    assert stored_words() == before


def test_a_case_that_never_was_a_conversation_ends_in_silence(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "detractor")
    misaki.says("やめる")
    scenario.sleep(hours=1)
    scenario.staff_say(misaki.ticket, "ご不便をおかけしました。いつでもご連絡くださいね。")
    misaki.hears()
    scenario.sleep(days=1)

    scenario.staff_resolve(misaki.ticket)

    assert misaki.hears() == [], "neither thanks nor a satisfaction question"
    assert Satisfaction.select().count() == 0
    assert misaki.says("ポイント")


def test_the_owner_is_notified_of_low_scores_that_nobody_writes_to(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "detractor")
    scenario.pass_time(days=1)
    assert "cases-overdue" not in current_notices()

    scenario.pass_time(days=7)
    assert "低い点数のお客さま1人" in current_notices()["cases-overdue"]

    scenario.staff_resolve(misaki.ticket)
    scenario.pass_time(minutes=1)
    assert "cases-overdue" not in current_notices()


def current_notices() -> dict[str, str]:
    return {notice.cause: notice.sentence for notice in notices.current()}


def test_a_case_whose_customer_answers_is_a_conversation(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "detractor")
    scenario.sleep(hours=1)
    scenario.staff_say(misaki.ticket, "ご不便をおかけしました。どんなことが気になりましたか？")
    scenario.sleep(minutes=5)
    misaki.says("箱が大きすぎました")

    scenario.staff_resolve(misaki.ticket)

    assert CLOSED in said(misaki.hears())
    assert Satisfaction.select().count() == 1


def test_who_wants_no_messages_hears_that_the_conversation_is_over_and_no_question(
    scenario: Scenario,
) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    scenario.staff_say(misaki.ticket, "いま確認しますね。")
    misaki.says("配信停止")

    scenario.staff_resolve(misaki.ticket)

    assert CLOSED in said(misaki.hears())
    assert Satisfaction.select().count() == 0


# One question at a time


def test_the_question_leaves_a_day_after_a_conversation(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("スタッフと話す")
    scenario.staff_say(misaki.ticket, "いま確認しますね。")
    scenario.pass_time(days=14)
    scenario.staff_resolve(misaki.ticket)
    assert HOW_IT_WENT in said(misaki.hears())

    for _ in range(3):
        scenario.pass_time(minutes=20)
    assert QUESTION not in said(misaki.hears()), "how it went is still being asked"

    scenario.pass_time(days=1)
    assert QUESTION in said(misaki.hears())


def test_no_reminder_comes_right_after_a_conversation(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    scenario.pass_time(days=14)
    misaki.says("スタッフと話す")
    scenario.staff_say(misaki.ticket, "いま確認しますね。")
    scenario.pass_time(days=4)
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()

    scenario.pass_time(minutes=20)
    assert misaki.hears() == []

    scenario.pass_time(days=1)
    assert QUESTION in said(misaki.hears())


def test_a_survey_asked_for_ends_the_question_how_it_went(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "satisfaction")
    misaki.says("アンケート")

    misaki.says("送料はいくらですか")

    assert stored_words() == []


def test_who_was_unhappy_is_promised_no_day_for_the_next_question(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "detractor")
    misaki.says("箱が大きすぎました")
    scenario.sleep(days=1)

    (heard,) = misaki.says("アンケート")

    assert "（2点）" in heard
    assert "ごろ" not in heard, "they are asked again when their ticket is resolved"
    assert "スタッフにおつなぎしました" in said(misaki.taps("スタッフと話す"))


# Anything a customer may do


WORDS = """
アンケート ポイント ランク 感想を書く やめる スタッフ 配信停止 配信再開 退会したい 連携コード キャンセル 書き直す
声を取り下げる お客様の声 誕生日 4月1日 いいえ あとで ありがとう 最悪です 送料はいくらですか クーポン ほげ 紹介
"""
ACTS = st.one_of(
    st.sampled_from(WORDS.split()).map(lambda words: ("says", words)),
    st.integers(0, 40).map(lambda place: ("taps", place)),
    st.sampled_from(["sticker", "picture", "block", "buys", "night", "staff say", "staff resolve"]).map(
        lambda what: (what, None)
    ),
)
BACK = {"follows": 0}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(acts=st.lists(ACTS, min_size=8, max_size=20))
def test_whatever_a_customer_does_is_answered_in_five_messages_or_fewer(
    scenario: Scenario, acts: list[tuple[str, object]]
) -> None:
    """`scenario` checks that nothing is parked and that LINE accepts each message."""
    BACK["follows"] += 1
    misaki = scenario.customer(f"お客さま{BACK['follows']}")
    for number, (act, what) in enumerate(acts):
        heard = does(scenario, misaki, act, what, f"{BACK['follows']}-{number}")
        assert len(heard) <= 5, (act, what, heard)
        assert len(set(heard)) == len(heard), "nothing twice"
        has_chat = misaki.ticket is not None and misaki.ticket.handed_over_at is not None
        if act in ("says", "taps", "sticker", "picture") and not has_chat:
            assert heard, (act, what, "is met with silence")
    assert scenario.parked() == []


def does(scenario: Scenario, phone: Phone, act: str, what: object, number: str) -> list[str]:
    if phone.handset.blocking and act in ("says", "taps", "sticker", "picture", "block"):
        return phone.follows()
    match act:
        case "says":
            return phone.says(str(what))
        case "taps":
            labels = sorted(
                label
                for label, action in phone.handset.buttons().items()
                if action["type"] in ("postback", "message")
            )
            return phone.taps(labels[int(str(what)) % len(labels)])
        case "sticker":
            return phone.sends(type="sticker", packageId="1", stickerId="2")
        case "picture":
            phone.handset.send_image(b"\xff\xd8\xff\xe0 a picture")
        case "block":
            phone.blocks()
        case "buys":
            scenario.order(number, 5_000, line_user_id=phone.user_id)
        case "night":
            scenario.pass_time(hours=13)
        case "staff say" if phone.ticket is not None:
            scenario.staff_say(phone.ticket, f"お返事{number}")
        case "staff resolve" if phone.ticket is not None:
            scenario.staff_resolve(phone.ticket)
    return phone.hears()

"""Conversations with customers in an emergency or upset: the replies, what staff see, and what is not sent
afterwards."""

import pytest

from bot import notices
from bot.config import shop
from rewards.ledger import ledger
from support.satisfaction.ratings import Satisfaction
from support.tickets import queues
from support.tickets.tickets import Ticket
from surveys.nps.answers import SurveyAnswer
from tests.conversations.scenario import QUESTION, STAFF, Phone, Scenario, said
from tests.conversations.test_messy_lives import EXCHANGES, stored_words, waited_for

CHEER = ("☺", "🎂", "🎁", "✨", "😊", "🙏", "🎉", "ポイント", "ランクアップ", "ありがとうございます！")


def is_sober(heard: list[str]) -> bool:
    """No emoji, no points, no thanks for a comment."""
    return not any(sign in said(heard) for sign in CHEER)


def ticket_of(phone: Phone) -> Ticket:
    found = phone.ticket
    assert found is not None
    return found


def alerts() -> str:
    return "\n".join(notice.sentence for notice in notices.current())


# A life in danger


@pytest.mark.parametrize("exchange", [*EXCHANGES, "nothing"])
def test_somebody_who_wants_to_die_hears_a_human_sentence_and_staff_know_first(
    scenario: Scenario, exchange: str
) -> None:
    waits = scenario.customer("佐々木 次郎")
    waits.says("スタッフと話す")
    misaki = scenario.customer() if exchange == "nothing" else waited_for(scenario, exchange)
    points = misaki.points

    heard = misaki.says("もう死にたい")

    assert "ひとりで抱えないでください" in said(heard)
    assert "0120-279-338" in said(heard)
    assert is_sober(heard)
    assert misaki.chips == set()
    assert misaki.points == points
    assert "もう死にたい" not in stored_words()
    assert ticket_of(misaki).cause == "danger"
    assert queues.page(queues.ALL, STAFF).tickets[0].id == ticket_of(misaki).id, "above who waits longer"
    assert "いのちにかかわる言葉" in alerts()


def test_the_evening_of_somebody_in_danger(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "detractor")
    scenario.sleep(hours=8)  # eight in the evening

    first = misaki.says("生きてるのがつらい")
    assert "明日10:15までに" in said(first), "fifteen minutes after staff are there"
    again = misaki.says("もう消えたい")
    assert "読んでいます" in said(again)
    assert "0120-279-338" in said(again), "never silence"
    assert "念のため" in said(misaki.says("やっぱりいいです")), "staff check it all the same"
    assert ticket_of(misaki).state == "waiting"

    scenario.pass_time(hours=14)
    assert "いのちにかかわる言葉" in alerts()
    scenario.staff_say(misaki.ticket, "佐藤さん、小川です。いま、お話しできますか。")
    misaki.hears()
    assert "いのちにかかわる言葉" not in alerts(), "somebody is with her"
    assert "0120-279-338" in said(misaki.says("死にたいです")), "also while staff have the chat"
    assert misaki.says("少し落ち着きました") == []

    scenario.staff_resolve(misaki.ticket)
    closing = misaki.hears()
    assert is_sober(closing)
    for _ in range(20):
        scenario.pass_time(days=1)
    assert Satisfaction.select().count() == 0, "how it went is never asked of them"


def test_the_helpline_is_the_owners_to_name(scenario: Scenario) -> None:
    shop.use({"support": {"bad_moment": {"words": {"helpline": "こころの電話 03-0000-0000"}}}})
    misaki = scenario.customer()

    assert "こころの電話 03-0000-0000" in said(misaki.says("死にたい"))


# Harm


def test_the_evening_of_a_burnt_cheek(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("2")
    points = misaki.points

    heard = misaki.says("塗ったら頬が真っ赤に腫れてヒリヒリします")

    assert "ご使用は、いますぐおやめください" in said(heard)
    assert "本日13:00までに" in said(heard), "an hour"
    assert is_sober(heard)
    assert misaki.chips == set()
    answer = SurveyAnswer.get(SurveyAnswer.customer == misaki.customer.id)
    assert answer.comment == "塗ったら頬が真っ赤に腫れてヒリヒリします", "the words are stored"
    assert misaki.points == points + 10, "and earn in silence what every comment earns"
    assert ticket_of(misaki).cause == "harm"
    assert misaki.says("鏡を見るのもつらくて") == [], "said to staff"
    misaki.handset.send_image(b"picture")
    assert misaki.hears() == []
    assert misaki.sends(type="sticker", packageId="1", stickerId="2") == []


@pytest.mark.parametrize("exchange", [*EXCHANGES, "nothing"])
def test_a_mother_whose_child_swallowed_a_cap(scenario: Scenario, exchange: str) -> None:
    misaki = scenario.customer() if exchange == "nothing" else waited_for(scenario, exchange)
    before = stored_words()

    heard = misaki.says("子どもがキャップを飲み込んでしまいました！")

    assert "無理に吐かせないでください" in said(heard)
    assert "119" in said(heard)
    assert "072-727-2499" in said(heard)
    assert is_sober(heard)
    assert ticket_of(misaki).urgency == 2
    stored = [words for words in stored_words() if words not in before]
    assert stored == ["子どもがキャップを飲み込んでしまいました！"] * (
        exchange in ("passive", "detractor", "satisfaction")
    )


def test_harm_said_while_staff_have_the_chat_cannot_wait_for_them(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    scenario.staff_say(misaki.ticket, "どうされましたか？")
    misaki.hears()

    assert "流水" not in said(misaki.says("箱が少し大きかったです"))
    assert "119" in said(misaki.says("娘が息苦しそうです。息ができないみたい"))
    assert misaki.says("息が苦しいようです") == [], "once"
    assert misaki.says("箱もつぶれていました") == [], "the rest is for staff to answer"
    assert ticket_of(misaki).urgency == 2


# Damage


def test_a_broken_bottle_while_a_testimonial_is_awaited(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "testimonial")

    heard = misaki.says("届いた瓶が割れていました")

    assert "そのまま置いておいてください" in said(heard)
    assert "写真を1枚" in said(heard)
    assert "本日16:00までに" in said(heard)
    assert is_sober(heard)
    assert stored_words() == []
    assert (ticket_of(misaki).cause, ticket_of(misaki).urgency) == ("damage", 1)
    misaki.handset.send_image(b"picture")
    assert misaki.hears() == [], "staff will answer"


# Anger


def test_the_evening_of_a_furious_customer_and_the_days_after(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("アンケート")
    misaki.taps("3")

    heard = misaki.says("最悪です。金返せ")
    assert "本日16:00までに" in said(heard)
    assert is_sober(heard)
    assert misaki.chips == set()
    assert misaki.says("おい") != [], "one sober sentence"
    assert misaki.says("？？？") == []
    assert misaki.sends(type="sticker", packageId="1", stickerId="2") == []

    scenario.staff_say(misaki.ticket, "店主の小川です。すぐに返金いたします。")
    misaki.hears()
    scenario.staff_resolve(misaki.ticket)
    closing = misaki.hears()
    assert "自動のご案内に戻ります" in said(closing)
    assert is_sober(closing)
    assert "対応はいかがでしたか" not in said(closing)
    assert is_sober(misaki.says("ありがとうございました"))
    assert is_sober(misaki.sends(type="sticker", packageId="1", stickerId="2"))
    misaki.buys(30_000, "1002")
    for _ in range(6):
        scenario.pass_time(days=1)
    assert misaki.hears() == [], "neither thanks, nor a rank, nor a question"

    for _ in range(5):
        scenario.pass_time(days=1)
    after = said(misaki.hears())
    assert QUESTION in after or "対応はいかがでしたか" in after
    assert "ランクアップ" in after, "said when the days of rest are over"


def test_the_shop_sets_the_days_of_rest(scenario: Scenario) -> None:
    shop.use({"support": {"rest": {"days": 0}}})
    misaki = scenario.customer()
    misaki.says("最悪です")
    scenario.staff_say(misaki.ticket, "申し訳ありません。")
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()

    assert "お買い上げありがとうございます" in said(misaki.buys(5_000, "1001"))


def test_a_promise_is_tightened_by_what_is_said_later(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "detractor")
    misaki.taps("スタッフと話す")
    before = ticket_of(misaki).due_at

    misaki.says("金返せ")

    after = ticket_of(misaki).due_at
    assert before is not None
    assert after is not None
    assert after < before
    assert ticket_of(misaki).cause == "detractor", "a low score stays one: it is asked again about"


# Waiting


def test_who_waits_hears_how_long_asks_the_faq_and_withdraws_the_request(scenario: Scenario) -> None:
    misaki = scenario.customer()

    assert "までに、このトークでお返事します" in said(misaki.says("スタッフと話す"))
    assert "送料は、お届け先や商品によって" in said(misaki.says("送料はいくらですか？"))
    assert "いまのポイント" in said(misaki.says("ポイント"))
    assert "ここまでにしますね" in said(misaki.says("やっぱりいいです"))

    assert misaki.ticket is None
    closed = Ticket.get()
    assert (closed.state, closed.resolved_by_id) == ("resolved", None)
    assert "お客様が取り下げました：「やっぱりいいです」" in closed.note
    assert "うまく読み取れませんでした" in said(misaki.says("ぬるぽガッほげほげ")), (
        "the bot has the chat again"
    )


@pytest.mark.parametrize(
    "words", ["やめる", "解決しました", "自己解決しました", "もう大丈夫です", "間違えて押しました"]
)
def test_a_request_is_taken_back_in_other_words(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")

    assert "ここまでにしますね" in said(misaki.says(words))
    assert misaki.ticket is None


@pytest.mark.parametrize("words", ["もういいです", "もうええわ", "やっぱりいいです"])
def test_who_gives_up_in_anger_is_answered_all_the_same(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()
    misaki.says("ふざけんな金返せ")

    assert "念のため、担当者からも" in said(misaki.says(words))
    assert ticket_of(misaki).state == "waiting"
    assert "ここまでにしますね" in said(misaki.says("解決しました"))


def test_a_question_while_waiting_is_answered_or_offered_titles_but_not_amid_anger(
    scenario: Scenario,
) -> None:
    misaki, furious = scenario.customer(), scenario.customer("田中 健一")
    misaki.says("スタッフと話す")
    furious.says("ふざけんな金返せ")

    heard = said(misaki.says("送料っていくらでしたっけ"))

    assert "送料はいくらですか？" in heard
    assert "お待ちのあいだに" in heard
    assert "この中にない→スタッフへ" not in heard, "they wait for staff already"
    assert furious.says("送料っていくらでしたっけ") == []
    assert ticket_of(misaki).state == "waiting"


def test_who_was_harmed_and_asks_what_to_do_hears_it_once_more(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("娘がキャップ飲み込んだかも！！")

    assert "中毒110番" in said(misaki.says("どうしたらいい"))
    assert misaki.says("どうすればいいの") == [], "once; then it is for staff"


def test_who_waits_with_a_burning_face_is_not_congratulated(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("アンケート")
    misaki.says("クリームで顔がパンパンに腫れた")

    shown = said(misaki.says("今のランク教えて"))

    assert "あなたのランク" in shown
    assert "🎉" not in shown


def test_a_wish_is_answered_amid_trouble_unless_it_is_redress_or_anger(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("瓶が割れて届きました")

    assert "領収書" in said(misaki.says("領収書がほしいです"))
    assert "［解決しました］" not in said(misaki.says("返金してほしいです"))
    misaki.says("ふざけんな")
    assert misaki.says("領収書がほしいです") == [], "the bot promised to be quiet"


def test_somebody_in_danger_is_never_answered_with_a_form_letter_or_silence(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("つかれた。もう消えたい")

    for words in ("うるさい", "ごめんなさい こんなこと言って"):
        heard = said(misaki.says(words))
        assert "読んでいます" in heard
        assert "自動のご案内は" not in heard


def test_days_of_silence_are_said_honestly_and_staff_are_alerted_again_and_again(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")

    scenario.pass_time(days=1, hours=1)
    assert misaki.hears() == []
    scenario.pass_time(hours=2)
    assert "お約束の時刻を過ぎてもお返事できておらず" in said(misaki.hears())
    assert "1人います" in alerts()
    seen = set()
    words = []
    for _ in range(38):
        scenario.pass_time(days=1)
        seen.add(alerts())
        words += misaki.hears()

    assert len(words) == 4, "a bounded number of times, and never silence for ever"
    assert all("まだお返事できておらず" in each for each in words)
    assert any("【責任者の方へ】" in each for each in seen)
    assert len(seen) > 10, "the alert is renewed"

    scenario.staff_say(misaki.ticket, "大変お待たせしました。")
    scenario.pass_time(minutes=10)
    assert "お約束の時刻" not in alerts()


def test_nobody_is_notified_at_night(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")

    scenario.pass_time(days=1, hours=12)  # midnight
    assert misaki.hears() == []
    scenario.pass_time(hours=11)
    assert "お約束の時刻" in said(misaki.hears())


# Wishes to stop


@pytest.mark.parametrize("exchange", [*EXCHANGES, "waiting"])
@pytest.mark.parametrize("words", ["もう送らないで", "stop"])
def test_a_wish_to_stop_is_heard_in_any_state_and_undone_as_easily(
    scenario: Scenario, exchange: str, words: str
) -> None:
    misaki = scenario.customer() if exchange == "waiting" else waited_for(scenario, exchange)
    if exchange == "waiting":
        misaki.says("スタッフと話す")
    before = stored_words()

    (heard,) = misaki.says(words)

    assert "もうお送りしません" in heard
    assert misaki.customer.opted_out_at is not None
    assert stored_words() == before
    assert "またお知らせをお届け" in said(misaki.taps("やっぱり受け取る"))
    assert misaki.customer.opted_out_at is None


def test_a_stop_is_undone_in_plain_words(scenario: Scenario) -> None:
    misaki = scenario.customer()
    assert "またお知らせをお届け" not in said(misaki.says("やっぱり送って")), "an order may be meant"

    misaki.says("もう送らないで")

    assert "またお知らせをお届け" in said(misaki.says("やっぱり送って"))
    assert misaki.customer.opted_out_at is None


# What is said in the reply is true


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("何を書けばいいですか", "たとえば"),
        ("あとで書きますね", "いつでも"),
        ("やっぱり書くのやめます", "ここまでにしますね"),
    ],
)
def test_the_request_for_a_testimonial_is_answered_in_words(
    scenario: Scenario, words: str, answer: str
) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("9")

    assert answer in said(misaki.says(words))


@pytest.mark.parametrize("exchange", ["passive", "detractor", "testimonial"])
def test_an_exchange_is_left_in_words(scenario: Scenario, exchange: str) -> None:
    misaki = waited_for(scenario, exchange)
    before = stored_words()

    assert "ここまでにしますね" in said(misaki.says("やっぱり書くのやめます"))
    assert stored_words() == before


@pytest.mark.parametrize(
    "words", ["ありがとう", "はい", "特にありません", "あとで書きます", "何を書けばいいですか"]
)
@pytest.mark.parametrize("exchange", ["passive", "detractor", "testimonial"])
def test_courtesy_is_no_comment_and_earns_nothing(scenario: Scenario, exchange: str, words: str) -> None:
    misaki = waited_for(scenario, exchange)
    earned = len(ledger.history(misaki.customer.id))

    heard = misaki.says(words)

    assert len(heard) == 1, "a short answer"
    assert stored_words() == []
    assert len(ledger.history(misaki.customer.id)) == earned


def test_a_score_and_its_reason_in_one_message(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")

    heard = said(misaki.says("8点、配送がもう少し早いとうれしいです"))

    assert "聞かせてくださって" in heard
    answer = SurveyAnswer.get(SurveyAnswer.customer == misaki.customer.id)
    assert (answer.score, answer.comment) == (8, "配送がもう少し早いとうれしいです")
    assert "あと何があれば" not in heard, "that is answered"


def test_a_score_with_thanks_is_a_score_and_no_comment(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")

    assert "9点！うれしいです" in said(misaki.says("9点です。いつもありがとうございます"))
    assert stored_words() == []


def test_a_zero_with_fury_is_recorded_and_brings_a_person(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")

    heard = misaki.says("0点。二度と買いません")

    assert "担当者に伝えました" in said(heard)
    assert is_sober(heard)
    answer = SurveyAnswer.get(SurveyAnswer.customer == misaki.customer.id)
    assert (answer.score, answer.comment) == (0, "二度と買いません")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("ニックネームで", "20文字まで"),
        ("匿名でお願いします", "匿名のお客さま"),
        ("名前は出さないで", "匿名のお客さま"),
        ("掲載しないでください", "お店の中だけで"),
        ("匿名なら掲載OK", "匿名のお客さま"),
        ("うーん、そうですね", "ご紹介してもよろしいですか"),
    ],
)
def test_the_question_how_it_may_be_shown_is_answered_in_words(
    scenario: Scenario, words: str, answer: str
) -> None:
    misaki = waited_for(scenario, "picture")
    misaki.taps("スキップ")

    assert answer in said(misaki.says(words))


def test_a_command_within_a_sentence_is_no_testimonial(scenario: Scenario) -> None:
    misaki = waited_for(scenario, "testimonial")

    assert "いまのポイント" in said(misaki.says("あー、やっぱポイント見せて"))
    assert stored_words() == []
    misaki.says("朝が楽しみになりました")
    assert stored_words() == ["朝が楽しみになりました"]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_three_pictures_of_one_set_have_one_answer(scenario: Scenario, order: tuple[int, ...]) -> None:
    misaki = scenario.customer()
    heard = []
    for index in order:
        heard += misaki.sends(
            type="image",
            id=str(100 + index),
            contentProvider={"type": "line"},
            imageSet={"id": "SET1", "index": index, "total": 3},
        )

    assert len(heard) == 1
    assert len(misaki.sends(type="image", id="200", contentProvider={"type": "line"})) == 1, (
        "another is answered"
    )

"""The question over the weeks: one reminder, bad moments made up for, asked again after a talk, a little every day."""

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.queue import inbox
from handlers import survey_due
from surveys.nps.answers import SurveyAnswer
from surveys.nps.invitations import SurveyInvitation
from surveys.nps.postponed import PostponedQuestion
from tests.conversations.scenario import QUESTION, Phone, Town, said

REMINDER = "先日の質問、お忙しいところに届いていたらごめんなさい"
AGAIN = "その後、いかがでしょうか"


def asked_after_a_purchase(town: Town, name: str = "佐藤 美咲") -> Phone:
    """A customer who bought a fortnight ago and has just been asked."""
    misaki = town.customer(name)
    misaki.buys(5_000, f"order of {name}")
    town.pass_time(days=14)
    assert QUESTION in said(misaki.hears())
    return misaki


def causes_of(phone: Phone) -> list[str]:
    mine = SurveyInvitation.select().where(SurveyInvitation.customer == phone.customer.id)
    return [each.cause.partition(":")[0] for each in mine.order_by(SurveyInvitation.id)]


# One reminder


def test_who_does_not_answer_is_reminded_once_and_kindly(town: Town) -> None:
    misaki = asked_after_a_purchase(town)

    town.pass_time(days=3)
    assert misaki.hears() == []

    town.pass_time(days=1)
    (reminder,) = misaki.hears()
    assert REMINDER in reminder
    assert QUESTION in reminder
    assert "ひだまり堂から、ひとつだけ" not in reminder, "in words of its own"

    for _ in range(8):
        town.pass_time(days=1)
    assert misaki.hears() == [], "never a second one"


def test_the_reminders_buttons_answer_the_same_question(town: Town) -> None:
    misaki = asked_after_a_purchase(town)
    town.pass_time(days=4)
    misaki.hears()

    assert "9点！" in said(misaki.taps("9"))

    assert SurveyInvitation.select().count() == 1, "the response rate counts one who was asked"
    assert SurveyAnswer.get().invitation.reminded_at is not None


def test_nobody_is_reminded_after_an_answer(town: Town) -> None:
    misaki = asked_after_a_purchase(town)
    misaki.taps("8")

    for _ in range(8):
        town.pass_time(days=1)

    assert REMINDER not in said(misaki.hears())


def test_nobody_is_reminded_of_what_they_asked_for(town: Town) -> None:
    misaki = town.customer()
    misaki.says("アンケート")

    town.pass_time(days=4)

    assert misaki.hears() == []


def test_a_shop_may_send_no_reminders(town: Town) -> None:
    shop.use({"survey": {"remind": False}})
    misaki = asked_after_a_purchase(town)

    town.pass_time(days=4)

    assert misaki.hears() == []


def test_a_reminder_that_missed_its_days_is_not_sent(town: Town) -> None:
    misaki = asked_after_a_purchase(town)
    misaki.says("スタッフと話す")
    town.pass_time(days=7)
    town.staff_resolve(misaki.ticket)
    misaki.hears()

    town.pass_time(days=1)

    assert misaki.hears() == [], "eight days after the question nobody remembers it"


# Bad moments


def test_during_a_talk_with_staff_it_waits_for_the_talks_end(town: Town) -> None:
    misaki = town.customer()
    misaki.buys(5_000, "1001")
    misaki.says("スタッフと話す")
    for _ in range(40):
        town.pass_time(days=1)
    heard = said(misaki.hears())
    assert QUESTION not in heard, "forty days, far beyond the days that are made up"
    assert heard.count("お返事できておらず") == 5, "an honest word, a bounded number of times"

    town.staff_resolve(misaki.ticket)
    misaki.hears()
    town.pass_time(days=1)

    assert QUESTION in said(misaki.hears())
    assert causes_of(misaki) == ["purchase"]
    assert PostponedQuestion.select().count() == 0


def test_what_the_worker_meets_in_the_evening_is_asked_in_the_morning(town: Town) -> None:
    misaki = town.customer()
    misaki.buys(5_000, "1001")
    town.sleep(days=14, hours=7, minutes=59)  # 19:59
    survey_due.ask_who_is_due()
    town.sleep(minutes=2)  # the worker was busy: 20:01

    assert misaki.hears() == []

    town.pass_time(hours=14)  # 10:01
    assert QUESTION in said(misaki.hears())


def test_what_staff_wanted_at_night_is_asked_in_the_morning(town: Town) -> None:
    misaki = town.customer()
    town.sleep(hours=9)
    put_by_staff(misaki)
    assert misaki.hears() == [], "nine in the evening"

    town.pass_time(hours=14)

    assert QUESTION in said(misaki.hears())
    assert causes_of(misaki) == ["staff"]


def put_by_staff(phone: Phone) -> None:
    """As `manage.py survey ask U…` puts it."""
    with write_transaction():
        inbox.put("survey.due", "staff:1", phone.user_id, {"cause": "staff:1"}, line_user_id=phone.user_id)


def test_a_talk_that_begins_after_the_question_was_put_keeps_it_for_later(town: Town) -> None:
    misaki = town.customer()
    misaki.buys(5_000, "1001")
    town.sleep(days=14)
    misaki.handset.say("スタッフと話す")
    town.platform.channel.courier.carry_all()
    survey_due.ask_who_is_due()  # the talk's event is older and handled first
    assert QUESTION not in said(misaki.hears())

    town.staff_resolve(misaki.ticket)
    misaki.hears()
    town.pass_time(days=1)

    assert QUESTION in said(misaki.hears())


# So many a day


def test_a_day_takes_so_many_and_the_others_come_on_the_next(town: Town) -> None:
    shop.use({"survey": {"asked_a_day": 2, "remind": False}})
    people = [town.customer(name) for name in ("佐藤 美咲", "山本 健太", "鈴木 さくら", "森 葵", "林 誠")]
    for number, each in enumerate(people):
        each.buys(5_000, f"{number}")

    asked = []
    for days in (14, 1, 1, 1):
        town.pass_time(days=days)
        town.pass_time(hours=1)  # a second look on the same day asks nobody more
        asked.append(sum(QUESTION in said(each.hears()) for each in people))
        town.sleep(hours=-1)

    assert asked == [2, 2, 1, 0]


# Asked again after a talk that began with a low score


def unhappy(town: Town) -> Phone:
    """A customer who was asked, tapped 2, and talked with staff."""
    misaki = asked_after_a_purchase(town)
    misaki.taps("2")
    misaki.taps("スタッフと話す")
    town.sleep(minutes=1)
    town.staff_say(misaki.ticket, "申し訳ございません。すぐに新しいものをお送りします。")
    misaki.hears()
    return misaki


def test_after_the_days_of_rest_the_question_comes_again_once(town: Town) -> None:
    misaki = unhappy(town)
    town.staff_resolve(misaki.ticket)
    misaki.hears()

    for _ in range(6):
        town.pass_time(days=1)
    assert misaki.hears() == []

    town.pass_time(days=1)
    (again,) = misaki.hears()
    assert AGAIN in again
    assert QUESTION in again
    misaki.taps("9")

    for _ in range(20):
        town.pass_time(days=1)
    heard = said(misaki.hears())
    assert QUESTION not in heard
    assert causes_of(misaki) == ["purchase", "ticket"]
    assert [each.score for each in SurveyAnswer.select().order_by("id")] == [2, 9]


def test_it_does_not_come_again_while_the_matter_is_open_or_opened_again(town: Town) -> None:
    misaki = unhappy(town)
    town.pass_time(days=5)
    assert misaki.hears() == []

    town.staff_resolve(misaki.ticket)
    misaki.hears()
    town.pass_time(days=1)
    misaki.says("スタッフと話す")
    town.pass_time(days=5)
    assert QUESTION not in said(misaki.hears())

    town.staff_resolve(misaki.ticket)
    misaki.hears()
    town.pass_time(days=1)
    assert AGAIN in said(misaki.hears())


def test_other_talks_do_not_bring_the_question_again(town: Town) -> None:
    misaki = asked_after_a_purchase(town)
    misaki.taps("9")
    misaki.says("スタッフと話す")
    town.staff_resolve(misaki.ticket)
    misaki.hears()

    town.pass_time(days=3)

    assert misaki.hears() == []


# A little every day, for those who bought nothing lately


def test_the_drip_asks_everybody_once_a_round(town: Town) -> None:
    shop.use({"survey": {"drip_days": 7, "ask_again_after_days": 7, "remind": False, "catch_up_days": 0}})
    people = [town.customer(name) for name in ("佐藤 美咲", "山本 健太", "鈴木 さくら", "森 葵", "林 誠")]

    for _ in range(7):
        town.pass_time(days=1)

    assert [QUESTION in said(each.hears()) for each in people] == [True] * 5
    days = {localtime.local_date(each.asked_at) for each in SurveyInvitation.select()}
    assert len(days) > 1, "not all on one day"
    for _ in range(7):
        town.pass_time(days=1)
    assert SurveyInvitation.select().count() == 10, "the next round"


def test_the_drip_leaves_alone_who_will_be_asked_about_a_purchase(town: Town) -> None:
    shop.use({"survey": {"drip_days": 30, "remind": False}})
    misaki = town.customer()
    misaki.buys(5_000, "1001")

    for _ in range(29):
        town.pass_time(days=1)

    assert causes_of(misaki) == ["purchase"]


def test_without_the_owners_word_there_is_no_drip(town: Town) -> None:
    misaki = town.customer()

    for _ in range(4):
        town.pass_time(days=30)

    assert misaki.hears() == []

"""The survey over weeks: one reminder, never at a bad moment, again after a resolved ticket, a few customers a
day."""

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.queue import inbox
from handlers import survey_due
from surveys.nps.answers import SurveyAnswer
from surveys.nps.invitations import SurveyInvitation
from surveys.nps.postponed import PostponedQuestion
from tests.conversations.scenario import QUESTION, Phone, Scenario, said

REMINDER = "先日の質問、お忙しいところに届いていたらごめんなさい"
AGAIN = "その後、いかがでしょうか"


def asked_after_a_purchase(scenario: Scenario, name: str = "佐藤 美咲") -> Phone:
    """A customer who bought a fortnight ago and has just been asked."""
    misaki = scenario.customer(name)
    misaki.buys(5_000, f"order of {name}")
    scenario.pass_time(days=14)
    assert QUESTION in said(misaki.hears())
    return misaki


def causes_of(phone: Phone) -> list[str]:
    mine = SurveyInvitation.select().where(SurveyInvitation.customer == phone.customer.id)
    return [each.cause.partition(":")[0] for each in mine.order_by(SurveyInvitation.id)]


def test_below_the_question_are_no_other_choices_than_its_eleven(scenario: Scenario) -> None:
    misaki = asked_after_a_purchase(scenario)

    assert misaki.chips == set()
    assert {str(score) for score in range(11)} <= misaki.buttons


# One reminder


def test_who_does_not_answer_is_reminded_once_and_kindly(scenario: Scenario) -> None:
    misaki = asked_after_a_purchase(scenario)

    scenario.pass_time(days=3)
    assert misaki.hears() == []

    scenario.pass_time(days=1)
    (reminder,) = misaki.hears()
    assert misaki.chips == set()
    assert REMINDER in reminder
    assert QUESTION in reminder
    assert "ひだまり堂から、ひとつだけ" not in reminder, "in words of its own"

    for _ in range(8):
        scenario.pass_time(days=1)
    assert misaki.hears() == [], "never a second one"


def test_the_reminders_buttons_answer_the_same_question(scenario: Scenario) -> None:
    misaki = asked_after_a_purchase(scenario)
    scenario.pass_time(days=4)
    misaki.hears()

    assert "9点！" in said(misaki.taps("9"))

    assert SurveyInvitation.select().count() == 1, "the response rate counts one who was asked"
    assert SurveyAnswer.get().invitation.reminded_at is not None


def test_nobody_is_reminded_after_an_answer(scenario: Scenario) -> None:
    misaki = asked_after_a_purchase(scenario)
    misaki.taps("8")

    for _ in range(8):
        scenario.pass_time(days=1)

    assert REMINDER not in said(misaki.hears())


def test_nobody_is_reminded_of_what_they_asked_for(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")

    scenario.pass_time(days=4)

    assert misaki.hears() == []


def test_a_shop_may_send_no_reminders(scenario: Scenario) -> None:
    shop.use({"survey": {"remind": False}})
    misaki = asked_after_a_purchase(scenario)

    scenario.pass_time(days=4)

    assert misaki.hears() == []


def test_a_reminder_that_missed_its_days_is_not_sent(scenario: Scenario) -> None:
    misaki = asked_after_a_purchase(scenario)
    misaki.says("スタッフと話す")
    scenario.pass_time(days=7)
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()

    scenario.pass_time(days=1)

    assert misaki.hears() == [], "eight days after the question nobody remembers it"


# Bad moments


def test_during_a_conversation_with_staff_it_waits_for_its_end(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("スタッフと話す")
    for _ in range(40):
        scenario.pass_time(days=1)
    heard = said(misaki.hears())
    assert QUESTION not in heard, "forty days, far beyond the days that are made up"
    assert heard.count("お返事できておらず") == 5, "an honest word, a bounded number of times"

    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    scenario.pass_time(days=1)

    assert QUESTION in said(misaki.hears())
    assert causes_of(misaki) == ["purchase"]
    assert PostponedQuestion.select().count() == 0


def test_what_the_worker_meets_in_the_evening_is_asked_in_the_morning(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    scenario.sleep(days=14, hours=7, minutes=59)  # 19:59
    survey_due.ask_who_is_due()
    scenario.sleep(minutes=2)  # the worker was busy: 20:01

    assert misaki.hears() == []

    scenario.pass_time(hours=14)  # 10:01
    assert QUESTION in said(misaki.hears())


def test_what_staff_wanted_at_night_is_asked_in_the_morning(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.sleep(hours=9)
    put_by_staff(misaki)
    assert misaki.hears() == [], "nine in the evening"

    scenario.pass_time(hours=14)

    assert QUESTION in said(misaki.hears())
    assert causes_of(misaki) == ["staff"]


def put_by_staff(phone: Phone) -> None:
    """As `manage.py survey ask U…` stores it."""
    with write_transaction():
        inbox.put("survey.due", "staff:1", phone.user_id, {"cause": "staff:1"}, line_user_id=phone.user_id)


def test_a_conversation_that_begins_after_the_question_was_put_keeps_it_for_later(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    scenario.sleep(days=14)
    misaki.handset.say("スタッフと話す")
    scenario.platform.channel.webhook_sender.deliver_all()
    survey_due.ask_who_is_due()  # the ticket's event is older and handled first
    assert QUESTION not in said(misaki.hears())

    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    scenario.pass_time(days=1)

    assert QUESTION in said(misaki.hears())


# So many a day


def test_a_day_takes_so_many_and_the_others_come_on_the_next(scenario: Scenario) -> None:
    shop.use({"survey": {"asked_a_day": 2, "remind": False}})
    people = [scenario.customer(name) for name in ("佐藤 美咲", "山本 健太", "鈴木 さくら", "森 葵", "林 誠")]
    for number, each in enumerate(people):
        each.buys(5_000, f"{number}")

    asked = []
    for days in (14, 1, 1, 1):
        scenario.pass_time(days=days)
        scenario.pass_time(hours=1)  # a second run on the same day asks nobody more
        asked.append(sum(QUESTION in said(each.hears()) for each in people))
        scenario.sleep(hours=-1)

    assert asked == [2, 2, 1, 0]


# Asked again after a ticket that began with a low score


def unhappy(scenario: Scenario) -> Phone:
    """A customer who was asked, tapped 2, and wrote with staff."""
    misaki = asked_after_a_purchase(scenario)
    misaki.taps("2")
    misaki.taps("スタッフと話す")
    scenario.sleep(minutes=1)
    scenario.staff_say(misaki.ticket, "申し訳ございません。すぐに新しいものをお送りします。")
    misaki.hears()
    return misaki


def test_after_the_days_of_rest_the_question_comes_again_once(scenario: Scenario) -> None:
    misaki = unhappy(scenario)
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()

    for _ in range(6):
        scenario.pass_time(days=1)
    assert misaki.hears() == []

    scenario.pass_time(days=1)
    (again,) = misaki.hears()
    assert AGAIN in again
    assert QUESTION in again
    misaki.taps("9")

    for _ in range(20):
        scenario.pass_time(days=1)
    heard = said(misaki.hears())
    assert QUESTION not in heard
    assert causes_of(misaki) == ["purchase", "ticket"]
    assert [each.score for each in SurveyAnswer.select().order_by("id")] == [2, 9]


def test_it_does_not_come_again_while_the_ticket_is_open_or_opened_again(scenario: Scenario) -> None:
    misaki = unhappy(scenario)
    scenario.pass_time(days=5)
    assert misaki.hears() == []

    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    scenario.pass_time(days=1)
    misaki.says("スタッフと話す")
    scenario.pass_time(days=5)
    assert QUESTION not in said(misaki.hears())

    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    scenario.pass_time(days=1)
    assert AGAIN in said(misaki.hears())


def test_other_conversations_do_not_bring_the_question_again(scenario: Scenario) -> None:
    misaki = asked_after_a_purchase(scenario)
    misaki.taps("9")
    misaki.says("スタッフと話す")
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()

    scenario.pass_time(days=3)

    assert misaki.hears() == []


# A few every day, of those who bought nothing lately


def test_the_daily_share_asks_each_customer_once_a_round(scenario: Scenario) -> None:
    shop.use({"survey": {"drip_days": 7, "ask_again_after_days": 7, "remind": False, "catch_up_days": 0}})
    people = [scenario.customer(name) for name in ("佐藤 美咲", "山本 健太", "鈴木 さくら", "森 葵", "林 誠")]

    for _ in range(7):
        scenario.pass_time(days=1)

    assert [QUESTION in said(each.hears()) for each in people] == [True] * 5
    days = {localtime.local_date(each.asked_at) for each in SurveyInvitation.select()}
    assert len(days) > 1, "not all on one day"
    for _ in range(7):
        scenario.pass_time(days=1)
    assert SurveyInvitation.select().count() == 10, "the next round"


def test_the_daily_share_leaves_out_who_will_be_asked_about_a_purchase(scenario: Scenario) -> None:
    shop.use({"survey": {"drip_days": 30, "remind": False}})
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")

    for _ in range(29):
        scenario.pass_time(days=1)

    assert causes_of(misaki) == ["purchase"]


def test_without_the_setting_there_is_no_daily_share(scenario: Scenario) -> None:
    misaki = scenario.customer()

    for _ in range(4):
        scenario.pass_time(days=30)

    assert misaki.hears() == []

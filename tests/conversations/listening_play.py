"""Sends a labelled message to the shop in the state it is written in, and names the kind by the outcome."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.listening import Labelled
from surveys.nps.answers import SurveyAnswer
from surveys.testimonials.tables import Testimonial
from tests.conversations.scenario import Phone, Scenario


def play(scenario: Scenario, each: Labelled, name: str) -> str:
    """The kind the shop recognized, judged by what it did: the ticket, the setting, the stored words, the reply."""
    phone = scenario.customer(name)
    _PREPARE[each.state](scenario, phone)
    if each.kind == "resume":
        phone.says("配信停止")
    before = _marks(phone)
    said = phone.says(each.text)
    return _outcome(phone, before, said, each)


def _marks(phone: Phone) -> tuple[int | None, str, bool, int]:
    ticket = phone.ticket
    was = (ticket.id, ticket.heard) if ticket is not None else (None, "")
    return (*was, phone.customer.opted_out_at is not None, _scores(phone))


def _outcome(phone: Phone, before: tuple[int | None, str, bool, int], said: list[str], each: Labelled) -> str:
    ticket_id, heard, was_out, scores = before
    ticket, customer = phone.ticket, phone.customer
    if ticket is not None and ticket.heard != heard:
        return ticket.heard.split(",")[-1].partition(":")[0]
    if _scores(phone) > scores:
        return "score"
    if (customer.opted_out_at is not None) != was_out:
        return "resume" if was_out else "stop"
    if ticket is None and ticket_id is not None:
        return "take_back"
    if ticket is not None and ticket.asked_change:
        return "question"  # staff change what the message asks to change
    if ticket is not None and ticket.handed_over_at is not None and ticket_id is None:
        return "staff"
    if _keeps(phone, each.text):
        return "other"
    return each.kind if _fits(each.kind, "\n".join(said)) else "other"


def _fits(kind: str, said: str) -> bool:
    """Whether the reply is one to a message of that kind."""
    words = {
        "thanks": (
            "こちらこそ",
            "よろしければ",
            "感想を",
            "ありがとうございました☺",
            "ありがとうございます☺",
        ),
        "greeting": ("こんにちは", "よろしければ", "感想を"),
        "nod": ("はい☺", "うれしいです☺", "よろしければ", "感想を", "写真"),
        "small_talk": ("うれしいです☺", "こんにちは", "はい☺", "こちらこそ"),
        "later": ("いつでも大丈夫", "ここまでにしますね"),
        "nothing": ("わかりました", "いつでも大丈夫", "ありがとうございました☺"),
        "what_to_write": ("どんなことでも大丈夫",),
        "command": ("ポイント", "ランク", "クーポン", "アンケート", "ご用件", "質問", "誕生日", "紹介", "声"),
    }
    return kind not in words or any(each in said for each in words[kind])


def _keeps(phone: Phone, text: str) -> bool:
    theirs = SurveyAnswer.select().where(
        SurveyAnswer.customer == phone.customer.id, SurveyAnswer.comment == text
    )
    written = Testimonial.select().where(Testimonial.customer == phone.customer.id, Testimonial.body == text)
    return bool(theirs.exists() or written.exists())


def _scores(phone: Phone) -> int:
    return int(SurveyAnswer.select().where(SurveyAnswer.customer == phone.customer.id).count())


def _idle(_: Scenario, __: Phone) -> None:
    """No question is open."""


def _asked(_: Scenario, phone: Phone) -> None:
    phone.says("アンケート")


def _scored(score: str) -> Callable[[Scenario, Phone], None]:
    def prepare(_: Scenario, phone: Phone) -> None:
        phone.says("アンケート")
        phone.taps(score)

    return prepare


def _testimonial(_: Scenario, phone: Phone) -> None:
    phone.says("感想を書く")


def _picture(scenario: Scenario, phone: Phone) -> None:
    _testimonial(scenario, phone)
    phone.says("朝が楽しみになりました")


def _name(scenario: Scenario, phone: Phone) -> None:
    _picture(scenario, phone)
    phone.taps("スキップ")
    phone.taps("ニックネームで掲載OK")


def _waiting(_: Scenario, phone: Phone) -> None:
    phone.says("スタッフと話す")


def _staff(scenario: Scenario, phone: Phone) -> None:
    _waiting(scenario, phone)
    scenario.staff_say(phone.ticket, "確認しますね。")
    phone.hears()


def _csat(scenario: Scenario, phone: Phone) -> None:
    _staff(scenario, phone)
    scenario.staff_resolve(phone.ticket)
    phone.hears()
    phone.taps("🙂良い")


def _birthday(_: Scenario, phone: Phone) -> None:
    phone.says("誕生日")


_PREPARE: dict[str, Callable[[Scenario, Phone], None]] = {
    "idle": _idle,
    "asked": _asked,
    "low_comment": _scored("3"),
    "comment": _scored("8"),
    "promoter": _scored("10"),
    "testimonial": _testimonial,
    "picture": _picture,
    "name": _name,
    "csat": _csat,
    "other_exchange": _birthday,
    "waiting": _waiting,
    "staff": _staff,
}

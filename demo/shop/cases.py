"""Sample data of detractors: staff replied to most of them; asked again later, some gave a better score."""

import random
from datetime import datetime, timedelta

from bot import localtime
from bot.config import shop
from customers.people.customer import Customer
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from support.tickets import tickets
from support.tickets.tickets import DETRACTOR
from surveys.nps import answers, invitations

ALL_OF_IT = timedelta(days=10)
STAFF = 1


def play_case(customer_id: int, answer_id: int, score: int, present: datetime) -> None:
    """A ticket after a low score, resolved two days later, and the question again after five. Does nothing when
    that would still be going on at `present`, and for three in ten."""
    chance = random.Random(answer_id)  # noqa: S311 - a sample, and the same one each time
    began_at, conversation_id = localtime.now(), Customer.get_by_id(customer_id).conversation_id
    if began_at > present - ALL_OF_IT or conversation_id is None or chance.random() < 0.3:
        return
    key = f"survey-answer:{answer_id}"
    case = tickets.open_ticket(customer_id, conversation_id, cause=DETRACTOR, cause_key=key).ticket
    with localtime.fixed(began_at + timedelta(minutes=chance.choice((20, 55, 90, 200, 1_100, 1_500)))):
        tickets.record_staff_answer(case.id, STAFF)
    with localtime.fixed(began_at + timedelta(days=2)):
        tickets.resolve(case.id, STAFF)
    with localtime.fixed(began_at + timedelta(days=5)):
        again = invitations.invite(customer_id, f"ticket:{case.id}")
        if chance.random() < 0.7:
            later = min(10, score + chance.choice((0, 0, 1, 3, 5)))
            if recorded := answers.record_score(customer_id, again, later):
                cause = f"survey-answer:{recorded.answer_id}"
                ledger.earn(customer_id, Action.SURVEY_ANSWER, shop.get(PointRules).survey_answer, cause)

"""Sample data of detractors: each low score opens a case, staff reply and resolve it, and some then score better."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from bot import localtime
from customers.people.customer import Customer
from demo.shop.chats import answered
from demo.shop.plan import causes
from demo.shop.plan.agenda import Happen
from demo.shop.plan.lives import Person
from support.tickets import low_score_cases, tickets
from support.tickets.tickets import DETRACTOR, Ticket

STAFF = (1, 2, 2)
RESOLVED_AFTER = timedelta(hours=10)
"""Of working time, after the reply."""
REPLIES = (
    "{name}さま、ご満足いただけず、申し訳ありません。よろしければ、くわしくお聞かせください。",
    "{name}さま、ご不便をおかけしました。すぐに代わりのお品をお送りします。",
    "{name}さま、貴重なご意見をありがとうございます。お店でよく話しあい、あらためます。",
)
AskAgain = Callable[[Person, int, int, datetime], None]


class Cases:
    """The cases of low scores."""

    def __init__(
        self, add: Callable[[datetime, Happen], None], ask_again: AskAgain, present: datetime
    ) -> None:
        self._add, self._ask_again, self._present = add, ask_again, present

    def open(self, person: Person, customer_id: int, answer_id: int, score: int) -> None:
        """Open the case, unless the customer has a ticket; staff reply in their hours, and resolve it days later."""
        conversation_id = Customer.get_by_id(customer_id).conversation_id
        if conversation_id is None:
            return
        key = f"survey-answer:{answer_id}"
        low_score_cases.open_case(customer_id, conversation_id, key)
        case = Ticket.get_or_none(Ticket.cause_key == key, Ticket.cause == DETRACTOR)
        if case is None:
            return
        chance = random.Random(answer_id)  # noqa: S311 - a sample, and the same one each time
        replied_at = causes.replied_at(localtime.now(), self._present, chance)
        resolved_at = causes.after_working_time(replied_at, RESOLVED_AFTER)
        staff_id, words = chance.choice(STAFF), chance.choice(REPLIES)
        if replied_at < self._present:
            self._add(replied_at, partial(self._reply, case.id, customer_id, staff_id, words))
        if resolved_at < self._present:
            self._add(resolved_at, partial(self._resolve, person, case.id, staff_id, score))

    def _reply(self, case_id: int, customer_id: int, staff_id: int, words: str) -> None:
        tickets.record_staff_answer(case_id, staff_id)
        customer: Customer = Customer.get_by_id(customer_id)
        answered(customer, words.format(name=customer.display_name), localtime.now(), staff_id)

    def _resolve(self, person: Person, case_id: int, staff_id: int, score: int) -> None:
        tickets.resolve(case_id, staff_id)
        self._ask_again(person, score, case_id, localtime.now())

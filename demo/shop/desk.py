"""Sample data of support: a year of resolved tickets with replies and ratings; tags and notes."""

import random
from datetime import datetime, timedelta

from bot import localtime
from bot.db.database import write_transaction
from customers.people.customer import Customer
from demo.shop.chats import answered, wrote
from demo.shop.plan import causes
from demo.shop.sentences.chats import QUESTIONS, RATINGS, REPLIES
from demo.shop.sentences.stock import UnusedSentences
from support.satisfaction import ratings
from support.satisfaction.ratings import Satisfaction
from support.tickets import notes, tags, tickets
from support.tickets.tickets import Ticket
from surveys.nps.invitations import SurveyInvitation

OWNER, STAFF = 1, 2
"""Ids of the staff who are created in an empty database."""
CLOSED = 70
SCORES, SLOW_SCORES = (5, 5, 5, 4, 4, 4, 3), (4, 3, 3, 2, 2)
"""How customers rate what was handled, and in the month of slow replies."""
WAITING_TAGS = ("返品", "定期便", "領収書", "", "成分")
"""Tags of the chats that wait, in their order."""
NOTE = "お届け先は前と同じ。代わりの箱は倉庫に頼みました。@小川 送料はこちら持ちでよいですか？"


def add_support_history() -> None:
    """Add resolved tickets, tags and notes to a shop that has none; waiting chats stay as they are."""
    if Satisfaction.select().exists():
        return
    chance = random.Random(7)  # noqa: S311 - a sample, and the same one each time
    unused = UnusedSentences()
    waiting = list(Ticket.select().where(Ticket.state == tickets.WAITING).order_by(Ticket.id))
    with write_transaction():
        for number in range(CLOSED):
            _closed(chance, number, unused)
        for ticket in waiting[:2]:
            tickets.assign(ticket.id, STAFF)
        for ticket in waiting[:1]:
            notes.add(ticket.id, STAFF, NOTE, [OWNER])
        for ticket, tag in zip(waiting, WAITING_TAGS, strict=False):
            tags.add(ticket.id, tag)  # an empty tag is not stored


def _closed(chance: random.Random, number: int, unused: UnusedSentences) -> None:
    """One ticket of some day, replied to within hours, resolved, and rated by most customers."""
    present = localtime.now()
    day = localtime.local(present - timedelta(days=2 + number * number // 14)).replace(hour=9, minute=0)
    began_at = causes.after_working_time(day, timedelta(minutes=chance.randint(5, 330)))
    answered_at = causes.replied_at(began_at, present, chance)
    resolved_at = answered_at + timedelta(hours=1)
    people = _who_may_have_written(began_at, resolved_at)
    if not people or resolved_at >= present:
        return
    customer = chance.choice(people)
    with localtime.fixed(began_at):
        cause = chance.choice((tickets.ASKED, tickets.FALLBACK, tickets.FAQ_FAILED))
        ticket = tickets.open_ticket(
            customer.id, customer.conversation_id or 0, cause=cause, cause_key=f"sample-closed:{number}"
        ).ticket
        tag = chance.choice([*QUESTIONS])
        tags.add(ticket.id, tag)
    wrote(customer, unused.next_of(QUESTIONS[tag], [QUESTIONS[tag]]), began_at)
    staff_id = OWNER if causes.replied_slowly(began_at, present) else chance.choice((OWNER, STAFF, STAFF))
    with localtime.fixed(answered_at):
        tickets.record_staff_answer(ticket.id, staff_id)
    answered(customer, REPLIES[tag].format(name=customer.display_name), answered_at, staff_id)
    with localtime.fixed(resolved_at):
        tickets.resolve(ticket.id, staff_id)
        asked = tickets.find(ticket.id)
        if asked is not None and ratings.ask(asked) and chance.random() < 0.7:
            scores = SLOW_SCORES if causes.replied_slowly(began_at, present) else SCORES
            score = chance.choice(scores)
            ratings.rate(ticket.id, customer.id, score)
            if chance.random() < 0.4:
                said = unused.next_of(RATINGS[score], [RATINGS[score]])
                ratings.add_comment(ticket.id, customer.id, said)


def _who_may_have_written(began_at: datetime, resolved_at: datetime) -> list[Customer]:
    """Customers of that time without another ticket, and to whom no survey went about then."""
    tied = Ticket.select(Ticket.customer)
    near = SurveyInvitation.asked_at.between(began_at, resolved_at + timedelta(days=2))
    surveyed = SurveyInvitation.select(SurveyInvitation.customer).where(near)
    free = Customer.id.not_in(tied) & Customer.id.not_in(surveyed) & Customer.conversation.is_null(False)
    left = Customer.blocked_at.is_null() | (Customer.blocked_at > resolved_at)
    earlier = Customer.select().where(Customer.registered_at < began_at, free, left)
    return list(earlier.order_by(Customer.id).limit(200))

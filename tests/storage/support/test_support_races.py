"""Two of staff take the same ticket at the same moment: one gets it, the other is refused."""

import threading

import peewee

from bot import conversations
from bot.db import database
from bot.db.database import write_transaction
from customers.people import customer as customers
from support.tickets import tickets
from support.tickets.tickets import ASKED, Ticket


def test_of_two_who_take_a_ticket_at_once_one_has_it(any_database: peewee.Database) -> None:
    with write_transaction():
        conversation_id = conversations.ensure("U1", "U1")
        customer_id = customers.get_or_create_by_line_user("U1", conversation_id).id
        made = tickets.open_ticket(customer_id, conversation_id, cause=ASKED, cause_key="1").ticket
    both, done = threading.Barrier(2), {}

    def take(staff_id: int) -> None:
        both.wait()
        with write_transaction():
            done[staff_id] = tickets.reassign(made.id, None, staff_id)
        database.close()

    people = [threading.Thread(target=take, args=(staff_id,)) for staff_id in (7, 8)]
    for each in people:
        each.start()
    for each in people:
        each.join()

    [winner] = [staff_id for staff_id, had in done.items() if had]
    assert len(done) == 2
    assert Ticket.get_by_id(made.id).assignee_id == winner

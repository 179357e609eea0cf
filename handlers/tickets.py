"""スタッフと話す: a ticket is opened, the customer writes to it, staff answer it, staff close it."""

from dataclasses import replace

from bot import conversations, localtime, notices
from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Message
from bot.queue import outbox, spare_tokens
from bot.routing import event_kinds
from bot.routing.events import InternalEvent, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import questions, replies
from handlers.event_customer import (
    Said,
    get_or_create_customer,
    record_activity,
    record_customer_message,
    staff_have_the_chat,
)
from handlers.progress import late_wish, rank_messages
from support.bad_moments import messages as bad_moment_messages
from support.bad_moments import quiet_period, urgency
from support.bad_moments.words import words as bad_moment_words
from support.faq import questions_asked
from support.hours import business_hours, settings
from support.listening import ConversationState, MessageKind, hear
from support.listening.folding import fold
from support.listening.questions import asks_what_to_do
from support.listening.staff_requests import asks_for_staff
from support.listening.withdrawal import SOLVED
from support.satisfaction import messages as satisfaction_messages
from support.satisfaction import ratings
from support.satisfaction.settings import SatisfactionRules
from support.tickets import low_score_cases, tickets
from support.tickets import messages as ticket_messages
from support.tickets.tickets import ASKED, CAUSES, Ticket

routes = Routes()


def is_a_wish_alone(event: TextReceived) -> bool:
    """Whether the whole text asks for a person; beside other words, those are kept first."""
    return asks_for_staff(event.text)


@routes.on_text("スタッフと話す", "スタッフ")
@routes.on_postback("ticket.ask")
def staff_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Open a ticket, whatever else was going on; never blocked by a search."""
    customer = record_activity(event)
    conversations.stop_waiting(event.conversation_id)
    wished = event.postback.values.get("c", ASKED) if isinstance(event, PostbackReceived) else ASKED
    opened = tickets.open_ticket(
        customer.id,
        event.conversation_id,
        cause=wished if wished in CAUSES else ASKED,
        cause_key=f"asked:{event.event_id}",
    )
    begins_now = tickets.hand_chat_over(opened.ticket.id) or opened.is_new
    if begins_now:
        tapped = event.postback.number("a") if isinstance(event, PostbackReceived) else None
        questions_asked.record_escalated(event.conversation_id, opened.ticket.id, tapped)
    tickets.record_customer_message(opened.ticket.id)
    local = localtime.local(localtime.now())
    if not business_hours.is_open(settings.hours(), local):
        tickets.record_closed_notice(opened.ticket.id)
    due_at = (tickets.find(opened.ticket.id) or opened.ticket).answer_due_at
    due = bad_moment_messages.by_when(due_at or localtime.now())
    return [
        ticket_messages.ticket_opened(local, due) if begins_now else ticket_messages.already_waiting(local)
    ]


def said_to_staff(event: Said, customer: Customer) -> Answer | None:
    """What to answer to words that are for staff. None while the bot has the chat.

    Nothing, or once in a closing time that nobody is there now. Until staff have spoken, the customer can take the
    request back and ask the FAQ.
    """
    if not staff_have_the_chat(record_customer_message(customer)):
        return None
    ticket = tickets.handed_over_ticket_of(customer.id)
    if ticket is None:
        return []
    if isinstance(event, TextReceived) and ticket.staff_spoke_at is None:
        heard = hear(event.text, ConversationState.WAITING)
        if heard.kind is MessageKind.WITHDRAW:
            return _taken_back(event, ticket, is_solved=heard.subkind == SOLVED)
        if ticket.cause == tickets.DANGER:
            return _said_once_more(ticket, "danger:writes_on", bad_moment_messages.danger_again())
        if (harm := urgency.harm_heard(ticket)) and asks_what_to_do(fold(event.text)):
            return _said_once_more(ticket, "asks:first_aid", bad_moment_messages.first_aid(harm))
        if said := questions.answered_meanwhile(event, heard.kind, ticket):
            return said
    return nobody_there(ticket)


def _said_once_more(ticket: Ticket, what: str, said: list[Message]) -> Answer:
    """Somebody in danger writes on, or somebody harmed asks what to do: once more where to call, what to do."""
    return said if urgency.is_first(ticket, what) else nobody_there(ticket)


def _taken_back(event: TextReceived, ticket: Ticket, *, is_solved: bool) -> Answer:
    """The customer needs nobody any more. Whoever was harmed, or gave up in anger, is answered all the same."""
    conversations.stop_waiting(event.conversation_id)
    if urgency.withdraw(ticket, event.text, is_solved=is_solved):
        return replies.with_ways_on(bad_moment_words().taken_back)
    return [line.text(bad_moment_words().stays_with_staff)]


def withdraw_heard(customer_id: int) -> None:
    """What sounded like anger was not meant so: the ticket that it opened goes, unless staff have spoken."""
    ticket = tickets.handed_over_ticket_of(customer_id)
    if ticket is not None and ticket.cause_key.startswith("heard:") and ticket.staff_spoke_at is None:
        tickets.resolve(ticket.id)


def nobody_there(ticket: Ticket) -> Answer:
    """Once in a closing time: when somebody is there again; otherwise nothing."""
    local = localtime.local(localtime.now())
    if not business_hours.may_notify_closed(
        settings.hours(), local, ticket.closed_notice_at, ticket.staff_spoke_at
    ):
        return []
    tickets.record_closed_notice(ticket.id)
    return [ticket_messages.already_waiting(local)]


@routes.on_internal_event(event_kinds.STAFF_REPLIED)
def staff_replied(event: InternalEvent) -> Answer:
    """A person's answer goes out as they wrote it: free with the customer's last token while that lives."""
    ticket_id, staff_id = int(event.data["ticket_id"]), int(event.data["staff_id"])
    tickets.first_response(ticket_id, staff_id)
    notices.take_down(urgency.alert_of(ticket_id))
    conversations.stop_waiting(event.conversation_id)  # what the customer writes next is an answer to them
    token = spare_tokens.newest(event.conversation_id)
    if token is not None:
        event = replace(event, reply_token=token.reply_token, received_at=token.received_at)
    outbox.reply(event, [line.text(str(event.data["text"]))], staff_id=staff_id)
    return []


@routes.on_internal_event(event_kinds.TICKET_RESOLVE_REQUESTED)
def ticket_resolved(event: InternalEvent) -> Answer:
    """The ticket is resolved; the bot has the chat again and says so, once, and asks how it went. A rise that waited
    for it is said now, unless it was a complaint: then it waits for the days of rest."""
    ticket_id = int(event.data["ticket_id"])
    if not tickets.resolve(ticket_id, int(event.data["staff_id"])):
        return []
    ticket, customer = tickets.find(ticket_id), get_or_create_customer(event)
    if ticket is None:
        return []
    notices.take_down(urgency.alert_of(ticket_id))
    if quiet_period.is_complaint(ticket):
        return _complaint_closed(ticket, customer)
    wish = late_wish(customer, ticket.opened_at)
    if not low_score_cases.was_a_conversation(ticket):
        return replies.lead_on(wish)
    if not customers.can_be_pushed(customer):
        return replies.lead_on([ticket_messages.ticket_closed()])
    said = [ticket_messages.ticket_closed(), *wish, *rank_messages(customer.id)]
    asked = _how_it_went(ticket)
    return replies.lead_on([*said[: line.MOST_MESSAGES - len(asked)], *asked])


def _complaint_closed(ticket: Ticket, customer: Customer) -> Answer:
    """Nothing to celebrate and no chips: that the talk is over, and after a low score alone how it went. A case
    without a word of the customer's to a person ends in silence."""
    if not low_score_cases.was_a_conversation(ticket):
        return []
    asks = ticket.urgency == 0 and customers.can_be_pushed(customer)
    return [ticket_messages.ticket_closed(), *(_how_it_went(ticket) if asks else [])]


def _how_it_went(ticket: Ticket) -> list[Message]:
    asks = shop.get(SatisfactionRules).asks and ratings.ask(ticket)
    return [satisfaction_messages.question(ticket.id)] if asks else []

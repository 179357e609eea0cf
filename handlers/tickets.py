"""Answers 「スタッフと話す」: opens a ticket, passes the customer's messages to staff, sends staff's replies,
resolves it.

Storage is in `support/tickets/`.
"""

from datetime import timedelta

from bot import conversations, localtime, notices
from bot.config import settings as bot_settings
from bot.config import shop
from bot.line import messages as line
from bot.line.channels import MAIN
from bot.line.messages import Message
from bot.queue import outbox, spare_tokens, support_friends
from bot.routing import event_kinds
from bot.routing.events import REPLY_TOKEN_LIVES, InternalEvent, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import contacts, questions, replies, reply_contents
from handlers.chat_words import words as chat_words
from handlers.event_customer import (
    Said,
    get_or_create_customer,
    record_activity,
    record_customer_message,
    staff_have_the_chat,
)
from handlers.progress import late_birthday_greeting, rank_messages
from support.bad_moments import messages as bad_moment_messages
from support.bad_moments import quiet_period, urgency
from support.bad_moments.words import words as bad_moment_words
from support.changes import messages as change_messages
from support.changes import requests
from support.faq import questions_asked
from support.hours import business_hours, settings
from support.listening import COURTESIES, ConversationState, Heard, MessageKind, hear
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
from support.tickets.words import words as ticket_words

routes = Routes()

INVITED_AGAIN_AFTER = timedelta(days=30)


def asks_only_for_staff(event: TextReceived) -> bool:
    """Whether the whole text asks for staff. When it says more, the rest is stored first."""
    return asks_for_staff(event.text)


@routes.on_text("スタッフと話す", "スタッフ")
@routes.on_postback("ticket.ask")
def staff_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Open a ticket and close any open exchange."""
    customer = record_activity(event)
    conversations.stop_waiting(event.conversation_id)
    wished = event.postback.values.get("c", ASKED) if isinstance(event, PostbackReceived) else ASKED
    due = hand_over(event, customer, wished if wished in CAUSES else ASKED)
    local, ticket = localtime.local(localtime.now()), tickets.handed_over_ticket_of(customer.id)
    ways = ticket_messages.ways_while_waiting(ticket) if ticket is not None else []
    if due is None:
        return [ticket_messages.already_waiting(local, ways)]
    invited = _invitation(event.conversation_id)
    return [*invited, ticket_messages.ticket_opened(local, due, ways)]


def hand_over(event: Said, customer: Customer, cause: str = ASKED) -> str | None:
    """Open the customer's ticket, or join it, and hand the chat over to staff; the promised time in words, None
    when staff had it already."""
    opened = tickets.open_ticket(
        customer.id,
        event.conversation_id,
        cause=cause,
        cause_key=f"asked:{event.event_id}",
        assignee_id=contacts.answered_otherwise(customer),
    )
    begins_now = tickets.hand_chat_over(opened.ticket.id) or opened.is_new
    if begins_now:
        tapped = event.postback.number("a") if isinstance(event, PostbackReceived) else None
        questions_asked.record_escalated(event.conversation_id, opened.ticket.id, tapped)
    tickets.record_customer_message(opened.ticket.id)
    if not business_hours.is_open(settings.hours(), localtime.local(localtime.now())):
        tickets.record_closed_notice(opened.ticket.id)
    due_at = (tickets.find(opened.ticket.id) or opened.ticket).answer_due_at
    return bad_moment_messages.by_when(due_at or localtime.now()) if begins_now else None


def _invitation(conversation_id: int) -> list[Message]:
    """The offer to add the second account, to customers who are not its friends, at most once in a while."""
    basic_id = bot_settings.current().line_support_basic_id
    if basic_id is None or not support_friends.may_invite(
        conversation_id, localtime.now() - INVITED_AGAIN_AFTER
    ):
        return []
    support_friends.record_invited(conversation_id)
    return [ticket_messages.invitation(basic_id)]


def reply_while_with_staff(event: Said, customer: Customer) -> Answer | None:
    """The reply to a message while staff have the chat; None while the bot has it.

    Mostly empty; outside hours a notice, once. Until staff have written, the customer can withdraw the
    request and ask the FAQ.
    """
    if not staff_have_the_chat(record_customer_message(customer)):
        return None
    ticket = tickets.handed_over_ticket_of(customer.id)
    if ticket is None:
        return []
    if isinstance(event, TextReceived) and ticket.staff_spoke_at is None:
        heard = hear(event.text, ConversationState.WAITING)
        if heard.kind is MessageKind.WITHDRAW:
            return _request_withdrawn(event, ticket, is_solved=heard.subkind == SOLVED)
        if requests.awaits_details(ticket) and (taken := _details(event, ticket, heard)) is not None:
            return taken
        if ticket.cause == tickets.DANGER:
            return _repeat_advice(ticket, "danger:writes_on", bad_moment_messages.danger_again())
        if (harm := urgency.latest_harm(ticket)) and asks_what_to_do(fold(event.text)):
            return _repeat_advice(ticket, "asks:first_aid", bad_moment_messages.first_aid(harm))
        is_bots = event.channel == MAIN  # the second account is a person's
        if is_bots and (said := questions.answer_while_waiting(event, heard.kind, ticket)):
            return said
    return after_hours_notice(ticket)


def _details(event: TextReceived, ticket: Ticket, heard: Heard) -> Answer | None:
    """Attach what the customer was asked for to the ticket; None when this is none of it."""
    only_asks = heard.kind is MessageKind.QUESTION and not any(letter.isdigit() for letter in event.text)
    if heard.kind in COURTESIES or only_asks:
        return None
    requests.attach(ticket, event.text)
    return [change_messages.received(bad_moment_messages.by_when_if_ahead(ticket.answer_due_at))]


def _repeat_advice(ticket: Ticket, what: str, said: list[Message]) -> Answer:
    """Repeat the advice once, to a customer in danger who writes on, or an injured one who asks what to do."""
    return said if urgency.record_first_answer(ticket, what) else after_hours_notice(ticket)


def _request_withdrawn(event: TextReceived, ticket: Ticket, *, is_solved: bool) -> Answer:
    """The customer withdraws the request. After an injury, or when they give up in anger, staff answer all
    the same."""
    conversations.stop_waiting(event.conversation_id)
    return _withdraw(ticket, event.text, is_solved=is_solved)


def _withdraw(ticket: Ticket, words: str, *, is_solved: bool) -> Answer:
    withdrawn = urgency.withdraw(ticket, words, is_solved=is_solved)
    return [line.text(bad_moment_words().taken_back if withdrawn else bad_moment_words().stays_with_staff)]


@routes.on_postback("ticket.withdraw")
def withdrawal_tapped(event: PostbackReceived) -> Answer:
    """The button that takes the request back; once staff have written, they answer all the same."""
    customer = record_activity(event)
    conversations.stop_waiting(event.conversation_id)
    ticket = tickets.handed_over_ticket_of(customer.id)
    if ticket is None or ticket.id != event.postback.number("t"):
        return replies.with_ways_on(chat_words().old_button)
    if ticket.staff_spoke_at is not None:
        tickets.record_customer_message(ticket.id)
        return [line.text(bad_moment_words().stays_with_staff)]
    return _withdraw(ticket, ticket_words().withdraw_button, is_solved=False)


def resolve_mistaken_ticket(customer_id: int) -> None:
    """Resolve a ticket that was opened for words the customer did not mean as a complaint, unless staff have
    written."""
    ticket = tickets.handed_over_ticket_of(customer_id)
    if ticket is not None and ticket.cause_key.startswith("heard:") and ticket.staff_spoke_at is None:
        tickets.resolve(ticket.id)


def after_hours_notice(ticket: Ticket) -> Answer:
    """The notice of when staff are back, once in each time they are closed; otherwise nothing."""
    local = localtime.local(localtime.now())
    if not business_hours.may_notify_closed(
        settings.hours(), local, ticket.closed_notice_at, ticket.staff_spoke_at
    ):
        return []
    tickets.record_closed_notice(ticket.id)
    return [ticket_messages.already_waiting(local)]


@routes.on_internal_event(event_kinds.STAFF_REPLIED)
def staff_replied(event: InternalEvent) -> Answer:
    """Send staff's reply as written, with its attachments and gifts, from the account for individual contact if there
    is one for this customer; with that account's latest reply token while it is valid, which is free."""
    ticket_id, staff_id = int(event.data["ticket_id"]), int(event.data["staff_id"])
    said = reply_contents.messages_of(event)
    if not said:
        return []
    tickets.record_staff_answer(ticket_id, staff_id)
    notices.take_down(urgency.alert_cause(ticket_id))
    conversations.stop_waiting(event.conversation_id)  # the customer's next text is an answer to staff
    token = spare_tokens.newest(event.conversation_id, support_friends.channel_of(event.conversation_id))
    outbox.push_individually(
        event.conversation_id,
        said,
        cause=event.event_id,
        staff_id=staff_id,
        token=(token.reply_token, token.received_at + REPLY_TOKEN_LIVES) if token else outbox.NO_TOKEN,
    )
    return []


@routes.on_internal_event(event_kinds.TICKET_RESOLVE_REQUESTED)
def ticket_resolved(event: InternalEvent) -> Answer:
    """Resolve the ticket, say once that the bot is back, and ask how it went. A postponed rise is announced
    now, except after a complaint, where it waits for the quiet period."""
    ticket_id = int(event.data["ticket_id"])
    if not tickets.resolve(ticket_id, int(event.data["staff_id"])):
        return []
    ticket, customer = tickets.find(ticket_id), get_or_create_customer(event)
    if ticket is None:
        return []
    notices.take_down(urgency.alert_cause(ticket_id))
    if quiet_period.is_complaint(ticket):
        return _complaint_closed(event, ticket, customer)
    wish = late_birthday_greeting(customer, ticket.opened_at)
    if not low_score_cases.was_a_conversation(ticket):
        return replies.lead_on(wish)
    if not customers.can_be_pushed(customer):
        return replies.lead_on(_closed(event, [], []))
    return replies.lead_on(
        _closed(event, [*wish, *rank_messages(customer.id)], _satisfaction_question(ticket))
    )


def _closed(event: InternalEvent, also: list[Message], asked: list[Message]) -> Answer:
    """What the shop's own account says at the end of a ticket. To a friend of the second account, that one says
    the end and asks how it went, and only what else there is (points, rank) is the shop's."""
    if support_friends.channel_of(event.conversation_id) == MAIN:
        said = [ticket_messages.ticket_closed(), *also]
        return [*said[: line.MOST_MESSAGES - len(asked)], *asked]
    closed = [ticket_messages.closed_on_second(), *asked]
    outbox.push_individually(event.conversation_id, closed, cause=event.event_id)
    return also[: line.MOST_MESSAGES]


def _complaint_closed(event: InternalEvent, ticket: Ticket, customer: Customer) -> Answer:
    """Close a complaint: no buttons and no congratulation; only after a low score the satisfaction question.
    A case in which the customer wrote nothing to staff ends without a message."""
    if not low_score_cases.was_a_conversation(ticket):
        return []
    asks = ticket.urgency == 0 and customers.can_be_pushed(customer)
    return _closed(event, [], _satisfaction_question(ticket) if asks else [])


def _satisfaction_question(ticket: Ticket) -> list[Message]:
    asks = shop.get(SatisfactionRules).asks and ratings.ask(ticket)
    return [satisfaction_messages.question(ticket.id)] if asks else []

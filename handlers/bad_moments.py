"""Answers texts about danger to life, injury, damaged goods and anger: opens a ticket and sends the first advice.

Works whatever the bot was waiting for; that exchange ends, and what the customer wrote is stored and earns
its points without a message. Once staff have written in the chat, only urgent advice is still sent. The text
is classified in `support/listening/`, the sentences are in `support/bad_moments/words.py`.
"""

from bot import conversations, localtime, notices
from bot.line.messages import Message
from bot.notices import notice_text
from bot.routing.events import TextReceived
from bot.routing.routes import Answer
from customers.people.customer import Customer
from handlers import exchanges
from handlers.progress import store_comment
from handlers.tickets import after_hours_notice
from support.bad_moments import messages as bad_moment_messages
from support.bad_moments import urgency
from support.faq import questions_asked
from support.listening import Heard, MessageKind
from support.satisfaction import ratings
from support.tickets import tickets
from support.tickets.tickets import Ticket
from surveys.testimonials import messages as testimonial_messages

CAUSES = {
    MessageKind.DANGER: tickets.DANGER,
    MessageKind.HARM: tickets.HARM,
    MessageKind.DAMAGE: tickets.DAMAGE,
    MessageKind.ANGER: tickets.UPSET,
    MessageKind.STAFF: tickets.UPSET,
}
"""The cause of the ticket by kind of message. STAFF is in it because an urgent request for staff is answered here."""


def answer(event: TextReceived, customer: Customer, heard: Heard) -> Answer:
    """Open or raise the ticket, hand the chat over to staff, and return what the customer is to read now."""
    close_exchange(event, customer, heard)
    before = tickets.handed_over_ticket_of(customer.id)
    ticket = _hand_over(event, customer, CAUSES[heard.kind])
    is_first = urgency.record_first_answer(ticket, f"{heard.kind}:{heard.subkind}")
    if heard.kind is MessageKind.DANGER:
        _alert(ticket)
        return (
            bad_moment_messages.first_sentence(heard, ticket)
            if is_first
            else bad_moment_messages.danger_again()
        )
    if (
        ticket.cause == tickets.DANGER
        and ticket.staff_spoke_at is None
        and heard.kind is not MessageKind.HARM
    ):
        return bad_moment_messages.danger_again()
    if before is None or _must_be_sent(heard, ticket, is_first=is_first):
        said = bad_moment_messages.first_sentence(heard, ticket)
        tickets.record_closed_notice(ticket.id)  # the sentence already says when staff answer
        return _with_testimonial_button(event, heard, said)
    return after_hours_notice(ticket)


def close_exchange(event: TextReceived, customer: Customer, heard: Heard) -> None:
    """Close the open exchange. A comment in it is stored and earns its points, without a message; a text
    about danger to life is not stored as a comment."""
    exchange = event.exchange
    conversations.stop_waiting(event.conversation_id)
    if exchange is None or heard.kind is MessageKind.DANGER:
        return
    if exchange.kind == exchanges.NPS_COMMENT:
        store_comment(customer.id, int(exchange.data["answer"]), event.text)
    elif exchange.kind == exchanges.CSAT_COMMENT:
        ratings.add_comment(int(exchange.data["ticket"]), customer.id, event.text)


def _hand_over(event: TextReceived, customer: Customer, cause: str) -> Ticket:
    opened = tickets.open_ticket(
        customer.id, event.conversation_id, cause=cause, cause_key=f"heard:{event.event_id}"
    )
    if tickets.hand_chat_over(opened.ticket.id) or opened.is_new:
        questions_asked.record_escalated(event.conversation_id, opened.ticket.id, None)
    tickets.record_customer_message(opened.ticket.id)
    ticket = tickets.find(opened.ticket.id) or opened.ticket
    urgency.raise_urgency(ticket, cause)
    return ticket


def _must_be_sent(heard: Heard, ticket: Ticket, *, is_first: bool) -> bool:
    """Whether the customer gets this advice although staff have the chat, or although they wait for staff already."""
    if not is_first:
        return False
    return heard.kind is MessageKind.HARM or ticket.staff_spoke_at is None


def _alert(ticket: Ticket) -> None:
    moment = localtime.local(localtime.now()).strftime("%H:%M")
    notices.notify(
        urgency.alert_cause(ticket.id),
        notice_text(
            "いのちにかかわる言葉がチャットに届きました（%(time)s）。ほかのことより先に、チャットのいちばん上の"
            "「いのちの危険」を開いてお返事してください。",
            time=moment,
        ),
    )


def _with_testimonial_button(event: TextReceived, heard: Heard, said: list[Message]) -> list[Message]:
    """Add a button that sends angry words as the testimonial, where a testimonial was waited for."""
    exchange = event.exchange
    if exchange is None or exchange.kind != exchanges.TESTIMONIAL_BODY or heard.kind is not MessageKind.ANGER:
        return said
    conversations.wait_for(
        event.conversation_id,
        exchanges.TESTIMONIAL_MEANT,
        testimonial_messages.PATIENCE,
        said=event.text,
        message=event.message_id,
        picture=exchange.data.get("picture"),
    )
    return testimonial_messages.with_testimonial_button(said)

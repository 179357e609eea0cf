"""スタッフと話す: a ticket is opened, staff answer it, staff close it."""

from dataclasses import replace

from bot import conversations, localtime, outbox, spare_tokens
from bot.events import Happening, PostbackReceived, TextReceived
from bot.routing import Answer, on_happening, on_postback, on_text
from handlers import messages as talk
from handlers.people import customer_of
from handlers.progress import rank_messages
from support import faq_asked, messages, tickets
from support.tickets import ASKED, CAUSES


@on_text(
    "スタッフと話す",
    "スタッフ",
    "すたっふ",
    "スタッフにつなぐ",
    "人と話したい",
    "担当者",
    "問い合わせ",
    "お問い合わせ",
)
@on_postback("ticket.ask")
def staff_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Open a ticket, whatever else was going on; never blocked by a search."""
    customer = customer_of(event)
    conversations.stop_waiting(event.conversation_id)
    wished = event.postback.values.get("c", ASKED) if isinstance(event, PostbackReceived) else ASKED
    opened = tickets.open_ticket(
        customer.id,
        event.conversation_id,
        cause=wished if wished in CAUSES else ASKED,
        cause_key=f"asked:{event.event_id}",
    )
    if opened.is_new:
        tapped = event.postback.number("a") if isinstance(event, PostbackReceived) else None
        faq_asked.escalated(event.conversation_id, opened.ticket.id, tapped)
    local = localtime.local(localtime.now())
    return [messages.ticket_opened(local) if opened.is_new else messages.already_waiting(local)]


@on_happening("staff.replied")
def staff_replied(event: Happening) -> Answer:
    """A person's answer goes out as they wrote it: free with the customer's last token while that lives."""
    ticket_id, staff_id = int(event.data["ticket_id"]), int(event.data["staff_id"])
    tickets.first_response(ticket_id, staff_id)
    token = spare_tokens.newest(event.conversation_id)
    if token is not None:
        event = replace(event, reply_token=token.reply_token, received_at=token.received_at)
    outbox.reply(event, [messages.say(str(event.data["text"]))], staff_id=staff_id)
    return []


@on_happening("ticket.resolved")
def ticket_resolved(event: Happening) -> Answer:
    """The matter is done; the bot has the chat again and says so, once. A rise that waited for it is told now."""
    if not tickets.resolve(int(event.data["ticket_id"]), int(event.data["staff_id"])):
        return []
    return talk.lead_on([messages.ticket_closed(), *rank_messages(customer_of(event).id)])

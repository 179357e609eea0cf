"""What is shown about the reply box: who else has the chat open, what sending costs, and canned replies."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from flask_login import current_user
from markupsafe import Markup

from bot import localtime
from bot.config import settings
from bot.queue import month_quota, spare_tokens, support_friends
from bot.routing.events import REPLY_TOKEN_LIVES
from console.auth import staff_accounts
from console.desk import ticket_lists
from console.desk.composing import replies
from console.shell import polling
from support.replies import gifts
from support.tickets import canned_replies, presence
from support.tickets.tickets import Ticket


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/tickets/<int:ticket_id>/room")(room)


@dataclass(frozen=True, slots=True)
class Cost:
    """What the next reply costs: nothing while a reply token lives, else one of the month's messages."""

    free_seconds: int
    left_count: int | None
    """None when there is no limit, or LINE has not reported it."""
    channel: str
    """The LINE account that the next reply goes from."""


@dataclass(frozen=True, slots=True)
class Insertable:
    """A canned reply with the names filled in."""

    id: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Composer:
    """All that is shown about the box."""

    room: Markup
    answered: int
    """The newest reply of a colleague that this page shows."""
    canned: list[Insertable]


def of(found: Ticket) -> Composer:
    """The state of the reply box of that chat now."""
    newest = replies.newest_of_others(found, current_user.id)
    body = _body(found, newest)
    return Composer(_part(found, body), newest.number if newest else 0, insertable(found))


def insertable(found: Ticket) -> list[Insertable]:
    """The canned replies with this customer's, the shop's and the person's names filled in."""
    words = {
        "name": found.customer.display_name or "お客",  # the text continues with さま
        "shop": settings.current().shop_name,
        "staff": current_user.name,
    }
    return [Insertable(each.id, each.name, each.said(**words)) for each in canned_replies.everything()]


def with_canned(found: Ticket, draft: str, canned_id: int | None) -> str:
    """The draft with that canned reply appended."""
    text = next((each.text for each in insertable(found) if each.id == canned_id), "")
    return "\n".join(part for part in (draft.rstrip("\n"), text) if part)


def cost(conversation_id: int) -> Cost:
    """A reply is free while the customer's last token lives; a push is one of the month's messages."""
    channel = support_friends.channel_of(conversation_id)
    token = spare_tokens.newest(conversation_id, channel)
    lasts = token.received_at + REPLY_TOKEN_LIVES - localtime.now() if token else None
    return Cost(max(int(lasts.total_seconds()), 0) if lasts else 0, month_quota.left(channel), channel)


def room(ticket_id: int) -> Response:
    """Who else has the chat open and what sending costs; the request also records that this person has it open."""
    found = ticket_lists.found(ticket_id)
    presence.note(found.id, current_user.id, typing=request.args.get("typing") == "1")
    body = _body(found, replies.newest_of_others(found, current_user.id))
    return polling.answer(_part(found, body), body)


def _part(found: Ticket, body: str) -> Markup:
    return polling.part("room", body, "console.room", ticket_id=found.id)


def _body(found: Ticket, newest: replies.Answer | None) -> str:
    here, names = presence.others(found.id, current_user.id), staff_accounts.names()
    return render_template(
        "console/_chat_presence.html",
        typing=_named(here.typing, names),
        viewing=_named(here.viewing, names),
        cost=cost(found.conversation_id),
        answered=newest.number if newest else 0,
        gift_number=gifts.next_number(found.conversation_id),
        answered_by=names.get(newest.staff_id, "") if newest else "",
    )


def _named(ids: tuple[int, ...], names: dict[int, str]) -> str:
    return "、".join(names[each] for each in ids if each in names)

"""Lets staff link customers to the shop's buyers: link and unlink beside a chat, and make link codes.

A link is an event in the inbox: the worker makes it in the customer's order, credits waiting orders and
notifies.
"""

import uuid
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from console.desk import ticket_lists
from console.shell.translation import gettext
from customers.linking import linking
from customers.orders import buyers, purchases
from customers.orders.buyers import Buyer
from customers.values import identities, parsing
from support.tickets.tickets import Ticket


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.post("/tickets/<int:ticket_id>/link")(link_buyer)
    console.post("/tickets/<int:ticket_id>/unlink")(unlink_buyer)
    console.get("/link-codes")(link_codes)
    console.post("/link-codes")(make_link_code)


@dataclass(frozen=True, slots=True)
class Made:
    """A code just made, shown this once."""

    code: str
    chat_url: str
    qr_path: str
    buyer: Buyer


def link_buyer(ticket_id: int) -> Response:
    """Link the customer to the buyer with that customer number."""
    found, buyer = ticket_lists.found(ticket_id), _buyer_of_form()
    _put(event_kinds.BUYER_LINK_REQUESTED, found, buyer)
    flash(gettext("連携しています。できあがると、お客様にお知らせが届きます。"))
    return _back(found)


def unlink_buyer(ticket_id: int) -> Response:
    """Unlink the customer from the buyer."""
    found, buyer = ticket_lists.found(ticket_id), _buyer_of_form()
    _put(event_kinds.BUYER_UNLINK_REQUESTED, found, buyer)
    flash(gettext("連携を解除しています。お客様にもお知らせします。"))
    return _back(found)


def link_codes() -> str:
    """The form that makes a link code, by customer number or order number."""
    return _codes_page()


def make_link_code() -> str | tuple[str, int]:
    """Make a link code; it is shown on this page and never again."""
    whom = sought_number(request.form.get("whom", ""))
    buyer = find_buyer(whom)
    if buyer is None:
        return _codes_page(
            whom=whom, error=gettext("この会員番号・注文番号の購入者は見つかりませんでした。")
        ), 404
    if buyers.is_guests(buyer):
        error = gettext("会員ではない方に共通で付けられた番号です。お一人ずつの連携コードは作れません。")
        return _codes_page(whom=whom, error=error), 409
    if buyer.customer_id is not None:
        return _codes_page(whom=whom, error=gettext("この購入者は、すでにLINEと連携しています。")), 409
    with write_transaction():
        issued = linking.issue_code(buyer, f"staff:{current_user.id}")
    made = Made(issued.secret, linking.chat_link(issued.secret), f"/q/link/{issued.secret}.png", buyer)
    return _codes_page(made=made)


def sought_number(written: str) -> str:
    """The number in the search field as it is stored; empty when it cannot be one."""
    try:
        return identities.number(written)
    except parsing.BadValue:
        return ""


def find_buyer(number: str) -> Buyer | None:
    """The buyer with that customer number, or of the order with that number."""
    if not number:
        return None
    for written in dict.fromkeys((number, number.upper(), number.lower())):
        if buyer := buyers.by_customer_number(written):
            return buyer
        if (purchase := purchases.find(written)) is not None:
            return purchase.buyer
    return None


def _codes_page(*, made: Made | None = None, whom: str = "", error: str = "") -> str:
    return render_template("console/link_codes.html", made=made, whom=whom, error=error)


def _put(kind: str, found: Ticket, buyer: Buyer) -> None:
    conversation = Conversation.get_by_id(found.conversation_id)
    key = request.form.get("key", "")[:64] or str(uuid.uuid4())
    with write_transaction():
        inbox.put(
            kind,
            f"{kind}:{buyer.id}:{key}",
            conversation.key,
            {"buyer_id": buyer.id, "staff_id": current_user.id},
            line_user_id=conversation.line_user_id,
        )


def _buyer_of_form() -> Buyer:
    return Buyer.get_or_none(Buyer.id == request.form.get("buyer_id", 0, type=int)) or abort(404)


def _back(found: Ticket) -> Response:
    return redirect(ticket_lists.address(found), 303)

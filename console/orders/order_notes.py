"""The form with which staff note on an order that a replacement was promised or sent, from the chat and the customer's
page. Nothing else follows from it."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.shell import audit
from console.shell.translation import gettext
from customers.orders import order_notes
from customers.orders.order_notes import OrderNoteKind
from customers.orders.tables import Purchase
from support.tickets import tickets


def register(console: Blueprint) -> None:
    """Add the URL of this form to the console's blueprint."""
    console.post("/orders/<int:purchase_id>/notes")(note_order)


def note_order(purchase_id: int) -> Response:
    """Store the note, and go back to the chat or the customer it was written at."""
    purchase = Purchase.get_or_none(Purchase.id == purchase_id)
    kind = request.form.get("kind", "")
    if purchase is None or purchase.customer_id is None or kind not in set(OrderNoteKind):
        abort(404)
    with write_transaction():
        audit.note(order_number=purchase.order_number, kind=kind)
        written = order_notes.add(
            purchase.order_number, OrderNoteKind(kind), request.form.get("note", ""), current_user.id
        )
    if not written:
        flash(gettext("メモを書いてください。"), "error")
    ticket = tickets.find(request.form.get("ticket_id", 0, type=int) or 0)
    if ticket is not None and ticket.customer_id == purchase.customer_id:
        return redirect(url_for("console.ticket", ticket_id=ticket.id, _anchor="card-title"), 303)
    return redirect(url_for("console.customer", customer_id=purchase.customer_id, _anchor="orders"), 303)


def choices() -> list[tuple[str, str]]:
    """The kinds of notes in the reader's language."""
    return [(str(kind), kind_in_words(kind)) for kind in OrderNoteKind]


def kind_in_words(kind: str) -> str:
    """What a note says."""
    return {
        OrderNoteKind.REPLACEMENT_PROMISED: gettext("代わりの品を約束"),
        OrderNoteKind.REPLACEMENT_SENT: gettext("代わりの品を発送"),
        OrderNoteKind.OTHER: gettext("メモ"),
    }[OrderNoteKind(kind)]

"""The page of one customer, with everything about them; staff set their tags and write notes on it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import localtime
from bot.db.database import write_transaction
from console.auth import staff_accounts
from console.campaigns import campaign_words
from console.customers import consents, customer_words, overview
from console.desk import ticket_lists
from console.figures.answers_page import segment_in_words
from console.journeys import flow_pages
from console.loyalty import coupons as coupons_page
from console.loyalty import points as points_page
from console.shell import audit
from console.shell.translation import gettext
from console.traces import recipient_words, trace_words
from customers.people import customer_notes, customer_tags, tag_form
from customers.people.customer import Customer
from journeys.enrolments import requests
from journeys.flows.occurrences import Occurrence, On

MOST_TAGS = 30
"""Tags on one customer that staff may set; flows may set more."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/customers/<int:customer_id>")(customer)
    console.post("/customers/<int:customer_id>/tags")(tag_customer)
    console.post("/customers/<int:customer_id>/tags/remove")(untag_customer)
    console.post("/customers/<int:customer_id>/notes")(note_customer)


def customer(customer_id: int) -> Response:
    """Everything about the customer; of the orders a page."""
    who, after = _found(customer_id), request.args.get("orders", "")
    page = render_template(
        "console/customers/customer.html",
        shown=overview.of(who, after),
        is_first_page=not after,
        names=staff_accounts.names(),
        consents=consents.of(who),
        words=customer_words,
        stages=campaign_words.choices("audience.stages"),
        say=trace_words,
        recipient=recipient_words.recipient,
        points=points_page,
        cause_in_words=ticket_lists.cause_in_words,
        segment_in_words=segment_in_words,
        coupon_state=coupons_page.state_in_words,
        longest_note=customer_notes.LONGEST,
        longest_tag=tag_form.LONGEST,
    )
    return flow_pages.with_pictures(page)


def tag_customer(customer_id: int) -> Response:
    """Set a tag, which may let the customer enter a flow, or go on in one."""
    who, tag = _found(customer_id), customer_tags.plain(request.form.get("new_tag", ""))
    with write_transaction():
        audit.note(tag=tag)
        is_full = len(customer_tags.of_customer(who.id)) >= MOST_TAGS
        if not is_full and customer_tags.add(who.id, tag, f"staff:{current_user.id}"):
            # A moment in the cause: a tag that was taken off and set again has come anew.
            cause = f"staff:{current_user.id}:{localtime.now().isoformat()}"
            requests.pass_on_later(who.id, Occurrence(On.TAG, cause, tag=tag))
    if is_full:
        flash(gettext("タグは%(most)d個までです。", most=MOST_TAGS), "error")
    return _back(who, "tags")


def untag_customer(customer_id: int) -> Response:
    """Take a tag off."""
    who, tag = _found(customer_id), request.form.get("old_tag", "")
    with write_transaction():
        audit.note(tag=customer_tags.plain(tag))
        customer_tags.remove(who.id, tag)
    return _back(who, "tags")


def note_customer(customer_id: int) -> Response:
    """Store a note about the customer."""
    who = _found(customer_id)
    with write_transaction():
        written = customer_notes.add(who.id, current_user.id, request.form.get("note", ""))
    if not written:
        flash(gettext("メモを書いてください。"), "error")
    return _back(who, "notes")


def _found(customer_id: int) -> Customer:
    return Customer.get_or_none(Customer.id == customer_id) or abort(404)


def _back(who: Customer, anchor: str) -> Response:
    return redirect(url_for("console.customer", customer_id=who.id, _anchor=anchor), 303)

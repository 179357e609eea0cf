"""Switches flows on, pauses them and switches them off; takes customers in, many at once or one by hand."""

import time
import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import localtime
from bot.db.database import write_transaction
from console.desk import ticket_lists
from console.figures import flows
from console.journeys import flow_pages, flow_words, triggers_of_other_domains
from console.shell import audit
from console.shell.translation import gettext, ngettext
from customers.people import customer as customers
from customers.people import staff_lines
from customers.people.customer import Customer
from journeys.enrolments import entering, requests
from journeys.flows import stock
from journeys.flows.tables import ON, Flow
from journeys.taking_in import take_in
from support.tickets.tickets import Ticket

USUAL_DAYS = 30
MOST_DAYS = 3650
PATIENCE_SECONDS = 5.0
"""How long one request takes customers in; the rest is for the next press of the button."""
MOST_NAMED = 20


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/flows/<key>/on")(before_on)
    console.post("/flows/<key>/on")(switch_flow_on)
    console.post("/flows/<key>/<any(pause, off):switch>")(switch_flow)
    console.get("/flows/<key>/take-in")(before_take_in)
    console.post("/flows/<key>/take-in")(take_customers_in)
    console.post("/flow-entries")(enter_flow)
    console.post("/own-line")(choose_own_line)


def before_on(key: str) -> str:
    """What switching on will do, its faults, and how many of today's customers could be taken in."""
    return _on_page(flow_pages.found(key))


def switch_flow_on(key: str) -> Response | tuple[str, int]:
    """Switch the flow on from tomorrow's triggers; with a tick, take in those of the last days as well."""
    found, days = flow_pages.found(key), _days(request.form.get("days", ""))
    try:
        with write_transaction():
            flow = stock.switch_on(found, localtime.now(), staff_id=current_user.id)
    except stock.Refused:
        return _on_page(found), 422
    flash(gettext("「%(name)s」をはじめました。", name=flow.name))
    if request.form.get("take_in") == "1":
        return _take_in(flow, days, 0)
    return redirect(url_for("console.flow", key=key), 303)


def switch_flow(key: str, switch: str) -> Response:
    """Pause the flow, or switch it off."""
    found = flow_pages.found(key)
    with write_transaction():
        flow = {"pause": stock.pause, "off": stock.switch_off}[switch](found)
    state = flow_words.states()[flow.state]
    flash(gettext("「%(name)s」は、いま「%(state)s」です。", name=flow.name, state=state))
    return redirect(url_for("console.flow", key=key), 303)


def before_take_in(key: str) -> str:
    """How many of today's customers can be taken into a flow that is on."""
    found = flow_pages.found(key)
    days = _days(request.args.get("days", ""))
    return render_template(
        "console/flow_take_in.html",
        flow=found,
        is_on=found.state == ON,
        days=days,
        after=request.args.get("after", 0, type=int),
        **_counts(found, days),
    )


def take_customers_in(key: str) -> Response:
    """Ask for the entries of the customers of the last days, from that id on."""
    found = flow_pages.found(key)
    if found.state != ON:
        flash(gettext("配信中のシナリオだけに入れられます。"), "error")
        return redirect(url_for("console.flow", key=key), 303)
    return _take_in(found, _days(request.form.get("days", "")), request.form.get("after", 0, type=int))


def enter_flow() -> Response:
    """Ask for one customer's entry into a flow, by hand."""
    flow = stock.find(request.form.get("flow", ""))
    if flow is None or flow.id is None:
        abort(404)
    customer = _customer()
    if customer is not None and flow.state == ON:
        request_id = f"{request.form.get('request') or uuid.uuid4()}"[:36]
        with write_transaction():
            audit.note(customer_id=customer.id)
            requests.request_entry(customer.id, flow.id, f"staff:{current_user.id}:{request_id}")
        name = customer.display_name or f"#{customer.id}"
        flash(gettext("%(name)sさんを「%(flow)s」に入れます。", name=name, flow=flow.name))
        if entering.foreseen_side(customer.id, stock.definition_of(flow)).is_held_out:
            flash(gettext("%(name)sさんは、効果を比べるために送らない方です。何も届きません。", name=name))
    elif customer is not None:
        flash(gettext("配信中のシナリオだけに入れられます。"), "error")
    return redirect(_chat() or url_for("console.flow", key=flow.key), 303)


def choose_own_line() -> Response:
    """Store a customer as the LINE that this person's test sends go to."""
    key = request.form.get("flow", "")
    customer = _customer()
    if customer is not None:
        with write_transaction():
            audit.note(customer_id=customer.id)
            staff_lines.choose(current_user.id, customer)
        name = customer.display_name or f"#{customer.id}"
        flash(gettext("自分のLINEは%(name)sさんです。", name=name))
    campaign_id = request.form.get("campaign", type=int)
    if campaign_id is not None:
        page = url_for("console.campaign", campaign_id=campaign_id)
    else:
        page = url_for("console.flow", key=key) if stock.find(key) else url_for("console.flows")
    return redirect(_chat() or page, 303)


def _chat() -> str | None:
    """The chat that the form was in, if it was in one."""
    ticket_id = request.form.get("ticket_id", type=int)
    found = Ticket.get_or_none(Ticket.id == ticket_id) if ticket_id else None
    return ticket_lists.address(found) if found is not None else None


def _on_page(found: Flow) -> str:
    days = _days(request.values.get("days", ""))
    return render_template(
        "console/flow_on.html",
        flow=found,
        definition=flow_pages.edited(found),
        faults=flow_pages.faults(found),
        most_faults=flow_pages.MOST_FAULTS,
        days=days,
        **_counts(found, days),
        ticked=request.form.get("take_in") == "1",
        words=flow_words,
    )


def _counts(found: Flow, days: int) -> dict[str, Any]:
    """How many could be taken in, and how many of them would be held out; `is_possible` is False when the trigger
    cannot be found out afterwards."""
    definition = flow_pages.edited(found)
    query = triggers_of_other_domains.triggered(definition, days)
    if query is None:
        return {"is_possible": False, "able": None}

    def count() -> dict[str, int]:
        able_ids = take_in.ids(query, found)
        held_out = entering.foreseen_sides(able_ids, definition).values()
        return {"people": len(able_ids), "held_out": sum(each.is_held_out for each in held_out)}

    return {"is_possible": True, "able": flows.able(definition, days, count)}


def _take_in(flow: Flow, days: int, after: int) -> Response:
    query = triggers_of_other_domains.triggered(stock.definition_of(flow), days)
    found = take_in.candidates(query, flow, after) if query is not None else []
    total, done, until = 0, 0, time.monotonic() + PATIENCE_SECONDS
    while done < len(found) and (not done or time.monotonic() < until):
        with write_transaction():
            audit.note(name=flow.name)
            total += take_in.request_entries(flow, found[done : done + take_in.CHUNK])
        done += take_in.CHUNK
    is_all = done >= len(found) < take_in.MOST_AT_ONCE
    flash(ngettext("%(num)d人を入れます。", "%(num)d人を入れます。", total))
    if is_all:
        return redirect(url_for("console.flow", key=flow.key), 303)
    flash(gettext("まだ続きがあります。もう一度「入れる」を押してください。"), "error")
    return redirect(
        url_for("console.before_take_in", key=flow.key, days=days, after=found[:done][-1].id), 303
    )


def _days(typed: str) -> int:
    return (
        min(int(typed), MOST_DAYS) if typed.isdecimal() and 0 < len(typed) < 6 and int(typed) else USUAL_DAYS
    )


def _customer() -> Customer | None:
    """The customer whose number or whole name was typed; says what is wrong when there is not exactly one."""
    typed = request.form.get("customer", "").strip().removeprefix("#")
    if typed.isascii() and typed.isdecimal() and len(typed) <= 18:
        found = list(Customer.select().where(Customer.id == int(typed)))
    else:
        found = (
            list(Customer.select().where(Customer.display_name == typed).limit(MOST_NAMED)) if typed else []
        )
    able = [each for each in found if customers.is_reachable(each)]
    if len(able) == 1:
        return able[0]
    if able:
        numbers = "、".join(f"#{each.id}" for each in able)
        flash(
            gettext("同じお名前の方が何人かいます。番号で選んでください：%(numbers)s", numbers=numbers),
            "error",
        )
    else:
        flash(gettext("LINEで送れるお客様が見つかりませんでした。番号かお名前を確かめてください。"), "error")
    return None

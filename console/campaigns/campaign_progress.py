"""A campaign that is scheduled, on its way or over: how far it is, its switches, the question when it is late, and what
came of it."""

from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot import localtime
from bot.db.database import write_transaction
from console.campaigns import campaign_checks, campaign_figures, campaign_form, campaign_pages, campaign_words
from console.journeys import flow_pages
from console.journeys.flow_preview import ShownStep
from console.shell import audit
from console.shell.translation import gettext
from journeys.campaigns import campaigns as engine
from journeys.campaigns import recipient_lists
from journeys.campaigns.tables import LATE, SCHEDULED, SENDING, STOPPED, Campaign
from journeys.sending.settings import push_cost_yen

SWITCHES = {
    "stop": (engine.stop, (SENDING,)),
    "go-on": (engine.go_on, (STOPPED,)),
    "edit": (engine.unschedule, (SCHEDULED,)),
    "cancel": (engine.cancel, (SCHEDULED, SENDING, STOPPED, LATE)),
}
"""What each switch does, and the states in which the page offers it."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/campaigns/<int:campaign_id>/progress")(campaign_progress)
    console.post("/campaigns/<int:campaign_id>/<any(stop, 'go-on', edit, cancel):switch>")(switch_campaign)
    console.post("/campaigns/<int:campaign_id>/late")(answer_late)


def page(found: Campaign, wrong: str = "") -> AnyResponse:
    """The page of a campaign that is no draft any more."""
    definition = engine.definition_of(found)
    messages = campaign_pages.messages(definition.message, definition.class_, definition.points)
    shown = render_template(
        "console/campaign_progress.html",
        campaign=found,
        definition=definition,
        progress=engine.progress(found),
        groups=recipient_lists.groups(found.id),
        brought=campaign_figures.brought(found),
        phone=[ShownStep(definition.name, messages)],
        phone_faults=[],
        audience=campaign_words.audience(definition.audience),
        late_for=localtime.now() - found.scheduled_at if found.scheduled_at else None,
        typed_at=request.form.get("at", ""),
        now=campaign_form.typed_time(localtime.now()),
        wrong=wrong,
        push_yen=push_cost_yen(),
        may=[switch for switch, (_, states) in SWITCHES.items() if found.state in states],
        words=campaign_words,
    )
    return flow_pages.with_pictures(shown, 422 if wrong else 200)


def campaign_progress(campaign_id: int) -> Response:
    """How far it is, as a part of its page; the page loads itself again when the state has changed."""
    found = campaign_pages.found(campaign_id)
    part = render_template(
        "console/_campaign_progress.html",
        campaign=found,
        progress=engine.progress(found),
        words=campaign_words,
    )
    answer = Response(part)
    if request.args.get("seen") != found.state:
        answer.headers["HX-Refresh"] = "true"
    return answer


def switch_campaign(campaign_id: int, switch: str) -> AnyResponse:
    """Stop it, let it go on, make a draft of it again, or cancel it for good."""
    found, (change, _states) = campaign_pages.found(campaign_id), SWITCHES[switch]
    with write_transaction():
        changed = change(found)
        if changed:
            audit.note(name=found.name)
    state = campaign_words.state(campaign_pages.found(campaign_id))
    if changed:
        flash(gettext("「%(name)s」は、いま「%(state)s」です。", name=found.name, state=state))
    else:
        flash(gettext("このキャンペーンは、もう「%(state)s」です。", state=state), "error")
    return _back(campaign_id)


def answer_late(campaign_id: int) -> AnyResponse:
    """Send a late campaign now, or, where it has not begun, at a new time."""
    found = campaign_pages.found(campaign_id)
    if found.state != LATE:
        return _back(campaign_id)
    at: datetime | None = None
    if request.form.get("do") == "at":
        typed = request.form.get("at", "")
        if wrong := campaign_form.fault_of_time(typed):
            return page(found, wrong)
        at = campaign_form.read_time(typed)
    try:
        with write_transaction():
            audit.note(name=found.name, when=campaign_words.when(at))
            done = engine.confirm_late(found) if at is None else _at_a_new_time(found, at)
    except engine.CannotBeSent as refused:
        return page(found, campaign_checks.sentences(refused.faults))
    if done and at:
        flash(gettext("%(when)sに送ります。", when=campaign_words.when(at)))
    elif done:
        flash(gettext("送りはじめます。"))
    return _back(campaign_id)


def _at_a_new_time(found: Campaign, at: datetime) -> bool:
    return engine.unschedule(found) and engine.schedule(found, at)


def _back(campaign_id: int) -> AnyResponse:
    return redirect(url_for("console.campaign", campaign_id=campaign_id), 303)

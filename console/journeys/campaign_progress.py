"""A campaign that is scheduled, on its way or over: how far it is, its switches, the question when it is late, and what
came of it."""

from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot import localtime
from bot.db.database import write_transaction
from console.journeys import (
    campaign_figures,
    campaign_form,
    campaign_pages,
    campaign_words,
    flow_preview,
)
from console.journeys.flow_preview import ShownStep
from console.shell import audit
from console.shell.translation import gettext
from journeys.campaigns import campaigns as engine
from journeys.campaigns import recipient_lists
from journeys.campaigns.tables import LATE, SCHEDULED, SENDING, STOPPED, Campaign
from journeys.sending.settings import push_cost_yen

STOP, GO_ON, CANCEL = "stop", "go-on", "cancel"
_MAY = {
    STOP: (SCHEDULED, SENDING),
    GO_ON: (STOPPED,),
    CANCEL: (SCHEDULED, SENDING, STOPPED, LATE),
}
"""In which states each switch means something."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/campaigns/<int:campaign_id>/progress")(campaign_progress)
    console.post("/campaigns/<int:campaign_id>/<any(stop, 'go-on', cancel):switch>")(switch_campaign)
    console.post("/campaigns/<int:campaign_id>/late")(answer_late)


def page(found: Campaign, wrong: str = "") -> str:
    """The page of a campaign that is no draft any more."""
    definition = campaign_pages.definition_of(found)
    is_selling = definition.class_ == "selling"
    messages = flow_preview.of_content(definition.message, is_selling=is_selling)
    return render_template(
        "console/campaign_progress.html",
        campaign=found,
        definition=definition,
        progress=engine.progress(found),
        groups=recipient_lists.groups(found.id),
        result=campaign_figures.result(found) if found.started_at else None,
        phone=[ShownStep(definition.name, messages)],
        phone_faults=[],
        audience=campaign_words.audience(definition.audience),
        late_for=localtime.now() - found.scheduled_at if found.scheduled_at else None,
        typed_at=request.form.get("at", ""),
        now=campaign_form.typed_time(localtime.now()),
        wrong=wrong,
        push_yen=push_cost_yen(),
        may={switch: found.state in states for switch, states in _MAY.items()},
        words=campaign_words,
    )


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
    """Stop it, let it go on, or cancel it for good."""
    found = campaign_pages.found(campaign_id)
    if found.state not in _MAY[switch]:
        flash(
            gettext("このキャンペーンは、もう「%(state)s」です。", state=campaign_words.state(found)), "error"
        )
        return _back(campaign_id)
    with write_transaction():
        audit.note(name=found.name)
        {STOP: engine.stop, GO_ON: engine.go_on, CANCEL: engine.cancel}[switch](found)
    now = campaign_words.state(campaign_pages.found(campaign_id))
    flash(gettext("「%(name)s」は、いま「%(state)s」です。", name=found.name, state=now))
    return _back(campaign_id)


def answer_late(campaign_id: int) -> AnyResponse | tuple[str, int]:
    """Send a late campaign now, or at a new time."""
    found = campaign_pages.found(campaign_id)
    if found.state != LATE:
        return _back(campaign_id)
    at: datetime | None = None
    if request.form.get("do") == "at":
        typed = request.form.get("at", "")
        if wrong := campaign_form.fault_of_time(typed):
            return page(found, wrong), 422
        at = campaign_form.read_time(typed)
    with write_transaction():
        audit.note(name=found.name, when=campaign_words.when(at))
        engine.confirm_late(found, at)
    flash(
        gettext("%(when)sに送ります。", when=campaign_words.when(at)) if at else gettext("送りはじめます。")
    )
    return _back(campaign_id)


def _back(campaign_id: int) -> AnyResponse:
    return redirect(url_for("console.campaign", campaign_id=campaign_id), 303)

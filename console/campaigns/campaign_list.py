"""The list of campaigns with their figures; new ones, and copies of earlier ones."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.campaigns import campaign_fields, campaign_figures, campaign_form, campaign_pages, campaign_words
from console.campaigns.campaign_pages import PAGE
from console.journeys.flow_fields import Kind
from console.shell import audit
from console.shell.translation import gettext
from journeys.audience import saved_audiences
from journeys.campaigns import campaigns as engine


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/campaigns")(campaigns)
    console.get("/campaigns/new")(new_campaign)
    console.post("/campaigns/new")(make_campaign)
    console.post("/campaigns/<int:campaign_id>/copy")(copy_campaign)


def campaigns() -> str:
    """Campaigns, the newest first: state, time, audience, and what came of them."""
    found = engine.newest(PAGE + 1, request.args.get("before", type=int))
    shown = found[:PAGE]
    return render_template(
        "console/campaigns.html",
        rows=campaign_figures.rows(shown),
        older=shown[-1].id if len(found) > PAGE else None,
        words=campaign_words,
    )


def new_campaign() -> str:
    """The form of a new campaign: its name and class. The address may give an audience, by the fields of the campaign's
    form (`?audience.stages=fan`) or as a saved one (`?saved=3`)."""
    given = campaign_form.typed_audience(request.args)
    saved_id = request.args.get("saved", 0, type=int)
    if saved := saved_audiences.find(saved_id) if 0 < saved_id < 2**31 else None:
        given = campaign_form.shown_audience(saved_audiences.audience_of(saved))
    return _new_page({"name": "", "class": "selling", **given}, campaign_form.read_audience(given)[1])


def make_campaign() -> Response | tuple[str, int]:
    """Store a new campaign as a draft, and open it."""
    given = campaign_form.typed_audience(request.form)
    typed = campaign_form.typed(MultiDict({key: request.form.get(key, "") for key in ("name", "class")}))
    typed |= given
    read = campaign_form.read(typed)
    if read.definition is None:
        shown = {"name": typed["name"], "class": typed["class"]} | given
        return _new_page(shown, read.faults), 422
    with write_transaction():
        audit.note(name=read.definition.name)
        made = engine.create(read.definition, current_user.id)
    return redirect(url_for("console.campaign", campaign_id=made.id), 303)


def copy_campaign(campaign_id: int) -> Response:
    """Store a copy as a new draft, without a time."""
    definition = engine.definition_of(campaign_pages.found(campaign_id))
    name = gettext("%(name)s（写し）", name=definition.name)[:120]
    with write_transaction():
        audit.note(name=name)
        made = engine.create(definition.model_copy(update={"name": name}), current_user.id)
    flash(gettext("「%(name)s」を作りました。", name=name))
    return redirect(url_for("console.campaign", campaign_id=made.id), 303)


def _new_page(form: dict[str, str], wrong: Mapping[str, str]) -> str:
    audience, _ = campaign_form.read_audience(form)
    given = {path: value for path, value in form.items() if path.startswith("audience.")}
    return render_template(
        "console/campaign_new.html",
        form=form,
        wrong=wrong,
        fields=campaign_fields.BY_PATH,
        words=campaign_words,
        given=[
            (path, each)
            for path, value in given.items()
            for each in (value.split("\n") if campaign_fields.BY_PATH[path].kind is Kind.TICKS else [value])
        ],
        audience=campaign_words.audience(audience) if given and audience is not None else "",
    )

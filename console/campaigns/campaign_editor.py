"""The editor of a draft: its message with the phone beside it, its audience with a live count, when it is sent; and the
page that says all of it once more before it is scheduled.

What a scheduled or sent campaign shows is `campaign_progress.py`'s.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import localtime
from bot.db.database import write_transaction
from console.campaigns import (
    campaign_checks,
    campaign_fields,
    campaign_form,
    campaign_pages,
    campaign_progress,
    campaign_words,
)
from console.journeys import flow_fields, flow_pages, own_line
from console.journeys.flow_preview import ShownStep
from console.shell import audit
from console.shell.translation import gettext
from customers.people import staff_lines
from journeys.audience import saved_audiences
from journeys.campaigns import campaigns as engine
from journeys.campaigns import forecast
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import DRAFT, Campaign

LONGEST_POINTS = 6
"""Digits of the points as typed."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/campaigns/<int:campaign_id>")(campaign)
    console.post("/campaigns/<int:campaign_id>")(change_campaign)
    console.post("/campaigns/<int:campaign_id>/preview")(preview_campaign)
    console.post("/campaigns/<int:campaign_id>/reach")(count_campaign)
    console.get("/campaigns/<int:campaign_id>/confirm")(before_schedule)
    console.post("/campaigns/<int:campaign_id>/schedule")(schedule_campaign)
    console.post("/campaigns/<int:campaign_id>/drop")(drop_campaign)


@dataclass(slots=True)
class _Shown:
    """What the editor shows beside the stored draft: what is typed, errors by field."""

    form: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


def campaign(campaign_id: int) -> Response:
    """A draft's editor; of any other campaign, how far it is and what came of it."""
    found = campaign_pages.found(campaign_id)
    return _page(found, _Shown()) if found.state == DRAFT else campaign_progress.page(found)


def change_campaign(campaign_id: int) -> Response:
    """Store the draft, and then do what the button says: confirm, send it to one's own LINE, use or store an
    audience."""
    found = campaign_pages.found(campaign_id)
    if found.state != DRAFT:
        flash(gettext("下書きではないので、変えられません。写しを作ってください。"), "error")
        return _back(campaign_id)
    typed, do = campaign_form.typed(request.form), request.form.get("do", "")
    read = campaign_form.read(typed)
    shown = _Shown(typed, read.faults)
    if request.form.get("seen") != stamp(found):
        shown.error = gettext(
            "ほかの人が先に変更しました。ここに書いた内容は残っています。"
            "もう一度保存すると、ここに書いた内容になります。"
        )
        return _page(found, shown, 422)
    if read.definition is None:
        return _page(found, shown, 422)
    definition = _with_saved_audience(read.definition) if do == "use-audience" else read.definition
    _save(found, definition, read.at)
    return _and_then(found, definition, read.at, do)


def preview_campaign(campaign_id: int) -> Response:
    """The message as it is typed, on the phone; nothing is stored."""
    found = campaign_pages.found(campaign_id)
    typed = campaign_form.typed(request.form)
    wrong = campaign_form.read_message(typed)[1]
    if not request.headers.get("HX-Request"):
        return _page(found, _Shown(typed, campaign_form.read(typed).faults))
    faults = [f"{_label(path)}: {words}" for path, words in wrong.items()]
    phone = _phone_as_typed(typed, found.name)
    part = render_template(
        "console/_flow_phone.html", phone=phone, phone_faults=faults, nothing_said=_nothing_said()
    )
    return flow_pages.with_pictures(part)


def count_campaign(campaign_id: int) -> str:
    """How many the audience has as it is typed, and what that costs; nothing is stored."""
    found = campaign_pages.found(campaign_id)
    read = campaign_form.read(campaign_form.typed(request.form))
    reach = forecast.of(read.definition) if read.definition else None
    return render_template("console/_campaign_reach.html", campaign=found, reach=reach, words=campaign_words)


def before_schedule(campaign_id: int) -> Response:
    """In one sentence who gets what when and what it costs; what happens to those who cannot get it at once."""
    found = campaign_pages.found(campaign_id)
    if found.state != DRAFT:
        return _back(campaign_id)
    return _confirm_page(found)


def schedule_campaign(campaign_id: int) -> Response:
    """Schedule the draft, or refuse it with what is wrong, each at its field."""
    found = campaign_pages.found(campaign_id)
    if found.state != DRAFT:
        return _back(campaign_id)
    if request.form.get("seen") != stamp(found):
        flash(gettext("内容が変わりました。もう一度確かめてください。"), "error")
        return redirect(url_for("console.before_schedule", campaign_id=campaign_id), 303)
    definition, at = engine.definition_of(found), found.scheduled_at
    if wrong := campaign_checks.errors(definition, at):
        return _page(found, _Shown(wrong=wrong), 422)
    with write_transaction():
        audit.note(name=found.name, when=campaign_words.when(at))
        scheduled = engine.schedule(found, at)
    if not scheduled:
        return _back(campaign_id)
    flash(gettext("「%(name)s」を予約しました。", name=found.name) if at else gettext("送りはじめます。"))
    return _back(campaign_id)


def drop_campaign(campaign_id: int) -> Response:
    """Delete a draft."""
    found = campaign_pages.found(campaign_id)
    with write_transaction():
        audit.note(name=found.name)
        dropped = engine.discard(found)
    if not dropped:
        flash(gettext("下書きではないので、消せません。"), "error")
        return _back(campaign_id)
    flash(gettext("下書き「%(name)s」を消しました。", name=found.name))
    return redirect(url_for("console.campaigns"), 303)


def stamp(found: Campaign) -> str:
    """A mark of the draft as it is stored, to notice when somebody else changed it meanwhile."""
    values = f"{found.definition}|{found.scheduled_at}"
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def _and_then(found: Campaign, definition: CampaignDefinition, at: datetime | None, do: str) -> Response:
    if do == "confirm":
        if wrong := campaign_checks.errors(definition, at):
            return _page(campaign_pages.found(found.id), _Shown(wrong=wrong), 422)
        return redirect(url_for("console.before_schedule", campaign_id=found.id), 303)
    if do == "send":
        _send(found, definition)
    if do == "keep-audience":
        _keep_audience(definition)
    if do in ("use-audience", "keep-audience"):
        return _back(found.id, "audience")
    if do == "people":
        return redirect(url_for("console.campaign_people", campaign_id=found.id), 303)
    return _back(found.id)


def _save(found: Campaign, definition: CampaignDefinition, at: datetime | None) -> None:
    if definition == engine.definition_of(found) and at == found.scheduled_at:
        return
    with write_transaction():
        audit.note(name=definition.name)
        engine.change(found, definition, at)
    flash(gettext("下書きに保存しました。"))


def _send(found: Campaign, definition: CampaignDefinition) -> None:
    with write_transaction():
        sent = own_line.send(
            current_user.id,
            found.name,
            lambda name: campaign_pages.messages(
                definition.message, definition.class_, definition.points, name
            ),
        )
    if sent is own_line.Sent.NOBODY:
        flash(gettext("先に、このページの下で「自分のLINE」を選んでください。"), "error")
    elif sent is own_line.Sent.EMPTY:
        flash(gettext("まだ何も書かれていません。"), "error")
    else:
        flash(gettext("自分のLINEに、テストとして送りました。"))


def _with_saved_audience(definition: CampaignDefinition) -> CampaignDefinition:
    saved_id = request.form.get("saved", 0, type=int)
    saved = saved_audiences.find(saved_id) if 0 < saved_id < 2**31 else None
    if saved is None:
        flash(gettext("保存した宛先を選んでください。"), "error")
        return definition
    return definition.model_copy(update={"audience": saved_audiences.audience_of(saved)})


def _keep_audience(definition: CampaignDefinition) -> None:
    name = request.form.get("audience_name", "")
    try:
        with write_transaction():
            audit.note(name=name)
            saved_audiences.save(name, definition.audience, current_user.id)
    except ValueError:
        longest = saved_audiences.LONGEST_NAME
        flash(gettext("宛先の名前を、%(most)s文字までで入れてください。", most=longest), "error")
        return
    flash(gettext("宛先「%(name)s」を保存しました。", name=name))


def _phone(definition: CampaignDefinition) -> list[ShownStep]:
    messages = campaign_pages.messages(definition.message, definition.class_, definition.points)
    return [ShownStep(definition.name, messages)]


def _phone_as_typed(form: Mapping[str, str], title: str) -> list[ShownStep]:
    message, points = campaign_form.read_message(form)[0], form.get("points", "").strip()
    if message is None:
        return []
    count = int(points) if points.isdecimal() and len(points) <= LONGEST_POINTS else 0
    return [ShownStep(title, campaign_pages.messages(message, form["class"], count))]


def _nothing_said() -> str:
    return gettext("まだ何も書かれていません。")


def _label(path: str) -> str:
    known = campaign_fields.BY_PATH.get(path)
    return gettext(known.label) if known else gettext("ボタン")


def _back(campaign_id: int, anchor: str | None = None) -> Response:
    return redirect(url_for("console.campaign", campaign_id=campaign_id, _anchor=anchor), 303)


def _confirm_page(found: Campaign) -> Response:
    definition, at = engine.definition_of(found), found.scheduled_at
    reach = forecast.of(definition)
    page = render_template(
        "console/campaign_confirm.html",
        campaign=found,
        definition=definition,
        at=at,
        seen=stamp(found),
        wrong=campaign_checks.errors(definition, at),
        warnings=campaign_checks.warnings(definition, at, reach),
        reach=reach,
        phone=_phone(definition),
        phone_faults=[],
        nothing_said=_nothing_said(),
        audience=campaign_words.audience(definition.audience),
        coupon=flow_pages.coupons().get(str(definition.message.coupon or ""), ""),
        words=campaign_words,
        fields=campaign_fields.BY_PATH,
    )
    return flow_pages.with_pictures(page)


def _page(found: Campaign, shown: _Shown, status: int = 200) -> Response:
    stored = engine.definition_of(found)
    form = shown.form or campaign_form.of_campaign(stored, found.scheduled_at)
    definition = campaign_form.read(form).definition if shown.form else stored
    page = render_template(
        "console/campaign.html",
        campaign=found,
        shown=shown,
        form=form,
        opened=campaign_fields.open_groups(form, shown.wrong),
        seen=stamp(found),
        phone=_phone_as_typed(form, found.name),
        phone_faults=[],
        nothing_said=_nothing_said(),
        reach=forecast.of(definition) if definition else None,
        saved=saved_audiences.saved(),
        longest_name=saved_audiences.LONGEST_NAME,
        coupons=flow_pages.coupons(),
        own=staff_lines.of_staff(current_user.id),
        now=campaign_form.typed_time(localtime.now()),
        zone=localtime.zone(),
        fields=campaign_fields.BY_PATH,
        campaign_fields=campaign_fields,
        flow_fields=flow_fields,
        words=campaign_words,
    )
    return flow_pages.with_pictures(page, status)

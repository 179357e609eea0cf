"""The editor of a flow: its own settings, its steps one at a time, the phone beside them, publishing.

Each form is stored as the flow's draft; customers get it when it is published. Switching on is `flow_switches.py`'s.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.figures import flows as figures
from console.journeys import (
    flow_faults,
    flow_fields,
    flow_form,
    flow_pages,
    flow_preview,
    flow_words,
    own_line,
    publish,
    step_list,
)
from console.journeys.flow_preview import ShownStep
from console.shell import audit
from console.shell.translation import gettext
from customers.people import staff_lines
from journeys.figures import flow_figures
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition, Step
from journeys.flows.tables import Flow
from journeys.links import clicks, insight
from journeys.moves import moving
from journeys.sending.settings import push_cost_yen


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/flows/<key>")(flow)
    console.post("/flows/<key>")(change_flow)
    console.post("/flows/<key>/steps")(add_step)
    console.post("/flows/<key>/steps/<step_key>")(change_step)
    console.post("/flows/<key>/steps/<step_key>/preview")(preview_step)
    console.post("/flows/<key>/publish")(publish_flow)
    console.post("/flows/<key>/drop-draft")(drop_draft)


@dataclass(slots=True)
class _Shown:
    """What the editor's page shows beside the stored flow: the open step, what is typed, errors by field."""

    step: Step | None = None
    step_form: Mapping[str, str] = field(default_factory=dict)
    flow_form: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    phone: list[ShownStep] | None = None


def flow(key: str) -> Response:
    """The flow with its steps; `step` is the one that is open."""
    found = flow_pages.found(key)
    step = flow_pages.edited(found).find(request.args.get("step", ""))
    return _page(found, _Shown(step))


def change_flow(key: str) -> Response:
    """Store the flow's own settings in its draft."""
    found = flow_pages.found(key)
    definition = flow_pages.edited(found)
    read = flow_form.read_flow(request.form, definition)
    if read.definition is None:
        return _page(found, _Shown(flow_form=flow_form.typed_flow(request.form), wrong=read.faults), 422)
    _save(found, definition, read.definition)
    return redirect(url_for("console.flow", key=key), 303)


def add_step(key: str) -> Response:
    """Add an empty step at the end, and open it."""
    found = flow_pages.found(key)
    definition, step_key = step_list.added(flow_pages.edited(found), None)
    with write_transaction():
        stock.save_draft(found, definition)
    return _to_step(key, step_key)


def change_step(key: str, step_key: str) -> Response:
    """Store the step in the flow's draft, and then do what the button says: move, copy, add one below, send it to
    one's own LINE; or take the step out."""
    found = flow_pages.found(key)
    definition = flow_pages.edited(found)
    step = definition.find(step_key)
    if step is None:
        flash(gettext("そのステップは、もうありません。"), "error")
        return redirect(url_for("console.flow", key=key), 303)
    if request.form.get("do") == "remove":
        return _remove(found, definition, step_key)
    shown = _Shown(step, step_form=flow_form.typed_step(request.form))
    if request.form.get("seen") != stamp(step):
        shown.error = gettext(
            "ほかの人が先に変更しました。ここに書いた内容は残っています。"
            "もう一度保存すると、ここに書いた内容になります。"
        )
        return _page(found, shown, 422)
    read = flow_form.read_step(request.form, step)
    shown.wrong = dict(read.faults)
    if read.step is not None and read.step.key != step_key and definition.find(read.step.key):
        shown.wrong["key"] = gettext("同じキーのステップが、もうあります。")
    if read.step is None or shown.wrong:
        return _page(found, shown, 422)
    changed = step_list.replaced(definition, step_key, read.step)
    return _and_then(found, definition, changed, read.step)


def preview_step(key: str, step_key: str) -> Response:
    """The step as it is typed, on the phone; nothing is stored."""
    found = flow_pages.found(key)
    definition = flow_pages.edited(found)
    step = definition.find(step_key) or step_list.empty(step_key if _is_key(step_key) else "step")
    read = flow_form.read_step(request.form, step)
    typed = read.step
    phone = flow_preview.of_step(definition, typed) if typed else []
    if request.headers.get("HX-Request"):
        faults = [f"{_label(path)}: {words}" for path, words in read.faults.items()]
        part = render_template("console/_flow_phone.html", phone=phone, phone_faults=faults)
        return flow_pages.with_pictures(part)
    shown = _Shown(step, step_form=flow_form.typed_step(request.form), wrong=read.faults, phone=phone)
    return _page(found, shown)


def publish_flow(key: str) -> Response:
    """Publish the draft: changed words are live at once. Of a changed structure, the owner first chooses what it means
    for those inside."""
    found = flow_pages.found(key)
    draft = stock.draft_of(found)
    if draft is None:
        flash(gettext("公開していない変更はありません。"))
        return redirect(url_for("console.flow", key=key), 303)
    if publish.asks_first(found, draft):
        return redirect(url_for("console.before_publish", key=key), 303)
    try:
        with write_transaction():
            stock.import_flow(draft, current_user.id)
    except stock.Refused:
        return _page(found, _Shown(error=gettext("公開できませんでした。下の点を直してください。")), 422)
    flash(gettext("公開しました。"))
    return redirect(url_for("console.flow", key=key), 303)


def drop_draft(key: str) -> Response:
    """Forget what was changed and not published."""
    found = flow_pages.found(key)
    with write_transaction():
        if found.id is not None:
            stock.drop_draft(found)
    flash(gettext("公開していない変更を捨てました。"))
    return redirect(url_for("console.flow", key=key), 303)


def stamp(step: Step) -> str:
    """A mark of the step as it is stored, to notice when somebody else changed it meanwhile."""
    values = json.dumps(flow_form.stored(step), sort_keys=True)
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def _and_then(found: Flow, before: FlowDefinition, changed: FlowDefinition, step: Step) -> Response:
    """Store the draft with what the button asks for beside saving, and open the step concerned."""
    opened, do = step.key, request.form.get("do", "")
    match do:
        case "up" | "down":
            changed = step_list.moved(changed, step.key, -1 if do == "up" else 1)
        case "copy":
            changed, opened = step_list.copied(changed, step.key)
        case "add":
            changed, opened = step_list.added(changed, step.key)
    _save(found, before, changed)
    if do == "send":
        _send(changed, step)
    return _to_step(found.key, opened)


def _send(definition: FlowDefinition, step: Step) -> None:
    with write_transaction():
        sent = own_line.send_test(current_user.id, definition, step)
    if sent is own_line.Sent.NOBODY:
        flash(gettext("先に、このページの下で「自分のLINE」を選んでください。"), "error")
    elif sent is own_line.Sent.EMPTY:
        flash(gettext("このステップは、何も送りません。"), "error")
    else:
        flash(gettext("自分のLINEに、テストとして送りました。"))


def _save(found: Flow, before: FlowDefinition, changed: FlowDefinition) -> None:
    if changed == before:
        return
    with write_transaction():
        audit.note(name=changed.name)
        stock.save_draft(found, changed)
    flash(gettext("下書きに保存しました。"))


def _remove(found: Flow, definition: FlowDefinition, step_key: str) -> Response:
    try:
        changed = step_list.removed(definition, step_key)
    except step_list.LastStep:
        flash(gettext("ステップは1つ以上必要です。"), "error")
        return _to_step(found.key, step_key)
    with write_transaction():
        stock.save_draft(found, changed)
    flash(gettext("ステップ「%(key)s」を消しました。", key=step_key))
    return redirect(url_for("console.flow", key=found.key), 303)


def _to_step(key: str, step_key: str) -> Response:
    return redirect(url_for("console.flow", key=key, step=step_key, _anchor=f"step-{step_key}"), 303)


def _is_key(text: str) -> bool:
    return not flow_faults.fault_of_key(text)


def _label(path: str) -> str:
    known = flow_fields.BY_PATH.get(path)
    if known is None:
        return gettext("別の文面") if path.startswith("variant") else gettext("ボタン")
    return gettext(known.label)


def _page(found: Flow, shown: _Shown, status: int = 200) -> Response:
    definition = flow_pages.edited(found)
    step = shown.step
    phone = shown.phone
    if phone is None and step is not None:
        typed = flow_form.read_step(shown.step_form, step).step if shown.step_form else step
        phone = flow_preview.of_step(definition, typed) if typed else []
    step_form = shown.step_form or (flow_form.of_step(step) if step else {})
    page = render_template(
        "console/flow.html",
        flow=found,
        definition=definition,
        has_draft=found.version_id is not None and found.draft is not None,
        shown=shown,
        step=step,
        step_form=step_form,
        opened=flow_fields.open_groups(step_form, shown.wrong),
        request_id=str(uuid.uuid4()),
        flow_form=shown.flow_form or flow_form.of_flow(definition),
        seen=stamp(step) if step else "",
        phone=flow_preview.of_flow(definition) if phone is None else phone,
        phone_faults=[],
        left_out=max(0, len(definition.step) - flow_preview.MOST_STEPS) if step is None else 0,
        faults=flow_pages.faults(found),
        most_faults=flow_pages.MOST_FAULTS,
        figures=figures.of_flow(figures.shown(), found),
        yen_each=push_cost_yen(),
        inside=flow_figures.inside_by_step(found.id) if found.id else {},
        clicked=clicks.counts_by_step(found.key) if found.id else {},
        opened_on_line=insight.sums_of(found.key) if found.id else {},
        coupons=flow_pages.coupons() if step else {},
        next_steps=flow_words.next_steps(definition) if step else {},
        own=staff_lines.of_staff(current_user.id),
        has_older=moving.has_people_in_older_versions(found) if found.id else False,
        fields=flow_fields.BY_PATH,
        flow_fields=flow_fields,
        words=flow_words,
    )
    return flow_pages.with_pictures(page, status)

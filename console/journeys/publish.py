"""The page on which the owner publishes a change of a flow that people are inside of: what changes, how many stand
where, and what is to become of each group.

What becomes of one enrolment is in `journeys/moves/destinations.py`; what is too much for one request goes on by
the clock (`handlers/flow_move_jobs.py`).
"""

import hashlib
from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.journeys import flow_fields, flow_pages
from console.shell import audit
from console.shell.translation import gettext
from journeys.enrolments.tables import HELD, SENDING
from journeys.flows import changes, stock
from journeys.flows.changes import Edit, StepChange
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow
from journeys.moves import move_choices, moving
from journeys.moves.move_choices import END, KEEP, MOVE, Choice
from journeys.moves.moving import Group

SHOWN_TEXT = 40
AT_ONCE = 1_000
"""People moved before the page answers; the clock moves the others."""


@dataclass(frozen=True, slots=True)
class People:
    """Those at one step of one version, with what is said about them."""

    version: int
    version_id: int
    step_key: str
    step_text: str
    """The beginning of the step's text, by which the owner knows it."""
    in_new: bool
    count: int
    sending_count: int
    """Of them, those whose message is planned and waits for its moment."""
    held_count: int

    @property
    def field(self) -> str:
        """The name of their field in the form."""
        return f"choice.{self.version_id}.{self.step_key}"


def register(console: Blueprint) -> None:
    """Add the URLs of this page to the console's blueprint."""
    console.get("/flows/<key>/publish")(before_publish)
    console.post("/flows/<key>/publish-and-move")(publish_and_move)


def asks_first(flow: Flow, draft: FlowDefinition) -> bool:
    """Whether publishing the draft changes the way of people who are, or were, in the flow."""
    published = _published(flow)
    is_structural = published is not None and not changes.is_wording_only(published, draft)
    return is_structural and (moving.has_people(flow) or moving.finished_count(flow) > 0)


def before_publish(key: str) -> str:
    """What would change, who is where, and a choice for each group."""
    flow = flow_pages.found(key)
    draft, published = stock.draft_of(flow), _published(flow)
    new = draft or published
    if new is None:
        abort(404)
    people = _people(flow, new, published_id=None if draft else flow.version_id)
    changed = changes.step_changes(published, new) if published and draft else ()
    finished = moving.finished_count(flow) if flow.id else 0
    added = [each.key for each in changed if each.edit is Edit.ADDED]
    return render_template(
        "console/flow_publish.html",
        flow=flow,
        new=new,
        draft=draft,
        mark=_mark(flow),
        changed=changed,
        around=[_field_in_words(each) for each in changes.flow_changes(published, new)]
        if published and draft
        else [],
        in_words=_change_in_words,
        people=people,
        inside_count=sum(each.count for each in people),
        finished_count=finished if added else 0,
        added=added,
        moving_count=move_choices.waiting_count(flow) if flow.id else 0,
    )


def publish_and_move(key: str) -> Response:
    """Publish the draft, store the choices, and move the first people; the clock moves the rest."""
    flow = flow_pages.found(key)
    here = redirect(url_for("console.before_publish", key=key), 303)
    if request.form.get("mark") != _mark(flow):
        flash(gettext("ほかの方が直したため、まだ公開していません。もう一度ご確認ください。"), "error")
        return here
    choices = _choices()
    try:
        with write_transaction():
            draft = stock.draft_of(flow)
            if draft is not None:
                flow = stock.import_flow(draft, current_user.id)
            if flow.version_id is None:
                abort(404)
            move_choices.choose(flow, choices, current_user.id)
            counts = Counter(each.choice for each in choices)
            audit.note(
                name=flow.name, groups={what: counts[what] for what in (KEEP, MOVE, END) if counts[what]}
            )
    except stock.Refused as refused:
        for fault in flow_pages.in_words(refused.faults):
            flash(fault.sentence, "error")
        return here
    moved = _move(flow)
    left = move_choices.waiting_count(flow)
    flash(gettext("公開しました。"))
    if moved:
        flash(gettext("%(count)s人を、選んだとおりにしました。", count=f"{moved:,}"))
    if left:
        flash(gettext("残りの%(count)s人は、数分のうちに順番にします。", count=f"{left:,}"))
    return redirect(url_for("console.flow", key=key), 303)


def _published(flow: Flow) -> FlowDefinition | None:
    return stock.definition_of_version(flow.version_id) if flow.version_id is not None else None


def _mark(flow: Flow) -> str:
    """Of what the owner saw: the form is refused when the draft or the version has changed since."""
    return hashlib.sha256(f"{flow.version_id} {flow.draft}".encode()).hexdigest()[:16]


def _people(flow: Flow, new: FlowDefinition, published_id: int | None) -> list[People]:
    """Those inside by version and step, in the order of their version's steps. Those of the published version are
    left out when nothing is about to be published: they are where they belong."""
    found: dict[tuple[int, str], list[Group]] = {}
    for each in moving.groups(flow, new) if flow.id else []:
        if each.version_id != published_id:
            found.setdefault((each.version_id, each.step_key), []).append(each)
    people = []
    for (version_id, step_key), states in found.items():
        steps = stock.definition_of_version(version_id).step
        place, step = next(
            ((place, step) for place, step in enumerate(steps) if step.key == step_key), (len(steps), None)
        )
        by_state = {each.state: each.count for each in states}
        people.append(
            (
                (states[0].version, place),
                People(
                    states[0].version,
                    version_id,
                    step_key,
                    " ".join(step.text.split())[:SHOWN_TEXT] if step else "",
                    states[0].in_new,
                    sum(by_state.values()),
                    by_state.get(SENDING, 0),
                    by_state.get(HELD, 0),
                ),
            )
        )
    return [each for _, each in sorted(people, key=lambda pair: pair[0])]


def _choices() -> list[Choice]:
    """The choices of the form; whoever is not named goes on as they are."""
    choices = []
    for name, value in request.form.items():
        field, _, rest = name.partition(".")
        version, _, step_key = rest.partition(".")
        what, _, to_step = value.partition(":")
        if field == "choice" and version.isdecimal() and len(version) < 10 and what in (KEEP, MOVE, END):
            choices.append(Choice(int(version), step_key, what, to_step or None))
    return choices


def _move(flow: Flow) -> int:
    """Carry the choices out for the first people; how many."""
    moved = 0
    for move_id in move_choices.unfinished(flow):
        count: int | None = 0
        while count is not None and moved < AT_ONCE:
            with write_transaction():
                count = moving.move_some(move_id)
            moved += count or 0
    return moved


def _change_in_words(change: StepChange) -> str:
    """What an edit does to a step, in the reader's language."""
    return {
        Edit.ADDED: gettext("追加"),
        Edit.REMOVED: gettext("削除"),
        Edit.MOVED: gettext("順番の変更"),
        Edit.CHANGED: gettext("動きの変更"),
        Edit.REWORDED: gettext("文面の変更"),
    }[change.edit]


def _field_in_words(name: str) -> str:
    """A setting of the flow, in the reader's language."""
    tables = {"trigger": gettext("きっかけ"), "goal": gettext("ゴール"), "entry": gettext("何度入れるか")}
    known = flow_fields.BY_PATH.get(name)
    return tables.get(name) or (gettext(known.label) if known else name)

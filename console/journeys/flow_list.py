"""The list of flows with their figures; new ones, from a form or a file; copies; the file of a flow."""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.db.database import write_transaction
from console.figures import flows as figures
from console.journeys import flow_faults, flow_fields, flow_form, flow_pages, flow_words, step_list
from console.shell import audit
from console.shell.translation import gettext, reads_english
from journeys.figures.flow_figures import FlowFigures
from journeys.flows import flow_file, flow_text, stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.flow_file import FlowFileError
from journeys.flows.occurrences import On
from journeys.flows.tables import Flow
from journeys.sending.settings import push_cost_yen

LARGEST_FILE_BYTES = 1_000_000


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/flows")(flows)
    console.get("/new-flow")(new_flow)
    console.post("/new-flow")(make_flow)
    console.get("/flow-file")(flow_import_file)
    console.post("/flow-file")(import_flow)
    console.get("/flows/<key>/export")(export_flow)
    console.post("/flows/<key>/copy")(copy_flow)


@dataclass(frozen=True, slots=True)
class Row:
    """A flow in the list."""

    flow: Flow
    definition: FlowDefinition
    figures: FlowFigures


def flows() -> str:
    """Every flow: its state, people inside, messages, what they cost, and how many reached the goal."""
    shown = figures.shown()
    rows = [Row(each, flow_pages.edited(each), figures.of_flow(shown, each)) for each in stock.all_flows()]
    return render_template(
        "console/flows.html",
        rows=rows,
        shown=shown,
        yen_each=push_cost_yen(),
        words=flow_words,
    )


def new_flow() -> str:
    """The form of a new flow."""
    return _new_page(flow_form.of_flow(_empty("flow")) | {"trigger.on": "", "name": ""}, {})


def make_flow() -> AnyResponse | tuple[str, int]:
    """Store a new flow as a draft with one empty step, and open it."""
    key = request.form.get("key", "").strip() or _free_key("flow")
    wrong = _fault_of_new_key(key)
    read = flow_form.read_flow(request.form, _empty(key if not wrong else "flow"))
    faults = dict(read.faults) | ({"key": wrong} if wrong else {})
    if faults or read.definition is None:
        return _new_page(
            flow_form.typed_flow(request.form) | {"key": request.form.get("key", "")}, faults
        ), 422
    with write_transaction():
        audit.note(name=read.definition.name)
        stock.save_draft(None, read.definition)
    flash(gettext("下書きを作りました。ステップを書いて、公開してください。"))
    return redirect(url_for("console.flow", key=key, step=read.definition.step[0].key), 303)


def flow_import_file() -> str:
    """The form to choose a file."""
    return render_template("console/flow_import.html", faults=[])


def import_flow() -> AnyResponse | tuple[str, int]:
    """Store the uploaded file as a draft, or say each of its faults with its line."""
    file = request.files.get("file")
    content = file.read(LARGEST_FILE_BYTES + 1) if file else b""
    if not content or len(content) > LARGEST_FILE_BYTES:
        return _import_refused([gettext("1MBまでのTOMLファイルを選んでください。")])
    try:
        definition = flow_file.read(flow_file.text_of(content))
    except FlowFileError as wrong:
        return _import_refused([each.en if reads_english() else each.ja for each in wrong.faults])
    with write_transaction():
        audit.note(name=definition.name)
        stock.save_draft(stock.find(definition.key), definition)
    flash(gettext("「%(name)s」を下書きに取り込みました。", name=definition.name))
    return redirect(url_for("console.flow", key=definition.key), 303)


def export_flow(key: str) -> Response:
    """What the editor shows as a TOML file, which the import accepts."""
    text = flow_text.write(flow_pages.edited(flow_pages.found(key)))
    headers = {"Content-Disposition": f'attachment; filename="{key}.toml"'}
    return Response(text, mimetype="application/toml", headers=headers)


def copy_flow(key: str) -> AnyResponse:
    """Store a copy under a new key, as a draft."""
    definition = flow_pages.edited(flow_pages.found(key))
    new = _free_key(key)
    name = gettext("%(name)s（写し）", name=definition.name)[:120]
    with write_transaction():
        audit.note(name=name)
        stock.save_draft(None, definition.model_copy(update={"key": new, "name": name}))
    flash(gettext("「%(name)s」を作りました。", name=name))
    return redirect(url_for("console.flow", key=new), 303)


def _new_page(form: dict[str, str], wrong: dict[str, str]) -> str:
    return render_template(
        "console/flow_new.html",
        flow_form=form,
        wrong=wrong,
        fields=flow_fields.BY_PATH,
        flow_fields=flow_fields,
        words=flow_words,
    )


def _import_refused(faults: list[str]) -> tuple[str, int]:
    return render_template("console/flow_import.html", faults=faults), 422


def _empty(key: str) -> FlowDefinition:
    values = {"key": key, "name": key, "trigger": {"on": On.ORDER}, "step": [{"key": "step-1"}]}
    return FlowDefinition.model_validate(values)


def _free_key(key: str) -> str:
    return step_list.free_key(key, {each.key for each in stock.all_flows()})


def _fault_of_new_key(key: str) -> str:
    wrong = flow_faults.fault_of_key(key)
    return wrong or (gettext("このキーのシナリオが、もうあります。") if stock.find(key) else "")

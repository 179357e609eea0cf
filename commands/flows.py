"""`manage.py flows …`: check, import and export flows as files; switch them on and off; list them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from bot import localtime
from bot.db.database import write_transaction
from bot.starting import start
from handlers import register
from journeys.flows import check, check_facts, flow_file, flow_text, shipped_flows, stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.fault import Fault, Severity
from journeys.flows.tables import DRAFT, OFF, ON, PAUSED, Flow

STATES = {DRAFT: "下書き draft", ON: "配信中 on", PAUSED: "一時停止 paused", OFF: "停止 off"}
SHIPPED = "shipped:"
LineOf = Callable[[Fault], int | None]
"""The line of the file at which a fault is."""


@click.group()
def flows() -> None:
    """Flows of messages (ステップ配信): their files, and which are on."""


@flows.command("check")
@click.argument("file")
def check_file(file: str) -> None:
    """Check a TOML FILE, or shipped:NAME, and say all that is wrong with it. Changes nothing."""
    start(register)
    text, definition = _read(file)
    found = check.faults(definition, check_facts.current())
    _say(found, lambda fault: flow_file.line_of(text, definition, fault))
    if any(fault.severity is Severity.ERROR for fault in found):
        raise SystemExit(1)
    click.echo(
        f"{definition.key}：配信できます。ステップ {len(definition.step)}個 / ready to be switched on."
    )


@flows.command("import")
@click.argument("file")
def import_file(file: str) -> None:
    """Import a TOML FILE, or shipped:NAME, as a new version of its flow. New wording is live at once; customers
    inside stay with the steps they have."""
    start(register)
    text, definition = _read(file)

    def line(fault: Fault) -> int | None:
        return flow_file.line_of(text, definition, fault)

    with write_transaction():
        try:
            flow = stock.import_flow(definition)
        except stock.Refused as refused:
            _refuse(refused, line)
        number = stock.versions(flow)[0].number
    _say(check.faults(definition, check_facts.current()), line)
    click.echo(
        f"{flow.key}：第{number}版を取りこみました（{STATES[flow.state]}） / imported as version {number}."
    )


@flows.command("export")
@click.argument("key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def export(key: str, file: Path | None) -> None:
    """Write the flow with that KEY as TOML, into FILE or to the screen."""
    start(register)
    text = flow_text.write(stock.definition_of(_found(key)))
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")
        click.echo(f"{file}")


@flows.command("on")
@click.argument("key")
def switch_on(key: str) -> None:
    """Switch the flow with that KEY on: customers enter from tomorrow on. A paused one goes on now."""
    start(register)
    with write_transaction():
        try:
            flow = stock.switch_on(_found(key), localtime.now())
        except stock.Refused as refused:
            _refuse(refused)
    begin = localtime.local(flow.starts_at or localtime.now())
    click.echo(
        f"{key}：配信中です。{begin:%Y-%m-%d %H:%M} からの方が入ります / on, for whoever enters from then."
    )


@flows.command("pause")
@click.argument("key")
def pause(key: str) -> None:
    """Pause the flow with that KEY: nobody enters, and nobody goes on until it is switched on again."""
    start(register)
    with write_transaction():
        _say_state(stock.pause(_found(key)), PAUSED)


@flows.command("off")
@click.argument("key")
def switch_off(key: str) -> None:
    """Switch the flow with that KEY off: nobody enters, and for those inside it ends."""
    start(register)
    with write_transaction():
        _say_state(stock.switch_off(_found(key)), OFF)


@flows.command("list")
def list_flows() -> None:
    """List every flow: key, state, number of steps, name. Drafts that come with the product are among them."""
    start(register)
    for flow in stock.all_flows():
        definition = stock.draft_of(flow) or stock.definition_of(flow)
        edited = "（未公開の変更あり unpublished edits）" if flow.version_id and flow.draft else ""
        click.echo(f"{flow.key}  {STATES[flow.state]}{edited}  {len(definition.step)}ステップ  {flow.name}")


def _read(file: str) -> tuple[str, FlowDefinition]:
    try:
        text = _shipped(file) if file.startswith(SHIPPED) else flow_file.text_of(_bytes_of(file))
        return text, flow_file.read(text)
    except flow_file.FlowFileError as error:
        click.echo(f"{file}:")
        click.echo(str(error))
        raise SystemExit(1) from None


def _shipped(name: str) -> str:
    text = shipped_flows.text_of(name.removeprefix(SHIPPED))
    if text is None:
        known = ", ".join(f"{SHIPPED}{each}" for each in shipped_flows.names())
        raise click.ClickException(f"{name} does not come with Goen; these do: {known}")
    return text


def _bytes_of(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from None


def _found(key: str) -> Flow:
    flow = stock.find(key)
    if flow is None:
        known = ", ".join(each.key for each in stock.all_flows())
        raise click.ClickException(
            f"「{key}」というシナリオはありません / there is no flow {key}. Known: {known}"
        )
    return flow


def _say_state(flow: Flow, wanted: str) -> None:
    if flow.state != wanted:
        raise click.ClickException(
            f"{flow.key} は{STATES[flow.state]}なので、できません / is {flow.state}, so this does nothing."
        )
    click.echo(f"{flow.key}：{STATES[flow.state]}")


def _no_line(_fault: Fault) -> None:
    return None


def _refuse(refused: stock.Refused, line_of: LineOf = _no_line) -> None:
    _say(refused.faults, line_of)
    raise SystemExit(1)


def _say(faults: Sequence[Fault], line_of: LineOf) -> None:
    for fault in faults:
        kind = ("NG", "error") if fault.severity is Severity.ERROR else ("注意", "warning")
        line = line_of(fault)
        at = (f"{line}行目 ", f"line {line}, ") if line else ("", "")
        where = f"{fault.step_key} の {fault.field}" if fault.step_key else fault.field
        where_en = f"{fault.field} of step {fault.step_key}" if fault.step_key else fault.field
        click.echo(f"{kind[0]} {at[0]}{where}：{fault.sentence_ja}")
        click.echo(f"  {kind[1]}, {at[1]}{where_en}: {fault.sentence_en}")

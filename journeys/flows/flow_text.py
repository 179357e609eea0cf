"""Writes a flow as TOML, in a stable order and with comments, as people edit it. `flow_file.py` reads it."""

import datetime
import json
import re
from typing import Any

from journeys.flows.definition import FlowDefinition, Step

WIDTH = 100
"""A list of tables that is longer goes over several lines."""
_ENDS_TEXT = re.compile(r'"""|"\Z')
_HEAD = """\
# ステップ配信のシナリオです。書きかえたら manage.py flows check FILE で確かめ、flows import FILE で取りこみます。
# A flow of messages. After a change: manage.py flows check FILE, then flows import FILE.
"""
_MEANINGS = {
    "key": "変えません / stays as it is",
    "class": "order | care | selling",
    "trigger": "だれが入るか / who enters",
    "entry": "once | each-order | { again_after_days = 90 }",
    "goal": "達したら、のこりは送りません / reached: the rest is not sent",
    "calm_days": "問い合わせが解決してから待つ日数 / days of rest after a ticket",
    "holdout_percent": "効果を見るために送らない割合、0は全員に / share that gets nothing, to compare; 0: everybody",
    "outcome_days": "効果として数えるご注文の日数 / days in which orders count for its effect",
}
_ALWAYS = ("key", "name", "class", "trigger", "entry")
_FIRST = ("key", "name", "wait", "when", "otherwise", "then", "class", "latest_days", "when_busy")
_LAST = ("set_tags", "remove_tags", "note")
"""Of a step's keys; its message stands between."""
_TABLES = ("card",)
"""Keys of a step that become a table of their own, below its other keys."""


def write(flow: FlowDefinition) -> str:
    """The flow as a file. Reading it again gives the same flow."""
    values = _values(flow)
    shown = flow.model_dump(mode="python", by_alias=True)
    top = {name: values.get(name, shown[name]) for name in shown if name in values or name in _ALWAYS}
    del top["step"]
    lines = [_pair(name, value) for name, value in top.items()]
    width = min(60, max(len(line) for line in lines))
    commented = [
        f"{line:<{width}}  # {_MEANINGS[name]}" if name in _MEANINGS else line
        for name, line in zip(top, lines, strict=True)
    ]
    steps = [
        _step(number, step, each)
        for number, (step, each) in enumerate(zip(flow.step, values["step"], strict=True), 1)
    ]
    return "\n".join([_HEAD, *commented, "", "\n\n".join(steps), ""])


def _values(flow: FlowDefinition) -> dict[str, Any]:
    return flow.model_dump(mode="python", by_alias=True, exclude_defaults=True)


def _step(number: int, step: Step, values: dict[str, Any]) -> str:
    lines = [f"# {number}：{_when_in_words(step)}", "[[step]]"]
    parts = [name for name in values if name not in (*_FIRST, *_LAST, *_TABLES, "variant")]
    order = [name for name in (*_FIRST, *parts, *_LAST) if name in values]
    lines += [_pair(name, values[name]) for name in order]
    for name in _TABLES:
        if name in values:
            lines += ["", f"[step.{name}]"]
            lines += [_pair(each, value) for each, value in values[name].items()]
    for variant in values.get("variant", ()):
        lines += ["", "[[step.variant]]", _pair("key", variant["key"])]
        lines += [_pair(each, value) for each, value in variant.items() if each != "key"]
    return "\n".join(lines)


def _when_in_words(step: Step) -> str:
    wait = step.wait
    days = f"{wait.days}日後" if wait.days else "すぐ"
    if wait.date is not None:
        days = f"{wait.date.month}月{wait.date.day}日"
    elif wait.repurchase:
        days = "買いかえの目安の日"
    elif wait.until is not None:
        days = f"{wait.until} があったとき、なければ{days}"
    return f"{days} {wait.at}" if wait.at else days


def _pair(name: str, value: Any) -> str:
    return f"{name} = {_value(value, len(name) + 3)}"


def _value(value: Any, column: int = WIDTH) -> str:
    """The value in TOML. Text of several lines is one where it has room for them: beside a key of its own."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        inner = ", ".join(f"{name} = {_value(each)}" for name, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        elements = [_value(each) for each in value]
        one_line = f"[{', '.join(elements)}]"
        if column < WIDTH and column + len(one_line) > WIDTH and len(elements) > 1:
            return "[\n" + "".join(f"    {each},\n" for each in elements) + "]"
        return one_line
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return _long_text(value) if "\n" in value and column < WIDTH else _text(value)
    return str(value)


def _text(value: str) -> str:
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _long_text(value: str) -> str:
    """The text with real line ends, and with as few quotation marks escaped as TOML allows."""
    lines = [_text(line)[1:-1].replace('\\"', '"') for line in value.split("\n")]
    written = _ENDS_TEXT.sub(lambda found: found[0][:-1] + '\\"', "\n".join(lines))
    return f'"""\n{written}"""'

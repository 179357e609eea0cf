"""Flows as TOML: every error with line, key, reason and example; what is written reads back the same."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from journeys.flows import flow_file, flow_text, shipped_flows, toml_lines
from journeys.flows.definition import FlowDefinition, as_json
from journeys.flows.file_errors import EXAMPLES
from tests.rules.journeys import steps

GIVEN = Path(__file__).resolve().parents[4] / "shared" / "flow-example.toml"
GOOD = """\
key = "after"
name = "あとから"
trigger = { on = "order" }

[[step]]
key = "thanks"
text = "ありがとう"

[[step]]
key = "later"
wait = { days = 7, at = "11:00" }
text = \"""
いかがですか？

{name}さん\"""
buttons = [
    { label = "はい", tag = "yes" },
    { label = "いいえ", tag = "no" },
]
"""


def faults(text: str) -> list[tuple[int | None, str, str]]:
    """Line, Japanese and English of each fault."""
    with pytest.raises(flow_file.FlowFileError) as refused:
        flow_file.read(text)
    return [(fault.line, fault.ja, fault.en) for fault in refused.value.faults]


def test_a_good_file_is_a_flow() -> None:
    flow = flow_file.read(GOOD)
    assert [step.key for step in flow.step] == ["thanks", "later"]
    assert flow.step[1].text == "いかがですか？\n\n{name}さん"
    assert flow_file.read("\ufeff" + GOOD.replace("\n", "\r\n")) == flow
    assert flow_file.read(flow_file.text_of(b"\xef\xbb\xbf" + GOOD.encode())) == flow


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        (
            'key = "after"',
            'key = "After 1"',
            1,
            ["key", "「After 1」", "small letters", 'key = "after-first-order"'],
        ),
        ('name = "あとから"\n', "", None, ["name がありません", "name is missing"]),
        ("trigger = {", "gaol = 1\ntrigger = {", 3, ["「goal」でしょうか？", 'Did you mean "goal"']),
        (
            'on = "order"',
            'on = "ordr"',
            3,
            ["trigger.on", "「order」でしょうか？", "follow, order, dispatch"],
        ),
        ('on = "order"', 'on = "tag"', 3, ["tag が要ります", 'tag = "has-concern"']),
        (
            'text = "ありがとう"',
            "text = 5",
            7,
            ["text（1番目のステップ「thanks」）", "must be text in quotes"],
        ),
        ("days = 7", 'days = "7"', 11, ["wait.days（2番目のステップ「later」）", "whole number", "days = 7"]),
        ("days = 7", "days = true", 11, ["whole number"]),
        ("days = 7", "days = -1", 11, ["0以上", "0 or more"]),
        ('at = "11:00"', 'at = "24:00"', 11, ["wait.at", "「24:00」", 'at = "11:00"']),
        ('at = "11:00"', 'att = "11:00"', 11, ["「at」でしょうか？"]),
        ("ありがとう", "あ" * 5001, 7, ["5,001文字", "at most 5,000"]),
        ('key = "later"', 'key = "thanks"', 10, ["「thanks」は、もう使われている", 'key = "thanks-2"']),
        ('key = "later"', 'key = "end"', 10, ["「end」", "reserved"]),
        ('key = "later"\n', "", 9, ["2番目のステップ", "key is missing"]),
        ('tag = "no"', 'tagg = "no"', 18, ["buttons[2].tagg", "「tag」でしょうか？"]),
        (
            '{ label = "いいえ", tag = "no" }',
            '{ label = "いいえ" }',
            18,
            ["tag・url・say", "one of tag, url, say"],
        ),
        ("いいえ", "い" * 21, 18, ["21文字", "20文字まで"]),
        ('tag = "no"', 'url = "http://shop.jp"', 18, ["https://"]),
        ("[[step]]\n", "[[step]\n", 5, ["TOMLとして読めません", "this is not TOML"]),
        ('text = "ありがとう"', 'text = "ありがとう', 7, ['「text = "ありがとう」', "Illegal character"]),
        ('text = "ありがとう"', "text = ”ありがとう”", 7, ["Invalid value"]),
        ('key = "after"', 'key = "after"\nkey = "x"', 2, ["Cannot overwrite a value"]),
        ("trigger = {", "entry = { again = 9 }\ntrigger = {", 3, ["again_after_days = 90"]),
        ("trigger = {", "entry = { again_after_days = 0 }\ntrigger = {", 3, ["1以上", "must be 1 or more"]),
        ("trigger = {", 'trigger = "order"\n#', 3, ["trigger", "must be a table"]),
    ],
)
def test_an_error_names_line_key_reason_and_example(
    before: str, after: str, line: int | None, words: list[str]
) -> None:
    assert before in GOOD
    [(found, ja, en)] = faults(GOOD.replace(before, after, 1))
    assert found == line
    assert [word for word in words if word not in ja + en] == []
    if line:
        assert (f"{line}行目" in ja, f"line {line}," in en) == (True, True)


def test_all_errors_are_named_at_once_in_the_order_of_their_lines() -> None:
    text = GOOD.replace('"after"', "5").replace("days = 7", "days = 9999").replace('"later"', '"thanks"')
    assert [line for line, _, _ in faults(text)] == [1, 10, 11]


NESTED = 3000
STEPS = "".join(f'[[step]]\nkey = "s{number}"\ndays = 1\n' for number in range(200))


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        (
            '"あとから"',
            "[" * NESTED + "]" * NESTED,
            2,
            ["かっこの中のかっこ", "nested too deeply", "min_rank"],
        ),
        (
            'text = "ありがとう"',
            "when = " + "{ any = [" * NESTED + "{}" + "] }" * NESTED,
            7,
            ["nested too deeply", "min_rank"],
        ),
        (
            'text = "ありがとう"',
            "when = " + "{ any = [" * 6 + '{ tag = "a" }' + "] }" * 6,
            7,
            ["5段まで", "5 levels deep", "min_rank"],
        ),
        ("days = 7", "days = " + "9" * 5000, 11, ["数字が長すぎて", "too long", "days = 7"]),
        ('"あとから"', '"あと\\u0000から"', 2, ["制御文字", "control character", "name ="]),
        ('"yes"', '"y\\u0007"', 17, ["制御文字", "control character", "tag ="]),
    ],
)
def test_what_no_shop_writes_is_refused_like_any_other_fault(
    before: str, after: str, line: int, words: list[str]
) -> None:
    assert before in GOOD
    [(found, ja, en)] = faults(GOOD.replace(before, after, 1))
    assert (found, [word for word in words if word not in ja + en]) == (line, [])


def test_of_hundreds_of_faults_the_first_fifty_are_named() -> None:
    named = faults(STEPS)
    assert len(named) == 51
    assert named[-1][1:] == ("ほかに 153 か所あります。", "and 153 more.")


def test_another_encoding_is_named() -> None:
    with pytest.raises(flow_file.FlowFileError, match="UTF-8"):
        flow_file.text_of(GOOD.encode("cp932"))


def test_an_empty_file_says_what_it_needs() -> None:
    assert [ja.split("：")[0] for _, ja, _ in faults("")] == ["key", "name", "trigger", "step"]


@settings(max_examples=50)
@given(steps.flows)
def test_what_is_written_reads_back_the_same(flow: FlowDefinition) -> None:
    text = flow_text.write(flow)
    assert flow_file.read(text) == flow
    assert flow_text.write(flow_file.read(text)) == text


@settings(max_examples=50)
@given(steps.flows)
def test_what_is_stored_reads_back_the_same(flow: FlowDefinition) -> None:
    assert FlowDefinition.model_validate_json(as_json(flow)) == flow


@settings(max_examples=50)
@given(steps.flows)
def test_every_key_has_its_line(flow: FlowDefinition) -> None:
    text = flow_text.write(flow)
    lines, written = toml_lines.lines_of(text), text.split("\n")
    for path in _paths(tomllib.loads(text)):
        if isinstance(path[-1], str):
            assert path[-1] in written[lines[path] - 1]
        assert path in lines


def _paths(value: Any, path: toml_lines.Path = ()) -> list[toml_lines.Path]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path] if path else []
    return [*found, *(each for key, inner in inside for each in _paths(inner, (*path, key)))]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('a = 1\n\n# b = 2\nb = """\na = 3\n\\""" "" """\nc = 4\n', {("a",): 1, ("b",): 4, ("c",): 7}),
        (
            "a = '''\nb = 1'''\n[t]\n\"b\" = '#'\n'c'.d = 1",
            {("a",): 1, ("t",): 3, ("t", "b"): 4, ("t", "c", "d"): 5},
        ),
        (
            "[[s]]\n[[s.t]]\na = 1\n[[s]]\n[s.u]\nb=2\n",
            {("s", 0, "t", 0, "a"): 3, ("s", 1): 4, ("s", 1, "u", "b"): 6},
        ),
        ("a = [ # one\n  1, [2,\n 3], { b = 4 },\n]\n", {("a", 1, 1): 3, ("a", 2, "b"): 3}),
        ('a = """"x""""\nb = 2026-01-01 10:00:00 # c = 1\n', {("b",): 2}),
    ],
)
def test_lines_of_toml(text: str, lines: dict[toml_lines.Path, int]) -> None:
    tomllib.loads(text)
    found = toml_lines.lines_of(text)
    assert {path: found.get(path) for path in lines} == lines


@settings(deadline=None)
@given(st.text(st.sampled_from("ab\"'\\\n#[]{}=, \r\t\u202e\ufeff"), max_size=40))
def test_any_text_survives(text: str) -> None:
    flow = flow_file.read(GOOD)
    flow = flow.model_copy(update={"step": (flow.step[0].model_copy(update={"text": text}),)})
    assert flow_file.read(flow_text.write(flow)).step[0].text == text


def test_every_key_has_an_example_that_is_right() -> None:
    names = {str(field.alias or name) for table in _tables() for name, field in table.model_fields.items()}
    assert names == EXAMPLES.keys()
    for name, example in EXAMPLES.items():
        tomllib.loads(example.replace("]] ", "]]\n"))
        assert example.startswith((f"{name} = ", "[[step]]", "[[step.variant]]"))


def _tables(table: type[BaseModel] = FlowDefinition) -> set[type[BaseModel]]:
    def inner(annotation: Any) -> set[type[BaseModel]]:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return {annotation}
        return {found for each in getattr(annotation, "__args__", ()) for found in inner(each)}

    found = {table}
    ahead = [table]
    while ahead:
        for field in ahead.pop().model_fields.values():
            new = inner(field.annotation) - found
            found |= new
            ahead += new
    return found


@pytest.mark.skipif(not GIVEN.exists(), reason="../shared is not here: it has an example of a flow")
def test_the_given_example_is_read() -> None:
    flow = flow_file.read(GIVEN.read_text("utf-8"))
    assert [step.key for step in flow.step] == ["thanks", "anything-wrong", "branch", "voices"]
    assert flow_file.read(flow_text.write(flow)) == flow


@pytest.mark.parametrize("name", ["large-shop", "small-shop"])
def test_shipped_files_survive_an_export(name: str) -> None:
    text = shipped_flows.text_of(name)
    assert text is not None
    assert flow_file.read(flow_text.write(flow_file.read(text))) == flow_file.read(text)

"""`manage.py flows`: what each command says and changes, and its exit code."""

from collections.abc import Callable
from pathlib import Path

import peewee
import pytest
from click.testing import CliRunner, Result

from bot.config import settings as bot_settings
from commands import flows as commands
from journeys.flows import flow_file, stock
from journeys.flows.tables import Flow, FlowVersion
from manage import manage

Run = Callable[..., Result]
GOOD = """
key = "after"
name = "あとから"
trigger = { on = "order" }
[[step]]
key = "thanks"
text = "ありがとう"
"""


@pytest.fixture
def run(settings: bot_settings.Settings, database: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on the test's database."""
    monkeypatch.setattr(commands, "start", lambda declare: declare())
    return lambda *words: CliRunner().invoke(manage, ["flows", *words])


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], str]:
    """Write a file; its path."""

    def write(text: str) -> str:
        path = tmp_path / "flow.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


Written = Callable[[str], str]


def test_a_good_file_is_checked_and_nothing_changes(run: Run, written: Written) -> None:
    result = run("check", written(GOOD))
    assert (result.exit_code, "after：配信できます" in result.output) == (0, True)
    assert Flow.select().count() == 0


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('text = "ありがとう"', 'txt = "ありがとう"', ["7行目", "line 7", "「text」でしょうか？"]),
        (
            'text = "ありがとう"',
            'text = "{nmae}さん"',
            ["NG 7行目 thanks の text", "{nmae}", "error, line 7, text of step thanks"],
        ),
        ('text = "ありがとう"', "", ["NG 5行目 thanks の text", "unfinished"]),
    ],
)
def test_what_is_wrong_is_named_and_the_command_fails(
    run: Run, written: Written, before: str, after: str, words: list[str]
) -> None:
    result = run("check", written(GOOD.replace(before, after)))
    assert result.exit_code == 1
    assert [word for word in words if word not in result.output] == []


def test_a_warning_is_named_and_the_command_succeeds(run: Run, written: Written) -> None:
    result = run("check", written(GOOD + 'testimonial = "newest"\n'))
    assert (result.exit_code, "注意 8行目 thanks の testimonial" in result.output) == (0, True)


def test_a_flow_is_imported_switched_on_paused_and_off(run: Run, written: Written) -> None:
    file = written(GOOD)
    for words, said in (
        (("import", file), "第1版を取りこみました（下書き draft）"),
        (("on", "after"), "after：配信中です"),
        (("pause", "after"), "after：一時停止 paused"),
        (("on", "after"), "after：配信中です"),
        (("off", "after"), "after：停止 off"),
        (("list",), "after  停止 off  1ステップ  あとから"),
    ):
        result = run(*words)
        assert (result.exit_code, said in result.output) == (0, True), result.output


def test_a_live_flow_takes_new_wording_at_once_and_no_fault(run: Run, written: Written) -> None:
    run("import", written(GOOD))
    run("on", "after")
    assert run("import", written(GOOD + "coupon = 3")).exit_code == 1
    result = run("import", written(GOOD.replace("ありがとう", "どうも")))
    assert (result.exit_code, "第1版を取りこみました（配信中 on）" in result.output) == (0, True)
    assert [stock.definition_of_version(each.id).step[0].text for each in FlowVersion.select()] == ["どうも"]


def test_a_faulty_flow_is_imported_as_a_draft_and_never_switched_on(run: Run, written: Written) -> None:
    result = run("import", written(GOOD.replace("ありがとう", "{nmae}")))
    assert (result.exit_code, "{nmae}" in result.output) == (0, True)
    result = run("on", "after")
    assert (result.exit_code, "NG thanks の text" in result.output) == (1, True)
    assert Flow.get().state == "draft"


def test_an_export_is_a_file_that_can_be_imported(run: Run, written: Written, tmp_path: Path) -> None:
    run("import", written(GOOD))
    shown = run("export", "after").output
    assert flow_file.read(shown) == flow_file.read(GOOD)
    path = tmp_path / "out.toml"
    assert run("export", "after", str(path)).exit_code == 0
    assert path.read_text("utf-8") == shown


@pytest.mark.parametrize("name", ["large-shop", "small-shop"])
def test_a_shipped_flow_is_ready_as_it_is(run: Run, name: str) -> None:
    assert run("check", f"shipped:{name}").exit_code == 0
    result = run("import", f"shipped:{name}")
    assert (result.exit_code, "NG" in result.output) == (0, False)
    assert run("on", Flow.get().key).exit_code == 0


def test_shipped_flows_are_listed_and_can_be_switched_on_at_once(run: Run) -> None:
    assert ["下書き draft" in line for line in run("list").output.splitlines()] == [True, True]
    assert run("on", "six-walls").exit_code == 0
    assert stock.definition_of(Flow.get()).step[0].key == "company"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "nothing"), "there is no flow nothing. Known: six-walls, after-purchase"),
        (("pause", "six-walls"), "six-walls は下書き draftなので"),
        (("check", "shipped:other"), "these do: shipped:large-shop, shipped:small-shop"),
        (("check", "/nowhere.toml"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_says_why(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert (result.exit_code, said in result.output) == (1, True), result.output

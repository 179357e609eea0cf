"""The documents are complete: every setting and every command is described, once."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.config import settings, shop
from bot.routing import routes
from console.shell import navigation
from handlers import register
from manage import manage
from tests.complete import assert_none
from tests.project_files import ROOT, project_files

DOCUMENTS = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
LONGEST_DECISION = 40
TOP = {path.parts[0] for path in project_files()}
BARE = (".py", ".md")
"""What is a file's name even without its folder, such as `words.py` beside it."""
NAMES = {path.name for path in project_files()}


def commands_named(document: Path) -> Iterator[list[str]]:
    """What follows `script/manage` or `manage.py` in backquotes or code blocks, word by word."""
    text = document.read_text("utf-8")
    for line in re.findall(r"(?:script/manage|manage\.py) ([^`\n]+)", text):
        yield line.split()


def test_the_readme_lists_every_setting_in_one_table() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme.count(settings.table()) == 1, (
        "README.md does not hold the table of settings as the code has it. Put this there:\n\n"
        + settings.table()
    )


def test_shop_toml_ships_with_every_key_and_its_default() -> None:
    register()
    shipped = (ROOT / "shop.toml").read_text("utf-8")
    assert shipped == shop.as_toml(), (
        "shop.toml is not what the code's defaults say. Run: script/manage shop-file > shop.toml"
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_exists(document: Path) -> None:
    for words in commands_named(document):
        said = f"{document.name}: there is no `manage.py {' '.join(words)}`"
        command: click.Command = manage
        for word in words:
            if not isinstance(command, click.Group) or not re.fullmatch(r"[a-z][a-z-]*", word):
                break
            found = command.commands.get(word)
            assert found is not None, said
            command = found
        known = {option for each in command.params for option in each.opts} | {"--help"}
        options = {word.strip("[].,") for word in words if word.startswith(("--", "[--"))}
        assert options <= known, f"{said}: {options - known}"


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert_none(
        (name for name in manage.commands if not re.search(rf"\| `{name}[` ]", readme)),
        "README.md's table under Commands lacks it: add a row that begins with | `its name` and says what it does.",
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), (
                f"{document.name} leads to {target}, which is not there: mend the link, or take the picture by "
                "script/pictures NAME"
            )


def paths_named(document: Path) -> Iterator[tuple[str, str]]:
    """What stands in backquotes or code blocks and is a path of the project, each with its line."""
    is_block = False
    for line in document.read_text("utf-8").splitlines():
        if line.startswith("```"):
            is_block = not is_block
            continue
        for piece in [line] if is_block else re.findall("`([^`]+)`", line):
            for word in piece.partition(" # ")[0].split():
                path = word.partition("::")[0]
                if re.fullmatch(r"[\w.][\w./-]*", path) and (
                    path.endswith((*BARE, "/")) or ("/" in path and path.split("/")[0] in TOP)
                ):
                    yield path, line


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    for path, line in paths_named(document):
        parents = [Path(), document.parent.relative_to(ROOT)]
        if path.endswith("/"):  # of a package that the line has named: `rewards/` … `ledger/`
            parents += [Path(word) for word in re.findall(r"`([\w/]+)/`", line)]
        assert path in NAMES or any((ROOT / parent / path).exists() for parent in parents), (
            f"{document.name} names {path}, which is not there: write where it is now."
        )


def test_the_architecture_names_every_package() -> None:
    whole = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = whole.partition("## Layers and packages")[2].partition("\n## ")[0]
    rows = {row[0]: row[1:] for line in table.splitlines() if (row := re.findall(r"`([\w/]+)/`", line))}
    packages = {path.parent.parts for path in project_files() if path.name == "__init__.py"}
    outside = {"tests", "benchmarks", "script"}
    assert_none(
        ("/".join(parts) for parts in packages if parts[0] not in outside and parts[0] not in rows),
        "docs/architecture.md has no row for it under Layers and packages.",
    )
    assert_none(
        (
            "/".join(parts)
            for parts in packages
            if len(parts) == 2 and parts[0] not in outside and parts[1] not in rows[parts[0]]
        ),
        "docs/architecture.md does not name it in its package's row.",
    )


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_in_the_index(decision: Path) -> None:
    lines = decision.read_text("utf-8").splitlines()
    number, _, title = lines[0].removeprefix("# ").partition(" ")
    assert decision.name.startswith(f"{number}-"), f"{decision.name} and its heading have different numbers."
    assert len(lines) <= LONGEST_DECISION, (
        f"{decision.name} has {len(lines)} lines: {LONGEST_DECISION} are enough."
    )
    for part in ("Context", "Decision", "Consequence"):
        assert sum(line.startswith(f"**{part}.**") for line in lines) == 1, (
            f"{decision.name} lacks **{part}.**"
        )
    row = f"| {number} | [{title}]({decision.name}) |"
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert row in index.splitlines(), f"docs/decisions/README.md lacks this line: {row}"


def test_documents_and_scripts_name_each_other() -> None:
    scripts = {path.name for path in (ROOT / "script").iterdir() if path.is_file() and not path.suffix}
    named = {
        name: document
        for document in DOCUMENTS
        for name in re.findall(r"\bscript/([a-z]+(?:-[a-z]+)*)\b(?![./])", document.read_text("utf-8"))
    }
    assert_none(
        (f"script/{name} in {named[name].name}" for name in named.keys() - scripts),
        "there is no such script.",
    )
    assert_none(scripts - named.keys(), "no document names this script: say in CONTRIBUTING.md what it does.")


def test_the_owners_guide_leads_to_places_of_the_console_that_are_there() -> None:
    guide = (ROOT / "docs" / "owners-guide.ja.md").read_text("utf-8")
    places = {(group.words, entry.words) for group in navigation.MENU for entry in group.entries}
    named = set(re.findall("「([^「」→]+) → ([^「」→]+)」", guide))
    assert len(named) > 20
    assert_none((f"「{group} → {page}」" for group, page in named - places), "there is no such menu entry.")


def test_the_owners_guide_needs_a_terminal_at_the_start_alone() -> None:
    guide = (ROOT / "docs" / "owners-guide.ja.md").read_text("utf-8")
    later = guide.partition("## スタッフを招く")[2]
    assert later
    assert_none(
        re.findall(r"script[/\\]\S+|manage\.py|shop\.toml|\.env\b|[A-Z]+_[A-Z_]+", later),
        "an owner has no terminal and edits no file: say where it is in the console.",
    )


def test_the_owners_guide_says_what_customers_can_write() -> None:
    register()
    guide = (ROOT / "docs" / "owners-guide.ja.md").read_text("utf-8")
    section = guide.partition("## お客さまが送れる言葉")[2].partition("\n## ")[0]
    said = {routes.plain(word) for word in re.findall("「([^」]+)」", section)}
    words_of: dict[routes.Handler, list[str]] = {}
    for word, handler in routes._routes.commands.items():
        words_of.setdefault(handler, []).append(word)
    assert_none(
        (words[0] for words in words_of.values() if not said & {*words}),
        "customers can write this, and docs/owners-guide.ja.md does not say so: add it, in 「」, to the table of "
        "「お客さまが送れる言葉」.",
    )


def test_the_example_environment_names_every_required_setting() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    for name, field in settings.Settings.model_fields.items():
        if field.is_required():
            assert f"\n{name.upper()}=" in example, (
                f".env.example lacks {name.upper()}: add a line that says what it is, and below it {name.upper()}="
            )

"""The documents are complete: every setting and every command is described, once."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.config import settings, shop
from bot.routing import routes
from handlers import register
from manage import manage
from tests.complete import assert_none
from tests.project_files import ROOT

DOCUMENTS = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))


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


def test_documents_and_scripts_name_each_other() -> None:
    scripts = {path.name for path in (ROOT / "script").iterdir() if path.is_file() and not path.suffix}
    named = {
        name: document
        for document in DOCUMENTS
        for name in re.findall(r"\bscript/([a-z]+)\b(?![./])", document.read_text("utf-8"))
    }
    assert_none(
        (f"script/{name} in {named[name].name}" for name in named.keys() - scripts),
        "there is no such script.",
    )
    assert_none(scripts - named.keys(), "no document names this script: say in CONTRIBUTING.md what it does.")


def test_the_owners_examples_are_good() -> None:
    register()
    guide = (ROOT / "docs" / "owners-guide.ja.md").read_text("utf-8")
    for example in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL):
        shop.use(tomllib.loads(example))
    shop.use({})


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

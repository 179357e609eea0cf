"""Every figure of the owner's pages has a whole definition in both languages, can be counted in an empty shop, and is
shown on a page; docs/figures.md is current.

The figures come from the catalogue, so a new one is tested without being listed here.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import peewee
import pytest
from flask.testing import FlaskClient

from bot import localtime
from bot.config import shop
from console.figures import catalogue, document, people, subjects, wording
from console.figures.definition import Definition, Value
from console.shell import navigation
from customers.values.windows import Window
from tests.console import figures_of_a_year
from tests.console.conftest import SignIn, get
from tests.project_files import ROOT

TEMPLATES = ROOT / "console" / "templates"
DOCUMENT = ROOT / "docs" / "figures.md"
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAMED_IN_A_PAGE = re.compile(r"""(?:definition|figure_named)\(["']([^"']+)["']\)""")
LINKED = re.compile(r"""/console/figures/([a-z0-9-]+)["?]""")
every_figure = pytest.mark.parametrize("figure", catalogue.FIGURES.values(), ids=lambda each: each.name)


def texts(figure: Definition) -> list[str]:
    """The texts of a definition that are never empty."""
    return [figure.title, figure.meaning, figure.population, figure.window_text]


@every_figure
def test_its_texts_are_there_in_both_languages(figure: Definition) -> None:
    english = wording.of_language("en")
    assert NAME.fullmatch(figure.name), "lower case with hyphens"
    for text in [*texts(figure), *filter(None, [figure.benchmark])]:
        assert text.strip(), "a text is empty"
        assert JAPANESE.search(text), f"{text!r} is not in Japanese; the English is in the catalogue"
        assert not JAPANESE.search(english.gettext(text)), f"{text!r} has no English: mark it with N_"


@every_figure
def test_its_meaning_is_in_full_sentences(figure: Definition) -> None:
    assert figure.meaning.rstrip().endswith("。"), "a definition says how it is counted, in sentences"


@every_figure
def test_an_empty_shop_has_a_value_and_nobody_in_it(
    figure: Definition, any_database: peewee.Database
) -> None:
    shop.use({})
    for on in (localtime.today(), localtime.today() - timedelta(days=400)):
        value = figure.count(on)
        assert isinstance(value, Value)
        assert value.value is None or isinstance(value.value, int | float)
        assert isinstance(figure.window(on), Window | None)
        if figure.people is not None:
            assert list(people.every(figure, on)) == []
            assert people.count(figure, on) == 0


@every_figure
def test_its_window_ends_on_the_day(figure: Definition) -> None:
    window = figure.window(localtime.today())
    assert window is None or window.last_on <= localtime.today()


def test_each_definition_that_a_page_shows_exists() -> None:
    named = {
        (page.name, name)
        for page in TEMPLATES.rglob("*.html")
        for name in NAMED_IN_A_PAGE.findall(page.read_text("utf-8"))
    }
    unknown = sorted((page, name) for page, name in named if name not in catalogue.FIGURES)
    assert not unknown, f"{unknown}: no figure has that name; see console/figures/definitions/"


def test_each_figure_is_shown_on_a_page(sign_in: SignIn) -> None:
    """By name in a template, or linked from a page of the menu in a shop with a year of orders and answers."""
    figures_of_a_year.build(120)
    shown = {
        name
        for page in TEMPLATES.rglob("*.html")
        for name in NAMED_IN_A_PAGE.findall(page.read_text("utf-8"))
    }
    for page in _pages_of_the_menu(sign_in("owner")):
        shown |= set(LINKED.findall(page))
    hidden = [name for name in catalogue.FIGURES if name not in shown]
    assert not hidden, f"{hidden} are on no page: show their definitions beside them, or take them out"


def test_each_module_of_definitions_is_in_the_catalogue_with_a_title() -> None:
    found = subjects.by_module()
    assert {id(each) for each in found.values()} == {id(each) for each in catalogue.SUBJECTS}
    assert set(found) <= set(subjects.TITLES), "give the subject a title in console/figures/subjects.py"


def test_the_document_is_current() -> None:
    assert DOCUMENT.read_text("utf-8") == document.markdown(), (
        f"python manage.py figures doc > {Path(DOCUMENT).relative_to(ROOT)}"
    )


def _pages_of_the_menu(client: FlaskClient) -> Iterator[str]:
    first = get(client, "/console/tickets").text
    menu = re.search(r'<nav class="menu-wide".*?</nav>', first, re.DOTALL)
    assert menu
    assert navigation.MENU
    for address in sorted(set(re.findall(r'href="([^"]+)"', menu[0]))):
        yield get(client, address).text

"""`manage.py figures …`: every figure of the owner's pages, how it is counted, its value on any day, and its people."""

import csv
import difflib
import sys
from datetime import date, datetime
from itertools import islice

import click

from bot import localtime
from bot.starting import start
from bot.text import spreadsheet
from console.catalogue import catalogue, document, subjects
from console.figures import people, wording
from console.figures.definition import Definition, Value
from handlers import register

LANGUAGES = ("ja", "en")
FIRST_PEOPLE = 10


@click.group()
def figures() -> None:
    """The owner's figures: what each means, and whom it counts."""


@figures.command("list")
def list_figures() -> None:
    """List every figure by subject."""
    japanese, english = (wording.of_language(each) for each in LANGUAGES)
    for subject in subjects.all_subjects():
        click.echo(f"{subject.title} / {english.gettext(subject.title)}")
        for each in subject.figures:
            click.echo(f"  {each.name}：{japanese.gettext(each.title)} / {english.gettext(each.title)}")


@figures.command("explain")
@click.argument("name")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Count it as of the end of that day.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=FIRST_PEOPLE,
    show_default=True,
    help="List so many people.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print all its people as CSV, and nothing else.")
def explain(name: str, day: datetime | None, limit: int, *, as_csv: bool) -> None:
    """Explain the figure of that NAME: definition, window, population, value, and its people."""
    definition = _found(name)
    start(register)
    on = day.date() if day else localtime.today()
    if on > localtime.today():
        raise click.ClickException(
            f"{on} はまだ来ていません。今日までの日を指定してください / {on} has not come yet; give a day until today"
        )
    if as_csv:
        _print_csv(definition, on)
        return
    _print_definition(definition, on)
    _print_value(definition, definition.count(on))
    _print_people(definition, on, limit)


@figures.command("doc")
def doc() -> None:
    """Print docs/figures.md."""
    click.echo(document.markdown(), nl=False)


def _found(name: str) -> Definition:
    definition = catalogue.FIGURES.get(name)
    if definition is not None:
        return definition
    near = difflib.get_close_matches(name, catalogue.FIGURES, n=3, cutoff=0.4)
    near += [each for each in catalogue.FIGURES if name and name in each and each not in near][
        : 3 - len(near)
    ]
    nearest = "、".join(near) or "manage.py figures list"
    raise click.ClickException(
        f"「{name}」という数字はありません。近いもの: {nearest} / there is no figure {name!r}; nearest: {nearest}"
    )


def _print_definition(definition: Definition, on: date) -> None:
    click.echo(definition.name)
    headings = {
        "ja": ("数え方", "だれの数字か", "期間", "くらべる値"),
        "en": ("How it is counted", "Counted over", "Window", "Compare with"),
    }
    for language in LANGUAGES:
        words = wording.of_language(language)
        meaning, population, window, benchmark = headings[language]
        click.echo(f"\n{words.gettext(definition.title)}")
        click.echo(f"  {meaning}: {words.gettext(definition.meaning)}")
        click.echo(f"  {population}: {words.gettext(definition.population)}")
        dates = words.window(definition.window(on), on)
        click.echo(f"  {window}: {words.gettext(definition.window_text)} ({dates})")
        if definition.benchmark:
            click.echo(f"  {benchmark}: {words.gettext(definition.benchmark)}")


def _print_value(definition: Definition, value: Value) -> None:
    japanese, english = (wording.of_language(each) for each in LANGUAGES)
    values = japanese.value(value, definition.unit), english.value(value, definition.unit)
    click.echo(f"\n値 / value: {' / '.join(dict.fromkeys(values))}")
    if interval := english.interval(value, definition.unit):
        click.echo(f"95 %: {interval}")
    if basis := english.basis(value):
        click.echo(f"もとになった数 / counted from: {basis}")
    if value.left_out:
        click.echo(
            f"はじまりがわからず除いた数 / left out, as their beginning is not known: {value.left_out:,}"
        )
    if value.is_too_few:
        click.echo("少なすぎて、まだ何とも言えません / too few to say anything yet")


def _print_people(definition: Definition, on: date, limit: int) -> None:
    count = people.count(definition, on)
    if count is None:
        click.echo("\n人の数字ではないため、一覧はありません / no figure of people, so there is no list")
        return
    click.echo(f"\n数えた方 / people: {count:,}")
    for each in islice(people.every(definition, on), limit):
        bought = f"{each.purchase_count}回 / orders, ¥{each.sales_yen:,}"
        click.echo(f"  {each.customer_id}：{each.name or '—'}：{bought}：{each.last_purchased_on or '—'}")
    if count > limit:
        click.echo(f"  … {count - limit:,} （--limit N, --csv）")


def _print_csv(definition: Definition, on: date) -> None:
    if definition.people is None:
        raise click.ClickException(
            "人の数字ではないため、一覧はありません / no figure of people, so there is no list"
        )
    written = csv.writer(sys.stdout)
    written.writerow(["customer", "name", "orders", "sales_yen", "last_purchased_on"])
    for each in people.every(definition, on):
        cells = (
            each.customer_id,
            spreadsheet.harmless(each.name),
            each.purchase_count,
            each.sales_yen,
            each.last_purchased_on,
        )
        written.writerow(["" if cell is None else cell for cell in cells])

"""`manage.py doctor`: checks everything that the shop depends on, and says how to mend what is amiss."""

import sys

import click

from bot import log, outages, shop_versions
from bot.checks import running
from bot.checks.result import Result, State
from bot.config import settings
from bot.config.shop_faults import ShopFileError
from bot.db import database
from bot.starting import UNFIT
from bot.text.two_languages import LANGUAGES, Sentence, of_error, of_system, shown, together
from handlers import register

MARKS = {
    State.OK: ("✓", "green"),
    State.WARN: ("!", "yellow"),
    State.FAIL: ("✗", "red"),
    State.UNKNOWN: ("?", "blue"),
}
WORDS = {
    State.OK: Sentence("ok", "良好"),
    State.WARN: Sentence("warning", "注意"),
    State.FAIL: Sentence("fault", "要修理"),
    State.UNKNOWN: Sentence("not known", "不明"),
}


@click.command()
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="ja or en; the system's when left out, both when it says none.",
)
def doctor(language: str | None) -> None:
    """Check settings, LINE, webhook, database, processes, backups, disk and clock; says how to mend what is amiss.

    Asks LINE, and has it try the webhook. Exits with 1 when something does not work, with 3 when settings are unfit.
    """
    language = language or of_system()
    results = _results()
    for result in results:
        _print(result, language)
    click.echo()
    click.echo(shown(_sum(results), language))
    if any(result.key == "settings-unfit" for result in results):
        sys.exit(UNFIT)
    sys.exit(0 if running.is_well(results) else 1)


def _results() -> list[Result]:
    """What the checks find; settings that cannot be read leave nothing else to check."""
    try:
        config = settings.use(settings.load())
    except settings.SettingsError as unfit:
        return [_unfit("settings-unfit", Sentence("Settings", "設定"), unfit)]
    log.configure("ERROR")
    log.leave_to(outages.report)
    register()
    results = []
    try:
        shop_versions.load(config.shop_toml)
    except ShopFileError as unfit:
        results.append(_unfit("shop-file", Sentence("shop.toml", "shop.toml"), unfit))
    try:
        database.connect(config.database_url)
    except database.DatabaseUnfit as unfit:
        return [*results, _unfit("database", Sentence("Database", "データベース"), unfit)]
    return results + running.everything(config)


def _unfit(key: str, title: Sentence, error: Exception) -> Result:
    said = of_error(error)
    return Result(key, title, State.FAIL, said if isinstance(said, Sentence) else Sentence(said, said))


def _print(result: Result, language: str | None) -> None:
    mark, colour = MARKS[result.state]
    title = together([result.title, WORDS[result.state]], " — ")
    click.echo(
        click.style(f"{mark} {shown(title, language) if language else _in_line(title)}", fg=colour, bold=True)
    )
    for text in (result.sentence, result.remedy):
        for line in shown(text, language).splitlines() if text else ():
            if line:
                click.echo(f"    {line}")


def _in_line(title: Sentence) -> str:
    return f"{title.ja} / {title}"


def _sum(results: list[Result]) -> Sentence:
    counts = {state: sum(result.state is state for result in results) for state in State}
    return Sentence(
        f"{counts[State.OK]} ok, {counts[State.WARN]} warnings, {counts[State.FAIL]} faults, "
        f"{counts[State.UNKNOWN]} not known.",
        f"良好 {counts[State.OK]}、注意 {counts[State.WARN]}、要修理 {counts[State.FAIL]}、"
        f"不明 {counts[State.UNKNOWN]}",
    )

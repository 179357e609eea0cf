"""`manage.py migrate`, `check`, `shop-file`, `shop-settings`: update the tables; check whether the environment is fit
to start in; print the owner's file; export, import and list what owners changed of it in the console."""

from pathlib import Path

import click

from bot import localtime, shop_versions
from bot.checks import of_line, of_machine, running
from bot.checks.result import State
from bot.config import settings, shop, shop_toml
from bot.config.settings import Settings
from bot.config.shop_faults import ShopFileError
from bot.db import database
from bot.db.database import write_transaction
from bot.queue import support_friends
from bot.shop_versions import ShopVersion
from bot.starting import DOES_NOT_ANSWER, start
from bot.text.two_languages import both, of_system, shown, together
from bot.web import proxy_notice
from commands.search import blank_unsent, fold_anew, index_transcripts
from handlers import register
from rewards.ranks import versions
from support.faq import entries


@click.command()
def migrate() -> None:
    """Bring the tables up to date, and fill the FAQ when it is empty. Safe to repeat."""
    if settings.is_first_start():
        click.echo("There are no settings yet: nothing to migrate before set-up is done.")
        return
    start(register, migrated=False)
    if not database.reachable():
        raise click.ClickException(shown(DOES_NOT_ANSWER, of_system()))
    applied = database.migrate()
    if "0016_chatroom" in applied:
        index_transcripts()
    fold_anew()
    if "0024_safety" in applied:
        blank_unsent()
    with database.write_transaction():
        stocked = entries.seed_if_empty()
    click.echo(f"Applied: {', '.join(applied)}." if applied else "The tables are up to date.")
    if stocked:
        click.echo(f"The FAQ was stocked with {stocked} entries.")


@click.command()
def check() -> None:
    """Check the environment, shop.toml, the database and LINE's token without starting anything; `doctor` checks
    more."""
    config = start(register)
    language = of_system()
    click.echo(
        shown(
            both(
                "Settings, shop.toml and database are fit to start with: {shop} ({id}).",
                "設定・shop.toml・データベースは、これではじめられます: {shop}（{id}）",
                shop=config.shop_name,
                id=config.line_basic_id,
            ),
            language,
        )
    )
    if config.has_support_account:
        click.echo(
            f"Second LINE account for individual contact: {config.line_support_basic_id or 'nobody is invited'}, "
            f"{support_friends.count()} friends; its webhook is {config.public_url}/callback/support."
        )
    if proxy_notice.is_due():
        result = of_machine.settings(config)
        click.echo(shown(together([result.sentence, result.remedy], " "), language), err=True)
    _check_tokens(config, language)
    not_checked = both(
        "Not checked: webhook, processes, disk, backups. For these: script/manage doctor",
        "Webhook・プロセス・ディスク・バックアップは確かめていません。こちらで確かめられます: script/manage doctor",
    )
    click.echo(shown(not_checked, language))


def _check_tokens(config: Settings, language: str | None) -> None:
    """Say whether LINE accepts the tokens; ends with 1 when it does not."""
    results = [each for each in (of_line.token(config), of_line.second_token(config)) if each is not None]
    for result in results:
        text = together([result.title, result.sentence, result.remedy], " ")
        click.echo(shown(text, language), err=result.state is not State.OK)
    if not running.is_well(results):
        raise SystemExit(1)


@click.command("shop-file")
def shop_file() -> None:
    """Print shop.toml as it ships: every key with its default."""
    register()
    click.echo(shop.as_toml(), nl=False)


@click.group("shop-settings")
def shop_settings() -> None:
    """The shop's settings as versions in the database."""


@shop_settings.command("export")
def export() -> None:
    """Print the whole shop.toml as it is in force."""
    start(register)
    click.echo(shop.as_written_whole(), nl=False)


@shop_settings.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", default="", help="Why, for the history.")
def import_file(file: Path, note: str) -> None:
    """Make a version of the values in FILE; what it does not name stays. Says every fault, and then changes nothing."""
    start(register)
    try:
        values = shop.parts_of(shop_toml.read(file))
        with write_transaction():
            version = shop_versions.change(values, None, note)
            versions.store_of(version)
    except ShopFileError as unfit:
        raise click.ClickException(str(unfit)) from None
    click.echo(f"Version {version.id} is in force; running processes read it within two seconds.")


@shop_settings.command("list")
@click.option("--count", type=click.IntRange(1, 1000), default=20, show_default=True, help="So many.")
def list_versions(count: int) -> None:
    """List the versions, newest first."""
    start(register)
    for each in ShopVersion.select().order_by(ShopVersion.id.desc()).limit(count):
        at = localtime.local(each.made_at).strftime("%Y-%m-%d %H:%M")
        click.echo(f"#{each.id}  {at}  staff {each.made_by_id or '—'}  {each.note}".rstrip())

"""`manage.py rank replay`: shows what new rules would do, before they are put in force."""

import csv
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot import localtime
from bot.config import shop
from bot.starting import start
from bot.text import spreadsheet
from bot.text.two_languages import of_error, of_system, shown
from handlers import register
from rewards.ledger.settings import PointRules
from rewards.ranks.batch_sql import Measure
from rewards.ranks.rules import Rank
from rewards.ranks.settings import RankSection
from rewards.simulation import simulate
from rewards.simulation.simulate import MOST_AMBASSADORS, SimulationResult


@click.group()
def rank() -> None:
    """会員ランク: the rules of ranks."""


@rank.command("replay")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="Fix the clock at that day's end instead of today's."
)
@click.option(
    "--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="List who would move here."
)
def replay_rules(rules: Path, on: datetime | None, csv_file: Path | None) -> None:
    """Run the [ranks], and [points] if there are any, of a RULES file over the real history. Changes nothing
    in the shop: shows who would rise, who would fall, what it would cost. What the file leaves out is as in
    shop.toml."""
    start(register)
    try:
        draft = shop.draft(rules.read_text(encoding="utf-8-sig"))
    except (shop.ShopFileError, UnicodeDecodeError) as unfit:
        raise click.ClickException(shown(of_error(unfit), of_system())) from None
    day = on.date() if on else localtime.today()
    tried = draft.get(RankSection)
    points = draft.get(PointRules) if draft.names(PointRules) else None
    replayed = simulate.run(tried, shop.get(RankSection), day, points)
    _show(replayed)
    if csv_file is not None:
        _write(Measure(tried, day, replayed.tried.average_ltv_yen), csv_file)
        click.echo(f"Who would move is listed in {csv_file}.")
    click.echo("Nothing was changed. To switch the rules on, put them into shop.toml and restart.")


def _write(measure: Measure, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        written = csv.writer(file)
        written.writerow(("customer", "name", "held", "deserved", "money", "behaviour", "relationship"))
        for each in simulate.all_moved(measure):
            name = spreadsheet.harmless(each.display_name)
            axes = (each.axes.money, each.axes.behaviour, each.axes.relationship)
            written.writerow((each.customer_id, name, each.held.en, each.deserved.en, *axes))


def _show(replayed: SimulationResult) -> None:
    tried, in_force = replayed.tried, replayed.in_force
    table = Table("held now", *(rank.en for rank in Rank), title=f"Ranks deserved on {replayed.on}")
    for held in Rank:
        cells = (f"{tried.moves.get((held, deserved), 0):,}" for deserved in Rank)
        table.add_row(held.en, *cells)
    Console().print(table)
    for count_of, name in ((tried, "these rules"), (in_force, "the rules in force")):
        click.echo(
            f"By {name}: {count_of.rising_count:,} rise at once, {count_of.falling_count:,} are warned and may fall; "
            f"money is measured against ¥{count_of.average_ltv_yen:,}."
        )
    share = tried.ambassador_share
    advice = (
        "more than the few per cent that are enough"
        if share > MOST_AMBASSADORS
        else "a few per cent is enough"
    )
    click.echo(f"Ambassadors: {share:.1%} of {tried.customer_count:,} customers ({advice}).")
    for each in replayed.given:
        click.echo(
            f"  {each.action}: {each.count:,} times, {each.points:,} points, then {each.points_then:,}"
        )
    after = replayed.balance + replayed.liability_change
    click.echo(
        f"Points owed to customers: {replayed.balance:,} now; {after:,} ({replayed.liability_change:+,}), had "
        "these rules held for the qualifying period."
    )

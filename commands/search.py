"""`manage.py search fill`: makes old chats findable. `migrate` does it by itself, when it is needed."""

import click
from rich.progress import track

from bot.queue import message_changes
from bot.starting import start
from handlers import register
from support.transcript import search as transcript_search


@click.group()
def search() -> None:
    """The search over what customers and staff wrote."""


@search.command()
def fill() -> None:
    """Make findable whatever is not yet. Safe to repeat, and while everything runs."""
    start(register)
    make_findable()


def make_findable() -> None:
    """Go through all events, and say how many they were."""
    count = sum(track(transcript_search.fill(), description="検索の準備", transient=True))
    if count:
        click.echo(f"{count:,} events were looked through for the search.")
    fold_anew()


def fold_anew() -> None:
    """Bring texts that an older version made findable to today's folding, and say how many they were."""
    count = sum(track(transcript_search.fold_anew(), description="検索の準備", transient=True))
    if count:
        click.echo(f"{count:,} texts of the search were folded anew.")


def blank_unsent() -> None:
    """Blank what was unsent or edited on LINE before the raw events were blanked, too."""
    for _ in track(message_changes.sweep(), description="送信取り消しの反映", transient=True):
        pass

"""`manage.py search fill`: indexes old chats for the search. `migrate` does so by itself when it is needed."""

import click
from rich.progress import track

from bot.queue import message_changes
from bot.starting import start
from customers.people import customer_names
from handlers import register
from support.transcript import search as transcript_search


@click.group()
def search() -> None:
    """The search over what customers and staff wrote."""


@search.command()
def fill() -> None:
    """Index whatever is not indexed yet. Safe to repeat, also while everything runs."""
    start(register)
    index_transcripts()


def index_transcripts() -> None:
    """Index all events, and print how many they were."""
    count = sum(track(transcript_search.fill(), description="検索の準備", transient=True))
    if count:
        click.echo(f"{count:,} events were looked through for the search.")
    fold_anew()


def fold_anew() -> None:
    """Fold the texts and names again that an older version folded (`bot/text/folding.py`), and names that are not in
    the search yet; print how many they were."""
    named = sum(track(customer_names.fold_stale(), description="お名前の検索の準備", transient=True))
    if named:
        click.echo(f"{named:,} names of customers were made ready for the search.")
    count = sum(track(transcript_search.fold_anew(), description="検索の準備", transient=True))
    if count:
        click.echo(f"{count:,} texts of the search were folded anew.")


def blank_unsent() -> None:
    """Remove the text of messages that were unsent or edited before the raw events were updated, too."""
    for _ in track(message_changes.sweep(), description="送信取り消しの反映", transient=True):
        pass

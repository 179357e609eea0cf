"""Records what an operator's command changes, like changes in the console (`console/shell/audit.py`)."""

import click

from bot.db import database
from console.shell import audit

NOT_RECORDED = {"migrate", "demo", "import", "check", "doctor"}
"""The tables themselves, an invented shop, orders, which are recorded as orders, and signs of life."""


def watch(context: click.Context) -> None:
    """Until the command ends, record what it changes under its name."""
    if context.invoked_subcommand not in NOT_RECORDED:
        database.observer.set(_record_change)
        context.call_on_close(lambda: database.observer.set(None))


def _record_change() -> None:
    path = click.get_current_context().command_path.split()
    audit.record(" ".join(["manage.py", *path[1:]]), None, {}, {})

"""`manage.py demo`: the whole product against a simulated LINE, with a shop full of sample customers."""

import secrets
import signal
import sys
from pathlib import Path

import click

from console.auth import staff_accounts
from console.auth.staff_accounts import Role
from demo.scripted_run import play
from demo.setup import Stage, StageUnfit, free_port
from demo.shop.people import CUSTOMER_COUNT
from demo.shop.weeks import Machinery
from handlers import (
    campaign_calls,
    campaign_jobs,
    contact_jobs,
    flow_jobs,
    message_jobs,
    points_due,
    profile_jobs,
    register,
)
from journeys.sending.settings import may_push_now

MACHINERY = Machinery(
    register,
    jobs=(
        flow_jobs.take_due_steps,
        message_jobs.release_planned_messages,
        campaign_jobs.run_campaigns,
    ),
    daily_jobs=(contact_jobs.find_due, contact_jobs.follow_up, points_due.warn_of_expiry),
    keep_profiles=profile_jobs.keep_profiles,
    keep_changed_profiles=profile_jobs.keep_changed,
    may_write_now=may_push_now,
    may_send=campaign_calls.may_send,
)
"""What the demo plays its last weeks with."""


@click.command()
@click.option(
    "--once", is_flag=True, help="Play a promoter, a passive and a detractor, print their chats, and end."
)
@click.option("--port", type=int, help="Port of the phone page.  [default: 8000]")
@click.option(
    "--bot-port", type=int, help="Port of the bot and the console.  [default: the one after --port]"
)
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Keep the demo's data there, to go on another day."
)
def demo(once: bool, port: int | None, bot_port: int | None, folder: Path | None) -> None:
    """Try the whole shop on this machine, without a LINE account."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    phone_port = port or (free_port() if once else 8000)
    other_port = bot_port or (free_port() if once else phone_port + 1)
    try:
        count = 0 if once else CUSTOMER_COUNT
        with Stage(
            phone_port, other_port, folder, customer_count=count, hire=hire, machinery=MACHINERY
        ) as stage:
            if once:
                play(stage)
                return
            click.echo(welcome(stage))
            stage.watch()
    except StageUnfit as unfit:
        raise click.ClickException(str(unfit)) from None
    except KeyboardInterrupt:
        click.echo("\nデモを終わりました / The demo has ended.")


def hire() -> None:
    """Add the demo's staff to a database that has none. Their passwords are random and unknown: the demo
    signs in by one click."""
    if not staff_accounts.any_active():
        staff_accounts.add("ogawa@hidamari.example", "小川 真理子", Role.OWNER, secrets.token_urlsafe(24))
        staff_accounts.add("nakamura@hidamari.example", "中村 彩", Role.STAFF, secrets.token_urlsafe(24))


def welcome(stage: Stage) -> str:
    """The addresses to open."""
    return f"""
  ひだまり堂のデモが始まりました / The demo is running

    Phone (customers)    {stage.platform.url}/phone
    Console (staff)      {stage.bot_url}/console/demo-sign-in/staff
    Console (owner)      {stage.bot_url}/console/demo-sign-in/owner

  {stage.restart_note[0]}
  {stage.restart_note[1]}

  Ctrl+C ends it.
"""

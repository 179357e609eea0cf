"""`manage.py campaigns …`: list campaigns, show how far one is, stop it, go on with it, cancel it."""

from collections.abc import Callable

import click

from bot import localtime
from bot.db.database import write_transaction
from bot.starting import start
from handlers import register
from journeys.campaigns import campaigns, recipient_lists, results
from journeys.campaigns.tables import (
    CANCELLED,
    DONE,
    DRAFT,
    LATE,
    SCHEDULED,
    SENDING,
    STOPPED,
    Campaign,
)

STATES = {
    DRAFT: "下書き draft",
    SCHEDULED: "予約 scheduled",
    SENDING: "配信中 sending",
    STOPPED: "停止 stopped",
    LATE: "確認待ち late",
    DONE: "完了 done",
    CANCELLED: "取り消し cancelled",
}
SHOWN = {
    "audience": "対象 / audience",
    "waiting": "これから / waiting",
    "in_a_call": "送信中 / on their way",
    "planned": "個別に待っている / planned singly",
    "sent": "送信済み / sent",
    "skipped": "送らない / skipped",
    "failed": "届かない / failed",
    "held_out": "比べるため送らない / held out",
}


@click.group("campaigns")
def campaign_commands() -> None:
    """Campaigns (キャンペーン): how far each is; stop one and go on with it."""


@campaign_commands.command("list")
def list_all() -> None:
    """List campaigns, newest first."""
    start(register)
    for each in campaigns.newest():
        at = f"{localtime.local(each.scheduled_at):%Y-%m-%d %H:%M}" if each.scheduled_at else "—"
        click.echo(f"{each.id}\t{_state(each)}\t{at}\t{each.name}")


@campaign_commands.command("show")
@click.argument("campaign_id", type=int, metavar="ID")
def show(campaign_id: int) -> None:
    """Show how far the campaign with that ID is, whom it passed over and why, and what it brought."""
    start(register)
    campaign = _found(campaign_id)
    click.echo(f"{campaign.id} {campaign.name}（{_state(campaign)}）")
    found = campaigns.progress(campaign)
    for name, words in SHOWN.items():
        click.echo(f"{words}: {getattr(found, name):,}")
    for group in recipient_lists.groups(campaign.id):
        if group.reason:
            click.echo(f"  {group.state} {group.reason}: {group.count:,}")
    brought = results.of(campaign)
    click.echo(
        f"届いた / delivered: {brought.delivered_count:,}; 費用 / cost: ¥{brought.cost_yen:,}; "
        f"買った / bought: {brought.buyer_count:,}, ¥{brought.order_yen:,}"
    )


@campaign_commands.command("stop")
@click.argument("campaign_id", type=int, metavar="ID")
def stop(campaign_id: int) -> None:
    """Stop the campaign with that ID: nothing more is sent until it goes on."""
    _change(campaign_id, campaigns.stop, "止めました / stopped")


@campaign_commands.command("go-on")
@click.argument("campaign_id", type=int, metavar="ID")
def go_on(campaign_id: int) -> None:
    """Go on with the campaign with that ID, which is stopped, or late and asks first."""
    _change(
        campaign_id,
        lambda campaign: campaigns.go_on(campaign) or campaigns.confirm_late(campaign),
        "つづけます / going on",
    )


@campaign_commands.command("cancel")
@click.argument("campaign_id", type=int, metavar="ID")
def cancel(campaign_id: int) -> None:
    """Cancel the campaign with that ID for good: whoever has not got it gets nothing."""
    _change(campaign_id, campaigns.cancel, "取り消しました / cancelled")


def _change(campaign_id: int, change: Callable[[Campaign], bool], done: str) -> None:
    start(register)
    with write_transaction():
        campaign = _found(campaign_id)
        state = _state(campaign)
        if not change(campaign):
            raise click.ClickException(
                f"キャンペーン {campaign_id} は「{state}」なので、できません / it is {campaign.state}."
            )
    click.echo(f"{campaign.name}：{done}")


def _state(campaign: Campaign) -> str:
    reason = f" {campaign.reason}" if campaign.reason else ""
    return f"{STATES[campaign.state]}{reason}"


def _found(campaign_id: int) -> Campaign:
    campaign = campaigns.find(campaign_id)
    if campaign is None:
        raise click.ClickException(
            f"キャンペーン {campaign_id} はありません。`manage.py campaigns list` で確かめてください / there is none."
        )
    return campaign

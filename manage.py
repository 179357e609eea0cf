"""The operator's commands; each says what it did, or what is wrong and what to do. They are in `commands/`."""

import click

from commands import (
    api_keys,
    budget,
    campaigns,
    database,
    demo,
    effects,
    faq,
    figures,
    flows,
    inbox,
    menu,
    messages,
    operator,
    orders,
    outbox,
    points,
    rank,
    search,
    staff,
    survey,
)
from commands.data import backups, export, personal
from commands.machine import doctor


@click.group()
@click.pass_context
def manage(context: click.Context) -> None:
    """Goen's commands. Settings come from the environment, see README.md."""
    operator.watch(context)


for command in (
    database.migrate,
    database.check,
    doctor.doctor,
    orders.import_orders,
    inbox.inbox,
    outbox.outbox,
    points.points,
    points.reconcile,
    rank.rank,
    survey.survey,
    budget.budget_commands,
    campaigns.campaign_commands,
    messages.messages,
    menu.menu,
    search.search,
    staff.staff,
    faq.faq,
    figures.figures,
    flows.flows,
    effects.effects,
    api_keys.api_key,
    personal.erase,
    export.export,
    backups.backup,
    backups.restore,
    backups.sending,
    database.shop_file,
    database.shop_settings,
    demo.demo,
):
    manage.add_command(command)

if __name__ == "__main__":
    manage()

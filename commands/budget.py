"""`manage.py budget show | simulate`: this month's pushes and their forecast; what the past year would have cost with
and without free replies first."""

from collections.abc import Iterable
from datetime import timedelta

import click
from rich import box
from rich.console import Console
from rich.table import Table

from bot import localtime
from bot.config import shop
from bot.starting import start
from handlers import budget_jobs, past_messages, register
from journeys.enrolments import past_steps
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import ON
from journeys.sending import budget, costs, replay
from journeys.sending.replay import Cost
from journeys.sending.settings import SendingRules

UNKNOWN = "—"


@click.group("budget")
def budget_commands() -> None:
    """The month's pushes, which cost money."""


@budget_commands.command()
def show() -> None:
    """Show this month's pushes, and how many are expected until its end. Counts anew and changes nothing."""
    start(register)
    row = budget_jobs.this_month()
    outlook, month = row.forecast, costs.of_month(localtime.today())
    yen = shop.get(SendingRules).push_cost_yen
    table = Table("", "", title=f"今月のお知らせ / Messages of {row.month:%Y-%m}")
    table.columns[1].justify = "right"
    for words, value in (
        ("こちらから送った数 / sent unasked", f"{month.total.sent_count:,}"),
        ("うち無料で添えた数 / free, with a reply", f"{month.total.ride_count:,}"),
        ("無料の割合 / free share", _percent(month.total.free_share)),
        ("費用 / cost", _yen(month.yen(yen))),
        ("1通ずつ送った場合 / pushed singly", _yen(month.single_yen(yen))),
        ("節約 / saved", _yen(month.saved_yen(yen))),
        ("使った通数 / pushes used", f"{outlook.used_count:,}"),
        ("LINEの上限 / LINE's quota", _count(row.quota)),
        ("今月の上限 / limit in force", _count(outlook.limit)),
        ("待てない分の見込み / expected, never held", f"{outlook.reserved_count:,}"),
        ("待てる分の見込み / expected, can wait", f"{outlook.demand_count:,}"),
        ("月末の見込み / expected at the month's end", f"{outlook.expected_count:,}"),
        ("予算待ち / waiting for the budget", f"{outlook.waiting_count:,}"),
    ):
        table.add_row(words, value)
    Console().print(table)
    reached_on = budget.limit_day(localtime.today(), budget.month_end(row.month), outlook)
    if reached_on is None:
        click.echo("このままで月末まで足ります。 / The month's messages last.")
    else:
        click.echo(
            f"このままだと{reached_on.day}日ごろに上限です。 / At this pace the limit is reached on {reached_on}."
        )


@budget_commands.command()
@click.option("--days", type=click.IntRange(1, 3660), default=365, show_default=True, help="So far back.")
@click.option(
    "--flow", "keys", multiple=True, help="With this flow (repeatable); else with those that are on."
)
def simulate(days: int, keys: tuple[str, ...]) -> None:
    """Replay the past: what it would have cost with each message pushed by itself, and with free replies first.
    Reads only."""
    start(register)
    until = localtime.now()
    rules, flows = shop.get(SendingRules), _flows(keys)
    single, free, reply_count, customer_count = Cost(), Cost(), 0, 0
    for year in past_messages.by_customer(until - timedelta(days=days), until, flows):
        single.add(replay.singly(year.said))
        free.add(replay.free_first(year.said, year.replies_at, rules.limits()))
        reply_count += year.reply_count
        customer_count += 1
    click.echo(
        f"{days}日・{customer_count:,}人・返信{reply_count:,}回（無料） / "
        f"{days} days, {customer_count:,} customers, {reply_count:,} replies (free)"
    )
    Console().print(_comparison(single, free, rules.push_cost_yen))
    _conclude(single, free, rules.push_cost_yen)
    for flow in flows:
        if flow.trigger.on not in past_steps.KNOWN_TRIGGERS:
            click.echo(
                f"{flow.key}：きっかけ「{flow.trigger.on}」は過去の記録がなく、数えていません。 / "
                f"not replayed, since the past of its trigger is not stored."
            )


def _flows(keys: Iterable[str]) -> list[FlowDefinition]:
    """The named flows, drafts too; else those that are on."""
    known = {flow.key: flow for flow in stock.all_flows()}
    wanted = list(keys) or [key for key, flow in known.items() if flow.state == ON]
    for key in wanted:
        if key not in known:
            names = ", ".join(sorted(known))
            raise click.ClickException(
                f"There is no flow {key}. Known: {names}. Example: --flow after-purchase"
            )
    return [stock.definition_of(known[key]) for key in wanted]


def _comparison(single: Cost, free: Cost, yen: int) -> Table:
    title = "1通ずつ送った場合と、無料を先にした場合 / Pushed singly, and free first"
    table = Table(title=title, box=box.SIMPLE, pad_edge=False)  # fits 80 columns with whole names
    table.add_column("種類\nkind", overflow="fold")
    for words in ("1通ずつ\nsingly", "返信に\nrode", "まとめ\nshared", "送った\npushed", "見送り\ndropped"):
        table.add_column(words, justify="right", no_wrap=True)
    for words in ("費用\ncost", "比\nratio"):
        table.add_column(words, justify="right", no_wrap=True)
    for name, count in single.pushes.most_common():
        table.add_row(name, *_row(count, free, yen, [name]))
    table.add_section()
    table.add_row("合計 / all", *_row(single.pushes.total(), free, yen, list(single.pushes)), style="bold")
    return table


def _row(count: int, free: Cost, yen: int, names: list[str]) -> list[str]:
    rides, shared, pushes, dropped = (
        sum(counted[name] for name in names)
        for counted in (free.rides, free.shared, free.pushes, free.dropped)
    )
    ratio = f"{pushes / count:.2f}" if count else UNKNOWN
    numbers = [f"{each:,}" for each in (count, rides, shared, pushes, dropped)]
    return [*numbers, _yen(pushes * yen), ratio]


def _conclude(single: Cost, free: Cost, yen: int) -> None:
    before, after = single.pushes.total(), free.pushes.total()
    if not before:
        click.echo("送るものがありませんでした。 / There was nothing to send.")
        return
    click.echo(
        f"無料を先にすると {_yen(before * yen)} が {_yen(after * yen)}（{after / before:.2f}倍）です。 / "
        f"Free first costs {after / before:.2f} of pushing singly."
    )


def _percent(share: float | None) -> str:
    return UNKNOWN if share is None else f"{share:.0%}"


def _count(count: int | None) -> str:
    return "なし / none" if count is None else f"{count:,}"


def _yen(amount: int) -> str:
    return f"¥{amount:,}"

"""`manage.py effects …`: what flows and the shop's messages as a whole earn, against those who get none."""

import click

from bot.starting import start
from console.figures import effects as figures
from console.figures.effects import Subject
from handlers import register
from journeys.effects import flow_effects
from journeys.flows import stock
from journeys.proof import periods, results
from journeys.proof.results import Result
from journeys.proof.statistics.values import Arm, Interval
from journeys.proof.statistics.verdict import Verdict

VERDICTS = {
    Verdict.EARNS: "送ったほうが、また買う方がふえています / more of those who got it buy again",
    Verdict.COSTS: "送ったほうが、また買う方がへっています / fewer of those who got it buy again",
    Verdict.UNDECIDED: "まだはっきりしません / undecided",
    Verdict.NO_RESULT: "比べられません / no result",
}


@click.group()
def effects() -> None:
    """What messages earn (効果), compared with customers who get none."""


@effects.command("list")
def list_effects() -> None:
    """List every comparison with what it says so far."""
    start(register)
    for subject in figures.subjects():
        name = subject.name or "お知らせ全体 / all messages"
        result = subject.count()
        click.echo(f"{_key(subject)}：{name}：{_in_short(result)}")


@effects.command("show")
@click.argument("key")
def show(key: str) -> None:
    """Show the effect of the flow with that KEY, its variants, and its shares held out. KEY shop: all messages."""
    start(register)
    if key == figures.SHOP:
        _say("お知らせ全体 / all messages", results.of_shop())
        return
    flow = stock.find(key)
    if flow is None:
        raise click.ClickException(f"「{key}」というシナリオはありません / there is no flow {key!r}")
    _say(flow.name, flow_effects.of_flow(flow))
    for step_key, variant in flow_effects.variants_of(stock.definition_of(flow)):
        _say(
            f"{step_key}：文面 {variant} / variant {variant}",
            flow_effects.of_variant(flow, step_key, variant),
        )
    for each in periods.history(periods.of_flow(flow.id or 0)):
        until = f"{each.ended_at:%Y-%m-%d}（{each.end_reason}）" if each.ended_at else ""
        click.echo(f"  {each.started_at:%Y-%m-%d}〜{until} {each.percent}%")


def _key(subject: Subject) -> str:
    return str(subject.values.get("key", subject.key))


def _in_short(result: Result | None) -> str:
    if result is None:
        return "比べる方がいません / nobody is held out"
    comparison = result.comparison
    if comparison.sample_ratio_is_broken:
        return (
            f"割合が合わないので結果は出せません / the sides are not {result.percent} % apart, so there is no result "
            f"({result.treated.count}:{result.held_out.count})"
        )
    if not result.counted:
        return f"{result.assigned}人、最初の結果は / people; the first result on {result.first_at:%Y-%m-%d}"
    return VERDICTS[comparison.verdict]


def _say(name: str, result: Result | None) -> None:
    click.echo(f"{name}：{_in_short(result)}")
    if result is None or result.comparison.rate is None:
        return
    comparison = result.comparison
    click.echo(
        f"  送った方 / got it: {_arm(result.treated)}、送らなかった方 / held out: {_arm(result.held_out)}"
    )
    if comparison.rate is not None:
        click.echo(f"  差 / difference: {_points(comparison.rate)}")
    if comparison.sales is not None:
        low, high = comparison.sales.low, comparison.sales.high
        click.echo(f"  円／人 / yen a head: {comparison.sales.estimate:+,.0f} ({low:+,.0f} … {high:+,.0f})")
    foreseen = result.foreseen()
    if comparison.verdict is Verdict.UNDECIDED and foreseen is not None:
        months, difference = foreseen
        click.echo(
            f"  {difference * 100:.0f}ポイントの差なら、あと約{months:.1f}か月 / "
            f"a difference of {difference * 100:.0f} points would be found in about {months:.1f} months"
        )


def _arm(arm: Arm) -> str:
    return f"{arm.buyer_count:,}/{arm.count:,} ({(arm.rate or 0) * 100:.1f} %)"


def _points(rate: Interval) -> str:
    return f"{rate.estimate * 100:+.1f} ({rate.low * 100:+.1f} … {rate.high * 100:+.1f})"

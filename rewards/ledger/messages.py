"""Builds the messages about points: the card, what expires soon, what was earned. Sentences: `words.py`."""

from collections.abc import Sequence

from bot import localtime
from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Component, Message
from rewards.drawing import card_parts
from rewards.ledger.due_points import Outlook
from rewards.ledger.expiry import Policy
from rewards.ledger.explanations import ExplainedEntry
from rewards.ledger.settings import PointRules
from rewards.ledger.words import PointWords, reasons, words

NOTHING_AHEAD = Outlook()


def points(balance: int, recent: Sequence[ExplainedEntry], outlook: Outlook = NOTHING_AHEAD) -> Message:
    """The points card: the balance, what is pending, when points expire, and the newest entries."""
    say_it = words()
    body: list[Component] = []
    if balance < 0:
        body.append(line.words(say_it.points_debt, size="sm"))
    ahead = _ahead(outlook, say_it)
    if ahead:
        body.append(card_parts.panel(ahead))
    if recent:
        body.append(line.words(say_it.points_recent, size="xs", color=line.FAINT))
        body += [_entry(each) for each in recent]
    else:
        body.append(line.words(say_it.points_none_yet, size="sm"))
    card = line.bubble(
        body,
        [line.button(line.say("ランクを見る", "ランク"), "secondary")],
        header=card_parts.header(say_it.points_title, f"{balance:,}", "ポイント", card_parts.LEAF),
    )
    return line.flex(f"{say_it.points_title}：{balance:,}ポイント", card)


def expiring(outlook: Outlook) -> Message:
    """The warning before points expire: how many, by which day, and how to keep them."""
    say_it, day = words(), localtime.in_words(outlook.expires_on)
    moves_on = shop.get(PointRules).expiry == Policy.INACTIVITY
    sentence = (say_it.points_expiring_idle if moves_on else say_it.points_expiring).format(
        day=day, points=f"{outlook.expiring:,}"
    )
    card = line.bubble(
        [line.words(sentence, size="sm")],
        [line.button(line.say("ポイントを見る", "ポイント"), "secondary")],
        header=card_parts.header(
            say_it.points_expiring_title, f"{outlook.expiring:,}", "ポイント", card_parts.LEAF
        ),
    )
    return line.flex(f"{say_it.points_expiring_title}：{outlook.expiring:,}ポイント（{day}まで）", card)


def given_by_staff(points: int, balance: int) -> Message:
    """The notice that staff gave points with a reply."""
    return line.text(words().given_by_staff.format(points=f"{points:,}", balance=f"{balance:,}"))


def earned(points: int, balance: int, reason: str) -> Message:
    """The notice that points were given; `reason` is an action of the ledger, or a text."""
    say_it = words()
    sentence = say_it.earned.format(
        reason=reasons().reason(reason), points=f"{points:,}", balance=f"{balance:,}"
    )
    return line.text(sentence)


def _ahead(outlook: Outlook, say_it: PointWords) -> list[Component]:
    lines = []
    if outlook.pending and outlook.pending_from:
        held = {"points": f"{outlook.pending:,}", "day": localtime.in_words(outlook.pending_from)}
        lines.append(say_it.points_pending.format(**held))
    if outlook.expiring:
        lost = {"points": f"{outlook.expiring:,}", "day": localtime.in_words(outlook.expires_on)}
        lines.append(say_it.points_expiry.format(**lost))
    return [line.words(sentence, size="xs") for sentence in lines]


def _entry(entry: ExplainedEntry) -> Component:
    row = line.row(
        [
            line.words(f"{entry.day.month}/{entry.day.day}", size="sm", color=line.FAINT, flex=2, wrap=False),
            line.words(entry.reason, size="sm", flex=6),
            line.words(
                f"{entry.points:+,}" if entry.points else "0",
                size="sm",
                align="end",
                flex=3,
                wrap=False,
                **({"weight": "bold"} if entry.in_balance else {"color": line.FAINT}),
            ),
        ]
    )
    if not entry.why:
        return row
    return line.column([row, line.words(entry.why, size="xs", color=line.FAINT)])

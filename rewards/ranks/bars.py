"""Draws the three axes of a rank card as bars."""

from collections.abc import Sequence

from bot.line import messages as line
from bot.line.messages import Component
from rewards.ranks.rules import BEHAVIOUR, RELATIONSHIP, Axes, Counted, Facts
from rewards.ranks.words import RankWords

TRACK = "#E3E9E6"


def axes(axes: Axes, facts: Facts, say_it: RankWords) -> list[Component]:
    """The three axes as bars, each with the things that count for it in words."""
    yen = say_it.holds_money.format(yen=f"{facts.sales_yen:,}") if facts.sales_yen > 0 else ""
    return [
        _axis(say_it.axis_money, axes.money, yen or say_it.holds_nothing, "#2E8B57"),
        _axis(say_it.axis_behaviour, axes.behaviour, _holds(BEHAVIOUR, facts, say_it), "#2B7FA3"),
        _axis(say_it.axis_relationship, axes.relationship, _holds(RELATIONSHIP, facts, say_it), "#C2692B"),
    ]


def _axis(name: str, value: int, holds: str, colour: str) -> Component:
    filled = line.column(
        [{"type": "filler"}], width=f"{value}%", height="10px", backgroundColor=colour, cornerRadius="5px"
    )
    return line.column(
        [
            line.row(
                [
                    line.words(name, size="sm", weight="bold", flex=3),
                    line.words(str(value), size="sm", weight="bold", align="end", flex=1, wrap=False),
                ]
            ),
            line.column(
                [filled] if value else [{"type": "filler"}],
                backgroundColor=TRACK,
                height="10px",
                cornerRadius="5px",
            ),
            line.words(holds, size="xs", color=line.FAINT),
        ],
        spacing="xs",
        margin="lg",
    )


def _holds(counted: Sequence[Counted], facts: Facts, say_it: RankWords) -> str:
    parts = [say_it.holds(one.rule, one.of(facts)) for one in counted if one.of(facts) > 0]
    return "・".join(parts) or say_it.holds_nothing

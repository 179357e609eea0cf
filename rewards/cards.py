"""Decides how the cards of rewards look: a coloured head, bars, panels. What stands in them is in `messages.py`."""

from bot import line_messages as line
from bot.line_messages import Component
from rewards.ranks import Axes, Facts, Rank
from rewards.words import RewardWords

LEAF = "#1A7F4B"
PALE = "#F2F6F4"
TRACK = "#E3E9E6"
WHITE = "#FFFFFF"
COLOUR = {
    Rank.BASIC: "#4C6B5F",
    Rank.ACTIVE: "#1F6F8B",
    Rank.PREMIUM: "#6A4C93",
    Rank.AMBASSADOR: "#8A5A00",
}
"""White reads on each of them (contrast 4.5 or more)."""


def header(above: str, large: str, unit: str, colour: str, size: str = "xxl") -> Component:
    """The head of a card: one thing in large letters."""
    top = [line.words(above, size="sm", color=WHITE)] if above else []
    main = [line.words(large, size=size, weight="bold", color=WHITE, flex=0)]
    if unit:
        main.append(line.words(unit, size="sm", color=WHITE, flex=0, margin="sm", wrap=False))
    return line.column(
        [*top, line.row(main, alignItems="flex-end" if unit else "center")],
        backgroundColor=colour,
        paddingAll="20px",
        spacing="xs",
    )


def panel(contents: list[Component]) -> Component:
    """A quiet field that holds what matters most."""
    return line.column(
        contents, backgroundColor=PALE, cornerRadius="10px", paddingAll="14px", spacing="sm", margin="md"
    )


def gift(whose: str, points: int) -> Component:
    """What one side gets."""
    return line.column(
        [
            line.words(whose, size="xs", color=line.FAINT, align="center"),
            line.words(f"{points:,}pt", size="xl", weight="bold", color=LEAF, align="center", wrap=False),
        ],
        backgroundColor=PALE,
        cornerRadius="10px",
        paddingAll="12px",
        flex=1,
    )


def axes(axes: Axes, facts: Facts, say_it: RewardWords) -> list[Component]:
    """The three axes as bars, each with what it holds."""
    yen = say_it.holds_money.format(yen=f"{facts.sales_yen:,}") if facts.sales_yen > 0 else ""
    return [
        _axis(say_it.axis_money, axes.money, yen or say_it.holds_nothing, "#2E8B57"),
        _axis(say_it.axis_behaviour, axes.behaviour, _behaviour(facts, say_it), "#2B7FA3"),
        _axis(say_it.axis_relationship, axes.relationship, _relationship(facts, say_it), "#C2692B"),
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


def _behaviour(facts: Facts, say_it: RewardWords) -> str:
    return _holds(
        [
            (facts.purchase_count, say_it.holds_purchases),
            (facts.survey_answer_count, say_it.holds_survey_answers),
            (facts.reply_day_count, say_it.holds_reply_days),
            (facts.click_day_count, say_it.holds_click_days),
        ],
        say_it,
    )


def _relationship(facts: Facts, say_it: RewardWords) -> str:
    return _holds(
        [
            (facts.referral_bought_count, say_it.holds_referrals),
            (facts.testimonial_count, say_it.holds_testimonials),
            (facts.opinion_count, say_it.holds_opinions),
            (facts.months_since_joining, say_it.holds_months),
        ],
        say_it,
    )


def _holds(counted: list[tuple[int, str]], say_it: RewardWords) -> str:
    parts = [sentence.format(count=count) for count, sentence in counted if count > 0]
    return "・".join(parts) or say_it.holds_nothing

"""Draws the three axes of a rank card as bars, each with what it holds in words."""

from bot import line_messages as line
from bot.line_messages import Component
from rewards.rank_words import RankWords
from rewards.ranks import Axes, Facts

TRACK = "#E3E9E6"


def axes(axes: Axes, facts: Facts, say_it: RankWords) -> list[Component]:
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


def _behaviour(facts: Facts, say_it: RankWords) -> str:
    return _holds(
        [
            (facts.purchase_count, say_it.holds_purchases),
            (facts.survey_answer_count, say_it.holds_survey_answers),
            (facts.reply_day_count, say_it.holds_reply_days),
            (facts.click_day_count, say_it.holds_click_days),
        ],
        say_it,
    )


def _relationship(facts: Facts, say_it: RankWords) -> str:
    return _holds(
        [
            (facts.referral_bought_count, say_it.holds_referrals),
            (facts.testimonial_count, say_it.holds_testimonials),
            (facts.opinion_count, say_it.holds_opinions),
            (facts.months_since_joining, say_it.holds_months),
        ],
        say_it,
    )


def _holds(counted: list[tuple[int, str]], say_it: RankWords) -> str:
    parts = [sentence.format(count=count) for count, sentence in counted if count > 0]
    return "・".join(parts) or say_it.holds_nothing

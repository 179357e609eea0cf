"""What a figure of the owner's pages is: its name, meaning, window, population, and how it is counted again.

Each page's figures are defined in `console/figures/definitions/`, one module for each subject; `console/catalogue/`
has them all. Pages show a figure's definition beside it (`console/_definition.html`); `docs/figures.md` is printed
from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from customers.values.windows import Window


class Unit(StrEnum):
    """What is counted or measured."""

    CUSTOMERS = "customers"
    BUYERS = "buyers"
    ORDERS = "orders"
    QUESTIONS = "questions"
    ANSWERS = "answers"
    REFERRALS = "referrals"
    MESSAGES = "messages"
    TICKETS = "tickets"
    YEN = "yen"
    POINTS = "points"
    HOURS = "hours"
    """Of working time."""
    DAYS = "days"
    MONTHS = "months"
    SHARE = "share"
    """From 0 to 1; shown in per cent."""
    RATIO = "ratio"
    """How many times as much."""
    SCORE = "score"
    """From -100 to 100."""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure as counted. None where there is nothing to divide by."""

    value: float | int | None
    low: float | None = None
    high: float | None = None
    """The ends of its 95 % interval, where it has one."""
    part: int | None = None
    """Of a share, the count above the line."""
    count: int | None = None
    """What it rests on: of a share the count below the line, of an average the customers or orders in it, of a ratio
    of two groups those of the smaller one."""
    left_out: int = 0
    """Besides, how many of them are left out because what they would count for is not known; `meaning` says when."""
    is_too_few: bool = False
    """It rests on too few to say anything; pages show the count instead."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. Texts are message ids of the console's catalogue (`N_`), in Japanese."""

    name: str
    """Unique, lower case with hyphens, such as `second-purchase-rate`; addresses and commands have it."""
    title: str
    meaning: str
    """How it is counted, in full sentences, so that somebody else gets the same from the tables."""
    population: str
    """Whom or what it is counted over, such as customers on LINE."""
    window_text: str
    """The window in words, such as 「今日までの12か月」."""
    unit: Unit
    window: Callable[[date], Window | None]
    """Of that day; None for what has no beginning."""
    count: Callable[[date], Value]
    """Counts it as of that day."""
    people: Callable[[date], Any] | None = None
    """A query of one column, the ids of the customers in it, in no order; None where no people can be listed."""
    benchmark: str = ""
    """A value of the method or of others to compare with, and its source."""

"""The figures of the seven stages from what is known of each customer: who was on which stage when, how long they
stayed, who moved. Pure.

`stage_counts.py` counts the same in the database for a whole shop.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from journeys.enrolments.stages import Stage

ORDER = tuple(Stage)
"""The stages, the earliest first."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A customer went from one stage to another."""

    before: Stage
    after: Stage
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one customer."""

    seen_at: datetime
    """When they were first seen."""
    stage: Stage
    """The stage they are on now."""
    changes: Sequence[Change] = ()
    """The oldest first. Without one, the customer was on their stage ever since the history began."""
    first_bought_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """How long somebody was on a stage before they went further: in whole days of 24 hours; None where its beginning
    is not known, or is recorded later than its end."""

    stage: Stage
    days: int | None


@dataclass(frozen=True, slots=True)
class Stays:
    """The stays on one stage: how many lasted how many days, and how many have no days."""

    days: Mapping[int, int] = field(default_factory=dict)
    left_out: int = 0


def is_further(after: str, before: str) -> bool:
    """Whether one stage comes after the other."""
    return ORDER.index(Stage(after)) > ORDER.index(Stage(before))


def stage_at(known: Known, until: datetime) -> Stage | None:
    """The stage just before that moment; None for who was not seen yet. Before the first change that is known it is
    the stage they left then."""
    if known.seen_at >= until:
        return None
    return next((change.before for change in known.changes if change.at >= until), known.stage)


def began_at(known: Known, place: int) -> datetime | None:
    """When the stay began that the change at that place ended.

    That is the change before; of the first stage that is known, when the customer was first seen (`acquired`) or bought
    first (`first`, not before they were seen). None for others: they were there when the history began.
    """
    if place:
        return known.changes[place - 1].at
    match known.changes[0].before:
        case Stage.ACQUIRED:
            return known.seen_at
        case Stage.FIRST if known.first_bought_at is not None:
            return max(known.seen_at, known.first_bought_at)
    return None


def stays(known: Known, since: datetime, until: datetime) -> list[Stay]:
    """The stays that ended with a step forward in that time."""
    found = []
    for place, change in enumerate(known.changes):
        if not since <= change.at < until or not is_further(change.after, change.before):
            continue
        began, days = began_at(known, place), None
        if began is not None and began <= change.at:
            days = (change.at.replace(microsecond=0) - began.replace(microsecond=0)) // A_DAY
        found.append(Stay(change.before, days))
    return found


def moved(known: Known, since: datetime, until: datetime) -> tuple[Stage, Stage] | None:
    """From which stage to which a customer came in that time; None without a change."""
    within = [change for change in known.changes if since <= change.at < until]
    return (within[0].before, within[-1].after) if within else None


def first_stage(known: Known) -> Stage:
    """The earliest stage that is known."""
    return known.changes[0].before if known.changes else known.stage


def median(counts: Mapping[int, int]) -> float | None:
    """The middle of values, each given with how often it occurs; None without any."""
    total, seen = sum(counts.values()), 0
    lower = None
    for value in sorted(each for each, count in counts.items() if count > 0):
        seen += counts[value]
        if lower is not None:
            return (lower + value) / 2
        if 2 * seen > total:
            return float(value)
        if 2 * seen == total:
            lower = value
    return None


def reached(on_each: Mapping[str, int]) -> dict[Stage, int]:
    """How many are on each stage or further."""
    return {stage: sum(on_each.get(each, 0) for each in ORDER[place:]) for place, stage in enumerate(ORDER)}


def at_ends(
    arrived: Iterable[tuple[int, str, int]], went: Iterable[tuple[int, str, str, int]], count: int
) -> list[dict[Stage, int]]:
    """The people on each stage at the end of each of so many parts of time, one after the other.

    `arrived` are (part, first stage, people), `went` are (part, from, to, people); part 0 is all before the first.
    """
    changes: list[Counter[str]] = [Counter() for _ in range(count + 1)]
    for part, stage, people in arrived:
        changes[part][stage] += people
    for part, before, after, people in went:
        changes[part][before] -= people
        changes[part][after] += people
    running: Counter[str] = Counter()
    found = []
    for each in changes:
        running.update(each)
        found.append({stage: running[stage] for stage in ORDER})
    return found[1:]

"""The rank that a year of money, behaviour and relationship deserves, and the next step towards a higher one.
Pure.

Each axis is 0–100 and each rank requires all three together. Money counts for one axis only: Premium and
Ambassador require relationship too, and Active only taking part after the first purchase.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

Worth = tuple[int, int]
"""How much each counts for its axis, and how many of them count at most."""

FULL = 100


class Rank(IntEnum):
    """会員ランク, lowest first."""

    BASIC = 1
    ACTIVE = 2
    PREMIUM = 3
    AMBASSADOR = 4

    @property
    def ja(self) -> str:
        """Its name as customers read it."""
        return ("ベーシック", "アクティブ", "プレミアム", "アンバサダー")[self - 1]

    @property
    def en(self) -> str:
        """Its name in English."""
        return self.name.capitalize()


@dataclass(frozen=True)
class Axes:
    """A customer's three axes, each 0–100."""

    money: int = 0
    behaviour: int = 0
    relationship: int = 0

    def reach(self, other: "Axes") -> bool:
        """Whether none of the three is below the other's."""
        return (
            self.money >= other.money
            and self.behaviour >= other.behaviour
            and self.relationship >= other.relationship
        )


@dataclass(frozen=True)
class Facts:
    """What one customer did in the qualifying period; only `months_since_joining` counts from the
    beginning."""

    sales_yen: int = 0
    purchase_count: int = 0
    survey_answer_count: int = 0
    reply_day_count: int = 0
    """Days on which the customer wrote or tapped something; many messages on one day are one."""
    click_day_count: int = 0
    """Days on which the customer opened a link of their own."""
    referral_bought_count: int = 0
    testimonial_count: int = 0
    opinion_count: int = 0
    months_since_joining: int = 0
    average_ltv_yen: int = 18_000
    """The shop's average sales by customer in a year, against which money is measured."""


@dataclass(frozen=True)
class RankRules:
    """How much each fact counts for its axis, and what each rank requires (money, behaviour,
    relationship)."""

    money_at_average: int = 50
    purchase: Worth = (10, 4)
    survey_answer: Worth = (15, 2)
    reply_day: Worth = (2, 10)
    click_day: Worth = (2, 5)
    referral: Worth = (25, 2)
    testimonial: Worth = (15, 2)
    opinion: Worth = (5, 2)
    month: Worth = (1, 10)
    active: tuple[int, int, int] = (0, 25, 0)
    premium: tuple[int, int, int] = (50, 40, 20)
    ambassador: tuple[int, int, int] = (25, 40, 60)

    def asked_for(self, rank: Rank) -> Axes:
        """The axes that the rank requires."""
        asked = {Rank.ACTIVE: self.active, Rank.PREMIUM: self.premium, Rank.AMBASSADOR: self.ambassador}
        return Axes(*asked.get(rank, (0, 0, 0)))


class Step(StrEnum):
    """Something a customer can do next."""

    SURVEY_ANSWER = "survey-answer"
    REPLY_DAY = "reply-day"
    OPINION = "opinion"
    TESTIMONIAL = "testimonial"
    REFERRAL = "referral"
    PURCHASE = "purchase"


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that counts for an axis: its name in `Facts`, the name of its worth in `RankRules`, and the
    step by which a customer can do more of it. Purchases have no step here: they are planned together with
    their yen."""

    fact: str
    rule: str
    step: Step | None = None

    def of(self, facts: Facts) -> int:
        """How often it happened."""
        return int(getattr(facts, self.fact))

    def worth(self, rules: RankRules) -> Worth:
        """How much it counts for its axis each time, and how many times at most."""
        each, most = getattr(rules, self.rule)
        return each, most


BEHAVIOUR = (
    Counted("purchase_count", "purchase"),
    Counted("survey_answer_count", "survey_answer", Step.SURVEY_ANSWER),
    Counted("reply_day_count", "reply_day", Step.REPLY_DAY),
    Counted("click_day_count", "click_day"),
)
RELATIONSHIP = (
    Counted("referral_bought_count", "referral", Step.REFERRAL),
    Counted("testimonial_count", "testimonial", Step.TESTIMONIAL),
    Counted("opinion_count", "opinion", Step.OPINION),
    Counted("months_since_joining", "month"),
)
"""All that counts beside money, in the sequence of the cards. What a new fact needs is listed in
`tests/storage/rewards/test_rank_list.py`."""
WITHOUT_FRIENDS = tuple(one for one in RELATIONSHIP if one.step is not Step.REFERRAL)
EFFORT = {
    Step.SURVEY_ANSWER: 1,
    Step.REPLY_DAY: 1,
    Step.OPINION: 2,
    Step.TESTIMONIAL: 3,
    Step.PURCHASE: 8,
    Step.REFERRAL: 10,
}
"""How much effort each step is for a customer. Opening a link is not a step: it requires us to send one."""
EFFORT_OF_1000_YEN = 1
YEN_STEP = 100
"""Missing yen are rounded up to this: 3,100 is easier to plan with than 3,017."""
Possible = Mapping[Step, int]
"""How often each step can still be taken; a step that is not in it, as often as it counts. A step that the
shop would refuse now (a survey answered last week) is 0, so that no card suggests it."""


@dataclass(frozen=True)
class NextAction:
    """The cheapest step towards a higher rank. Where it is not enough alone, `also` are the remaining
    steps."""

    kind: Step
    count: int
    rank: Rank
    """The rank that is reached by it together with the steps in `also`."""
    yen: int = 0
    """For a purchase: how much is missing in all, 0 when any purchase will do."""
    also: tuple["NextAction", ...] = ()


def axes_of(facts: Facts, rules: RankRules) -> Axes:
    """The three axes. Each fact only ever adds; a higher average only requires more money."""
    return Axes(
        money=min(FULL, rules.money_at_average * max(0, facts.sales_yen) // max(1, facts.average_ltv_yen)),
        behaviour=_sum(BEHAVIOUR, facts, rules),
        relationship=_sum(RELATIONSHIP, facts, rules),
    )


def rank_of(axes: Axes, facts: Facts, rules: RankRules) -> Rank:
    """The highest rank whose axes are reached; Basic without a purchase in the period."""
    if facts.purchase_count < 1:
        return Rank.BASIC
    reached = [rank for rank in Rank if axes.reach(rules.asked_for(rank))]
    return max(reached)


def next_action(
    facts: Facts, rules: RankRules, current: Rank | None = None, possible: Possible | None = None
) -> NextAction | None:
    """The cheapest next step towards a rank above `current`; None at the top or where none leads there.

    `current` is the rank held, where that is not the one these facts alone would give.
    """
    held = max(current or Rank.BASIC, rank_of(axes_of(facts, rules), facts, rules))
    plans = [plan for rank in Rank if rank > held for plan in _plans(facts, rules, rank, possible or {})]
    return _cheapest_plan(plans)


def keeping_action(
    facts: Facts, rules: RankRules, rank: Rank, possible: Possible | None = None
) -> NextAction | None:
    """The cheapest step by which these facts deserve that rank; None where they do already."""
    if rank_of(axes_of(facts, rules), facts, rules) >= rank:
        return None
    return _cheapest_plan(list(_plans(facts, rules, rank, possible or {})))


def _cheapest_plan(plans: list[list[NextAction]]) -> NextAction | None:
    if not plans:
        return None
    steps = min(plans, key=lambda plan: (sum(map(_effort, plan)), plan[0].rank))
    first, *rest = sorted(steps, key=_effort)
    return replace(first, also=tuple(rest))


def most_of(counted: Sequence[Counted], rules: RankRules) -> int:
    """The most that these can add to their axis; not capped at `FULL`."""
    return sum(each * most for each, most in (one.worth(rules) for one in counted))


def _sum(counted: Sequence[Counted], facts: Facts, rules: RankRules) -> int:
    points = 0
    for one in counted:
        each, most = one.worth(rules)
        points += each * min(max(0, one.of(facts)), most)
    return min(FULL, points)


def _plans(facts: Facts, rules: RankRules, rank: Rank, possible: Possible) -> Iterator[list[NextAction]]:
    """For each number of further purchases, the cheapest steps that together reach the rank."""
    asked = rules.asked_for(rank)
    missing_yen = _missing_yen(facts, rules, asked.money)
    fewest = 1 if missing_yen or facts.purchase_count < 1 else 0
    for purchases in range(fewest, max(fewest, rules.purchase[1] - facts.purchase_count) + 1):
        bought = replace(
            facts,
            purchase_count=facts.purchase_count + purchases,
            sales_yen=facts.sales_yen + missing_yen,
        )
        besides = _steps_besides(bought, rules, asked, possible)
        if besides is None:
            continue
        steps = [NextAction(kind, count, rank) for kind, count in besides.items()]
        if purchases:
            steps.append(NextAction(Step.PURCHASE, purchases, rank, missing_yen))
        if steps:
            yield steps


def _steps_besides(facts: Facts, rules: RankRules, asked: Axes, possible: Possible) -> dict[Step, int] | None:
    """The cheapest steps other than purchases that bring both other axes to what is required; None where none
    do."""
    axes = axes_of(facts, rules)
    behaving = _cheapest(asked.behaviour - axes.behaviour, _open_steps(BEHAVIOUR, facts, rules), possible)
    relating = _cheapest(
        asked.relationship - axes.relationship, _open_steps(RELATIONSHIP, facts, rules), possible
    )
    return None if behaving is None or relating is None else behaving | relating


def _open_steps(counted: Sequence[Counted], facts: Facts, rules: RankRules) -> list[tuple[Step, Worth, int]]:
    """The steps of an axis, the least effort first, each with its worth and how often it was taken
    already."""
    steps = [(one.step, one.worth(rules), one.of(facts)) for one in counted if one.step is not None]
    return sorted(steps, key=lambda step: EFFORT[step[0]])


def _missing_yen(facts: Facts, rules: RankRules, money: int) -> int:
    """The fewest yen, in multiples of `YEN_STEP`, that bring the money axis to `money`."""
    if rules.money_at_average < 1:
        return 0
    needed = -(-money * max(1, facts.average_ltv_yen) // rules.money_at_average)
    return -(-max(0, needed - max(0, facts.sales_yen)) // YEN_STEP) * YEN_STEP


def _cheapest(
    missing: int, kinds: list[tuple[Step, Worth, int]], possible: Possible
) -> dict[Step, int] | None:
    """How many of which steps add the missing points with the least effort; None when all are not enough."""
    if missing <= 0:
        return {}
    best: dict[int, tuple[int, dict[Step, int]]] = {0: (0, {})}  # by points: the least effort, and its steps
    for kind, (each, most), done in kinds:
        so_far = dict(best)
        for points, (effort, steps) in so_far.items():
            for count in range(1, min(max(0, most - done), possible.get(kind, most)) + 1):
                reached = min(missing, points + each * count)
                more = effort + EFFORT[kind] * count
                if reached not in best or more < best[reached][0]:
                    best[reached] = more, steps | {kind: count}
                if reached == missing:
                    break
    return best[missing][1] if missing in best else None


def _effort(step: NextAction) -> int:
    return EFFORT[step.kind] * step.count + EFFORT_OF_1000_YEN * step.yen // 1000

"""Decides which rank a year of money, behaviour and relationship deserves, and what is missing for more. Pure.

Each axis is 0–100 and each rank asks for all three together. Money buys one axis only: Premium and Ambassador ask
for relationship too, and Active for nothing but taking part after the first purchase.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

Worth = tuple[int, int]
"""What one of a thing adds to its axis, and how many of them count."""

FULL = 100


class Rank(IntEnum):
    """会員ランク, the lowest first."""

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
    """How far a customer has come on each of the three, 0–100."""

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
    """What is known of one customer in the qualifying period; only the months count from the beginning."""

    sales_yen: int = 0
    purchase_count: int = 0
    survey_answer_count: int = 0
    reply_day_count: int = 0
    """Days on which the customer wrote or tapped something: many messages on one day are one."""
    click_day_count: int = 0
    """Days on which the customer opened a link of their own."""
    referral_bought_count: int = 0
    testimonial_count: int = 0
    opinion_count: int = 0
    months_since_joining: int = 0
    average_ltv_yen: int = 18_000
    """The shop's average sales by customer in a year: what money is measured against."""


@dataclass(frozen=True)
class RankRules:
    """What each thing is worth on its axis, and what each rank asks for (money, behaviour, relationship)."""

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
        """What that rank asks for."""
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


EFFORT = {
    Step.SURVEY_ANSWER: 1,
    Step.REPLY_DAY: 1,
    Step.OPINION: 2,
    Step.TESTIMONIAL: 3,
    Step.PURCHASE: 8,
    Step.REFERRAL: 10,
}
"""How much is asked of a person by each. Opening a link is none: it waits for us to send one."""
EFFORT_OF_1000_YEN = 1
YEN_STEP = 100
"""Missing yen are rounded up to this: a customer can plan with 3,100, not with 3,017."""
Possible = Mapping[Step, int]
"""How often each step can still be taken; one that is not in it as often as counts. What the shop would refuse now
(a survey answered last week) is 0, so that no card offers it."""


@dataclass(frozen=True)
class NextAction:
    """The cheapest thing to do for a higher rank. Where it is not enough alone, `also` is the rest of the way."""

    kind: Step
    count: int
    rank: Rank
    """The rank that is reached by it, and by what is in `also`."""
    yen: int = 0
    """For a purchase: how much is missing in all, 0 when any purchase will do."""
    also: tuple["NextAction", ...] = ()


def axes_of(facts: Facts, rules: RankRules) -> Axes:
    """The three axes. Each fact only ever adds; a shop's higher average only ever asks for more money."""
    return Axes(
        money=min(FULL, rules.money_at_average * max(0, facts.sales_yen) // max(1, facts.average_ltv_yen)),
        behaviour=_sum(
            (facts.purchase_count, rules.purchase),
            (facts.survey_answer_count, rules.survey_answer),
            (facts.reply_day_count, rules.reply_day),
            (facts.click_day_count, rules.click_day),
        ),
        relationship=_sum(
            (facts.referral_bought_count, rules.referral),
            (facts.testimonial_count, rules.testimonial),
            (facts.opinion_count, rules.opinion),
            (facts.months_since_joining, rules.month),
        ),
    )


def rank_of(axes: Axes, facts: Facts, rules: RankRules) -> Rank:
    """The highest rank whose axes are reached; without a purchase in the period nobody leaves Basic."""
    if facts.purchase_count < 1:
        return Rank.BASIC
    reached = [rank for rank in Rank if axes.reach(rules.asked_for(rank))]
    return max(reached)


def next_action(
    facts: Facts, rules: RankRules, current: Rank | None = None, possible: Possible | None = None
) -> NextAction | None:
    """The single cheapest next action towards a rank above `current`; None at the top or where none leads on.

    `current` is the rank held, where that is not the one these facts alone would give.
    """
    held = max(current or Rank.BASIC, rank_of(axes_of(facts, rules), facts, rules))
    plans = [plan for rank in Rank if rank > held for plan in _plans(facts, rules, rank, possible or {})]
    return _cheapest_plan(plans)


def keeping_action(
    facts: Facts, rules: RankRules, rank: Rank, possible: Possible | None = None
) -> NextAction | None:
    """The single cheapest next action by which these facts deserve that rank; None where they do already."""
    if rank_of(axes_of(facts, rules), facts, rules) >= rank:
        return None
    return _cheapest_plan(list(_plans(facts, rules, rank, possible or {})))


def _cheapest_plan(plans: list[list[NextAction]]) -> NextAction | None:
    if not plans:
        return None
    steps = min(plans, key=lambda plan: (sum(map(_effort, plan)), plan[0].rank))
    first, *rest = sorted(steps, key=_effort)
    return replace(first, also=tuple(rest))


def _sum(*counted: tuple[int, Worth]) -> int:
    return min(FULL, sum(each * min(max(0, count), most) for count, (each, most) in counted))


def _plans(facts: Facts, rules: RankRules, rank: Rank, possible: Possible) -> Iterator[list[NextAction]]:
    """For each number of purchases, the cheapest steps that together reach the rank."""
    asked = rules.asked_for(rank)
    missing_yen = _missing_yen(facts, rules, asked.money)
    fewest = 1 if missing_yen or facts.purchase_count < 1 else 0
    for purchases in range(fewest, max(fewest, rules.purchase[1] - facts.purchase_count) + 1):
        bought = replace(
            facts,
            purchase_count=facts.purchase_count + purchases,
            sales_yen=facts.sales_yen + missing_yen,
        )
        axes = axes_of(bought, rules)
        behaving = _cheapest(
            asked.behaviour - axes.behaviour,
            [
                (Step.SURVEY_ANSWER, rules.survey_answer, facts.survey_answer_count),
                (Step.REPLY_DAY, rules.reply_day, facts.reply_day_count),
            ],
            possible,
        )
        relating = _cheapest(
            asked.relationship - axes.relationship,
            [
                (Step.OPINION, rules.opinion, facts.opinion_count),
                (Step.TESTIMONIAL, rules.testimonial, facts.testimonial_count),
                (Step.REFERRAL, rules.referral, facts.referral_bought_count),
            ],
            possible,
        )
        if behaving is None or relating is None:
            continue
        steps = [NextAction(kind, count, rank) for kind, count in (behaving | relating).items()]
        if purchases:
            steps.append(NextAction(Step.PURCHASE, purchases, rank, missing_yen))
        if steps:
            yield steps


def _missing_yen(facts: Facts, rules: RankRules, money: int) -> int:
    """The fewest yen, in full steps, that bring the money axis to `money`."""
    if rules.money_at_average < 1:
        return 0
    needed = -(-money * max(1, facts.average_ltv_yen) // rules.money_at_average)
    return -(-max(0, needed - max(0, facts.sales_yen)) // YEN_STEP) * YEN_STEP


def _cheapest(
    missing: int, kinds: list[tuple[Step, Worth, int]], possible: Possible
) -> dict[Step, int] | None:
    """How many of which steps make up for what is missing with the least effort; None when all are not enough."""
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

"""Finds what is wrong with a flow's trigger, goal, waits and conditions: what can never happen or never holds."""

from collections.abc import Iterator
from datetime import date

from customers.people.tag_form import plain
from journeys.flows.check_facts import CheckFacts
from journeys.flows.check_paths import Paths
from journeys.flows.definition import Condition, Event, Step
from journeys.flows.fault import Fault, fault, hints
from journeys.flows.field_types import RANKS
from journeys.flows.occurrences import On
from journeys.flows.step_messages import addresses

NEVER_INSIDE = {On.FOLLOW, On.HAND}
"""What cannot happen to somebody who is inside a flow, so that nothing waits for it."""
_ORDERS = {On.ORDER, On.DISPATCH, On.DELIVERY}
_NARROWED_BY = {
    "nth": _ORDERS,
    "products": _ORDERS,
    "min_score": {On.SCORE},
    "max_score": {On.SCORE},
    "tag": {On.TAG},
    "days": {On.RECENCY, On.COUPON_ENDING, On.POINTS_EXPIRING},
    "rank": {On.RANK},
    "step": {On.CLICK},
    "flow": {On.CLICK},
}


class _Known:
    """What the events of a flow can name."""

    def __init__(self, paths: Paths, facts: CheckFacts) -> None:
        self.paths, self.facts, self.flow = paths, facts, paths.flow
        own = [tag for step in self.flow.step for tag in step.tags_it_sets()]
        trigger = [self.flow.trigger.tag] if self.flow.trigger.tag else []
        self.own_tags = {plain(tag) for tag in [*own, *trigger]}
        self.tags = self.own_tags | {plain(tag) for tag in facts.tags}


def faults(paths: Paths, facts: CheckFacts) -> Iterator[Fault]:
    """What is wrong with trigger, goal, waits and conditions."""
    known, flow = _Known(paths, facts), paths.flow
    yield from _event(flow.trigger, "trigger", known)
    if flow.goal is not None:
        yield from _goal(flow.goal, known)
    for step in flow.step:
        yield from _wait(step, known)
        if step.when is not None:
            yield from _condition(step.when, step, known)


def _goal(goal: Event, known: _Known) -> Iterator[Fault]:
    trigger = known.flow.trigger
    if goal.on in NEVER_INSIDE:
        yield fault("never-happens", None, "goal", on=goal.on)
    if goal.tag and plain(goal.tag) not in known.tags:
        yield fault("nobody-sets-tag", None, "goal", tag=goal.tag, **hints(goal.tag, known.tags))
    if (
        goal.on is On.ORDER
        and trigger.on is On.ORDER
        and goal.nth
        and trigger.nth
        and goal.nth <= trigger.nth
    ):
        yield fault("goal-reached-before", None, "goal", entered=trigger.nth, goal=goal.nth)
    yield from _event(goal, "goal", known)


def _event(event: Event, field: str, known: _Known) -> Iterator[Fault]:
    for name, kinds in _NARROWED_BY.items():
        if getattr(event, name) not in (None, ()) and event.on not in kinds:
            yield fault("unused-field", None, field, name=name, on=event.on)
    if _crossed(event.min_score, event.max_score):
        yield fault("never-holds", None, field, why="min_score > max_score")
    yield from _products(event.products, None, field, known.facts)
    if event.on is not On.CLICK or event.step is None:
        return
    if event.flow in (None, known.flow.key):
        yield from _opened(event.step, None, field, known.paths)
    elif event.flow not in known.facts.other_flows:
        others = known.facts.other_flows
        yield fault("unknown-flow", None, field, to=event.flow, **hints(str(event.flow), others))
    elif event.step not in known.facts.other_flows[event.flow]:
        others_steps = known.facts.other_flows[event.flow]
        yield fault("unknown-step", None, field, to=event.step, **hints(event.step, others_steps))


def _wait(step: Step, known: _Known) -> Iterator[Fault]:
    wait, today = step.wait, known.facts.today
    if wait.date is not None and today is not None and wait.date < today:
        yield fault("date-past", step.key, "wait", date=_iso(wait.date))
    if wait.until in NEVER_INSIDE:
        yield fault("never-happens", step.key, "wait", on=wait.until)
    if wait.until is On.TAG and wait.tag and plain(wait.tag) not in known.tags:
        yield fault("nobody-sets-tag", step.key, "wait", tag=wait.tag, **hints(wait.tag, known.tags))
    if wait.until is On.CLICK and wait.step:
        yield from _opened(wait.step, step, "wait", known.paths)
    for name, given in (("tag", wait.tag), ("products", wait.products), ("step", wait.step)):
        if given and (wait.until is None or wait.until not in _NARROWED_BY[name]):
            yield fault("unused-field", step.key, "wait", name=name, on=wait.until or "")
    yield from _products(wait.products, step.key, "wait", known.facts)
    following = known.paths.steps.get(known.paths.after[step.key] or "")
    if step.has_message and following is not None and _comes_within(following, step.latest_days):
        values = {"next": following.key, "days": following.wait.days, "latest": step.latest_days}
        yield fault("waits-longer", step.key, "latest_days", **values)


def _comes_within(step: Step, days: int) -> bool:
    wait = step.wait
    return wait.until is None and wait.date is None and not wait.repurchase and 0 < wait.days < days


def _condition(condition: Condition, step: Step, known: _Known) -> Iterator[Fault]:
    key = step.key
    for why in _contradictions(condition):
        yield fault("never-holds", key, "when", why=why)
    for tag in (condition.tag, condition.not_tag):
        if tag and plain(tag) not in known.tags:
            yield fault("unused-tag", key, "when", tag=tag, **hints(tag, known.tags))
    for opened in (condition.clicked, condition.not_clicked):
        if opened:
            yield from _opened(opened, step, "when", known.paths)
    for products in (condition.bought_products, condition.not_bought_products):
        yield from _products(products, key, "when", known.facts)
    for each in condition.any:
        yield from _condition(each, step, known)


def _contradictions(condition: Condition) -> Iterator[str]:
    if (
        condition.rank
        and condition.min_rank
        and RANKS.index(condition.rank) < RANKS.index(condition.min_rank)
    ):
        yield f"rank = {condition.rank}, min_rank = {condition.min_rank}"
    if _crossed(condition.min_score, condition.max_score):
        yield "min_score > max_score"
    if _crossed(condition.min_orders, condition.max_orders):
        yield "min_orders > max_orders"
    if condition.tag and condition.not_tag and plain(condition.tag) == plain(condition.not_tag):
        yield "tag = not_tag"
    if condition.clicked and condition.clicked == condition.not_clicked:
        yield "clicked = not_clicked"
    bought = set(condition.bought_products)
    if bought and bought <= set(condition.not_bought_products):
        yield "bought_products = not_bought_products"


def _opened(target: str, step: Step | None, field: str, paths: Paths) -> Iterator[Fault]:
    """What is wrong with waiting for the opened link of that step; `step` waits for it, None: the flow does."""
    key = step.key if step else None
    if target not in paths.steps:
        yield fault("unknown-step", key, field, to=target, **hints(target, paths.steps))
    elif not _has_link(paths.steps[target]):
        yield fault("no-link", key, field, to=target)
    elif step is not None and target not in paths.before(step.key):
        yield fault("later-step", key, field, to=target)


def _has_link(step: Step) -> bool:
    return any(addresses(each) for each in step.each_variant())


def _products(codes: tuple[str, ...], key: str | None, field: str, facts: CheckFacts) -> Iterator[Fault]:
    if facts.products is not None:
        for code in codes:
            if code not in facts.products:
                yield fault("unknown-product", key, field, product=code, **hints(code, facts.products))


def _crossed(least: int | None, most: int | None) -> bool:
    return least is not None and most is not None and least > most


def _iso(day: date) -> str:
    return day.isoformat()

"""Whether what happened is what a flow's trigger, goal or wait asks for."""

from customers.people.tag_form import plain
from journeys.flows.definition import Event, Wait
from journeys.flows.occurrences import Occurrence, On


def matches(asked: Event, happened: Occurrence, flow_key: str) -> bool:
    """Whether the occurrence is one that the event describes; `flow_key` is the flow that asks. A click counts
    for the flow whose link it was, unless the event names another."""
    score = happened.score
    return (
        asked.on == happened.on
        and asked.nth in (None, happened.nth)
        and (not asked.products or bool(set(asked.products) & set(happened.products)))
        and (asked.min_score is None or (score is not None and score >= asked.min_score))
        and (asked.max_score is None or (score is not None and score <= asked.max_score))
        and (asked.tag is None or plain(asked.tag) == plain(happened.tag or ""))
        and asked.days in (None, happened.days)
        and asked.rank in (None, happened.rank)
        and asked.step in (None, happened.step)
        and (happened.on is not On.CLICK or (asked.flow or flow_key) == happened.flow)
    )


def ends(wait: Wait, happened: Occurrence, flow_key: str) -> bool:
    """Whether the occurrence is the one that the wait is for."""
    if wait.until is None or wait.until != happened.on:
        return False
    asked = Event.model_construct(
        on=wait.until, tag=wait.tag, products=wait.products, step=wait.step, days=None
    )
    return matches(asked, happened, flow_key)

"""Whether a step's condition holds for a customer."""

from customers.people.tag_form import plain
from journeys.enrolments.customer_facts import CustomerFacts
from journeys.flows.definition import Condition
from journeys.flows.field_types import RANKS


def holds(condition: Condition, facts: CustomerFacts) -> bool:
    """Whether all that the condition gives holds, and one of `any` where there are some."""
    return all(_parts(condition, facts)) and (
        not condition.any or any(holds(each, facts) for each in condition.any)
    )


def _parts(asked: Condition, facts: CustomerFacts) -> list[bool]:
    """One answer for each part that is given."""
    score, rank = facts.score, RANKS.index(facts.rank)
    parts = [
        (asked.rank, facts.rank == asked.rank),
        (asked.min_rank, asked.min_rank is not None and rank >= RANKS.index(asked.min_rank)),
        (asked.stage, facts.stage == asked.stage),
        (asked.segment, facts.segment == asked.segment),
        (asked.min_score, score is not None and score >= (asked.min_score or 0)),
        (asked.max_score, score is not None and asked.max_score is not None and score <= asked.max_score),
        (asked.tag, plain(asked.tag or "") in facts.tags),
        (asked.not_tag, plain(asked.not_tag or "") not in facts.tags),
        (asked.clicked, asked.clicked in facts.clicked),
        (asked.not_clicked, asked.not_clicked not in facts.clicked),
        (asked.bought, facts.bought == asked.bought),
        (asked.bought_products or None, bool(facts.products & set(asked.bought_products))),
        (asked.not_bought_products or None, not facts.products & set(asked.not_bought_products)),
        (asked.min_orders, facts.order_count >= (asked.min_orders or 0)),
        (asked.max_orders, asked.max_orders is not None and facts.order_count <= asked.max_orders),
    ]
    return [answer for given, answer in parts if given is not None]

"""The clock's job for proof: ends hold-outs whose effect is certain, once a day."""

from journeys.contacts import outcomes
from journeys.effects import deciding


def decide_effects() -> int:
    """Decide about every flow that is on and about individual contact; how many periods ended."""
    return deciding.decide_flows() + outcomes.decide()

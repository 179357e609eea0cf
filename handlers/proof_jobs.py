"""The clock's job for proof: ends hold-outs whose effect is certain, once a day."""

from journeys.proof import deciding
from journeys.recommendations import outcomes


def decide_effects() -> int:
    """Decide about every flow that is on, and about recommendations; how many periods ended."""
    return deciding.decide_flows() + outcomes.decide()

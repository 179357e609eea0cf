"""The clock's job for proof: ends hold-outs whose effect is certain, once a day."""

from journeys.proof import deciding


def decide_effects() -> int:
    """Decide about every flow that is on; how many periods ended."""
    return deciding.decide_flows()

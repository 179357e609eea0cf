"""The clock's job for proof: ends hold-outs whose effect is certain, once a day."""

from journeys.contacts import outcomes as contacts
from journeys.effects import deciding
from journeys.recommendations import outcomes as recommendations


def decide_effects() -> int:
    """Decide about every flow that is on, individual contact and recommendations; how many periods ended."""
    return deciding.decide_flows() + contacts.decide() + recommendations.decide()

"""What a flow's conditions are asked of: one customer as they are when the step is due. Pure.

`handlers/flow_customer_facts.py` reads them from the domains; `conditions.py` asks.
"""

from dataclasses import dataclass

from journeys.enrolments.stages import Stage


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """One customer now. Tags are in their stored form."""

    rank: str = "basic"
    """Of `RANKS` in `journeys/flows/definition.py`."""
    stage: Stage = Stage.ACQUIRED
    score: int | None = None
    """The newest score; None without an answer."""
    segment: str | None = None
    tags: frozenset[str] = frozenset()
    clicked: frozenset[str] = frozenset()
    """Steps of this run through the flow whose links were opened."""
    bought: bool = False
    """An order came in since they entered, other than the one they entered by."""
    products: frozenset[str] = frozenset()
    """Codes of everything they ever bought and kept."""
    order_count: int = 0

"""What the check of a flow has to know of the rest of the shop: coupons, testimonials, products.

Domains do not read each other's tables, so an edge collects it: `handlers/flow_check_facts.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """Facts from outside the flow. What is None is not known, and not checked."""

    coupons: Mapping[int, bool] | None = None
    """Every coupon of the owner's list, by id: whether it can be given now."""
    priced_coupons: frozenset[int] = frozenset()
    """Those of them that take points from whoever gets one."""
    has_testimonial: bool | None = None
    """Whether a testimonial is published."""
    can_recommend: Mapping[str, bool] | None = None
    """By what `recommend` may say: whether any product of the shop can be recommended so."""
    products: frozenset[str] | None = None
    """Codes of products that the shop has sold."""
    other_flows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The keys of the shop's other flows, each with the keys of its steps."""
    tags: frozenset[str] = frozenset()
    """Tags that customers have, or that other flows set."""
    is_demo: bool = False
    """Whether no real customer can be reached, so that addresses of examples are fine."""
    today: date | None = None
    """The shop's calendar day."""


_collect: Callable[[], CheckFacts] = CheckFacts


def collected_by(collect: Callable[[], CheckFacts]) -> None:
    """Declare who collects the facts in this process."""
    global _collect
    _collect = collect


def current() -> CheckFacts:
    """The facts as they are now."""
    return _collect()

"""The figures of all flows, for their list. See `cache.py`."""

from console.figures import cache
from journeys.figures import flow_figures
from journeys.figures.flow_figures import FlowFigures
from journeys.flows.tables import Flow


def shown() -> cache.Shown | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    return cache.shown(FIGURES)


def of_flow(figures: cache.Shown | None, flow: Flow) -> FlowFigures:
    """That flow's among the figures."""
    return flow_figures.of_flow(figures.counted if figures is not None else {}, flow.id or 0)


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


FIGURES = cache.Figures("flows", flow_figures.count)

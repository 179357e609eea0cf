"""Checks a whole flow before it is switched on: what is unfinished, leads nowhere, or would break a promise.

`check_paths.py` has the ways through it, `check_steps.py` what a step says, `check_events.py` what is waited for
and asked. Facts from outside are in `check_facts.py`, sentences in `fault.py`.
"""

from collections.abc import Iterator

from journeys.flows import check_events, check_paths, check_steps
from journeys.flows.check_facts import CheckFacts
from journeys.flows.check_paths import Paths
from journeys.flows.definition import FlowDefinition, Step
from journeys.flows.fault import Fault, Severity, fault
from journeys.flows.occurrences import On
from journeys.flows.words import words

__all__ = ["Fault", "Severity", "faults"]
STOP_WORD = "配信停止"
"""What customers send to stop offers."""


def faults(flow: FlowDefinition, facts: CheckFacts) -> list[Fault]:
    """Every fault: those of the flow as a whole first, then by step; errors before warnings."""
    paths = Paths(flow)
    found = [
        *_classes(flow, paths),
        *check_paths.faults(paths),
        *check_events.faults(paths, facts),
        *(each for step in flow.step for each in check_steps.faults(step, facts)),
    ]
    place = {key: number for number, key in enumerate(paths.steps)}
    severities = list(Severity)
    return sorted(
        dict.fromkeys(found),
        key=lambda each: (severities.index(each.severity), place.get(each.step_key or "", -1)),
    )


def _classes(flow: FlowDefinition, paths: Paths) -> Iterator[Fault]:
    selling = [step for step in flow.step if flow.class_of(step) == "selling" and step.has_message]
    for step in selling:
        if step.key in paths.reached_by_basic:
            yield fault(_basic_fault(flow, step), step.key, "when")
    if selling and not any(_says_how_to_stop(step) for step in selling):
        yield fault("no-way-to-stop", selling[0].key, "text")
    if flow.trigger.on not in (On.ORDER, On.DISPATCH, On.DELIVERY):
        if flow.class_ == "order":
            yield fault("not-an-order", None, "class")
        for step in flow.step:
            if step.class_ == "order":
                yield fault("not-an-order", step.key, "class")


def _says_how_to_stop(step: Step) -> bool:
    return all(STOP_WORD in each.text + words().stop for each in step.each_variant())


def _basic_fault(flow: FlowDefinition, step: Step) -> str:
    """What it is that Basic customers come to a selling step, which is never sent to them.

    In a flow that sells, or where nobody else comes, it is a mistake. A flow that cares may have one selling step:
    they pass it over.
    """
    for_basic_alone = step.when is not None and step.when.rank == "basic"
    sells = flow.class_ == "selling" or for_basic_alone or flow.trigger.rank == "basic"
    return "reaches-basic" if sells else "basic-pass-over"

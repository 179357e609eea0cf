"""Walks the ways through a flow: loops, dead ends, steps nobody reaches, steps that Basic customers reach."""

from collections.abc import Iterator
from functools import cached_property

from journeys.flows.definition import Condition, FlowDefinition, Step
from journeys.flows.fault import Fault, fault, hints
from journeys.flows.field_types import END
from journeys.flows.occurrences import On

BASIC_ALONE = Condition.model_validate({"rank": "basic"})


class Paths:
    """Where each step of a flow leads."""

    def __init__(self, flow: FlowDefinition) -> None:
        self.flow = flow
        self.steps = {step.key: step for step in flow.step}
        keys = list(self.steps)
        below: dict[str, str | None] = dict(zip(keys, [*keys[1:], None], strict=True))
        self.after = {key: self._target(step.then, below[key]) for key, step in self.steps.items()}
        """The step that follows one that was sent; None at the end."""
        self.passing = {
            key: self._target(step.otherwise, self.after[key])
            for key, step in self.steps.items()
            if may_be_passed_over(step)
        }
        """The step that follows one that was passed over."""

    def _target(self, named: str | None, otherwise: str | None) -> str | None:
        if named is None:
            return otherwise
        return named if named != END and named in self.steps else None

    def next_of(self, key: str) -> list[str]:
        """The steps that can follow."""
        found = (self.after[key], self.passing.get(key))
        return list(dict.fromkeys(each for each in found if each is not None))

    def before(self, key: str) -> set[str]:
        """The steps that can come before that one."""
        return _reached(self._previous.get(key, []), self._previous)

    @cached_property
    def _previous(self) -> dict[str, list[str]]:
        previous: dict[str, list[str]] = {}
        for key in self.steps:
            for following in self.next_of(key):
                previous.setdefault(following, []).append(key)
        return previous

    @cached_property
    def reached(self) -> set[str]:
        """The steps that somebody can come to."""
        return _reached([self.flow.step[0].key], {key: self.next_of(key) for key in self.steps})

    @cached_property
    def reached_by_basic(self) -> set[str]:
        """The steps whose message a Basic customer can come to, as far as trigger and conditions say."""
        trigger = self.flow.trigger
        if trigger.on is On.RANK and trigger.rank not in (None, "basic"):
            return set()
        onward = {key: self._onward_for_basic(step) for key, step in self.steps.items()}
        come = _reached([self.flow.step[0].key], onward)
        return {key for key in come if not excludes_basic(self.steps[key].when)}

    def _onward_for_basic(self, step: Step) -> list[str]:
        found = [] if excludes_basic(step.when) else [self.after[step.key]]
        if step.key in self.passing and step.when != BASIC_ALONE:
            found.append(self.passing[step.key])
        return [each for each in found if each is not None]


def may_be_passed_over(step: Step) -> bool:
    """Whether the step has a reason to be passed over, so that `otherwise` counts."""
    return step.when is not None or step.testimonial is not None or step.recommends_alone


def excludes_basic(condition: Condition | None) -> bool:
    """Whether the condition never holds for a Basic customer."""
    if condition is None:
        return False
    if condition.rank not in (None, "basic") or condition.min_rank not in (None, "basic"):
        return True
    return bool(condition.any) and all(excludes_basic(each) for each in condition.any)


def faults(paths: Paths) -> Iterator[Fault]:
    """What is wrong with the ways through the flow."""
    for step in paths.flow.step:
        for field, named in (("then", step.then), ("otherwise", step.otherwise)):
            if named is not None and named != END and named not in paths.steps:
                yield fault("dead-end", step.key, field, to=named, **hints(named, paths.steps))
        if step.otherwise is not None and not may_be_passed_over(step):
            yield fault("otherwise-unused", step.key, "otherwise")
    yield from _loops(paths)
    for key in paths.steps:
        if key not in paths.reached:
            yield fault("unreachable", key, "key")


def _loops(paths: Paths) -> Iterator[Fault]:
    """The jumps that lead back to a step on the way here, each once."""
    on_the_way: set[str] = set()
    done: set[str] = set()
    stack: list[tuple[str, Iterator[str]]] = []

    def enter(key: str) -> None:
        on_the_way.add(key)
        stack.append((key, iter(paths.next_of(key))))

    for start in paths.steps:
        if start not in done:
            enter(start)
        while stack:
            key, following = stack[-1]
            target = next(following, None)
            if target is None:
                stack.pop()
                on_the_way.discard(key)
                done.add(key)
            elif target in on_the_way:
                field = "then" if paths.steps[key].then == target else "otherwise"
                yield fault("loop", key, field, to=target)
            elif target not in done:
                enter(target)


def _reached(start: list[str], onward: dict[str, list[str]]) -> set[str]:
    found, ahead = set(start), list(start)
    while ahead:
        for key in onward.get(ahead.pop(), []):
            if key not in found:
                found.add(key)
                ahead.append(key)
    return found

"""Where somebody inside a flow goes on who is moved to another version of it. Only values; rows are in `moving.py`.

| The edit | before the step | waiting at it | past it |
| --- | --- | --- | --- |
| step added | gets it | - | never gets it |
| step deleted | never gets it | goes on at the step that the owner names, else ends: `step-deleted` | nothing |
| step placed elsewhere | gets it where it is now | stays at it, and goes on from its new place | never gets it again |
| wait changed | waits as it says now | waits as it says now, unless that time has passed: then as before | nothing |
| condition, what follows, tags | as it is now | as it is now | nothing |
| wording | reads it as it is now | reads it as it is now | nothing |

What was planned for somebody as a message is never planned again, so nobody gets a step twice; a time that has
passed is never set, so an edit sends nothing late.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from journeys.flows.definition import FlowDefinition

STEP_DELETED = "step-deleted"


@dataclass(frozen=True, slots=True)
class Destination:
    """The step at which somebody goes on; without one, they end, and why: empty when they had all there is."""

    step_key: str | None
    end_reason: str = ""


def destination(
    new: FlowDefinition, step_key: str, to_step: str | None, got: Collection[str], *, is_planned: bool = False
) -> Destination:
    """Where somebody goes on who stands at `step_key`: at the same step, else at the one the owner named. Steps that
    they `got` are passed over. `is_planned`: the message of their step is planned and not sent yet; it is sent as it
    is worded now."""
    if new.find(step_key) is not None and is_planned:
        return Destination(step_key)
    key: str | None = step_key if new.find(step_key) is not None else to_step
    if key is None:
        return Destination(None, STEP_DELETED)
    passed: set[str] = set()
    while key is not None:
        step = new.find(key)
        if step is None:
            return Destination(None, STEP_DELETED)
        if key not in got:
            return Destination(key)
        passed.add(key)
        key = new.after(step)
        if key in passed:
            break
    return Destination(None)


def due_at(newly: datetime | None, before: datetime | None, now: datetime) -> datetime | None:
    """When their step is due: as the new wait has it, unless that has passed; then it stays as it was."""
    return newly if newly is not None and newly > now else before

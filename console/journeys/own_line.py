"""Test sends of steps and campaigns to the customer as whom a member of staff uses LINE, whom
`customers/people/staff_lines.py` stores.

A test is a push of its own that no planned message and no enrolment knows of, with a cause that begins with `test:`,
so that it is in no figure of flows, in no limit of the customer and in no forecast.
"""

import uuid
from collections.abc import Callable, Sequence
from enum import StrEnum

from bot.db.database import require_transaction
from bot.line import messages as line
from bot.line.messages import Message
from bot.queue import outbox
from console.journeys import flow_preview
from console.shell.translation import gettext
from customers.people import customer as customers
from customers.people import staff_lines
from journeys.flows.definition import FlowDefinition, Step

TEST = "test:"
"""What the cause of a test send begins with."""


class Sent(StrEnum):
    """What became of a test send."""

    SENT = "sent"
    NOBODY = "nobody"
    """No customer was chosen, or they cannot be written to."""
    EMPTY = "empty"
    """The step sends nothing."""


def send_test(staff_id: int, definition: FlowDefinition, step: Step) -> Sent:
    """Push the step to the member of staff's own LINE, below a line that says it is a test."""
    title = gettext("%(flow)s・%(step)s", flow=definition.name, step=step.key)
    return send(staff_id, title, lambda name: flow_preview.messages(definition, step, name=name))


def send(staff_id: int, title: str, messages_for: Callable[[str], Sequence[Message]]) -> Sent:
    """Push the messages, made for a customer of that name, to the member of staff's own LINE, below a line that says
    they are a test."""
    require_transaction()
    customer = staff_lines.of_staff(staff_id)
    if customer is None or customer.conversation_id is None or not customers.is_reachable(customer):
        return Sent.NOBODY
    said = messages_for(customer.display_name)
    if not said:
        return Sent.EMPTY
    heading = gettext("【テスト】%(title)s", title=title)
    outbox.push(
        customer.conversation_id,
        [line.text(heading), *said[: line.MOST_MESSAGES - 1]],
        cause=f"{TEST}{staff_id}:{uuid.uuid4()}",
    )
    return Sent.SENT

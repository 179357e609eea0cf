"""Whether a message may be pushed at the month's cost now, as last computed."""

from journeys.sending.message_kinds import MessageClass


def waits_for_budget(message_class: MessageClass, priority: int) -> bool:
    """Whether a message of that class and priority has to wait for a reply or for the next month, because the
    month's messages are needed for what is worth more."""
    return False

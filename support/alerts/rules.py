"""Who is alerted of what, by which ways, and when not. Pure.

A person chooses the ways for each kind, and quiet times in which nothing comes, unless it is urgent and they said
that it may.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What an alert is to a person. Stored; never rename a value."""

    MINE = "mine"
    """A chat that is assigned to them."""
    UNASSIGNED = "unassigned"
    """A chat that is assigned to nobody."""
    URGENT = "urgent"
    """A chat with anger, damage, harm or danger in it, whoever's it is."""
    MENTION = "mention"
    """A note asks for them."""


class Occasion(StrEnum):
    """What happened. Stored; never rename a value."""

    OPENED = "opened"
    WROTE = "wrote"
    ASSIGNED = "assigned"
    URGENT = "urgent"
    PROMISE = "promise"
    """A promised time is near."""
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways a kind of alert reaches a person."""

    push: bool = True
    """On their devices, also while the console is closed."""
    desktop: bool = True
    """By an open tab of the console, in front of other windows."""
    sound: bool = True
    own_line: bool = False
    """As a message to the LINE that they chose as their own; costs a push."""


def first_ways(kind: Kind) -> Ways:
    """The ways of somebody who has chosen none. On LINE only what is urgent, once the person turns LINE on."""
    return Ways(own_line=kind is Kind.URGENT)


SILENT = Ways(push=False, desktop=False, sound=False, own_line=False)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose."""

    ways: dict[Kind, Ways] = field(default_factory=dict)
    own_line: bool = False
    """Whether anything goes to their own LINE."""
    quiet_from: int | None = None
    """Minutes since midnight, on the shop's clock; None without quiet times."""
    quiet_until: int | None = None
    urgent_always: bool = False
    """Urgent alerts come in quiet times, too."""

    def of(self, kind: Kind) -> Ways:
        """The ways for that kind."""
        return self.ways.get(kind, first_ways(kind))


COOLDOWN = timedelta(minutes=5)
"""After an alert about a chat, what the customer writes in it does not alert again for so long."""
PROMISE_NEAR = timedelta(minutes=15)
"""How long before the promised time whoever answers is reminded."""
STALE_AFTER = timedelta(minutes=30)
"""An alert that could not be sent for so long is dropped."""


def kind_of(occasion: Occasion, assignee_id: int | None, urgency: int) -> Kind:
    """What the alert is about: a chat that becomes or opens urgent is everybody's, later words only the assignee's."""
    if occasion is Occasion.MENTION:
        return Kind.MENTION
    is_new = occasion in (Occasion.OPENED, Occasion.URGENT)
    if urgency > 0 and (is_new or assignee_id is None):
        return Kind.URGENT
    return Kind.UNASSIGNED if assignee_id is None else Kind.MINE


def ways_for(kind: Kind, for_staff_id: int | None, staff_id: int, choices: Choices, local: datetime) -> Ways:
    """By which ways an alert made at that local time reaches the person; SILENT when it is not theirs.

    `for_staff_id` is the assignee or the person mentioned. An urgent chat of theirs comes as either kind would.
    """
    if kind in (Kind.MINE, Kind.MENTION) and for_staff_id != staff_id:
        return SILENT
    if is_quiet(choices, local) and not (kind is Kind.URGENT and choices.urgent_always):
        return SILENT
    ways = choices.of(kind)
    if kind is Kind.URGENT and for_staff_id == staff_id:
        mine = choices.of(Kind.MINE)
        ways = Ways(
            ways.push or mine.push,
            ways.desktop or mine.desktop,
            ways.sound or mine.sound,
            ways.own_line or mine.own_line,
        )
    return Ways(ways.push, ways.desktop, ways.sound, ways.own_line and choices.own_line)


def is_quiet(choices: Choices, local: datetime) -> bool:
    """Whether that local time is in the person's quiet times, which may go over midnight."""
    begin, end = choices.quiet_from, choices.quiet_until
    if begin is None or end is None or begin == end:
        return False
    minute = local.hour * 60 + local.minute
    return begin <= minute < end if begin < end else minute >= begin or minute < end

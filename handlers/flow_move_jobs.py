"""The clock's job that moves people inside flows to the version the owner chose for them, where they were too many for
the request.

Each chunk is its own transaction: a process that dies leaves the rest for the next run.
"""

from bot.db.database import write_transaction
from journeys.moves import move_choices, moving

AT_ONCE = 20_000
"""In one run, so that the clock's other jobs need not wait long."""


def move_enrolments() -> int:
    """Carry out the owner's choices for more people; how many."""
    moved = 0
    for move_id in move_choices.unfinished():
        count: int | None = 0
        while count is not None and moved < AT_ONCE:
            with write_transaction():
                count = moving.move_some(move_id)
            moved += count or 0
    return moved

"""The clock's jobs for individual contact: find once a day who has come due, and record what came of the others.

Whoever is held out is decided when they are found, before anything else is asked (`journeys/proof/assignment.py`).
"""

from collections.abc import Sequence

from bot import localtime
from bot.db.database import insert_once, write_transaction
from handlers import recipient_reasons
from journeys.contacts import due, outcomes
from journeys.contacts.settings import configured_percent
from journeys.contacts.tables import SUBJECT, ContactDay
from journeys.proof import assignment

CHUNK = 500


def find_due() -> int:
    """Store those who have come due, once a day; whoever a clock that was down missed is found, too. How many."""
    today, count = localtime.today(), 0
    if ContactDay.select().where(ContactDay.day == today, ContactDay.found_at.is_null(False)).exists():
        return 0
    for day, only_cycles in due.days_to_search(today):
        for found in due.candidates(day, CHUNK, only_cycles=only_cycles, today=today):
            with write_transaction():
                count += due.store(found, today, _assign)
    with write_transaction():
        insert_once(ContactDay, day=today)
        ContactDay.update(found_at=localtime.now()).where(ContactDay.day == today).execute()
    return count


def follow_up() -> int:
    """End contacts of those who bought or whose time has passed, and count who came back; how many changed."""
    with write_transaction():
        count = outcomes.end_bought()
    today = localtime.today()
    while rows := outcomes.too_late(today, CHUNK):
        with write_transaction():
            count += outcomes.end_too_late(rows, recipient_reasons.why_not)
    with write_transaction():
        return count + outcomes.record_won_back()


def _assign(customer_ids: Sequence[int]) -> dict[int, str | None]:
    sides = assignment.sides(SUBJECT, customer_ids, configured_percent())
    return {
        customer_id: (assignment.BY_SHOP if side.by_shop else "") if side.is_held_out else None
        for customer_id, side in sides.items()
    }

"""The clock's jobs for individual contact: find once a day who has come due, and record what came of the others.

What comes due, and when, is in `journeys/contacts/`.
"""

from bot import localtime
from bot.db.database import write_transaction
from handlers import recipient_facts
from journeys.contacts import due, outcomes

CHUNK = 500


def find_due() -> int:
    """Store those who have come due, once a day; whoever a clock that was down missed is found, too. How many."""
    today, count = localtime.today(), 0
    if due.was_searched(today):
        return 0
    for day, only_cycles in due.days_to_search(today):
        for found in due.candidates(day, CHUNK, only_cycles=only_cycles, today=today):
            with write_transaction():
                count += due.store(found, today)
    with write_transaction():
        due.record_searched(today)
    return count


def follow_up() -> int:
    """End contacts of those who bought or whose time has passed, and count who came back; how many changed."""
    with write_transaction():
        count = outcomes.end_bought()
    today = localtime.today()
    while rows := outcomes.too_late(today, CHUNK):
        with write_transaction():
            count += outcomes.end_too_late(rows, recipient_facts.why_not)
    with write_transaction():
        return count + outcomes.record_won_back()

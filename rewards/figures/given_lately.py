"""How often an action earned points lately, for the sentence beside the setting of its points."""

from datetime import timedelta

from bot import localtime
from rewards.ledger.entries import EntryKind, LedgerEntry

DAYS = 30


def times(action: str) -> int:
    """How many entries of the last 30 days earned points for the action, or will when they become due."""
    since = localtime.today() - timedelta(days=DAYS)
    query = LedgerEntry.select().where(
        LedgerEntry.action == action,
        LedgerEntry.kind.in_((EntryKind.EARN, EntryKind.PENDING)),
        LedgerEntry.occurred_on > since,
        ~LedgerEntry.cause.endswith(":released"),
    )
    return int(query.count())

"""Takes the enrolments whose step is due: they wait for no moment any more, and one event for each is put into the
inbox of their conversation, both in one transaction.

Fixed SQL over the partial index `enrolment_due`: its cost does not grow with the number of enrolments. Of two
clocks only one takes a row: PostgreSQL skips those that are locked, SQLite has one writer.
"""

from bot import localtime
from bot.db.database import execute, is_postgres, require_transaction, stored
from bot.routing import event_kinds
from customers.people.customer import Customer
from journeys.enrolments.goals_and_exits import UNREACHABLE
from journeys.enrolments.tables import ENDED, Enrolment

BATCH = 500


def take(limit: int = BATCH) -> int:
    """Take at most so many, in the order in which they came due; how many. They are handled in that order."""
    require_transaction()
    now = stored(localtime.now())
    if is_postgres():
        ids, put = execute(_TAKE_AND_PUT, now, limit, event_kinds.FLOW_STEP_DUE, now, now).fetchone()
    else:
        ids = [row[0] for row in execute(FIND_AND_MOVE, now, limit).fetchall()]
        put = execute(_put_sqlite(len(ids)), event_kinds.FLOW_STEP_DUE, now, now, *ids).rowcount if ids else 0
    if put < len(ids or ()):
        _end_those_without_chat(tuple(ids))
    return len(ids or ())


_TAKE = (
    "UPDATE enrolment SET base_at = due_at, due_at = NULL, take_count = take_count + 1 WHERE id IN ("
    "SELECT id FROM enrolment WHERE due_at <= ? ORDER BY due_at, id LIMIT ?"
)
_PUT = (
    "INSERT INTO inbox_event (event_id, conversation_id, source, body, occurred_at, received_at, state, attempt_count) "
    "SELECT 'flow-step:' || e.id || ':' || e.take_count, c.conversation_id, ?, "
    """'{"type": "flow.step_due", "enrolment": ' || e.id || ', "take": ' || e.take_count || '}', """
)
_OF_THEIR_CHATS = "JOIN customer c ON c.id = e.customer_id WHERE c.conversation_id IS NOT NULL"
FIND_AND_MOVE = f"{_TAKE}) RETURNING id"
"""Finds those due by a moment, at most so many, and marks them as taken."""
_TAKE_AND_PUT = (
    f"WITH taken AS ({_TAKE} FOR NO KEY UPDATE SKIP LOCKED) RETURNING id, customer_id, take_count, base_at), "  # noqa: S608 -- fixed SQL
    f"put AS ({_PUT} CAST(? AS TIMESTAMP), CAST(? AS TIMESTAMP), 'pending', 0 FROM taken e {_OF_THEIR_CHATS} "
    "ORDER BY e.base_at, e.id RETURNING 1) SELECT (SELECT ARRAY_AGG(id) FROM taken), (SELECT COUNT(*) FROM put)"
)


def _put_sqlite(count: int) -> str:
    chosen = f"e.id IN ({', '.join('?' * count)})"
    return (
        f"{_PUT} ?, ?, 'pending', 0 FROM enrolment e {_OF_THEIR_CHATS} AND {chosen} ORDER BY e.base_at, e.id"
    )


def _end_those_without_chat(ids: tuple[int, ...]) -> None:
    """End those just taken whose customer has no conversation: nobody would handle their event."""
    Enrolment.update(state=ENDED, end_reason=UNREACHABLE, ended_at=localtime.now(), due_at=None).where(
        Enrolment.id.in_(ids),
        Enrolment.customer.in_(Customer.select(Customer.id).where(Customer.conversation.is_null())),
    ).execute()

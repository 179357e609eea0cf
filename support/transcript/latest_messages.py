"""The last message of each customer, for a list of chats, in one query."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.conversations import Conversation
from bot.queue.inbox import InboxEvent
from bot.text.cleaning import read_object
from support.transcript.texts import edit, is_blanked, said

# As bot/web/webhook.py stores events: json.dumps with its default separators.
A_MESSAGE, _TAKEN_BACK, _EDITED = '"type": "message"', '"type": "unsend"', '"type": "messageEdited"'


def of(conversation_ids: Sequence[int]) -> dict[int, str]:
    """The last message in words, by conversation; after a message was unsent, that it was, and never its words."""
    if not conversation_ids:
        return {}
    body = InboxEvent.body
    newest = (  # one index lookup for each conversation, however long it is
        InboxEvent.select(body)
        .where(InboxEvent.conversation == Conversation.id, InboxEvent.source == "line")
        .where(body.contains(A_MESSAGE) | body.contains(_TAKEN_BACK) | body.contains(_EDITED))
        .order_by(InboxEvent.received_at.desc(), InboxEvent.id.desc())
        .limit(1)
    )
    query: Any = Conversation.select(Conversation.id, newest).where(
        Conversation.id.in_(list(conversation_ids))
    )
    return {key: _words(read_object(text)) for key, text in query.tuples() if text is not None}


def came_since(conversation_id: int, moment: datetime) -> bool:
    """Whether the customer sent or edited a message after that moment."""
    body = InboxEvent.body
    theirs = (InboxEvent.conversation == conversation_id) & (InboxEvent.source == "line")
    since = theirs & (InboxEvent.received_at > moment)
    return bool(InboxEvent.select().where(since, body.contains(A_MESSAGE) | body.contains(_EDITED)).exists())


def _words(event: dict[str, Any]) -> str:
    """The event in words; of an edited message, its new words."""
    if changed := edit(event):
        return changed[1]
    what = said({"type": "unsend"} if is_blanked(event) else event, {})
    return what.text if what else ""

"""Decides what a list of chats shows of each: the last thing the customer wrote or sent, for all in one query."""

from collections.abc import Sequence
from typing import Any

from bot.conversations import Conversation
from bot.queue.inbox import InboxEvent
from bot.text.cleaning import read_object
from support.transcript.texts import edit, is_blanked, said

# As bot/web/webhook.py writes events: json.dumps with its own separators.
A_MESSAGE, _TAKEN_BACK, _EDITED = '"type": "message"', '"type": "unsend"', '"type": "messageEdited"'


def of(conversation_ids: Sequence[int]) -> dict[int, str]:
    """The last words by conversation; after a message was taken back, that it was, and never the message."""
    if not conversation_ids:
        return {}
    body = InboxEvent.body
    newest = (  # a step into the transcript's index for each conversation, however long it is
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


def _words(event: dict[str, Any]) -> str:
    """What was said; of a message that was changed, its new words."""
    if changed := edit(event):
        return changed[1]
    what = said({"type": "unsend"} if is_blanked(event) else event, {})
    return what.text if what else ""

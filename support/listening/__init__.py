"""Classifies a customer's text: danger, injury, damage, anger, a request, a courtesy, a question, or other
words. Pure.

The entry point is `hear` in `hearing.py`. What is done with each kind is left to `handlers/text_received.py`.
"""

from support.listening.folding import LONGEST
from support.listening.hearing import (
    ALARMS,
    COURTESIES,
    EXCHANGES,
    ConversationState,
    Heard,
    MessageKind,
    hear,
)

__all__ = [
    "ALARMS",
    "COURTESIES",
    "EXCHANGES",
    "LONGEST",
    "ConversationState",
    "Heard",
    "MessageKind",
    "hear",
]

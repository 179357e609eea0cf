"""What a customer's message is: danger, harm, damage, anger, a wish, courtesy, a question, or plain words. Pure.

`hear` is the one way in; what becomes of each kind is for the handlers.
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

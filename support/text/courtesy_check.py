"""Whether a text is only a courtesy, going by the rules of `support/listening/`. Pure."""

from support.listening import COURTESIES
from support.listening.folding import fold
from support.listening.hearing import ConversationState, by_rules


def is_courtesy(words: str) -> bool:
    """Whether the words are thanks, a greeting or a nod and nothing else, so that no answer is needed.

    Only the rules are used, not the classifier: a question that resembles a courtesy must still be searched
    for.
    """
    if not any(letter.isalnum() for letter in words):
        return False
    return by_rules(words, fold(words), ConversationState.IDLE).kind in COURTESIES

"""Whether words ask for nothing: courtesy, as the rules of `listening/` hear it. Pure."""

from support.listening import COURTESIES
from support.listening.folding import fold
from support.listening.hearing import ConversationState, by_rules


def is_courtesy(words: str) -> bool:
    """Whether the words are thanks, a greeting or a nod and nothing else: nobody need answer them.

    The rules alone are asked: a question that only resembles a courtesy must still be searched for.
    """
    if not any(letter.isalnum() for letter in words):
        return False
    return by_rules(words, fold(words), ConversationState.IDLE).kind in COURTESIES

"""Whether words ask for nothing: courtesy, as `listening/` hears it. Pure."""

from support.listening import COURTESIES, hear


def is_courtesy(words: str) -> bool:
    """Whether the words are thanks, a greeting or a nod and nothing else: nobody need answer them."""
    return any(letter.isalnum() for letter in words) and hear(words).kind in COURTESIES

"""Messages that ask for what staff need to change something, and that thank for it. Sentences are in `words.py`."""

from collections.abc import Sequence

from bot.line import messages as line
from bot.line.messages import Action, Message
from support.changes.words import words


def form(
    kind: str, orders: Sequence[str], due: str, *, is_complete: bool, actions: Sequence[Action] = ()
) -> Message:
    """One message that asks for all that staff need. `orders` are those not dispatched yet; `due` is the promised time
    in words, empty where none can be given."""
    say = words()
    needed = [] if is_complete else [str(getattr(say, kind))]
    needed.append(_order(orders))
    sentence = say.complete if is_complete else say.asked
    return _with_due(sentence.format(needed="\n".join(needed)), due, actions)


def erasure(due: str, actions: Sequence[Action] = ()) -> Message:
    """Who sees to the wish to be erased, and what comes first; `due` as above."""
    say = words()
    parts = [say.erasure, say.erasure_due.format(due=due)] if due else [say.erasure]
    return line.text("\n\n".join(parts), list(actions))


def received(due: str) -> Message:
    """What was asked for has come; `due` as above."""
    return _with_due(words().received, due)


def _order(orders: Sequence[str]) -> str:
    say = words()
    if not orders:
        return say.order_number
    if len(orders) == 1:
        return say.this_order.format(order=orders[0])
    return say.which_order.format(orders="、".join(orders))


def _with_due(sentence: str, due: str, actions: Sequence[Action] = ()) -> Message:
    parts = [sentence, words().due.format(due=due)] if due else [sentence]
    return line.text("\n\n".join(parts), list(actions))

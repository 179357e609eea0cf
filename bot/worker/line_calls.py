"""What all calls of LINE have in common: an answer in any case, and which answers refuse an aggregation unit."""

from collections.abc import Callable

from bot import log
from bot.line.delivery import Answer

UNIT_REFUSED = (400, 403)
"""With these LINE may refuse units to this shop: the call is repeated without one."""


def answer_of(call: Callable[[], Answer]) -> Answer:
    """The call's answer. After an exception LINE may have accepted the call, so that counts as no answer."""
    try:
        return call()
    except Exception as error:
        log.exception("a call of LINE failed here")
        return Answer(None, type(error).__name__)

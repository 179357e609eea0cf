"""Reads the form of a reply: text, attached files, a gift, and how long ago it was sent."""

from collections.abc import Sequence
from datetime import timedelta

from flask import request

from console.desk.composing import giving
from console.desk.composing.replies import Written

LONGEST_AGE_SECONDS = 10**8
MOST_NUMBER = 2**31 - 1


def written(fresh: Sequence[int] = ()) -> Written:
    """What the person sends, with files that came in the same request."""
    ids = [each for each in request.form.getlist("attachment", type=int) if 0 < each <= MOST_NUMBER]
    number = min(max(request.form.get("gift", 0, type=int), 0), 2**15 - 1)
    return Written(
        request.form.get("text", ""), tuple(dict.fromkeys((*ids, *fresh))), giving.wished(), number
    )


def age() -> timedelta:
    """How long ago the person pressed send: the browser may have been offline."""
    return timedelta(seconds=min(max(request.form.get("age", 0, type=int), 0), LONGEST_AGE_SECONDS))

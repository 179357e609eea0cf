"""Tries a channel secret that is not in force yet: while LINE sends an empty webhook because we asked it to, its
signature may fit the new secret instead. What such a webhook is, is left to `webhook.py`."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Trial:
    """One secret of one account, while LINE tries the webhook."""

    def __init__(self, channel: str, secret: str) -> None:
        self.channel, self.secret = channel, secret
        self.is_right = False
        """Whether a webhook came that was signed with it."""


_lock = threading.Lock()
_under_way: list[Trial] = []


@contextmanager
def trying(channel: str, secret: str) -> Iterator[Trial]:
    """Accept empty webhooks of that account that are signed with this secret, until the block ends."""
    trial = Trial(channel, secret)
    with _lock:
        _under_way.append(trial)
    try:
        yield trial
    finally:
        with _lock:
            _under_way.remove(trial)


def is_signed(channel: str, fits: Callable[[str], bool]) -> bool:
    """Whether `fits` holds for a secret that is being tried; notes for which."""
    with _lock:
        right = [trial for trial in _under_way if trial.channel == channel and fits(trial.secret)]
    for trial in right:
        trial.is_right = True
    return bool(right)

"""Whether this is the first start, before anybody has given settings: then the set-up page is served instead of an
error. Uses the standard library alone, as `env_file.py` does; the page is `console/first_start/`, serving it `set_up/`.
"""

from collections.abc import Mapping

TOKEN = "SET_UP_TOKEN"  # noqa: S105 -- a setting's name
"""In `.env` while set-up is under way: the secret part of the page's address, which a restart must not change."""
WEBHOOK = "SET_UP_WEBHOOK"
"""In `.env` while set-up is under way: whether the webhook was tried, or left for later."""
ORDERS = "SET_UP_ORDERS"
"""In `.env` while set-up is under way: where the orders are to come from."""
RESTORED = "SET_UP_RESTORED"
"""In `.env` while set-up is under way: of when the backup is that was put back."""
GIVEN_BY_HAND = ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN")
"""Whoever set one of these is not at the first start: a fault in the others is an error that stops the start."""


def is_due(given: Mapping[str, str]) -> bool:
    """Whether set-up is under way or has not begun."""
    return bool(given.get(TOKEN)) or not any(given.get(name) for name in GIVEN_BY_HAND)

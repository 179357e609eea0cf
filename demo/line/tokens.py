"""Reply tokens and retry keys, which work once or for a while. Time is always passed in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

REPLY_SECONDS = 60.0
"""Seconds a reply token lives after its webhook was received."""
REPLY_LAST_SECONDS = 20 * 60.0
"""Seconds after which a token is invalid, however often its event is redelivered."""
RETRY_KEY_SECONDS = 24 * 3600.0


@dataclass
class _Token:
    user_id: str
    born_at: float
    delivered_at: float | None = None
    used: bool = False


@dataclass
class ReplyTokens:
    """The reply tokens that were issued."""

    _tokens: dict[str, _Token] = field(default_factory=dict)

    def issue(self, user_id: str, now: float) -> str:
        """Issue a token for an event of this person that happens now."""
        token = secrets.token_hex(16)
        self._tokens[token] = _Token(user_id, now)
        return token

    def delivered(self, token: str, now: float) -> None:
        """The webhook with the token is delivered now, perhaps again: its minute starts."""
        if token in self._tokens:
            self._tokens[token].delivered_at = now

    def owner(self, token: str, now: float) -> str | None:
        """The person a reply with this token reaches now; None when the token is unknown, used or expired."""
        known = self._tokens.get(token)
        if known is None or known.used:
            return None
        received_at = known.born_at if known.delivered_at is None else known.delivered_at
        if now > min(received_at + REPLY_SECONDS, known.born_at + REPLY_LAST_SECONDS):
            return None
        return known.user_id

    def use(self, token: str) -> None:
        self._tokens[token].used = True


@dataclass(frozen=True)
class Accepted:
    """A send that was accepted under a retry key."""

    request_id: str
    sent_messages: Sequence[dict[str, str]]
    at: float


@dataclass
class RetryKeys:
    """The retry keys that were used."""

    _accepted: dict[str, Accepted] = field(default_factory=dict)

    def earlier(self, key: str, now: float) -> Accepted | None:
        """The send accepted under this key within the last 24 hours, or None."""
        known = self._accepted.get(key.lower())
        return known if known is not None and now - known.at < RETRY_KEY_SECONDS else None

    def remember(self, key: str, accepted: Accepted) -> None:
        self._accepted[key.lower()] = accepted

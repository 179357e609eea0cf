"""Keeps what may be used once or for a while: reply tokens and retry keys. Time is always passed in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

REPLY_SECONDS = 60.0
"""A reply token lives one minute from the receipt of the webhook that carried it."""
REPLY_LAST_SECONDS = 20 * 60.0
"""However often its event is redelivered, a token is dead twenty minutes after the event."""
RETRY_KEY_SECONDS = 24 * 3600.0


@dataclass
class _Token:
    user_id: str
    born_at: float
    delivered_at: float | None = None
    used: bool = False


@dataclass
class ReplyTokens:
    _tokens: dict[str, _Token] = field(default_factory=dict)

    def issue(self, user_id: str, now: float) -> str:
        """A token for an event of this person that happened now."""
        token = secrets.token_hex(16)
        self._tokens[token] = _Token(user_id, now)
        return token

    def delivered(self, token: str, now: float) -> None:
        """The webhook carrying the token reaches the bot now (again, perhaps): its minute starts."""
        if token in self._tokens:
            self._tokens[token].delivered_at = now

    def owner(self, token: str, now: float) -> str | None:
        """Whom a reply with this token would reach now; None when the token is unknown, used or too old."""
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
    """A send that was taken under a retry key."""

    request_id: str
    sent_messages: Sequence[dict[str, str]]
    at: float


@dataclass
class RetryKeys:
    _accepted: dict[str, Accepted] = field(default_factory=dict)

    def earlier(self, key: str, now: float) -> Accepted | None:
        """The send already accepted under this key within the last 24 hours."""
        known = self._accepted.get(key.lower())
        return known if known is not None and now - known.at < RETRY_KEY_SECONDS else None

    def remember(self, key: str, accepted: Accepted) -> None:
        self._accepted[key.lower()] = accepted

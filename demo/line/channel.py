"""The state of one LINE channel behind one lock; calls of the shop and actions of people change it."""

import itertools
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.line.accounts import Friendship, People, Person
from demo.line.events import Event, event
from demo.line.login import LoginChannel
from demo.line.quota import Quota
from demo.line.richmenus import RichMenu, RichMenus
from demo.line.timeline import SHOP, Entry, Side, Timeline
from demo.line.tokens import ReplyTokens, RetryKeys
from demo.line.units import Units
from demo.line.webhook_sender import Deliver, WebhookSender, over_http


@dataclass
class Content:
    """A picture or voice message of a person, until they unsend it."""

    data: bytes
    media_type: str
    gone: bool = False


@dataclass(frozen=True)
class Identity:
    """The shop's identity on LINE, and the secrets it shares with the bot."""

    channel_secret: str
    access_token: str
    shop_name: str = "お店"
    basic_id: str = "@goen"
    picture_url: str | None = None
    bot_user_id: str = field(default_factory=lambda: f"U{secrets.token_hex(16)}")


class Channel:
    """One channel. `now` is real time, by which tokens and keys age; `clock` is the date that events and chats
    show. `beside` is the channel that the same page shows: both are changed under one lock."""

    def __init__(
        self,
        identity: Identity,
        *,
        now: Callable[[], float],
        clock: Callable[[], float],
        webhook_url: str = "",
        quota: int | None = None,
        deliver: Deliver | None = None,
        retry_seconds: Sequence[float] | None = None,
        first_message_id: int = 520_000_000_000_000_001,
        beside: "Channel | None" = None,
    ) -> None:
        self.identity = identity
        self.now, self.clock = now, clock
        self.webhook_url, self.webhook_active = webhook_url, True
        self.lock: threading.RLock = threading.RLock() if beside is None else beside.lock
        self.changed: threading.Condition = (
            threading.Condition(self.lock) if beside is None else beside.changed
        )
        self.people = People()
        self.timeline: Timeline = Timeline(None if beside is None else beside.timeline.changes)
        self.tokens, self.retry_keys = ReplyTokens(), RetryKeys()
        self.quota = Quota(quota)
        self.units = Units()
        self.login = LoginChannel(now)
        self.rich_menus = RichMenus()
        self.contents: dict[str, Content] = {}
        self.link_tokens: dict[str, str] = {}
        self._ids = itertools.count(first_message_id)
        options = {"retry_seconds": retry_seconds} if retry_seconds is not None else {}
        self.webhook_sender = WebhookSender(
            identity.channel_secret,
            identity.bot_user_id,
            deliver or self._deliver_over_http,
            before=self._before_delivery,
            after=self._after_delivery,
            **options,
        )

    def next_id(self) -> str:
        """The id of a new message."""
        return str(next(self._ids))

    def at_ms(self) -> int:
        """The channel's date and time in epoch milliseconds."""
        return int(self.clock() * 1000)

    def person(self, user_id: str) -> Person:
        """The person with that user id. Raises KeyError for an unknown one."""
        found = self.people.get(user_id)
        if found is None:
            raise KeyError(user_id)
        return found

    def touch(self, person: Person) -> None:
        """Notify the pages that this person has changed."""
        with self.lock:
            person.changed = self.timeline.next_change()
            self.changed.notify_all()

    def touch_all(self) -> None:
        """Notify the pages that every person has changed."""
        for person in self.people.all():
            self.touch(person)

    def show(
        self, person: Person, message: dict[str, Any], side: Side, peer: str = SHOP, via: str = ""
    ) -> Entry:
        """Add a message to a person's chat."""
        with self.lock:
            made = Entry(self.next_id(), person.user_id, peer, side, message, self.at_ms(), via)
            self.timeline.add(made)
            self.changed.notify_all()
            return made

    def rich_menu_of(self, person: Person) -> RichMenu | None:
        """The rich menu that person sees; None for somebody who is no friend."""
        if person.friendship is not Friendship.FRIEND:
            return None
        return self.rich_menus.seen_by(person.rich_menu_id)

    def post_webhook(self, kind: str, person: Person, *, answerable: bool = True, **parts: Any) -> Event:
        """Queue a webhook event about this person."""
        with self.lock:
            token = self.tokens.issue(person.user_id, self.now()) if answerable else None
            posted = event(kind, person.user_id, self.at_ms(), token, **parts)
            if self.webhook_active:
                self.webhook_sender.post(posted)
            return posted

    def wait_for_change(self, after: int, seconds: float) -> None:
        """Wait until something newer than `after` happened, or the time is up."""
        with self.changed:
            self.changed.wait_for(lambda: self.timeline.last_change > after, timeout=seconds)

    def _deliver_over_http(self, raw: bytes, headers: dict[str, str]) -> int:
        if not self.webhook_url:
            raise OSError("no webhook URL is set")
        return over_http(self.webhook_url, raw, headers)

    def _before_delivery(self, events: Sequence[Event]) -> None:
        with self.lock:
            for posted in events:
                if "replyToken" in posted:
                    self.tokens.delivered(posted["replyToken"], self.now())

    def _after_delivery(self, events: Sequence[Event]) -> None:
        """Mark messages as read (既読) once the bot has accepted their webhook."""
        with self.lock:
            for posted in events:
                entry = self.timeline.get(posted.get("message", {}).get("id", ""))
                if entry is not None and not entry.read:
                    entry.read = True
                    self.timeline.touch(entry)
            self.changed.notify_all()

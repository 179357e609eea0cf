"""The FAQ's tables: entries, their versions, vectors, what customers asked, and uploaded files."""

from __future__ import annotations

from dataclasses import dataclass

import peewee

from bot import localtime
from bot.config import settings
from bot.conversations import Conversation
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from support.hours import opening_hours
from support.tickets.tickets import Ticket

ANSWERED, SOLVED, UNSOLVED = "answered", "solved", "unsolved"
OFFERED, UNANSWERED = "offered", "unanswered"
"""The outcome of a question: an entry was given (and helped, or did not); only titles were offered; nothing
fitted."""


@dataclass(frozen=True, slots=True)
class Content:
    """What staff write in an entry. `card` is a Flex bubble as JSON or empty; `product` an article number or
    empty."""

    question: str
    answer: str
    paraphrases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    product: str = ""
    card: str = ""


class FaqEntry(Model):
    """One FAQ entry. Lists are stored one item a line; an entry is withdrawn, never deleted."""

    question = peewee.CharField(200, unique=True)
    paraphrases = peewee.TextField(default="")
    answer = peewee.TextField()
    card = peewee.TextField(default="")
    tags = peewee.TextField(default="")
    product = peewee.CharField(64, default="")
    revision = peewee.IntegerField(default=1)
    created_at = UtcDateTimeField()
    changed_at = UtcDateTimeField()
    withdrawn_at = UtcDateTimeField(null=True)
    asked_count = peewee.IntegerField(default=0)
    """This and the counts below are updated by `questions_asked.py`, since adding up all questions for a page
    would be slow."""
    solved_count = peewee.IntegerField(default=0)
    unsolved_count = peewee.IntegerField(default=0)
    escalated_count = peewee.IntegerField(default=0)
    failed_count = peewee.IntegerField(default=0)

    @property
    def tag_list(self) -> list[str]:
        return self.tags.splitlines()

    @property
    def paraphrase_list(self) -> list[str]:
        return self.paraphrases.splitlines()

    @property
    def spoken_answer(self) -> str:
        """The answer as the customer reads it."""
        return spoken(str(self.answer))

    @property
    def content(self) -> Content:
        return content_of(self)


class FaqVersion(Model):
    """An entry after one change. The latest version equals the entry."""

    entry = peewee.ForeignKeyField(FaqEntry, on_delete="CASCADE", index=False)
    entry_id: int
    revision = peewee.IntegerField()
    question = peewee.CharField(200)
    paraphrases = peewee.TextField()
    answer = peewee.TextField()
    card = peewee.TextField()
    tags = peewee.TextField()
    product = peewee.CharField(64)
    withdrawn = peewee.BooleanField()
    changed_by_id = peewee.IntegerField(null=True)
    """The person of staff; None for changes at the command line and for entries that ship with the product."""
    changed_at = UtcDateTimeField()

    class Meta:
        indexes = ((("entry", "revision"), True),)

    @property
    def content(self) -> Content:
        return content_of(self)


class FaqMeaning(Model):
    """The vectors of one version of an entry and its paraphrases, computed by the clock where a model is
    installed."""

    entry = peewee.ForeignKeyField(FaqEntry, on_delete="CASCADE", unique=True)
    entry_id: int
    revision = peewee.IntegerField()
    model = peewee.CharField(40)
    vector = peewee.BlobField()


class FaqAsked(Model):
    """One question of a customer, the entry given for it, if any, and the outcome."""

    conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE")
    conversation_id: int
    entry = peewee.ForeignKeyField(FaqEntry, null=True)
    entry_id: int | None
    words = peewee.TextField(default="")
    """What the customer wrote; empty when the entry was picked from a list."""
    outcome = peewee.CharField(16)
    asked_at = UtcDateTimeField()
    settled_at = UtcDateTimeField(null=True)
    ticket = peewee.ForeignKeyField(Ticket, null=True, on_delete="SET NULL")
    ticket_id: int | None
    """The ticket that followed, whatever was answered."""
    set_aside_at = UtcDateTimeField(null=True)
    """When staff decided to write no entry for it."""


class FaqUpload(Model):
    """An uploaded file that waits for confirmation."""

    content = peewee.BlobField()
    name = peewee.CharField(200)
    staff_id = peewee.IntegerField()
    uploaded_at = UtcDateTimeField()


def spoken(answer: str) -> str:
    """An answer with its placeholders filled: {shop} is the shop's name, {hours} the hours and whether staff
    are there now."""
    if opening_hours.PLACEHOLDER in answer:
        answer = answer.replace(opening_hours.PLACEHOLDER, opening_hours.answer())
    return answer.replace("{shop}", settings.current().shop_name)


def content_of(row: FaqEntry | FaqVersion) -> Content:
    """The content of the row."""
    return Content(
        question=row.question,
        answer=row.answer,
        paraphrases=tuple(row.paraphrases.splitlines()),
        tags=tuple(row.tags.splitlines()),
        product=row.product,
        card=row.card,
    )


erasure.nothing("It is the shop's FAQ.", FaqEntry, FaqVersion, FaqMeaning, FaqUpload)
erasure.blanked(
    FaqAsked,
    lambda: {"words": "", "set_aside_at": erasure.unless_set(FaqAsked.set_aside_at, localtime.now())},
    "conversation",
)

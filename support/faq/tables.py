"""Decides how the FAQ lies in the database: entries, their versions, what was asked of them, files on their way in."""

from __future__ import annotations

from dataclasses import dataclass

import peewee

from bot.config import settings
from bot.conversations import Conversation
from bot.db.database import Model, UtcDateTimeField
from support.hours import opening_hours
from support.tickets.tickets import Ticket

ANSWERED, SOLVED, UNSOLVED = "answered", "solved", "unsolved"
OFFERED, UNANSWERED = "offered", "unanswered"
"""What came of a question: an entry was given (and helped, or did not); only titles were offered; nothing fitted."""


@dataclass(frozen=True, slots=True)
class Content:
    """What staff write of an entry. `card` is a Flex bubble as JSON or empty; `product` an article number or empty."""

    question: str
    answer: str
    paraphrases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    product: str = ""
    card: str = ""


class FaqEntry(Model):
    """One question of the stock. Lists are kept one a line; an entry is withdrawn, never deleted."""

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
    """This and the counts below are kept by `questions_asked.py` as it writes: of many questions a page can't
    add them up."""
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
    """An entry as it was after one change. The latest says what the entry says."""

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
    """The person of staff; None for what came at the command line or with the product."""
    changed_at = UtcDateTimeField()

    class Meta:
        indexes = ((("entry", "revision"), True),)

    @property
    def content(self) -> Content:
        return content_of(self)


class FaqMeaning(Model):
    """What one version of an entry and its paraphrases mean, as a model's vectors one after another; made by the clock
    where such a model is installed."""

    entry = peewee.ForeignKeyField(FaqEntry, on_delete="CASCADE", unique=True)
    entry_id: int
    revision = peewee.IntegerField()
    model = peewee.CharField(40)
    vector = peewee.BlobField()


class FaqAsked(Model):
    """One question of a customer: the entry that was given for it, if any did, and what came of it."""

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
    """The ticket it led to: whatever was given, a person was needed."""
    set_aside_at = UtcDateTimeField(null=True)
    """Staff looked at it and will write no entry for it."""


class FaqUpload(Model):
    """A file that was looked through and waits for a person's word to be imported."""

    content = peewee.BlobField()
    name = peewee.CharField(200)
    staff_id = peewee.IntegerField()
    uploaded_at = UtcDateTimeField()


def spoken(answer: str) -> str:
    """Words as the customer reads them: {shop} is the shop's name, {hours} when staff are there and whether now."""
    if opening_hours.PLACEHOLDER in answer:
        answer = answer.replace(opening_hours.PLACEHOLDER, opening_hours.answer())
    return answer.replace("{shop}", settings.current().shop_name)


def content_of(row: FaqEntry | FaqVersion) -> Content:
    """What is written in the row."""
    return Content(
        question=row.question,
        answer=row.answer,
        paraphrases=tuple(row.paraphrases.splitlines()),
        tags=tuple(row.tags.splitlines()),
        product=row.product,
        card=row.card,
    )

"""Stores canned replies: a short name, and a text with placeholders for names."""

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction

LONGEST_NAME = 40
LONGEST_BODY = 4000
PLACES = ("name", "shop", "staff")


class NameTaken(Exception):
    """Another canned reply has that name."""


class CannedText(Model):
    """One text that staff use again and again."""

    name = peewee.CharField(LONGEST_NAME, unique=True)
    body = peewee.TextField()
    """With {name}, {shop} and {staff} as placeholders."""
    changed_by_id = peewee.IntegerField(null=True)
    changed_at = UtcDateTimeField()

    def said(self, **words: str) -> str:
        """The text with its placeholders filled; other braces stay."""
        text = str(self.body)
        for place in PLACES:
            text = text.replace("{" + place + "}", words.get(place, ""))
        return text


def everything() -> list[CannedText]:
    """All of them, by name; a shop has a few dozen."""
    return list(CannedText.select().order_by(CannedText.name))


def find(canned_id: int) -> CannedText | None:
    """That one, or None."""
    found: CannedText | None = CannedText.get_or_none(CannedText.id == canned_id)
    return found


def keep(name: str, body: str, staff_id: int | None, canned_id: int | None = None) -> CannedText:
    """Create one, or change that one. Raises NameTaken; ValueError when name or body is empty or too long."""
    require_transaction()
    name, body = name.strip(), body.replace("\r\n", "\n").strip()
    if not (0 < len(name) <= LONGEST_NAME and 0 < len(body) <= LONGEST_BODY):
        raise ValueError("a canned text needs a name and a body, neither too long")
    same = CannedText.get_or_none(CannedText.name == name)
    if same is not None and same.id != canned_id:
        raise NameTaken(name)
    canned_text = (find(canned_id) if canned_id else None) or CannedText()
    canned_text.name, canned_text.body = name, body
    canned_text.changed_by_id, canned_text.changed_at = staff_id, localtime.now()
    canned_text.save()
    return canned_text


def drop(canned_id: int) -> bool:
    """Delete it. False when it did not exist."""
    require_transaction()
    return bool(CannedText.delete().where(CannedText.id == canned_id).execute())


erasure.nothing("They are the shop's own words.", CannedText)

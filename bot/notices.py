"""Stores notices to the owner and staff about the system itself: the monthly limit, parked events, a refused token.

A notice remains until its cause is gone; every page of the console shows the current ones, in the reader's language
(`console/shell/notices.py`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Union

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once

Detail = Union[str, int, "NoticeText", Sequence["NoticeText"]]


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A sentence in Japanese whose values are filled in once it is translated. A value may be such a text itself."""

    template: str
    details: Mapping[str, Detail] = field(default_factory=dict)

    def __str__(self) -> str:
        values = {name: in_japanese(value) for name, value in self.details.items()}
        return self.template % values if values else self.template

    @property
    def stored(self) -> dict[str, object]:
        """As JSON holds it; `read` reads it back."""
        return {
            "template": self.template,
            "details": {name: _stored(each) for name, each in self.details.items()},
        }


class Notice(Model):
    """One notice, unique by its cause."""

    cause = peewee.CharField(unique=True)
    sentence = peewee.TextField()
    """In Japanese with its values, for logs and the command line."""
    template = peewee.TextField(null=True)
    """The sentence before its values are filled in; null in rows of earlier versions."""
    details = peewee.TextField(null=True)
    """Its values, as JSON."""
    raised_at = UtcDateTimeField()

    @property
    def text(self) -> NoticeText | None:
        """The sentence to translate; None in rows of earlier versions."""
        return (
            None
            if self.template is None
            else read({"template": self.template, "details": json.loads(self.details or "{}")})
        )


class NoticeDismissal(Model):
    """A person has seen the notice, and is not shown it again that day."""

    staff_id = peewee.IntegerField()
    cause = peewee.CharField()
    dismissed_at = UtcDateTimeField()

    class Meta:
        table_name = "notice_dismissal"
        indexes = ((("staff_id", "cause"), True),)


def notice_text(template: str, **details: Detail) -> NoticeText:
    """The sentence with its values. `script/translations` finds the sentences of these calls."""
    return NoticeText(template, details)


def notify(cause: str, sentence: NoticeText | str) -> bool:
    """Add a notice; False when there is one with that cause already."""
    return insert_once(Notice, cause=cause, raised_at=localtime.now(), **_columns(sentence)) is not None


def change(cause: str, sentence: NoticeText | str) -> None:
    """Replace the text of an existing notice."""
    Notice.update(**_columns(sentence)).where(Notice.cause == cause).execute()


def take_down(cause: str) -> None:
    """Remove the notice, since its cause is gone."""
    Notice.delete().where(Notice.cause == cause).execute()


def take_down_older(prefix: str, before: datetime) -> None:
    """Remove notices whose cause begins like this and that nothing has raised again since that time."""
    old = Notice.cause.startswith(prefix) & (Notice.raised_at < before)
    Notice.delete().where(old).execute()


def current() -> list[Notice]:
    """The notices to show, oldest first."""
    return list(Notice.select().order_by(Notice.id))


def dismiss(cause: str, staff_id: int) -> None:
    """Hide the notice from that person for the rest of the day."""
    mine = (NoticeDismissal.staff_id == staff_id) & (NoticeDismissal.cause == cause)
    if insert_once(NoticeDismissal, staff_id=staff_id, cause=cause, dismissed_at=localtime.now()) is None:
        NoticeDismissal.update(dismissed_at=localtime.now()).where(mine).execute()


def dismissed_by(staff_id: int) -> set[str]:
    """The causes that the person dismissed today, on the shop's date."""
    rows = NoticeDismissal.select().where(NoticeDismissal.staff_id == staff_id)
    return {row.cause for row in rows if localtime.local_date(row.dismissed_at) == localtime.today()}


def read(stored: Mapping[str, object]) -> NoticeText:
    """The text that `NoticeText.stored` gave."""
    details = stored.get("details")
    values = details if isinstance(details, dict) else {}
    return NoticeText(str(stored["template"]), {name: _detail(value) for name, value in values.items()})


def in_japanese(value: Detail) -> str:
    """A value within a Japanese sentence."""
    return (
        "・".join(map(str, value))
        if isinstance(value, Sequence) and not isinstance(value, str)
        else str(value)
    )


def _columns(sentence: NoticeText | str) -> dict[str, str | None]:
    if isinstance(sentence, str):
        return {"sentence": sentence, "template": None, "details": None}
    details = json.dumps(sentence.stored["details"], ensure_ascii=False)
    return {"sentence": str(sentence), "template": sentence.template, "details": details}


def _stored(value: Detail) -> object:
    if isinstance(value, NoticeText):
        return value.stored
    return value if isinstance(value, str | int) else [each.stored for each in value]


def _detail(value: object) -> Detail:
    if isinstance(value, dict):
        return read(value)
    if isinstance(value, list):
        return [read(each) for each in value]
    return value if isinstance(value, str | int) else str(value)


def _that_name(who: erasure.Person) -> Any:
    by_number = Notice.sentence.contains(f"#{who.customer_id}）")
    return by_number | Notice.sentence.contains(who.display_name) if who.display_name else by_number


erasure.deleted(Notice, _that_name)

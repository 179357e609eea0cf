"""Finds settings by key, meaning (in both languages), wording and value."""

from dataclasses import dataclass

from bot.text import folding
from console.settings import changes, fields, meanings, subjects
from console.settings.subjects import Subject
from console.shell.translation import gettext

MOST = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A setting that was found."""

    subject: Subject
    name: str
    meaning: str
    value: str


def find(asked: str) -> list[Found]:
    """The settings that hold every word of what was asked, in the order of the pages."""
    words = [folding.folded(each) for each in asked.split()]
    found = []
    for subject in subjects.all_subjects():
        for _, of_part in fields.of_subject(subject):
            for field in of_part:
                value = changes.in_words(field, field.value())
                texts = (
                    field.name,
                    field.japanese,
                    meanings.in_english(field),
                    value,
                    gettext(subject.words),
                )
                whole = folding.folded("\n".join(texts))
                if all(each in whole for each in words):
                    found.append(Found(subject, field.name, meanings.of_field(field), value))
    return found[:MOST]

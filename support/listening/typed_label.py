"""Finds the offered button whose label a customer typed, whole or in part. Pure."""

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from support.listening.folding import any_of, fold

LONGEST = 30
SHORTEST_STEM = 2
_PARTICLES = str.maketrans("", "", "をはがの")
_POLITE = re.compile(
    any_of(
        """
        でお願いします でおねがいします がいいです でいいです でいい がいい にします で です を お願いします 希望
        だけ にして ください いいです 良いです いい ok
        """
    )
    + "{1,3}$"
)


class Tappable(Protocol):
    """What is needed of a button."""

    @property
    def label(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def is_latest(self) -> bool: ...


T = TypeVar("T", bound=Tappable)


def choice(text: str, offered: Sequence[T], *, is_open: bool) -> T | None:
    """The button that the text names; None when it names none. With `is_open`, the beginning of a label of
    the latest message counts where no other begins so: 「ニックネームで」 for 「ニックネームで掲載OK」."""
    letters = fold(text).letters
    if not letters or letters.rstrip("点").isdecimal():  # what a number means depends on what was asked
        return None
    for each in offered:
        if letters in (fold(each.label).letters, fold(each.text).letters):
            return each
    stem = _POLITE.sub("", letters).translate(_PARTICLES)
    if not is_open or len(stem) < SHORTEST_STEM:
        return None
    begun = {
        each.label: each
        for each in offered
        if each.is_latest and fold(each.label).letters.translate(_PARTICLES).startswith(stem)
    }
    return next(iter(begun.values())) if len(begun) == 1 else None

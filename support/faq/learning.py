"""Drafts a FAQ entry from a chat: the customer's words become the question and paraphrases. Pure.

Staff edit the draft in `console/faq/learning.py` before it is stored; personal details in it are pointed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from support.faq.file import LONGEST_PARAPHRASE, LONGEST_QUESTION, as_written, one_line
from support.text.courtesy_check import is_courtesy

QUESTION = re.compile(r"[?？]|か[。!！…]*$")
WISH = re.compile(r"(たい|ほしい|欲しい|ない|ません|けど|のに|が|教えて)(です|のですが|ください)?[。!！…]*$")
PERSONAL = re.compile(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,190}"  # an e-mail address
    r"|\+?\d[\d-]{5,40}\d"  # the number of a telephone, an order or a parcel, or a postcode
    r"|\w{2,3}[都道府県]\w{1,8}[市区町村]"
)
FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class FaqEntryDraft:
    """The draft of an entry."""

    question: str = ""
    paraphrases: tuple[str, ...] = ()
    answer: str = ""

    @property
    def phrases(self) -> tuple[str, ...]:
        """Everything the customer wrote, to be added to another entry."""
        return tuple(dict.fromkeys(each for each in (self.question, *self.paraphrases) if each))


def draft(words: Iterable[str], answer: str = "") -> FaqEntryDraft:
    """The latest text that asks or wishes for something becomes the question, the others paraphrases;
    courtesies are left out."""
    phrases = list(dict.fromkeys(_phrase(each) for each in words if not is_courtesy(each)))
    phrases = [each for each in phrases if each]
    if not phrases:
        return FaqEntryDraft(answer=as_written(answer))
    question = next(
        (each for kind in (QUESTION, WISH) for each in reversed(phrases) if kind.search(each)), phrases[-1]
    )
    others = tuple(each for each in phrases if each != question)
    return FaqEntryDraft(question[:LONGEST_QUESTION], others, as_written(answer))


def personal_details(texts: Iterable[str], name: str) -> list[str]:
    """Parts of the texts that seem to be about one customer: name, numbers, addresses; each once."""
    parts = [part for part in name.split() if len(part) >= FEWEST_LETTERS]
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(part for part in parts if part in text))
        found.update(dict.fromkeys(match.group().strip() for match in PERSONAL.finditer(text)))
    return list(found)


def _phrase(words: str) -> str:
    return one_line(words)[:LONGEST_PARAPHRASE]
